//! Directives and sections, as they are written.

use std::sync::Arc;

use crate::finding::Reason;

use super::text;

/// Where a directive stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    /// The server's name of the file; absent for what is assumed.
    pub(super) file: Option<Arc<str>>,
    pub(super) line: u32,
}

/// A directive, or a section with what is in it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// In lower case, without `<`.
    pub(super) name: String,
    /// As written.
    pub(super) written: String,
    /// What follows the name, variables put in, without the `>` of a section.
    pub(super) args: String,
    pub(super) at: At,
    pub(super) is_section: bool,
    pub(super) children: Vec<Node>,
    /// It stands in a condition of which nobody knows whether it holds.
    pub(super) is_doubtful: bool,
}

impl Node {
    pub(super) fn words(&self) -> Vec<String> {
        text::words(&self.args)
    }

    /// As the chain of reasons shows it.
    pub(super) fn reason(&self) -> Arc<Reason> {
        let space = if self.args.is_empty() { "" } else { " " };
        let directive = if self.is_section {
            format!("<{}{space}{}>", self.written, self.args)
        } else {
            format!("{}{space}{}", self.written, self.args)
        };
        Arc::new(match &self.at.file {
            Some(file) => Reason::at(&**file, self.at.line, directive),
            None => Reason::fact(format!("assumed: {directive}")),
        })
    }
}

/// Why an answer cannot be told: something is missing, or is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

/// What can be told.
pub(super) type Known<T> = Result<T, Unknown>;

/// Nobody can tell, because of this.
pub(super) fn unknown<T>(why: impl Into<String>) -> Known<T> {
    Err(Unknown(why.into()))
}
