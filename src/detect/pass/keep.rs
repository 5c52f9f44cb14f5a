//! The books of a pass: what is kept of what it met.

use std::ops::Range;

use crate::finding::Secret;

use super::Pass;
use crate::detect::candidate::{Candidate, Name};
use crate::detect::{beside, value};

/// How many candidates of one rule are kept for one text.
const MAX_CANDIDATES: usize = 5_000;

impl Pass<'_> {
    pub(super) fn signal(&mut self, rule: usize) {
        if !self.found.signals.contains(&rule) {
            self.found.signals.push(rule);
        }
    }

    pub(super) fn consider(
        &mut self,
        rule: usize,
        span: Range<usize>,
        name: Option<Name>,
        attributes: Vec<Option<String>>,
    ) {
        let compiled = self.rule(rule);
        let bytes = &self.text[span.clone()];
        let Some(doubt) = value::judge(compiled, bytes, name.as_ref()) else {
            return;
        };
        self.keep(Candidate {
            rule,
            span,
            secret: Secret::new(bytes),
            name,
            decoders: Vec::new(),
            context: false,
            comment: false,
            attributes,
            doubt,
        });
    }

    /// Reads what stands beside the candidate in this text, and keeps it.
    pub(super) fn keep(&mut self, mut candidate: Candidate) {
        let rule = candidate.rule;
        if self.counts.len() <= rule {
            self.counts.resize(self.engine.rules.rules().len(), 0);
        }
        self.counts[rule] += 1;
        if self.counts[rule] as usize > MAX_CANDIDATES {
            self.found.capped.push(rule);
            return;
        }
        let compiled = self.rule(rule);
        if candidate.name.is_none() {
            candidate.name = self.name_of(&candidate.span);
        }
        candidate.comment = candidate.comment
            || !self.file.syntax.is_config() && beside::comment(self.text, candidate.span.start);
        candidate.context =
            candidate.context || beside::context(compiled, self.text, &candidate.span);
        beside::near(
            compiled,
            self.text,
            &candidate.span,
            &mut candidate.attributes,
        );
        self.found.candidates.push(candidate);
    }
}
