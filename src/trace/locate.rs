//! Offsets become lines and columns, in one reading of the text.

use std::io;
use std::ops::{ControlFlow, Range};

use crate::finding::Position;
use crate::input::{Encoding, SourceFile, TextSource};

/// How much text around a match is kept for its excerpt, in bytes to either side.
pub(super) const CONTEXT: u64 = 400;
/// Of a longer secret only so much is kept for the excerpt: the rest is masked anyway.
const MAX_KEPT: u64 = 400;

/// Where a match stands, and the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// As offsets in the text.
    pub(super) span: Range<u64>,
    /// As offsets in the file.
    pub(super) file_span: Range<u64>,
    pub(super) start: Position,
    pub(super) end: Position,
    /// The text around it, raw.
    pub(super) around: Vec<u8>,
    /// Where `around` starts in the text.
    pub(super) around_start: u64,
}

/// Locates spans, which are sorted by start and do not overlap.
///
/// # Errors
/// The text can no longer be read.
pub(super) fn locate(
    file: &SourceFile,
    spans: &[Range<u64>],
    text: &mut dyn TextSource,
) -> io::Result<Vec<Place>> {
    let mut places: Vec<Place> = spans.iter().map(|span| Place::new(span.clone())).collect();
    let last = places.last().map_or(0, Place::reach);
    let mut cursor = Cursor::new(file);
    text.pieces(&mut |piece| {
        let start = cursor.offset;
        let end = start + piece.len() as u64;
        let first = places.partition_point(|place| place.reach() < start);
        for place in &mut places[first..] {
            if place.around_start >= end {
                break;
            }
            place.collect(piece, start);
            for at in [place.span.start, place.span.end] {
                if (start..end).contains(&at) {
                    cursor.advance(piece, start, at);
                    place.set(at, cursor.position(), cursor.file_offset(file));
                }
            }
        }
        cursor.advance(piece, start, end);
        if end > last {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    for place in &mut places {
        let end = cursor.offset;
        for at in [place.span.start, place.span.end] {
            if at >= end {
                place.set(at, cursor.position(), cursor.file_offset(file));
            }
        }
    }
    Ok(places)
}

impl Place {
    fn new(span: Range<u64>) -> Self {
        let zero = Position { line: 1, column: 1 };
        Self {
            file_span: span.clone(),
            start: zero,
            end: zero,
            around: Vec::new(),
            around_start: span.start.saturating_sub(CONTEXT),
            span,
        }
    }

    /// The last offset that it wants to know of.
    fn reach(&self) -> u64 {
        self.span.end + CONTEXT
    }

    fn around_end(&self) -> u64 {
        (self.span.start + MAX_KEPT).min(self.span.end) + CONTEXT
    }

    fn collect(&mut self, piece: &[u8], piece_start: u64) {
        let piece_end = piece_start + piece.len() as u64;
        let from = self.around_start.max(piece_start);
        let to = self.around_end().min(piece_end);
        if from < to {
            let (from, to) = (from - piece_start, to - piece_start);
            self.around
                .extend_from_slice(&piece[from as usize..to as usize]);
        }
    }

    fn set(&mut self, at: u64, position: Position, file_offset: u64) {
        if at == self.span.start {
            self.start = position;
            self.file_span.start = file_offset;
        }
        if at == self.span.end {
            self.end = position;
            self.file_span.end = file_offset;
        }
    }
}

/// Walks through a text and counts.
struct Cursor {
    wide: bool,
    offset: u64,
    line: u64,
    /// Since the start of the line.
    in_line: Units,
    /// Since the start of the text; counted for UTF-16 files only.
    in_text: Units,
}

impl Cursor {
    fn new(file: &SourceFile) -> Self {
        let wide = file.encoding != Encoding::Bytes;
        Self {
            wide,
            offset: 0,
            line: 1,
            in_line: Units::default(),
            in_text: Units::default(),
        }
    }

    /// Moves on to offset `to` of the text, which lies in the piece that starts at `piece_start`.
    fn advance(&mut self, piece: &[u8], piece_start: u64, to: u64) {
        if to <= self.offset {
            return;
        }
        let passed = &piece[(self.offset - piece_start) as usize..(to - piece_start) as usize];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        if self.wide {
            self.in_text.add(passed);
        }
        match memchr::memrchr(b'\n', passed) {
            Some(newline) => {
                self.in_line = Units::default();
                self.in_line.add(&passed[newline + 1..]);
            }
            None => self.in_line.add(passed),
        }
        self.offset = to;
    }

    fn position(&self) -> Position {
        Position {
            line: self.line,
            column: self.in_line.count + 1,
        }
    }

    fn file_offset(&self, file: &SourceFile) -> u64 {
        if self.wide {
            file.text_start + 2 * self.in_text.count
        } else {
            file.text_start + self.offset
        }
    }
}

/// Counts UTF-16 code units of text that comes in pieces. A byte that is not part of UTF-8 counts as one.
#[derive(Default)]
struct Units {
    count: u64,
    /// Continuation bytes that the current character still lacks.
    lacking: u8,
}

impl Units {
    fn add(&mut self, text: &[u8]) {
        for &byte in text {
            if self.lacking > 0 && matches!(byte, 0x80..=0xBF) {
                self.lacking -= 1;
                continue;
            }
            (self.lacking, self.count) = match byte {
                0xC2..=0xDF => (1, self.count + 1),
                0xE0..=0xEF => (2, self.count + 1),
                0xF0..=0xF4 => (3, self.count + 2),
                _ => (0, self.count + 1),
            };
        }
    }
}
