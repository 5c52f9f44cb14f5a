//! The second net: takes known secrets out of any text before it is written.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Secret;

/// Shorter secrets are not looked for: they would be found inside ordinary words, and a report
/// full of holes says where they are.
const MIN_LEN: usize = 6;

/// Replaces every known secret in a text.
pub struct Redactor {
    automaton: Option<AhoCorasick>,
    masks: Vec<String>,
}

impl Redactor {
    /// Prepares to redact these secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let secrets: Vec<&Secret> = secrets
            .into_iter()
            .filter(|secret| secret.expose().len() >= MIN_LEN)
            .collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(secrets.iter().map(|secret| secret.expose()))
            .ok()
            .filter(|automaton| automaton.patterns_len() > 0);
        Self {
            automaton,
            masks: secrets.iter().map(|secret| secret.mask()).collect(),
        }
    }

    /// The text, with the mask of every known secret in its place.
    pub fn redact(&self, text: &str) -> String {
        match &self.automaton {
            Some(automaton) => automaton.replace_all(text, &self.masks),
            None => text.to_owned(),
        }
    }
}
