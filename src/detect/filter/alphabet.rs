//! Which characters a value is made of.

/// The bytes of a value, counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    pub(super) others: usize,
    /// A bit for every ASCII character that occurs, sixty-four a word.
    seen: [u64; 2],
}

/// The smallest usual alphabet that holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Digits,
    /// `0-9` with `a-f` or `A-F`; both digits and letters occur.
    Hex,
    /// Letters of one case.
    Letters,
    /// Letters of both cases.
    MixedLetters,
    /// Digits and letters of one case.
    Base36,
    /// Digits and letters of both cases.
    Base62,
    /// Base 62 with some of `+/-_=`.
    Base64,
    /// Anything else.
    Printable,
}

/// Classes of bytes: an index into the counts of a profile.
const LOWER: usize = 0;
const UPPER: usize = 1;
const DIGIT: usize = 2;
const REST: usize = 3;

static CLASS_OF: [u8; 256] = {
    let mut classes = [REST as u8; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER as u8,
            b'A'..=b'Z' => UPPER as u8,
            b'0'..=b'9' => DIGIT as u8,
            _ => REST as u8,
        };
        byte += 1;
    }
    classes
};

const fn bits_of(bytes: &[u8]) -> u128 {
    let mut bits = 0;
    let mut i = 0;
    while i < bytes.len() {
        bits |= 1 << bytes[i];
        i += 1;
    }
    bits
}

const HEX_LETTERS_LOWER: u128 = bits_of(b"abcdef");
const HEX_LETTERS_UPPER: u128 = bits_of(b"ABCDEF");
const DIGITS: u128 = bits_of(b"0123456789");
const LETTERS: u128 = bits_of(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const BASE64_SYMBOLS: u128 = bits_of(b"+/-_=");

impl Profile {
    pub(super) fn of(value: &[u8]) -> Self {
        let mut counts = [0; 4];
        let mut seen = [0; 4];
        for &byte in value {
            counts[usize::from(CLASS_OF[usize::from(byte)])] += 1;
            seen[usize::from(byte >> 6)] |= 1_u64 << (byte & 63);
        }
        Self {
            lower: counts[LOWER],
            upper: counts[UPPER],
            digits: counts[DIGIT],
            others: counts[REST],
            seen: [seen[0], seen[1]],
        }
    }

    fn seen(&self) -> u128 {
        u128::from(self.seen[1]) << 64 | u128::from(self.seen[0])
    }

    pub(super) fn len(&self) -> usize {
        self.letters() + self.digits + self.others
    }

    pub(super) fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Whether an ASCII character occurs.
    pub(super) fn has(&self, byte: u8) -> bool {
        self.seen() >> byte & 1 == 1
    }

    /// How many different ASCII characters occur.
    pub(super) fn distinct(&self) -> u32 {
        self.seen().count_ones()
    }

    /// How many of lower case, upper case, digits and others occur.
    pub(super) fn classes(&self) -> u8 {
        [self.lower, self.upper, self.digits, self.others]
            .iter()
            .map(|&count| u8::from(count > 0))
            .sum()
    }

    pub(super) fn alphabet(&self) -> Alphabet {
        let within = |allowed: u128| self.seen() & !allowed == 0;
        if self.others > 0 {
            let symbols_only = within(DIGITS | LETTERS | BASE64_SYMBOLS);
            return match symbols_only && self.digits + self.letters() > 0 {
                true => Alphabet::Base64,
                false => Alphabet::Printable,
            };
        }
        let one_case = self.lower == 0 || self.upper == 0;
        match (self.digits > 0, self.letters() > 0) {
            (_, false) => Alphabet::Digits,
            (true, _)
                if within(DIGITS | HEX_LETTERS_LOWER) || within(DIGITS | HEX_LETTERS_UPPER) =>
            {
                Alphabet::Hex
            }
            (true, _) if one_case => Alphabet::Base36,
            (true, _) => Alphabet::Base62,
            (false, _) if one_case => Alphabet::Letters,
            (false, _) => Alphabet::MixedLetters,
        }
    }
}

impl Alphabet {
    /// The binary logarithm of its size.
    pub(super) fn bits(self) -> f32 {
        match self {
            Self::Digits => 3.322,
            Self::Hex => 4.0,
            Self::Letters => 4.700,
            Self::MixedLetters => 5.700,
            Self::Base36 => 5.170,
            Self::Base62 => 5.954,
            Self::Base64 => 6.0,
            Self::Printable => 6.555,
        }
    }
}
