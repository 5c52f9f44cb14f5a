//! Where in a file something stands.

use serde::{Deserialize, Serialize};

/// A point in a text, as editors and SARIF count.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in UTF-16 code units; a byte that is not part of valid UTF-8 counts as one.
    pub column: u64,
}

/// A stretch of one file.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Location {
    /// The file, relative to the scanned root, with forward slashes; `<stdin>` for standard input; the entry of an
    /// archive as `outer.zip!inner/.env`.
    pub path: String,
    /// First byte, counted from 0 in the file as it lies on disk.
    pub offset: u64,
    /// Length in bytes of the file as it lies on disk.
    pub length: u64,
    /// Where it starts.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// For the entry of an archive: the file on disk that holds it, named as `path` would name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
}

impl Location {
    /// The file on disk: what a server gives, what git tracks.
    pub fn on_disk(&self) -> &str {
        self.archive.as_deref().unwrap_or(&self.path)
    }
}
