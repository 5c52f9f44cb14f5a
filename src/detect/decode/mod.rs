//! Encoded text: decoding it, and finding the way back to the bytes of the file.
//!
//! | what says that something is encoded | what to call |
//! | --- | --- |
//! | one of [`TRIGGERS`] | [`around`] |
//! | a long run of base64 or hexadecimal characters | [`run`] |
//! | a name: the value assigned to it may be base64 or hexadecimal | [`value`] |
//!
//! What comes back is text for the same rules, and [`Decoded::source_span`] for what they find.

mod binary;
mod entities;
mod escapes;
mod packed;
mod percent;
mod region;
mod serialize;
mod slashes;
mod span;
mod swap;
mod textual;
mod trigger;
mod wrapped;

use std::ops::Range;

use crate::finding::Decoder;

pub use binary::{run, value};
pub use trigger::TRIGGERS;

use span::SpanMap;

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

impl Decoded {
    /// The encoded bytes, as offsets in the text that was decoded, that a stretch of [`Self::bytes`]
    /// comes from. A stretch that ends inside of what one escape stands for takes in the whole
    /// escape. Offsets beyond the end count as the end.
    pub fn source_span(&self, decoded: Range<usize>) -> Range<usize> {
        let end = decoded.end.min(self.bytes.len());
        let start = decoded.start.min(end);
        self.map.source(start..end)
    }
}

/// Decodes the escaped text around the trigger that stands at `at`: its line or, for
/// [`Decoder::Percent`], its word, at most 1 KiB to the left and 16 KiB to the right; for
/// [`Decoder::PhpSerialize`] the items that follow, at most 256 KiB.
///
/// Nothing before the end of the [`Decoded::source`] of the last call for the same decoder needs to be
/// asked for again: then the time for a whole text is linear in its length.
///
/// `None` if there is nothing to decode at `at`.
pub fn around(text: &[u8], at: usize, decoder: Decoder) -> Option<Decoded> {
    if at >= text.len() {
        return None;
    }
    match decoder {
        Decoder::Percent => escapes::decode(text, at, decoder, percent::NOTATION),
        Decoder::Html => escapes::decode(text, at, decoder, entities::NOTATION),
        Decoder::JsonEscape => escapes::decode(text, at, decoder, slashes::JSON),
        Decoder::PhpEscape => escapes::decode(text, at, decoder, slashes::PHP),
        Decoder::PhpSerialize => serialize::decode(text, at),
        Decoder::Base64 | Decoder::Base64Url | Decoder::Hex | Decoder::VimSwap => None,
    }
}

/// Decodes the escapes in the value of an assignment, of which `value` is the place in the text; `None` if there
/// are none.
pub fn escaped(text: &[u8], value: Range<usize>, decoder: Decoder) -> Option<Decoded> {
    let notation = match decoder {
        Decoder::Html => entities::NOTATION,
        Decoder::JsonEscape => slashes::JSON,
        Decoder::PhpEscape => slashes::PHP,
        _ => return None,
    };
    escapes::decode_value(text, value, decoder, notation)
}

/// The text that was being edited, if this is the start of a swap file of Vim.
pub fn swapped(text: &[u8]) -> Option<Decoded> {
    swap::decode(text)
}

#[cfg(test)]
mod tests;
