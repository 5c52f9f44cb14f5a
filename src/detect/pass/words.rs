//! Values that are assigned to names.

use std::ops::Range;

use crate::rules::compile::CompiledRule;
use crate::rules::model::Files;

use super::Pass;
use super::encoded::MAX_DEPTH;
use crate::detect::candidate::Name;
use crate::detect::lexer::{self, Assignment};
use crate::detect::{beside, decode, value};

/// How much of a value may stand before the credential in it.
const MAX_VALUE_PREFIX: usize = 64;

impl Pass<'_> {
    pub(super) fn meet_word(&mut self, at: usize) {
        let Some(assignment) = lexer::assignment_at(self.text, at, self.syntax) else {
            return;
        };
        if assignment.value.start == self.last_value {
            return;
        }
        self.last_value = assignment.value.start;
        self.meet_assignment(&assignment);
    }

    fn meet_assignment(&mut self, assignment: &Assignment) {
        if let Some(decoded) = self.unescaped(assignment) {
            return self.meet_escaped(assignment, &decoded);
        }
        let written = &self.text[assignment.value.clone()];
        let encoded = decode::value(self.text, assignment.value.clone());
        if encoded.is_none() && !value::may_be_credential(written, self.file.syntax) {
            return;
        }
        let name = self.name(assignment.name.clone());
        let rules = self.engine.rules.assigned_to(&name.dotted);
        for &rule in &rules {
            self.meet_named(rule, assignment.value.clone(), &name);
        }
        if let Some(decoded) = encoded.filter(|_| self.depth < MAX_DEPTH) {
            for &rule in &rules {
                self.meet_named_decoded(rule, &decoded, &name);
            }
            self.look_into(&decoded);
        }
    }

    pub(super) fn name(&self, name: Range<usize>) -> Name {
        Name {
            written: String::from_utf8_lossy(&self.text[name.clone()]).into_owned(),
            dotted: lexer::dotted_name(self.text, name, self.syntax),
        }
    }

    /// The name of the value that a match is, or is part of.
    pub(super) fn name_of(&self, span: &Range<usize>) -> Option<Name> {
        let syntax = self.syntax;
        let word = word_start(self.text, span)..span.end;
        lexer::name_of(self.text, word, syntax)
            .or_else(|| lexer::name_of(self.text, span.clone(), syntax))
            .or_else(|| lexer::label_before(self.text, span.start))
            .map(|name| self.name(name))
    }

    pub(super) fn is_for_this_file(&self, compiled: &CompiledRule) -> bool {
        compiled
            .rule
            .assign
            .as_ref()
            .is_none_or(|assign| assign.files == Files::Any || self.file.syntax.is_config())
    }

    fn meet_named(&mut self, rule: usize, value: Range<usize>, name: &Name) {
        let compiled = self.rule(rule);
        if !self.is_for_this_file(compiled) {
            return;
        }
        if let Some((secret, groups)) = value_of(compiled, &self.text[value.clone()]) {
            let secret = value.start + secret.start..value.start + secret.end;
            self.consider(rule, secret, Some(name.clone()), groups);
        }
    }
}

/// Where the word that a match stands in starts: `base64:…`, `https://…@` are part of the value.
fn word_start(text: &[u8], span: &Range<usize>) -> usize {
    let from = span.start.saturating_sub(MAX_VALUE_PREFIX);
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`=,;>([{".contains(byte);
    text[from..span.start]
        .iter()
        .rposition(ends_word)
        .map_or(from, |at| from + at + 1)
}

/// The part of an assigned value that is the credential, and what groups of the rule's value pattern give.
pub(super) fn value_of(
    compiled: &CompiledRule,
    value: &[u8],
) -> Option<(Range<usize>, Vec<Option<String>>)> {
    let Some(pattern) = &compiled.pattern else {
        return Some((0..value.len(), vec![None; compiled.near.len()]));
    };
    let regex = pattern.get(value.len());
    let mut captures = regex.create_captures();
    regex.captures(value, &mut captures);
    let secret = beside::secret(&captures)?;
    Some((secret, beside::groups(compiled, &captures, value)))
}
