//! Encoded text: decoding it, and finding the way back to the bytes of the file.

use std::ops::Range;

use crate::finding::Decoder;

/// Decoded bytes that know where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// What was decoded.
    pub decoder: Decoder,
    /// The encoded bytes in the text.
    pub source: Range<usize>,
    map: SpanMap,
}

/// Which encoded bytes a decoded byte comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SpanMap {
    /// Every `decoded` bytes come from `encoded` bytes (base64: 3 from 4; hex: 1 from 2).
    Blocks { decoded: usize, encoded: usize },
    /// Sorted pairs (decoded offset, source offset): between two pairs both advance in step.
    Steps(Vec<(usize, usize)>),
}
