//! Names with values: constants, entries of arrays, settings.

use std::ops::Range;

use super::calls::Call;
use super::literal::Literal;
use super::script::{Script, global};
use super::token::Kind;

/// A value is read so many tokens far; brackets count as one. Bounds the work in `a => b => c => …`.
const MAX_VALUE: usize = 64;

/// A constant: `define('NAME', …)`, `const NAME = …;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// Its name.
    pub name: String,
    /// The tokens of its value.
    pub value: Range<usize>,
    /// The token with which it starts.
    pub at: usize,
    /// The line, from 1.
    pub line: u32,
}

/// An entry of an array: `'key' => …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// The tokens of its value.
    pub value: Range<usize>,
    /// The token of the key.
    pub at: usize,
    /// The line of the key, from 1.
    pub line: u32,
}

impl Script<'_> {
    /// The constants that are defined, in order.
    pub fn defines(&self) -> impl Iterator<Item = Define> + '_ {
        (0..self.tokens().len()).filter_map(|at| self.define_at(at))
    }

    fn define_at(&self, at: usize) -> Option<Define> {
        if self.is_name(at, "const") && self.is(at + 1, Kind::Name) && self.is_operator(at + 2, "=")
        {
            return Some(Define {
                name: self.written(at + 1).to_owned(),
                value: self.value_from(at + 3),
                at,
                line: self.line(at),
            });
        }
        if !self.is_name(at, "define") {
            return None;
        }
        let call = self.call_at(at).filter(|call| call.is("define"))?;
        let name = self.text_arg(&call, 0)?;
        Some(Define {
            name: global(&name).to_owned(),
            value: call.args.get(1)?.clone(),
            at,
            line: call.line,
        })
    }

    /// The entries of arrays, in order, at whatever depth.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        (1..self.tokens().len()).filter_map(|arrow| {
            if !self.is_operator(arrow, "=>") {
                return None;
            }
            let key = self.literal(arrow - 1..arrow)?.as_text()?.to_owned();
            Some(Entry {
                key,
                value: self.value_from(arrow + 1),
                at: arrow - 1,
                line: self.line(arrow - 1),
            })
        })
    }

    /// Settings that a script makes: `ini_set('key', 'value')`.
    pub fn settings(&self) -> impl Iterator<Item = (String, Option<Literal>, Call<'_>)> + '_ {
        self.calls().filter_map(|call| {
            if !call.is_any(&["ini_set", "ini_alter"]) {
                return None;
            }
            let name = self.text_arg(&call, 0)?;
            let value = call.args.get(1).and_then(|arg| self.literal(arg.clone()));
            Some((name, value, call))
        })
    }

    /// The string that an argument of a call is, if it is written out.
    pub fn text_arg(&self, call: &Call<'_>, number: usize) -> Option<String> {
        match self.literal(call.args.get(number)?.clone())? {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Up to the comma, the semicolon or the bracket that ends a value.
    fn value_from(&self, start: usize) -> Range<usize> {
        let mut at = start;
        for _ in 0..MAX_VALUE {
            let ends = !self.is(at, Kind::Operator)
                && matches!(
                    self.tokens().get(at).map(|token| token.kind),
                    None | Some(Kind::Close)
                );
            if ends || matches!(self.written(at), "," | ";" | ")" | "]" | "}" | "=>") {
                break;
            }
            at = self.next(at);
        }
        start..at.min(self.tokens().len()).max(start)
    }
}
