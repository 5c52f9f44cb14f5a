//! Values that are written out.

use std::ops::Range;

use super::script::Script;
use super::strings;
use super::token::Kind;

/// A value that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A string.
    Text(String),
    /// A number, as written.
    Number(String),
    /// `true`, `false`.
    Bool(bool),
    /// `null`.
    Null,
}

impl Literal {
    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What PHP makes of it in a condition.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !matches!(text.as_str(), "" | "0"),
            Self::Number(number) => number
                .bytes()
                .any(|byte| byte.is_ascii_digit() && byte != b'0'),
            Self::Bool(value) => *value,
            Self::Null => false,
        }
    }
}

impl Script<'_> {
    /// What tokens stand for, if they are one written out value, perhaps in brackets.
    pub fn literal(&self, range: Range<usize>) -> Option<Literal> {
        let mut range = range;
        let mut left = 8;
        while left > 0
            && range.len() > 2
            && self.is_operator(range.start, "(")
            && self.partner(range.start) == Some(range.end - 1)
        {
            range = range.start + 1..range.end - 1;
            left -= 1;
        }
        if range.len() == 2 && matches!(self.written(range.start), "-" | "+") {
            let number = self.is(range.start + 1, Kind::Number);
            return number.then(|| Literal::Number(self.between(range).to_owned()));
        }
        if range.len() != 1 {
            return None;
        }
        let at = range.start;
        let written = self.written(at);
        match self.tokens().get(at)?.kind {
            Kind::Text => Some(Literal::Text(strings::unquoted(written))),
            Kind::Number => Some(Literal::Number(written.to_owned())),
            Kind::Name if self.is_name(at, "true") => Some(Literal::Bool(true)),
            Kind::Name if self.is_name(at, "false") => Some(Literal::Bool(false)),
            Kind::Name if self.is_name(at, "null") => Some(Literal::Null),
            _ => None,
        }
    }
}
