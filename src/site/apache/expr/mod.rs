//! The expressions of `<If>`, `Require expr` and `RewriteCond expr`.
//!
//! <https://httpd.apache.org/docs/2.4/expr.html>

mod eval;
mod lex;
mod parse;

use super::pattern::Pattern;
use super::request::Asked;
use super::tree::{Known, unknown};

/// An expression.
#[derive(Debug, Clone)]
pub(super) struct Expr {
    source: String,
    /// Absent if it is not understood.
    parsed: Option<Cond>,
}

#[derive(Debug, Clone)]
enum Cond {
    True,
    False,
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Compare(Compare, Value, Value),
    Matches(Value, Pattern, bool),
    In(Value, Vec<Value>),
    Unary(char, Value),
    Glob(Value, Value),
    InNet(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Text(Order),
    Number(Order),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A text that is put together.
#[derive(Debug, Clone)]
enum Value {
    Parts(Vec<Part>),
    Call(String, Box<Value>),
}

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Variable(String),
    /// A group of the last match.
    Group(usize),
}

impl Expr {
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            parsed: parse::parse(source),
        }
    }

    /// Whether it holds for a request.
    pub(super) fn holds(&self, asked: &Asked<'_>) -> Known<bool> {
        match &self.parsed {
            Some(cond) => eval::Eval::new(asked).cond(cond),
            None => unknown(format!("the expression {} is not understood", self.source)),
        }
    }

    pub(super) fn is_understood(&self) -> bool {
        self.parsed.is_some()
    }
}
