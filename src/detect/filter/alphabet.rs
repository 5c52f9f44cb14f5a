//! Which characters a value is made of.

/// The bytes of a value, counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    pub(super) others: usize,
    /// A bit for every ASCII character that occurs; the last one also for all other bytes.
    seen: u128,
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

/// Four counters of sixteen bits in a word: lower case, upper case, digits, others. What a byte adds to
/// them is looked up, since branches on the class of a random byte are mispredicted.
static COUNT_OF: [u64; 256] = {
    let mut counts = [1 << 48; 256];
    let mut byte = 0;
    while byte < 128 {
        counts[byte] = match byte as u8 {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 1 << 16,
            b'0'..=b'9' => 1 << 32,
            _ => 1 << 48,
        };
        byte += 1;
    }
    counts
};

/// Bytes that are not ASCII share the bit of DEL, which no text has.
static BIT_OF: [u128; 256] = {
    let mut bits = [1 << 0x7f; 256];
    let mut byte = 0;
    while byte < 128 {
        bits[byte] = 1 << byte;
        byte += 1;
    }
    bits
};

fn counts_of(value: &[u8]) -> [usize; 4] {
    let mut counts = [0; 4];
    for chunk in value.chunks(usize::from(u16::MAX)) {
        let packed: u64 = chunk.iter().map(|&byte| COUNT_OF[usize::from(byte)]).sum();
        for (lane, count) in counts.iter_mut().enumerate() {
            *count += usize::from((packed >> (16 * lane)) as u16);
        }
    }
    counts
}

/// How many different ASCII characters occur; all other bytes count as one.
pub(super) fn distinct(bytes: &[u8]) -> u32 {
    seen_in(bytes).count_ones()
}

fn seen_in(bytes: &[u8]) -> u128 {
    bytes
        .iter()
        .fold(0, |seen, &byte| seen | BIT_OF[usize::from(byte)])
}

impl Profile {
    pub(super) fn of(value: &[u8]) -> Self {
        let [lower, upper, digits, others] = counts_of(value);
        Self {
            lower,
            upper,
            digits,
            others,
            seen: seen_in(value),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.letters() + self.digits + self.others
    }

    pub(super) fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Whether an ASCII character occurs.
    pub(super) fn has(&self, byte: u8) -> bool {
        self.seen >> byte & 1 == 1
    }

    /// How many of lower case, upper case, digits and others occur.
    pub(super) fn classes(&self) -> u8 {
        [self.lower, self.upper, self.digits, self.others]
            .iter()
            .map(|&count| u8::from(count > 0))
            .sum()
    }

    pub(super) fn alphabet(&self) -> Alphabet {
        let within = |allowed: u128| self.seen & !allowed == 0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_counted_whole() {
        let value = b"aB3-".repeat(50_000);
        let profile = Profile::of(&value);
        assert_eq!(profile.lower, 50_000);
        assert_eq!(profile.upper, 50_000);
        assert_eq!(profile.digits, 50_000);
        assert_eq!(profile.others, 50_000);
        assert_eq!(distinct(&value), 4);
    }

    #[test]
    fn alphabets() {
        for (value, alphabet) in [
            ("123", Alphabet::Digits),
            ("12af", Alphabet::Hex),
            ("12AF", Alphabet::Hex),
            ("12aF", Alphabet::Base62),
            ("12ag", Alphabet::Base36),
            ("abc", Alphabet::Letters),
            ("aBc", Alphabet::MixedLetters),
            ("aB3+/=", Alphabet::Base64),
            ("a b", Alphabet::Printable),
            ("a\u{e9}", Alphabet::Printable),
            ("--", Alphabet::Printable),
        ] {
            assert_eq!(
                Profile::of(value.as_bytes()).alphabet(),
                alphabet,
                "{value}"
            );
        }
    }
}
