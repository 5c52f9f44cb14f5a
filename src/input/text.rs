//! Files as text: what the rooms after this one see.

use std::io;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

/// How the text of a file lies on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or any bytes that are not UTF-16: text and file are the same bytes.
    Bytes,
    /// UTF-16, least significant byte first; the text is its UTF-8.
    Utf16Le,
    /// UTF-16, most significant byte first; the text is its UTF-8.
    Utf16Be,
}

/// One file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// For reports: the root as given on the command line, joined with what follows; forward
    /// slashes, no leading `./`; bytes that are not UTF-8 as U+FFFD; `<stdin>` without a better name.
    pub path: String,
    /// For rules: relative to the scanned root; for a file given as a root, its path as given.
    pub relative: String,
    /// Length in bytes on disk.
    pub size: u64,
    /// How the text lies on disk.
    pub encoding: Encoding,
    /// Bytes of the file before its text: the byte order mark of UTF-16.
    pub text_start: u64,
    /// Where it lies, or the archive that it is in: absolute, symbolic links resolved. Standard input lies nowhere.
    pub real: Option<PathBuf>,
    /// The outermost archive that it is in, named as `path` would name it.
    pub archive: Option<String>,
}

/// A stretch of a file's text.
#[derive(Debug, Clone)]
pub struct Chunk<'a> {
    /// The text, with the overlap on either side that context needs.
    pub text: &'a [u8],
    /// Where `text` starts in the text of the file.
    pub offset: u64,
    /// What belongs to this chunk alone: a match is reported by the chunk that owns its first byte.
    pub owned: Range<usize>,
}

impl Chunk<'_> {
    /// Whether it is the whole text of the file.
    pub fn is_whole(&self) -> bool {
        self.offset == 0 && self.owned == (0..self.text.len())
    }
}

/// The text of one file, read again from its start.
pub trait TextSource {
    /// Visits the whole text in order, in pieces that do not overlap, until told to stop.
    ///
    /// # Errors
    /// The file can no longer be read.
    fn pieces(&mut self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> io::Result<()>;
}
