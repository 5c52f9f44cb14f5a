//! What an object or an array holds.

use super::script::Script;
use crate::site::lex::token::Kind;
use crate::site::lex::tokens::Expr;

/// An entry of an object: `key: value`, `key`, `...value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key; absent for what is spread, and for a key that is computed.
    pub key: Option<String>,
    /// The value: of `key` alone that name, of a method nothing.
    pub value: Expr,
    /// Whether it is spread.
    pub is_spread: bool,
    /// Its line, from 1.
    pub line: u32,
}

impl Script<'_> {
    /// The entries of an expression that is an object, perhaps in parentheses or behind a name that is one; none if
    /// it is something else.
    pub fn entries(&self, expr: &Expr) -> Vec<Entry> {
        let expr = self.settled(expr);
        if !self.is(expr.start, "{") {
            return Vec::new();
        }
        let inside = self.inside(&expr);
        let parts = self.split(&inside, ",").into_iter();
        parts.filter_map(|part| self.entry(&part)).collect()
    }

    /// The value of a key of an object.
    pub fn entry_of(&self, expr: &Expr, key: &str) -> Option<Expr> {
        let mut entries = self.entries(expr).into_iter().rev();
        let found = entries.find(|entry| entry.key.as_deref() == Some(key));
        found.map(|entry| entry.value)
    }

    /// The elements of an expression that is an array; none if it is something else.
    pub fn items(&self, expr: &Expr) -> Vec<Expr> {
        let expr = self.settled(expr);
        if !self.is(expr.start, "[") {
            return Vec::new();
        }
        self.split(&self.inside(&expr), ",")
    }

    /// Whether an expression is this chain of names, such as `process.env`.
    pub fn is_chain(&self, expr: &Expr, chain: &str) -> bool {
        let expr = self.stripped(expr);
        let mut at = expr.start;
        for (index, name) in chain.split('.').enumerate() {
            if index > 0 {
                if !self.is(at, ".") && !self.is(at, "?.") {
                    return false;
                }
                at += 1;
            }
            if !self.is_word(at, name) {
                return false;
            }
            at += 1;
        }
        at == expr.end
    }

    /// Without parentheses around it and without a TypeScript `as …` after it.
    pub(super) fn stripped(&self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        // Each turn takes away two tokens at least; so many brackets around something are no code.
        for _ in 0..8 {
            if self.is(expr.start, "(") && self.after(expr.start) == expr.end {
                expr = expr.start + 1..expr.end - 1;
                continue;
            }
            let mut at = self.after(expr.start);
            while at < expr.end && !self.is_word(at, "as") && !self.is_word(at, "satisfies") {
                at = self.after(at);
            }
            if at >= expr.end {
                break;
            }
            expr.end = at;
        }
        expr
    }

    /// Stripped, and if it is a name, what the name is declared as.
    fn settled(&self, expr: &Expr) -> Expr {
        let expr = self.stripped(expr);
        let is_name = expr.len() == 1 && self.kind(expr.start) == Kind::Name;
        match self.constant(self.word(expr.start)) {
            Some(value) if is_name => self.stripped(&value),
            _ => expr,
        }
    }

    fn inside(&self, expr: &Expr) -> Expr {
        let close = self.mate(expr.start).unwrap_or(expr.end);
        expr.start + 1..close.min(expr.end)
    }

    fn entry(&self, part: &Expr) -> Option<Entry> {
        let line = self.line(part.start);
        if part.is_empty() {
            return None;
        }
        if self.is(part.start, "...") {
            return Some(Entry {
                key: None,
                value: part.start + 1..part.end,
                is_spread: true,
                line,
            });
        }
        let key = match self.kind(part.start) {
            Kind::Name | Kind::Number => Some(self.word(part.start).to_owned()),
            _ if self.is(part.start, "[") => self.text_at(part.start + 1).map(Into::into),
            _ => self.text_at(part.start).map(Into::into),
        };
        let after = self.after(part.start);
        let value = if after >= part.end {
            part.clone()
        } else if self.is(after, ":") {
            after + 1..part.end
        } else {
            part.end..part.end
        };
        Some(Entry {
            key,
            value,
            is_spread: false,
            line,
        })
    }
}
