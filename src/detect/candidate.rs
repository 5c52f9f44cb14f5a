//! What a rule matched, on its way to becoming a match that is reported.

use std::ops::Range;

use crate::finding::{Confidence, Decoder, Secret};

use super::lexer::{self, Syntax};
use super::place::Place;

/// What a rule matched in one text, before the file as a whole has been seen.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index into the rules.
    pub(super) rule: usize,
    /// Where the secret stands, as offsets in the text that is being looked at: in the end, of the file.
    pub(super) span: Range<usize>,
    /// The credential.
    pub(super) secret: Secret,
    /// The name that it is assigned to.
    pub(super) name: Option<Name>,
    /// What was decoded on the way to it, outermost first.
    pub(super) decoders: Vec<Decoder>,
    /// Whether the rule's context was found nearby.
    pub(super) context: bool,
    /// Whether it stands in a comment of a program.
    pub(super) comment: bool,
    /// For each attribute of the rule, what was found.
    pub(super) attributes: Vec<Option<String>>,
    /// How much of a placeholder the value is.
    pub(super) doubt: Doubt,
}

/// What speaks against a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// Nothing.
    None,
    /// A word or a default password: a credential where it configures something.
    Weak,
}

/// The name that a value is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As written.
    pub(super) written: String,
    /// Normalised, after the names of the tables that it stands in.
    pub(super) dotted: String,
}

/// One credential at one place of a file.
#[derive(Debug, Clone)]
pub struct Match {
    /// Index into the rules.
    pub rule: usize,
    /// First byte and end, as offsets in the text of the file.
    pub span: Range<u64>,
    /// The credential.
    pub secret: Secret,
    /// The name that it is assigned to, as written.
    pub name: Option<String>,
    /// What was decoded on the way to it, outermost first.
    pub decoders: Vec<Decoder>,
    /// How sure the tool is.
    pub confidence: Confidence,
    /// Name and value of what stands beside it, in the order of the rule.
    pub attributes: Vec<(String, String)>,
}

/// What is known of a file before its text is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileKind {
    pub(super) path: Box<str>,
    pub(super) syntax: Syntax,
}

impl FileKind {
    /// From the path relative to the scanned root, and the first bytes of the text.
    pub fn of(path: &str, head: &[u8]) -> Self {
        Self {
            path: path.into(),
            syntax: lexer::syntax_of(path, head),
        }
    }

    /// What kind of place it is. Few files have anything in them for which that matters.
    pub(super) fn place(&self) -> Place {
        Place::of(&self.path)
    }
}
