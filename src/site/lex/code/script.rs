//! A program in tokens, and which names stand for what.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use super::super::token::Kind;
use super::super::tokens::{Expr, Tokens};
use super::language::Language;
use super::scan::scan;
use super::strings::{self, Piece};

/// A longer expression, in tokens and brackets, is cut.
const MAX_EXPRESSION: usize = 4096;

/// A program in tokens.
#[derive(Debug)]
pub struct Code<'t> {
    pub(super) language: Language,
    tokens: Tokens<'t>,
    /// Where the values start of names that are assigned once.
    constants: BTreeMap<Cow<'t, str>, usize>,
}

impl<'t> Deref for Code<'t> {
    type Target = Tokens<'t>;

    fn deref(&self) -> &Tokens<'t> {
        &self.tokens
    }
}

impl<'t> Code<'t> {
    /// Reads a program.
    pub fn new(text: &'t str, language: Language) -> Self {
        let mut code = Self {
            language,
            tokens: scan(text, language),
            constants: BTreeMap::new(),
        };
        code.constants = constants(&code);
        code
    }

    /// What a name is assigned, if it is assigned once. What stands under a key of a configuration goes by its key in
    /// brackets: `[UPLOAD_FOLDER]`.
    pub fn constant(&self, name: &str) -> Option<Expr> {
        Some(self.expression(*self.constants.get(name)?))
    }

    /// The value of a text without substitutions.
    pub fn text_at(&self, index: usize) -> Option<Cow<'t, str>> {
        if self.kind(index) != Kind::Text {
            return None;
        }
        let mut pieces = strings::pieces(self.word(index), self.language)?;
        match (pieces.pop(), pieces.is_empty()) {
            (Some(Piece::Text(text)), true) => Some(text),
            _ => None,
        }
    }

    /// Where the expression ends that starts here.
    fn expression(&self, start: usize) -> Expr {
        let mut at = start;
        for _ in 0..MAX_EXPRESSION {
            let Some(token) = self.tokens().get(at) else {
                break;
            };
            let ends = token.closes(self.word(at)) || self.is(at, ",") || self.is(at, ";");
            if ends || (at > start && self.ends_line(at)) {
                break;
            }
            at = self.after(at);
        }
        start..at.min(self.tokens().len())
    }

    /// Whether a statement ends with the line before a token.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        if !self.language.ends_with_line() {
            return false;
        }
        let (Some(before), Some(next)) = (self.tokens().get(at - 1), self.tokens().get(at)) else {
            return true;
        };
        let gap = self
            .whole()
            .get(before.end as usize..next.start as usize)
            .unwrap_or_default();
        let is_continued = matches!(self.word(at), "." | "&.")
            || matches!(self.word(at - 1), "." | "," | "+" | "||" | "=")
            || gap.contains("\\\n");
        gap.contains('\n') && !is_continued
    }
}

fn constants<'t>(code: &Code<'t>) -> BTreeMap<Cow<'t, str>, usize> {
    let mut found: BTreeMap<Cow<'t, str>, Option<usize>> = BTreeMap::new();
    // Within brackets, `name=` names an argument.
    let mut closes_at = 0;
    for at in 1..code.tokens().len() {
        let is_inside = at < closes_at;
        if !is_inside && (code.is(at, "(") || code.is(at, "[")) {
            closes_at = code.mate(at).unwrap_or(0);
        }
        let is_assigned = code.is(at, "=") || code.is(at, ":=") || code.is(at, "||=");
        // Arrow functions and blocks in brackets have statements of their own, but not in Python.
        if !is_assigned || (is_inside && code.language == Language::Python) {
            continue;
        }
        if let Some(name) = assigned(code, at) {
            let known = found.entry(name);
            known
                .and_modify(|known| *known = None)
                .or_insert(Some(at + 1));
        }
    }
    let known = found.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// What stands before an `=`: a name, a name with its type, or a key in brackets.
fn assigned<'t>(code: &Code<'t>, at: usize) -> Option<Cow<'t, str>> {
    let last = at - 1;
    if code.is(last, "]") {
        let inner = last.checked_sub(1)?;
        let key = code.text_at(inner).or_else(|| {
            // `set[:key]`
            (code.kind(inner) == Kind::Name).then(|| Cow::Borrowed(code.word(inner)))
        })?;
        return Some(Cow::Owned(format!("[{key}]")));
    }
    if code.kind(last) != Kind::Name {
        return None;
    }
    let before = last.checked_sub(1);
    // `NAME: type = value`, `let name: type = value`.
    let is_typed = before.is_some_and(|before| code.is(before, ":"))
        && last > 1
        && code.line(last - 2) == code.line(last);
    let name = if is_typed { last - 2 } else { last };
    let is_member = name
        .checked_sub(1)
        .is_some_and(|before| matches!(code.word(before), "." | "::"));
    (code.kind(name) == Kind::Name && !is_member).then(|| Cow::Borrowed(code.word(name)))
}
