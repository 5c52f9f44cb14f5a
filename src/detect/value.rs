//! Whether a value can be a credential at all, and what speaks against it.

use crate::rules::compile::CompiledRule;

use super::candidate::{Doubt, Name};
use super::filter::{self, Placeholder};
use super::lexer::Syntax;

/// The shortest value that is worth a name's regexes, in bytes.
const MIN_LEN: usize = 3;
/// The longest value that is taken for a password or a token.
const MAX_LEN: usize = 512;

/// A cheap look at an assigned value, before the rules for its name are asked.
pub(super) fn may_be_credential(value: &[u8], syntax: Syntax) -> bool {
    if !(MIN_LEN..=MAX_LEN).contains(&value.len()) {
        return false;
    }
    match filter::placeholder(value) {
        Some(Placeholder::Certain) => false,
        Some(Placeholder::Likely) => syntax.is_config(),
        None => true,
    }
}

/// What speaks against a value that a rule matched; `None` if it is no credential.
pub(super) fn judge(compiled: &CompiledRule, value: &[u8], name: Option<&Name>) -> Option<Doubt> {
    let echoes = |name: &Name| filter::echoes_name(name.written.as_bytes(), value);
    if value.is_empty()
        || !meets_conditions(compiled, value)
        || compiled.rule.assign.is_some() && is_digest(value)
        || name.is_some_and(echoes)
    {
        return None;
    }
    let doubt = match filter::placeholder(value) {
        Some(Placeholder::Certain) => return None,
        Some(Placeholder::Likely) => Doubt::Weak,
        None => Doubt::None,
    };
    // Hashing is the dearest question, so it comes last.
    filter::known_example(value).is_none().then_some(doubt)
}

/// Whether the value says of itself that it is a digest or a password hash. Plain hexadecimal digits do not.
fn is_digest(value: &[u8]) -> bool {
    filter::looks_hashed(value) && !value.iter().all(u8::is_ascii_hexdigit)
}

fn meets_conditions(compiled: &CompiledRule, value: &[u8]) -> bool {
    let wanted = &compiled.rule.value;
    let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
    wanted.min_length.is_none_or(|min| length >= min)
        && wanted.max_length.is_none_or(|max| length <= max)
        && wanted
            .min_classes
            .is_none_or(|min| filter::classes(value) >= min)
        && wanted
            .min_entropy
            .is_none_or(|min| filter::entropy(value) >= min)
        && (!wanted.random || filter::is_random(value) || wanted.chosen && filter::is_chosen(value))
        && wanted
            .checksum
            .is_none_or(|kind| filter::checksum(kind, value))
}
