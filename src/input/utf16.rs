//! UTF-16 as UTF-8, piece by piece.

use encoding_rs::{Decoder as Inner, UTF_16BE, UTF_16LE};

use super::text::Encoding;

/// Transcodes a text that arrives in pieces, which may end in the middle of a character.
///
/// Every unit that is no character, or half of one, becomes one U+FFFD, and so does an odd byte at
/// the end; so units can be counted in the result.
pub(super) struct Decoder {
    inner: Inner,
    /// The first byte of a unit whose second has not come yet.
    half: Option<u8>,
}

impl Decoder {
    /// For a text without its byte order mark. `None` if its bytes are the text already.
    pub(super) fn new(encoding: Encoding) -> Option<Self> {
        let encoding = match encoding {
            Encoding::Bytes => return None,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
        };
        Some(Self {
            inner: encoding.new_decoder_without_bom_handling(),
            half: None,
        })
    }

    /// Appends the text of the next piece to `text`.
    pub(super) fn feed(&mut self, mut piece: &[u8], is_last: bool, text: &mut String) {
        if let (Some(half), Some((&other, rest))) = (self.half, piece.split_first()) {
            self.half = None;
            self.decode(&[half, other], false, text);
            piece = rest;
        }
        let (units, odd) = piece.split_at(piece.len() & !1);
        self.half = odd.first().copied().or(self.half);
        // Given the odd byte, too, the decoder would replace it together with half of a character before it.
        self.decode(units, is_last, text);
        if is_last && self.half.take().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn decode(&mut self, units: &[u8], is_last: bool, text: &mut String) {
        // `None` is an overflow of usize, which no piece that is in memory reaches.
        let room = self.inner.max_utf8_buffer_length(units.len());
        text.reserve(room.unwrap_or(units.len()));
        let _ = self.inner.decode_to_string(units, text, is_last);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(encoding: Encoding, bytes: &[u8], cut: usize) -> String {
        let mut decoder = Decoder::new(encoding).unwrap();
        let mut text = String::new();
        let mut pieces = bytes.chunks(cut).peekable();
        while let Some(piece) = pieces.next() {
            decoder.feed(piece, pieces.peek().is_none(), &mut text);
        }
        text
    }

    #[test]
    fn halves_of_characters_are_replaced_one_for_one() {
        let units = [0xd800, 0xd800, 0x41, 0xdc00, 0xd83d, 0xdd11, 0xd800];
        let bytes: Vec<u8> = units.iter().copied().flat_map(u16::to_le_bytes).collect();
        let text = decode(Encoding::Utf16Le, &bytes, 3);
        assert_eq!(text, "\u{fffd}\u{fffd}A\u{fffd}\u{1f511}\u{fffd}");
    }

    #[test]
    fn an_odd_byte_at_the_end_is_replaced() {
        assert_eq!(decode(Encoding::Utf16Be, b"\0A\0", 2), "A\u{fffd}");
    }

    #[test]
    fn an_odd_byte_after_half_a_character_is_replaced_on_its_own() {
        for cut in 1..6 {
            let text = decode(Encoding::Utf16Be, b"\0A\xd9\x50=", cut);
            assert_eq!(text, "A\u{fffd}\u{fffd}", "cut {cut}");
        }
    }

    #[test]
    fn bytes_need_no_decoder() {
        assert!(Decoder::new(Encoding::Bytes).is_none());
    }

    proptest! {
        #[test]
        fn text_survives_in_any_pieces(text in ".{1,60}", cut in 1..9_usize) {
            let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(&decode(Encoding::Utf16Le, &le, cut), &text);
            prop_assert_eq!(&decode(Encoding::Utf16Be, &be, cut), &text);
        }

        #[test]
        fn units_stay_countable(
            units in proptest::collection::vec(
                prop_oneof![any::<u16>(), 0xd7fe..0xe002_u16],
                1..60,
            ),
            cut in 1..9_usize,
        ) {
            let bytes: Vec<u8> = units.iter().copied().flat_map(u16::to_be_bytes).collect();
            let text = decode(Encoding::Utf16Be, &bytes, cut);
            prop_assert_eq!(text.encode_utf16().count(), units.len());
        }
    }
}
