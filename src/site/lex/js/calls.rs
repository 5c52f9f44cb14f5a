//! Which function is called with what.

use super::script::Script;
use crate::site::lex::token::Kind;
use crate::site::lex::tokens::Expr;

/// A longer chain of names is cut.
const MAX_NAMES: usize = 8;

/// What looks like a call and is none.
const KEYWORDS: &[&str] = &[
    "if", "for", "while", "switch", "catch", "with", "function", "return", "typeof", "await",
    "super", "import", "of", "in", "case", "delete", "void", "throw", "yield",
];

/// A call: `express.static(root)`, `new Webpack.DefinePlugin({…})`, `require('koa-static')(root)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function in dots. If it is imported, the module stands for its name, and a default export is not spelled
    /// out: `express.static`, `koa-static`, `app.use`. What it is called on, if that is itself a result, is left out
    /// and the name starts with a dot: `.listen`.
    pub callee: String,
    /// The index of the first token of the callee, without `new`.
    pub start: usize,
    /// The index of `(`.
    pub open: usize,
    /// The index of `)`.
    pub close: usize,
    /// The line that the callee starts on.
    pub line: u32,
    /// Whether it is a `new`.
    pub is_new: bool,
}

impl Script<'_> {
    /// All calls, in the order of their opening brackets.
    pub fn calls(&self) -> impl Iterator<Item = Call> + '_ {
        (1..self.tokens().len()).filter_map(|open| self.call_at(open))
    }

    /// The calls of a function, by the last name or by the whole one, as [`Call::callee`] has it.
    pub fn calls_of<'s>(&'s self, callee: &'s str) -> impl Iterator<Item = Call> + 's {
        self.calls().filter(move |call| {
            let end = call.callee.strip_suffix(callee);
            end.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }

    /// The arguments of a call.
    pub fn args(&self, call: &Call) -> Vec<Expr> {
        self.split(&(call.open + 1..call.close), ",")
    }

    /// The call that an expression is, as a whole.
    pub fn as_call(&self, expr: &Expr) -> Option<Call> {
        let close = expr.end.checked_sub(1)?;
        let call = self.call_at(self.mate(close).filter(|&open| open < close)?)?;
        let start = if call.is_new {
            call.start - 1
        } else {
            call.start
        };
        let is_awaited = self.is_word(expr.start, "await") && start == expr.start + 1;
        (start == expr.start || is_awaited).then_some(call)
    }

    fn call_at(&self, open: usize) -> Option<Call> {
        if !self.is(open, "(") {
            return None;
        }
        let close = self.mate(open)?;
        let (callee, start) = self.callee(open)?;
        let before = start.checked_sub(1);
        let is_declared = before.is_some_and(|before| self.is_word(before, "function"));
        // A method of a class, or of an object.
        let is_method = self.is(close + 1, "{") && self.line(close + 1) == self.line(close);
        if is_declared || is_method {
            return None;
        }
        Some(Call {
            callee,
            start,
            open,
            close,
            line: self.line(start),
            is_new: before.is_some_and(|before| self.is_word(before, "new")),
        })
    }

    /// The function before a `(`, and where it starts.
    fn callee(&self, open: usize) -> Option<(String, usize)> {
        if let Some((module, start)) = self.required_before(open) {
            return Some((module, start));
        }
        let mut names: Vec<&str> = Vec::new();
        let mut at = open.checked_sub(1)?;
        if self.is(at, "?.") {
            at = at.checked_sub(1)?;
        }
        let mut is_result = false;
        loop {
            if self.kind(at) != Kind::Name
                || (names.is_empty() && KEYWORDS.contains(&self.word(at)))
            {
                return None;
            }
            names.push(self.word(at));
            let has_dot = at > 1 && (self.is(at - 1, ".") || self.is(at - 1, "?."));
            if !has_dot || names.len() == MAX_NAMES {
                is_result |= has_dot;
                break;
            }
            if let Some((module, start)) = self.required_before(at - 1) {
                return Some((dotted(&module, names.iter().rev()), start));
            }
            if self.kind(at - 2) != Kind::Name {
                is_result = true;
                break;
            }
            at -= 2;
        }
        let head = names.pop()?;
        let rest = names.iter().rev();
        if is_result {
            return Some((dotted(&format!(".{head}"), rest), at));
        }
        let callee = match self.import(head) {
            Some(import) => {
                let head = match &import.member {
                    Some(member) => format!("{}.{member}", import.module),
                    None => import.module.clone(),
                };
                dotted(&head, rest)
            }
            None => dotted(head, rest),
        };
        Some((callee, at))
    }

    /// The `require('x')` that ends before a token, and where it starts.
    fn required_before(&self, at: usize) -> Option<(String, usize)> {
        let start = at.checked_sub(4)?;
        let (module, after) = self.required(start)?;
        (after == at).then_some((module, start))
    }
}

fn dotted<'n>(head: &str, rest: impl Iterator<Item = &'n &'n str>) -> String {
    let mut name = head.to_owned();
    for part in rest.filter(|part| **part != "default") {
        name.push('.');
        name.push_str(part);
    }
    name
}
