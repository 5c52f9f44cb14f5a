//! Values that stand for a credential, or that a person made up.

mod mask;
mod reference;
mod shape;
mod vocabulary;
mod words;

use super::alphabet::Profile;

/// How sure it is that a value is no credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// Written by a person out of ordinary words, or shaped like something else: nothing that a
    /// generator made. In program source no credential; in a configuration file perhaps a weak
    /// password.
    Likely,
    /// A template, a reference, a mask, `your-api-key-here`: never a credential, wherever it stands.
    Certain,
}

/// Longer values are judged by their start.
const MAX_LEN: usize = 256;

/// Whether the value stands for a credential (`${DB_PASSWORD}`, `****`, `changeme`), is something else (a
/// path, a date, a colour) or reads as if a person had made it up (`password`, `letmein`, `newPassword`).
pub fn placeholder(value: &[u8]) -> Option<Placeholder> {
    let value = value.trim_ascii();
    let value = &value[..value.len().min(MAX_LEN)];
    if value.is_empty() {
        return Some(Placeholder::Certain);
    }
    let profile = Profile::of(value);
    let certain = reference::is_reference(value, &profile)
        || mask::is_masked(value, &profile)
        || shape::is_something_else(value, &profile)
        || words::says_what_belongs_there(value, &profile);
    if certain {
        return Some(Placeholder::Certain);
    }
    let regular = mask::regularity(value);
    let likely =
        || shape::is_likely_something_else(value, &profile) || words::is_made_up(value, &profile);
    regular.or_else(|| likely().then_some(Placeholder::Likely))
}

#[cfg(test)]
mod tests;
