//! A script in tokens, and the ways to walk over it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use super::bindings::{self, Import};
use super::decode::unescape;
use super::scan::scan;
use crate::site::lex::token::Kind;
use crate::site::lex::tokens::Tokens;

use crate::site::lex::tokens::Expr;

/// A longer expression, in tokens and brackets, is cut.
const MAX_EXPRESSION: usize = 4096;

/// A script in tokens, with its bindings.
#[derive(Debug)]
pub struct Script<'t> {
    tokens: Tokens<'t>,
    pub(super) imports: BTreeMap<&'t str, Import>,
    /// Where the values start of names that are declared once.
    constants: BTreeMap<&'t str, usize>,
}

impl<'t> Deref for Script<'t> {
    type Target = Tokens<'t>;

    fn deref(&self) -> &Tokens<'t> {
        &self.tokens
    }
}

impl<'t> Script<'t> {
    /// Reads a script.
    pub fn new(text: &'t str) -> Self {
        let scanned = scan(text);
        let mut script = Self {
            tokens: Tokens::new(text, scanned.tokens, scanned.mates),
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

    /// Where the expression ends that starts here: at a comma, a semicolon, a closing bracket, or where a line ends
    /// and the next one starts another statement.
    pub fn expression(&self, start: usize) -> Expr {
        let mut at = start;
        for _ in 0..MAX_EXPRESSION {
            if at >= self.tokens().len() {
                break;
            }
            let closes = self.tokens()[at].closes(self.word(at));
            let ends = closes || self.is(at, ",") || self.is(at, ";");
            if ends || (at > start && self.starts_statement(at)) {
                break;
            }
            at = self.after(at);
        }
        start..at.min(self.tokens().len())
    }

    /// Whether a semicolon is missing before a token: <https://tc39.es/ecma262/#sec-automatic-semicolon-insertion>,
    /// as far as an operand that follows an operand on another line tells.
    fn starts_statement(&self, at: usize) -> bool {
        let before = self.tokens()[at - 1];
        let gap = self
            .whole()
            .get(before.end as usize..self.tokens()[at].start as usize);
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
