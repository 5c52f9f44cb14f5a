//! A text in tokens, and the ways to walk over it.

use std::ops::Range;

use super::token::{Kind, Token};

/// An expression: a range of indices of tokens.
pub type Expr = Range<usize>;

/// No bracket answers this one.
pub(super) const ALONE: u32 = u32::MAX;

/// Tokens, and for each bracket the one that answers it.
#[derive(Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    mates: Vec<u32>,
}

impl<'t> Tokens<'t> {
    /// `mates` has for each token the index of the bracket that answers it, or [`ALONE`].
    pub(super) fn new(text: &'t str, tokens: Vec<Token>, mates: Vec<u32>) -> Self {
        Self {
            text,
            tokens,
            mates,
        }
    }

    /// The text that they were cut from.
    pub(super) fn whole(&self) -> &'t str {
        self.text
    }

    /// Whether the text holds a word, in code or not.
    pub fn whole_holds(&self, word: &str) -> bool {
        memchr::memmem::find(self.text.as_bytes(), word.as_bytes()).is_some()
    }

    /// Its tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// What stands at a token; empty beyond the last.
    pub fn word(&self, index: usize) -> &'t str {
        let token = self.tokens.get(index);
        let range = token.map(|token| token.start as usize..token.end as usize);
        range
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }

    /// The kind of a token; that of nothing in particular beyond the last.
    pub fn kind(&self, index: usize) -> Kind {
        self.tokens
            .get(index)
            .map_or(Kind::Punct, |token| token.kind)
    }

    /// The line of a token, from 1.
    pub fn line(&self, index: usize) -> u32 {
        self.tokens.get(index).map_or(1, |token| token.line)
    }

    /// Whether a token is this operator or bracket.
    pub fn is(&self, index: usize, punct: &str) -> bool {
        self.kind(index) == Kind::Punct && self.word(index) == punct
    }

    /// Whether a token is this word.
    pub fn is_word(&self, index: usize, word: &str) -> bool {
        self.kind(index) == Kind::Name && self.word(index) == word
    }

    /// The text of an expression as it is written.
    pub fn source(&self, expr: &Expr) -> &'t str {
        let first = self.tokens.get(expr.start);
        let last = expr
            .end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last));
        let (Some(first), Some(last)) = (first, last) else {
            return "";
        };
        let range = first.start as usize..last.end as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// The bracket that answers this one.
    pub fn mate(&self, index: usize) -> Option<usize> {
        let mate = *self.mates.get(index)?;
        (mate != ALONE).then_some(mate as usize)
    }

    /// What follows a token, and if it is an opening bracket, what follows the closing one.
    pub fn after(&self, index: usize) -> usize {
        let mut at = index;
        while let Some(mate) = self.mate(at).filter(|&mate| mate > at) {
            at = mate;
        }
        at + 1
    }

    /// The parts of a range between these separators, brackets aside. A part may be empty, but not the last.
    pub fn split(&self, range: &Expr, separator: &str) -> Vec<Expr> {
        let mut parts = Vec::new();
        let mut start = range.start;
        let mut at = range.start;
        while at < range.end {
            if self.is(at, separator) {
                parts.push(start..at);
                start = at + 1;
            }
            at = self.after(at);
        }
        if start < range.end {
            parts.push(start..range.end);
        }
        parts
    }
}
