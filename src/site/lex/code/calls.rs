//! Which function is called with what.

use super::super::token::Kind;
use super::super::tokens::Expr;
use super::language::Language;
use super::script::Code;

/// A longer chain of names is cut.
const MAX_NAMES: usize = 8;

/// What looks like a call and is none.
const KEYWORDS: &[&str] = &[
    "if", "for", "while", "switch", "catch", "return", "and", "or", "not", "in", "def", "func",
    "fn", "elif", "elsif", "unless", "match", "assert", "print", "yield", "await", "lock", "using",
    "when", "else", "is", "as", "class",
];

/// A call: `app.mount("/", StaticFiles(directory="."))`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function in dots, as it is written; `::` is a dot too. If it is called on a result, the name starts with
    /// a dot: `.mount`.
    pub callee: String,
    /// The index of the first token of the callee.
    pub start: usize,
    /// The index after its last token.
    pub end: usize,
    /// What it is called with.
    pub args: Expr,
    /// The line that the callee starts on.
    pub line: u32,
}

impl Call {
    /// The last name of the function.
    pub fn name(&self) -> &str {
        self.callee.rsplit('.').next().unwrap_or_default()
    }
}

/// What a function is called with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// Its name, of `name=value` and `name: value`.
    pub name: Option<String>,
    /// The value.
    pub value: Expr,
}

impl Code<'_> {
    /// All calls, in order. Ruby's need no brackets.
    pub fn calls(&self) -> impl Iterator<Item = Call> + '_ {
        (1..self.tokens().len()).filter_map(|at| {
            if self.is(at, "(") {
                return self.call_at(at);
            }
            if self.language == Language::Ruby {
                return self.command_at(at);
            }
            None
        })
    }

    /// The arguments of a call.
    pub fn args(&self, call: &Call) -> Vec<Arg> {
        self.parts(&call.args)
    }

    /// The values of an array or a list; none if it is something else.
    pub fn items(&self, expr: &Expr) -> Vec<Expr> {
        if !self.is(expr.start, "[") && !self.is(expr.start, "{") {
            return Vec::new();
        }
        let close = self.mate(expr.start).unwrap_or(expr.end);
        self.split(&(expr.start + 1..close.min(expr.end)), ",")
    }

    /// The entries of a dictionary; none if it is something else.
    pub fn entries(&self, expr: &Expr) -> Vec<Arg> {
        let expr = self.constant_of(expr).unwrap_or_else(|| expr.clone());
        if !self.is(expr.start, "{") {
            return Vec::new();
        }
        let close = self.mate(expr.start).unwrap_or(expr.end);
        self.parts(&(expr.start + 1..close.min(expr.end)))
    }

    /// What a name alone stands for.
    pub fn constant_of(&self, expr: &Expr) -> Option<Expr> {
        let is_name = expr.len() == 1 && self.kind(expr.start) == Kind::Name;
        is_name.then(|| self.constant(self.word(expr.start)))?
    }

    fn parts(&self, range: &Expr) -> Vec<Arg> {
        let parts = self.split(range, ",").into_iter();
        parts
            .filter(|part| !part.is_empty())
            .map(|part| self.arg(part))
            .collect()
    }

    /// `value`, `name=value`, `name: value`, `"name": value`, `:name => value`.
    fn arg(&self, part: Expr) -> Arg {
        let is_symbol = self.is(part.start, ":");
        let key = part.start + usize::from(is_symbol);
        let separator = self.word(key + 1);
        let is_named = key + 2 < part.end
            && self.kind(key + 1) == Kind::Punct
            && (matches!(separator, "=" | "=>") || (separator == ":" && !is_symbol));
        let name = match self.kind(key) {
            _ if !is_named => None,
            Kind::Name => Some(self.word(key).to_owned()),
            _ => self.text_at(key).map(Into::into),
        };
        let start = if name.is_some() { key + 2 } else { part.start };
        Arg {
            name,
            value: start..part.end,
        }
    }

    pub(super) fn call_at(&self, open: usize) -> Option<Call> {
        let close = self.mate(open)?;
        let (callee, start) = self.callee(open)?;
        let before = start.checked_sub(1);
        let is_declared = before
            .is_some_and(|before| matches!(self.word(before), "def" | "func" | "fn" | "class"));
        if is_declared {
            return None;
        }
        Some(Call {
            callee,
            start,
            end: close + 1,
            args: open + 1..close,
            line: self.line(start),
        })
    }

    /// `use Rack::Static, urls: […]`: a name at the start of a statement, and what follows it on its line. `at` is the
    /// first token of what follows.
    fn command_at(&self, at: usize) -> Option<Call> {
        let is_operand = match self.kind(at) {
            Kind::Punct => self.is(at, ":") || self.is(at, "["),
            Kind::Name => !KEYWORDS.contains(&self.word(at)) && self.word(at) != "do",
            _ => true,
        };
        if !is_operand || self.ends_line(at) || self.kind(at - 1) != Kind::Name {
            return None;
        }
        let gap = self.tokens()[at].start - self.tokens()[at - 1].end;
        let (callee, start) = self.callee(at).filter(|_| gap > 0)?;
        let starts = start == 0
            || self.ends_line(start)
            || matches!(self.word(start - 1), ";" | "{" | "|" | "do" | "then");
        if !starts {
            return None;
        }
        let mut end = at;
        while end < self.tokens().len() {
            let closes = self.tokens()[end].closes(self.word(end));
            let is_over = matches!(self.word(end), ";" | "do" | "if" | "unless");
            if closes || is_over || (end > at && self.ends_line(end)) {
                break;
            }
            end = self.after(end);
        }
        Some(Call {
            callee,
            start,
            end,
            args: at..end,
            line: self.line(start),
        })
    }

    /// The function before a bracket, and where it starts.
    fn callee(&self, open: usize) -> Option<(String, usize)> {
        let mut at = open.checked_sub(1)?;
        if self.kind(at) != Kind::Name || KEYWORDS.contains(&self.word(at)) {
            return None;
        }
        let mut names = vec![self.word(at)];
        let mut is_result = false;
        while names.len() < MAX_NAMES {
            let dot = at.checked_sub(1);
            if !dot.is_some_and(|dot| matches!(self.word(dot), "." | "::" | "?." | "&.")) {
                break;
            }
            if at < 2 || self.kind(at - 2) != Kind::Name {
                is_result = at >= 2;
                break;
            }
            at -= 2;
            names.push(self.word(at));
        }
        if is_result {
            names.push("");
        }
        names.reverse();
        Some((names.join("."), at))
    }
}
