//! What every match of a pattern holds: letters and digits in a row, which most credentials are.

use regex_syntax::hir::{Class, Hir, HirKind};

/// So many ASCII letters and digits at least stand in a row in every match.
pub(super) fn longest_sure_run(hir: &Hir) -> usize {
    Runs::of(hir).longest
}

/// Lengths that no match falls below, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Runs {
    /// Of a match of letters and digits only; `None` if it may hold others.
    whole: Option<usize>,
    /// From the start of a match.
    head: usize,
    /// Up to its end.
    tail: usize,
    longest: usize,
}

impl Runs {
    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::of_members(0),
            HirKind::Literal(literal) => literal
                .0
                .iter()
                .map(|byte| Self::of_one(byte.is_ascii_alphanumeric()))
                .fold(Self::of_members(0), Self::then),
            HirKind::Class(class) => Self::of_one(is_alphanumeric(class)),
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => parts
                .iter()
                .map(Self::of)
                .fold(Self::of_members(0), Self::then),
            HirKind::Alternation(ways) => ways
                .iter()
                .map(Self::of)
                .reduce(Self::or)
                .unwrap_or_default(),
            HirKind::Repetition(repetition) => Self::of(&repetition.sub).times(repetition.min),
        }
    }

    fn of_members(length: usize) -> Self {
        Self {
            whole: Some(length),
            head: length,
            tail: length,
            longest: length,
        }
    }

    fn of_one(is_member: bool) -> Self {
        if is_member {
            Self::of_members(1)
        } else {
            Self::default()
        }
    }

    fn then(self, next: Self) -> Self {
        Self {
            whole: self.whole.zip(next.whole).map(|(one, other)| one + other),
            head: self.whole.map_or(self.head, |whole| whole + next.head),
            tail: next.whole.map_or(next.tail, |whole| self.tail + whole),
            longest: self.longest.max(next.longest).max(self.tail + next.head),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            whole: self
                .whole
                .zip(other.whole)
                .map(|(one, other)| one.min(other)),
            head: self.head.min(other.head),
            tail: self.tail.min(other.tail),
            longest: self.longest.min(other.longest),
        }
    }

    fn times(self, least: u32) -> Self {
        match (self.whole, least) {
            (Some(whole), _) => Self::of_members(whole.saturating_mul(least as usize)),
            (None, 0) => Self::default(),
            (None, 1) => self,
            (None, _) => self.then(self),
        }
    }
}

fn is_alphanumeric(class: &Class) -> bool {
    let is_in_one = |start: char, end: char| {
        [('0', '9'), ('A', 'Z'), ('a', 'z')]
            .iter()
            .any(|(first, last)| (first..=last).contains(&&start) && (first..=last).contains(&&end))
    };
    match class {
        Class::Bytes(class) => class
            .iter()
            .all(|range| is_in_one(range.start().into(), range.end().into())),
        Class::Unicode(class) => class
            .iter()
            .all(|range| is_in_one(range.start(), range.end())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pattern: &str) -> usize {
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.unicode(false).utf8(false);
        longest_sure_run(&parser.build().parse(pattern).unwrap())
    }

    #[test]
    fn runs_are_those_of_every_match() {
        assert_eq!(run(r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}"), 32);
        assert_eq!(run(r"key-[0-9a-z]{32}"), 32);
        assert_eq!(run(r"(?i)\bkey[0-9a-z]{2,}(?:end)?"), 5);
        assert_eq!(run(r"(?:[0-9a-f]{32}|key-[0-9a-z]{20})!"), 20);
        assert_eq!(run(r"(?:ab-cd){3}"), 4);
        assert_eq!(run(r"(?:ab-cd)*x"), 1);
        assert_eq!(run(r"(?:abcd)?[^-]+"), 0);
        assert_eq!(run(r"ab(?P<secret>cd)ef|abcdefg"), 6);
        assert_eq!(run(r"[\w-]{20}"), 0);
        assert_eq!(run(r"a(?:)b$"), 2);
    }
}
