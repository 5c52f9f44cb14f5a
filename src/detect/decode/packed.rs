//! Bytes packed into characters that carry a fixed number of bits each.

use std::ops::Range;

/// The way back from packed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackedMap {
    /// Bits that a character carries: 4 or 6.
    pub(super) bits: usize,
    /// Packed bytes behind a decoded one: 2 for UTF-16, otherwise 1.
    pub(super) unit: usize,
    /// The encoded characters, one range a line, in order, none empty.
    pub(super) lines: Vec<Range<usize>>,
}

impl PackedMap {
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        let first = decoded.start * self.unit * 8 / self.bits;
        let start = self.offset(first);
        if decoded.is_empty() {
            return start..start;
        }
        let last = (decoded.end * self.unit * 8).div_ceil(self.bits) - 1;
        start..self.offset(last) + 1
    }

    /// Where the character with this index stands.
    fn offset(&self, character: usize) -> usize {
        let mut left = character;
        for line in &self.lines {
            if left < line.len() {
                return line.start + left;
            }
            left -= line.len();
        }
        self.lines.last().map_or(0, |line| line.end)
    }
}

/// What the characters of an alphabet stand for.
pub(super) struct Alphabet {
    /// Bits that a character carries: 4 or 6.
    pub(super) bits: u32,
    /// The value of a byte, or [`NO_VALUE`].
    pub(super) values: [u8; 256],
}

/// Marks a byte that is not in an alphabet.
pub(super) const NO_VALUE: u8 = 0xff;

/// RFC 4648 section 4: <https://www.rfc-editor.org/rfc/rfc4648#section-4>.
pub(super) static BASE64: Alphabet = Alphabet {
    bits: 6,
    values: base64_values(b'+', b'/'),
};
/// RFC 4648 section 5: <https://www.rfc-editor.org/rfc/rfc4648#section-5>.
pub(super) static BASE64_URL: Alphabet = Alphabet {
    bits: 6,
    values: base64_values(b'-', b'_'),
};
/// RFC 4648 section 8, in either case: <https://www.rfc-editor.org/rfc/rfc4648#section-8>.
pub(super) static HEX: Alphabet = Alphabet {
    bits: 4,
    values: hex_values(),
};

const fn base64_values(sixty_two: u8, sixty_three: u8) -> [u8; 256] {
    let mut values = [NO_VALUE; 256];
    let mut i = 0;
    while i < 26 {
        values[(b'A' + i) as usize] = i;
        values[(b'a' + i) as usize] = 26 + i;
        i += 1;
    }
    let mut digit = 0;
    while digit < 10 {
        values[(b'0' + digit) as usize] = 52 + digit;
        digit += 1;
    }
    values[sixty_two as usize] = 62;
    values[sixty_three as usize] = 63;
    values
}

const fn hex_values() -> [u8; 256] {
    let mut values = [NO_VALUE; 256];
    let mut digit = 0;
    while digit < 10 {
        values[(b'0' + digit) as usize] = digit;
        digit += 1;
    }
    let mut letter = 0;
    while letter < 6 {
        values[(b'a' + letter) as usize] = 10 + letter;
        values[(b'A' + letter) as usize] = 10 + letter;
        letter += 1;
    }
    values
}

impl Alphabet {
    /// Whether every byte is in the alphabet.
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        bytes
            .iter()
            .all(|&byte| self.values[usize::from(byte)] != NO_VALUE)
    }

    /// Unpacks characters that are all in the alphabet, up to the last whole byte, behind what is there.
    pub(super) fn unpack(&self, characters: &[u8], bytes: &mut Vec<u8>) {
        self.unpack_to(characters, |byte| bytes.push(byte));
    }

    /// The first bytes that characters of the alphabet stand for, without taking memory for them: most runs are
    /// given up after that.
    pub(super) fn unpack_head<const N: usize>(&self, characters: &[u8]) -> [u8; N] {
        let mut bytes = [0; N];
        let mut places = bytes.iter_mut();
        self.unpack_to(characters, |byte| {
            if let Some(place) = places.next() {
                *place = byte;
            }
        });
        bytes
    }

    #[inline]
    fn unpack_to(&self, characters: &[u8], mut push: impl FnMut(u8)) {
        let mut pending: u32 = 0;
        let mut pending_bits = 0;
        for &character in characters {
            pending = pending << self.bits | u32::from(self.values[usize::from(character)]);
            pending_bits += self.bits;
            if pending_bits >= 8 {
                pending_bits -= 8;
                // At most fourteen bits are pending, and the eight oldest ones leave.
                push((pending >> pending_bits & 0xff) as u8);
                pending &= (1 << pending_bits) - 1;
            }
        }
    }
}
