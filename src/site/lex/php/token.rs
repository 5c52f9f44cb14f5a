//! What a token is.

use std::ops::Range;

/// What a token is. Comments and blanks are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What stands outside of `<?php … ?>` and is sent as it is.
    Html,
    /// `<?php`, `<?`.
    Open,
    /// `<?=`.
    OpenEcho,
    /// `?>`.
    Close,
    /// A string in which nothing is replaced but escapes, with its quotes.
    Text,
    /// A string with variables in it, or a command in backticks.
    Template,
    /// `$name`.
    Variable,
    /// A number.
    Number,
    /// A keyword, a constant or the name of a function or a class, with its namespace.
    Name,
    /// An operator or a bracket.
    Operator,
}

/// A token. What it is written as, the script knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// The line on which it starts, from 1.
    pub line: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token {
    /// Where it stands in the text, in bytes.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
