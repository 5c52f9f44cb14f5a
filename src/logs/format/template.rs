//! Lines of text: literals with fields between them.

use std::borrow::Cow;

use super::line::{Field, Line};

/// A format, compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    steps: Vec<Step>,
    /// What has to stand after the last field.
    tail: Box<[u8]>,
}

/// A field and the literal in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    before: Box<[u8]>,
    field: Field,
}

/// What a format is put together from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Literal(u8),
    Field(Field),
}

impl Template {
    /// Puts a format together; `None` where no line could be taken apart by it, since fields touch each other or
    /// what has to be known is not in it.
    pub(super) fn new(parts: impl IntoIterator<Item = Part>) -> Option<Self> {
        let mut steps: Vec<Step> = Vec::new();
        let mut before = Vec::new();
        for part in parts {
            match part {
                Part::Literal(byte) => before.push(byte),
                Part::Field(field) => {
                    if before.is_empty() && !steps.is_empty() {
                        return None;
                    }
                    let before = std::mem::take(&mut before).into();
                    steps.push(Step { before, field });
                }
            }
        }
        let has = |wanted: &[Field]| steps.iter().any(|step| wanted.contains(&step.field));
        let is_useful =
            has(&[Field::Request, Field::Target]) && has(&[Field::Status]) && has(&[Field::Time]);
        is_useful.then(|| Self {
            steps,
            tail: before.into(),
        })
    }

    /// How much of a line it explains: of two that fit the larger one says more.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Takes a line apart; `None` where it is no such line.
    pub(super) fn parse<'l>(&self, text: &'l [u8]) -> Option<Line<'l>> {
        let mut line = Line::empty();
        let mut rest = text.strip_prefix(&*self.steps.first()?.before)?;
        for (at, step) in self.steps.iter().enumerate() {
            let next = self
                .steps
                .get(at + 1)
                .map_or(&*self.tail, |next| &*next.before);
            let end = end_of(rest, &step.before, next)?;
            if !line.take(step.field, Cow::Borrowed(&rest[..end])) {
                return None;
            }
            rest = rest.get(end + next.len()..).unwrap_or_default();
        }
        line.is_sound().then_some(line)
    }
}

/// Where a field ends: before the literal that follows, or, at the end of the format, with the word.
fn end_of(rest: &[u8], before: &[u8], next: &[u8]) -> Option<usize> {
    let Some(&first) = next.first() else {
        return Some(memchr::memchr(b' ', rest).unwrap_or(rest.len()));
    };
    let is_quoted = first == b'"' && before.ends_with(b"\"");
    let mut from = 0;
    loop {
        let found = if is_quoted {
            memchr::memchr2(first, b'\\', &rest[from..])
        } else {
            memchr::memchr(first, &rest[from..])
        };
        let at = from + found?;
        if rest[at] == b'\\' && is_quoted {
            // What follows is a part of the value, a quotation mark as well.
            from = (at + 2).min(rest.len());
        } else if rest[at..].starts_with(next) {
            return Some(at);
        } else {
            from = at + 1;
        }
    }
}
