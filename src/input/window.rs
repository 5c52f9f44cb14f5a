//! A text that comes in pieces, cut into chunks with their overlap.

use super::Sink;
use super::run::{Limits, Run};
use super::text::{Chunk, SourceFile};

/// The stretch of a decoded text that is in memory.
pub(super) struct Window<'w, 's, S> {
    run: &'w Run<'s, S>,
    file: &'w SourceFile,
    text: Vec<u8>,
    /// Where `text` starts in the text of the file.
    offset: u64,
    /// Where in `text` the next chunk's own bytes start.
    start: usize,
}

impl<'w, 's, S: Sink> Window<'w, 's, S> {
    /// At the start of a text.
    pub(super) fn new(run: &'w Run<'s, S>, file: &'w SourceFile) -> Self {
        Self {
            run,
            file,
            text: Vec::new(),
            offset: 0,
            start: 0,
        }
    }

    /// Adds a piece, and scans the chunks that are complete with it.
    pub(super) fn push(&mut self, piece: &[u8], parts: &mut Vec<(u64, S::Part)>) {
        let Limits { owned, overlap, .. } = self.run.limits;
        self.text.extend_from_slice(piece);
        while self.text.len() > self.start + owned + overlap {
            let end = self.start + owned;
            parts.push(self.scan(end + overlap, end));
            let done = end.saturating_sub(overlap);
            self.text.drain(..done);
            self.offset += done as u64;
            self.start = end - done;
        }
    }

    /// Scans what is left. A text without anything in it is one empty chunk.
    pub(super) fn finish(&mut self, parts: &mut Vec<(u64, S::Part)>) {
        let Limits { owned, .. } = self.run.limits;
        let len = self.text.len();
        while self.start < len || parts.is_empty() {
            let end = (self.start + owned).min(len);
            parts.push(self.scan(len, end));
            self.start = end;
        }
    }

    fn scan(&self, len: usize, end: usize) -> (u64, S::Part) {
        let chunk = Chunk {
            text: &self.text[..len],
            offset: self.offset,
            owned: self.start..end,
        };
        let at = self.offset + self.start as u64;
        (at, self.run.sink.scan(self.file, chunk))
    }
}
