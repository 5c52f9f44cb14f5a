//! The way back from decoded bytes to encoded ones.

use std::ops::Range;

use super::{Decoded, packed::PackedMap};
use crate::finding::Decoder;

/// Which encoded bytes a decoded byte comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpanMap {
    /// Every decoded byte comes from a fixed number of bits.
    Packed(PackedMap),
    /// Stretches that were copied, and stretches that were replaced.
    Segments(Vec<Segment>),
}

/// Where a stretch starts; it ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    decoded: usize,
    source: usize,
    /// Whether decoded and encoded bytes are the same here.
    copied: bool,
}

impl SpanMap {
    /// The encoded bytes of `decoded`, whose offsets have to be those of decoded bytes.
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        match self {
            Self::Packed(map) => map.source(decoded),
            Self::Segments(segments) => {
                let start = start_in(segments, decoded.start);
                match decoded.is_empty() {
                    true => start..start,
                    false => match end_in(segments, decoded.end) {
                        end if end >= start => start..end,
                        _ => hull(segments, &decoded),
                    },
                }
            }
        }
    }
}

fn segment_of(segments: &[Segment], decoded: usize) -> usize {
    segments
        .partition_point(|segment| segment.decoded <= decoded)
        .saturating_sub(1)
}

fn start_in(segments: &[Segment], decoded: usize) -> usize {
    segments
        .get(segment_of(segments, decoded))
        .map_or(0, |segment| match segment.copied {
            true => segment.source + (decoded - segment.decoded),
            false => segment.source,
        })
}

fn end_in(segments: &[Segment], decoded_end: usize) -> usize {
    let last = decoded_end - 1;
    let index = segment_of(segments, last);
    match (segments.get(index), segments.get(index + 1)) {
        (Some(segment), _) if segment.copied => segment.source + (last - segment.decoded) + 1,
        (_, Some(next)) => next.source,
        _ => 0,
    }
}

/// All that a stretch comes from, where what follows in decoded bytes stands before in encoded ones.
fn hull(segments: &[Segment], decoded: &Range<usize>) -> Range<usize> {
    let from = segment_of(segments, decoded.start);
    let to = segment_of(segments, decoded.end - 1);
    let (mut first_byte, mut last_byte) = (usize::MAX, 0);
    for index in from..=to {
        let (Some(segment), Some(next)) = (segments.get(index), segments.get(index + 1)) else {
            break;
        };
        let first = decoded.start.max(segment.decoded);
        let end = decoded.end.min(next.decoded);
        let (start, end) = match segment.copied {
            true => (
                segment.source + (first - segment.decoded),
                segment.source + (end - segment.decoded),
            ),
            false => (segment.source, segment.source),
        };
        first_byte = first_byte.min(start);
        last_byte = last_byte.max(end);
    }
    first_byte.min(last_byte)..last_byte
}

/// Writes decoded bytes and remembers where they come from.
pub(super) struct Builder {
    bytes: Vec<u8>,
    segments: Vec<Segment>,
    changed: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            segments: Vec::new(),
            changed: false,
        }
    }

    /// Copies these bytes of the text.
    pub(super) fn copy(&mut self, text: &[u8], source: Range<usize>) {
        if let Some(bytes) = text.get(source.clone()).filter(|bytes| !bytes.is_empty()) {
            self.start_segment(source.start, true);
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Writes `bytes` for what stands at `source`.
    pub(super) fn replace(&mut self, source: usize, bytes: &[u8]) {
        self.changed = true;
        self.start_segment(source, false);
        self.bytes.extend_from_slice(bytes);
    }

    fn start_segment(&mut self, source: usize, copied: bool) {
        self.segments.push(Segment {
            decoded: self.bytes.len(),
            source,
            copied,
        });
    }

    /// Ends it; `None` if all that was written was copied.
    pub(super) fn finish(mut self, decoder: Decoder, source: Range<usize>) -> Option<Decoded> {
        if !self.changed {
            return None;
        }
        self.start_segment(source.end, false);
        Some(Decoded {
            bytes: self.bytes,
            decoder,
            source,
            map: SpanMap::Segments(self.segments),
        })
    }
}
