//! What can be told about a rule without running it: every mistake that would make it slow, deaf or
//! misleading is refused, with its reason, before the rule is used.

mod conditions;
mod examples;
mod finders;
mod pattern;
mod sample;
#[cfg(test)]
mod tests;
mod words;

use super::model::{Rule, RuleFile};

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The field.
    pub(super) at: FieldPath,
    /// What is wrong with it.
    pub(super) reason: String,
    /// What to do.
    pub(super) help: String,
}

/// The way to a field from the top of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldPath(Vec<Step>);

/// One step of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a table.
    Key(&'static str),
    /// Into an array.
    Index(usize),
}

impl FieldPath {
    /// The rule of this number in the file.
    pub(super) fn rule(index: usize) -> Self {
        Self(vec![Step::Key("rule"), Step::Index(index)])
    }

    /// A field of what the path leads to.
    pub(super) fn key(&self, key: &'static str) -> Self {
        self.with(Step::Key(key))
    }

    fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// From the top down.
    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The number of the rule that the path leads into.
    pub(super) fn rule_index(&self) -> Option<usize> {
        match self.0.get(1) {
            Some(Step::Index(index)) => Some(*index),
            _ => None,
        }
    }
}

/// Collects problems.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, at: FieldPath, reason: impl Into<String>, help: impl Into<String>) {
        self.0.push(Problem {
            at,
            reason: reason.into(),
            help: help.into(),
        });
    }

    /// Adds a problem if something that has to hold does not.
    fn require(&mut self, holds: bool, at: FieldPath, reason: &str, help: &str) {
        if !holds {
            self.add(at, reason, help);
        }
    }
}

/// Mistakes in how a rule finds, whatever it says of itself.
pub(super) fn of_finder(rule: &Rule, at: &FieldPath) -> Vec<Problem> {
    let mut problems = Problems::default();
    finders::check(rule, at, &mut problems);
    problems.0
}

/// Every mistake in one file, in the order of its rules.
pub(super) fn check(file: &RuleFile) -> Vec<Problem> {
    let mut problems = Problems::default();
    words::check_file(file, &mut problems);
    for (index, rule) in file.rules.iter().enumerate() {
        let at = FieldPath::rule(index);
        words::check(rule, &at, &mut problems);
        problems.0.extend(of_finder(rule, &at));
        examples::check(rule, &at, &mut problems);
    }
    problems.0
}
