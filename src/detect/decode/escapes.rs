//! Text in which single characters are escaped and the rest stands as it is.

use std::ops::Range;

use memchr::memchr;

use super::{Decoded, region, span::Builder};
use crate::finding::Decoder;

/// What one escape stands for.
pub(super) struct Unescaped {
    /// Its length in the text.
    pub(super) len: usize,
    bytes: [u8; 4],
    used: usize,
}

impl Unescaped {
    pub(super) fn byte(len: usize, byte: u8) -> Self {
        Self {
            len,
            bytes: [byte, 0, 0, 0],
            used: 1,
        }
    }

    /// `None` if the number is no character, or is NUL.
    pub(super) fn code_point(len: usize, number: u32) -> Option<Self> {
        let character = char::from_u32(number).filter(|&character| character != '\0')?;
        let mut bytes = [0; 4];
        let used = character.encode_utf8(&mut bytes).len();
        Some(Self { len, bytes, used })
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

/// Reads the escape at the start of a text; `None` if there is none.
pub(super) type Unescape = fn(&[u8]) -> Option<Unescaped>;

/// How one kind of escape looks.
#[derive(Clone, Copy)]
pub(super) struct Notation {
    /// The byte that every escape starts with.
    pub(super) lead: u8,
    pub(super) unescape: Unescape,
}

/// A trigger may start before its escape: `:\/\/`.
const MAX_LEAD_DISTANCE: usize = 2;

/// Decodes the region around the escape that stands at `at` or right after it.
pub(super) fn decode(
    text: &[u8],
    at: usize,
    decoder: Decoder,
    notation: Notation,
) -> Option<Decoded> {
    let near = &text[at..text.len().min(at + MAX_LEAD_DISTANCE)];
    let escape = at + memchr(notation.lead, near)?;
    (notation.unescape)(&text[escape..])?;
    let region = region::of(text, at, decoder);
    let mut out = Builder::new();
    unescape_all(text, region.clone(), notation, &mut out);
    out.finish(decoder, region)
}

/// Decodes all escapes of a value, which has to hold one.
pub(super) fn decode_value(
    text: &[u8],
    value: Range<usize>,
    decoder: Decoder,
    notation: Notation,
) -> Option<Decoded> {
    memchr(notation.lead, text.get(value.clone())?)?;
    let mut out = Builder::new();
    unescape_all(text, value.clone(), notation, &mut out);
    out.finish(decoder, value)
}

fn unescape_all(text: &[u8], region: Range<usize>, notation: Notation, out: &mut Builder) {
    let mut written = region.start;
    let mut at = region.start;
    while let Some(distance) = memchr(notation.lead, &text[at..region.end]) {
        let escape = at + distance;
        match (notation.unescape)(&text[escape..region.end]) {
            Some(unescaped) => {
                out.copy(text, written..escape);
                out.replace(escape, unescaped.bytes());
                written = escape + unescaped.len;
                at = written;
            }
            None => at = escape + 1,
        }
    }
    out.copy(text, written..region.end);
}
