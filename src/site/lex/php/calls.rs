//! Calls of functions and methods.

use std::ops::Range;

use super::script::{Script, global};
use super::token::Kind;

/// So many arguments of a call are told apart.
const MAX_ARGS: usize = 64;

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A function, or a construct of the language that is written as one: `isset(…)`.
    Function,
    /// `$object->name(…)`.
    Method,
    /// `Class::name(…)`.
    Static,
    /// `new Name(…)`, and the attribute `#[Name(…)]`.
    New,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<'t> {
    /// As written, without the backslash of the global namespace.
    pub name: &'t str,
    /// What is called.
    pub callee: Callee,
    /// The token of the name.
    pub at: usize,
    /// The line of the name, from 1.
    pub line: u32,
    /// The tokens of each argument.
    pub args: Vec<Range<usize>>,
    /// The token after the closing bracket.
    pub end: usize,
}

impl Call<'_> {
    /// Whether a function of this name is called, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.callee == Callee::Function && self.name.eq_ignore_ascii_case(name)
    }

    /// Whether one of these functions is called.
    pub fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }
}

impl<'t> Script<'t> {
    /// Every call, in the order of the names.
    pub fn calls(&self) -> impl Iterator<Item = Call<'t>> + '_ {
        (0..self.tokens().len()).filter_map(|at| self.call_at(at))
    }

    /// The call whose name this token is.
    pub fn call_at(&self, at: usize) -> Option<Call<'t>> {
        if !self.is(at, Kind::Name) || !self.is_operator(at + 1, "(") {
            return None;
        }
        let callee = self.callee(at)?;
        let (args, end) = self.args(at + 1);
        Some(Call {
            name: global(self.written(at)),
            callee,
            at,
            line: self.line(at),
            args,
            end,
        })
    }

    fn callee(&self, at: usize) -> Option<Callee> {
        let Some(before) = at.checked_sub(1) else {
            return Some(Callee::Function);
        };
        let is_declared = |at: usize| self.is_name(at, "function") || self.is_name(at, "fn");
        let by_reference = self.is_operator(before, "&") && before > 0 && is_declared(before - 1);
        if is_declared(before) || by_reference {
            return None;
        }
        Some(match self.written(before) {
            "->" | "?->" => Callee::Method,
            "::" => Callee::Static,
            "[" if before > 0 && self.is_operator(before - 1, "#") => Callee::New,
            _ if self.is_name(before, "new") => Callee::New,
            _ => Callee::Function,
        })
    }

    /// The arguments in the bracket that opens here, and the token after it.
    fn args(&self, open: usize) -> (Vec<Range<usize>>, usize) {
        let close = self.partner(open).unwrap_or(self.tokens().len());
        let mut args = Vec::new();
        let mut start = open + 1;
        let mut at = start;
        while at < close && args.len() < MAX_ARGS {
            if self.is_operator(at, ",") {
                args.push(start..at);
                start = at + 1;
            }
            at = self.next(at);
        }
        if start < close && args.len() < MAX_ARGS {
            args.push(start..close);
        }
        (args, (close + 1).min(self.tokens().len()))
    }
}
