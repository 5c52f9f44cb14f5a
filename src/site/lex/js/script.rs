//! A script in tokens, and the ways to walk over it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::bindings::{self, Import};
use super::decode::unescape;
use super::scan::{ALONE, scan};
use super::token::{Kind, Token};

/// An expression: a range of indices of tokens.
pub type Expr = Range<usize>;

/// A longer expression, in tokens and brackets, is cut.
const MAX_EXPRESSION: usize = 4096;

/// A script in tokens, with its bindings.
#[derive(Debug)]
pub struct Script<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    mates: Vec<u32>,
    pub(super) imports: BTreeMap<&'t str, Import>,
    /// Where the values start of names that are declared once.
    constants: BTreeMap<&'t str, usize>,
}

impl<'t> Script<'t> {
    /// Reads a script.
    pub fn new(text: &'t str) -> Self {
        let scanned = scan(text);
        let mut script = Self {
            text,
            tokens: scanned.tokens,
            mates: scanned.mates,
            imports: BTreeMap::new(),
            constants: BTreeMap::new(),
        };
        script.imports = bindings::imports(&script);
        script.constants = bindings::constants(&script);
        script
    }

    /// What a name is declared as, if it is declared once and never changed.
    pub fn constant(&self, name: &str) -> Option<Expr> {
        let start = *self.constants.get(name)?;
        Some(self.expression(start))
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

    /// The value of a string, or of a template without substitutions.
    pub fn text_at(&self, index: usize) -> Option<Cow<'t, str>> {
        let word = self.word(index);
        let quote = word.chars().next()?;
        if !matches!(self.kind(index), Kind::Text | Kind::Template) {
            return None;
        }
        let inside = word.get(1..)?;
        Some(unescape(inside.strip_suffix(quote).unwrap_or(inside)))
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

    /// Where the expression ends that starts here: at a comma, a semicolon, a closing bracket, or where a line ends
    /// and the next one starts another statement.
    pub fn expression(&self, start: usize) -> Expr {
        let mut at = start;
        for _ in 0..MAX_EXPRESSION {
            if at >= self.tokens.len() {
                break;
            }
            let closes = self.tokens[at].closes(self.word(at));
            let ends = closes || self.is(at, ",") || self.is(at, ";");
            if ends || (at > start && self.starts_statement(at)) {
                break;
            }
            at = self.after(at);
        }
        start..at.min(self.tokens.len())
    }

    /// Whether a semicolon is missing before a token: <https://tc39.es/ecma262/#sec-automatic-semicolon-insertion>,
    /// as far as an operand that follows an operand on another line tells.
    fn starts_statement(&self, at: usize) -> bool {
        let before = self.tokens[at - 1];
        let gap = self
            .text
            .get(before.end as usize..self.tokens[at].start as usize);
        if !gap.is_some_and(|gap| gap.contains('\n')) {
            return false;
        }
        let ends_operand = match before.kind {
            Kind::Name => !is_operator_word(self.word(at - 1)),
            Kind::Punct => matches!(self.word(at - 1), ")" | "]" | "}"),
            _ => true,
        };
        let starts_operand = match self.kind(at) {
            Kind::Name => !is_operator_word(self.word(at)),
            Kind::Punct => self.is(at, "{"),
            Kind::TemplateMiddle | Kind::TemplateTail | Kind::Template | Kind::TemplateHead => {
                false
            }
            _ => true,
        };
        ends_operand && starts_operand
    }
}

fn is_operator_word(word: &str) -> bool {
    matches!(
        word,
        "new"
            | "typeof"
            | "void"
            | "delete"
            | "await"
            | "in"
            | "of"
            | "instanceof"
            | "as"
            | "satisfies"
    )
}
