//! Whether a value was drawn at random or written by a person.
//!
//! A table of how people continue a character in English words and identifiers, made by
//! `data/make_bigrams.py`, says how many bits a value costs them; drawn from its own alphabet each
//! character costs the logarithm of the alphabet's size. What costs people more was likely not theirs.

use super::alphabet::{Alphabet, Profile};

const CLASSES: usize = 63;
/// All that is neither letter nor digit, and what is before the first character.
const OTHER: usize = 62;
/// Costs in the table are in sixteenths of a bit.
const STEPS_PER_BIT: f32 = 16.0;
/// Which of the symbols in the class it is: one of two, or one of the thirty-two of ASCII.
const BASE64_SYMBOL_BITS: f32 = 1.0;
const SYMBOL_BITS: f32 = 5.0;
/// Values longer than this are judged by their start.
const MAX_LEN: usize = 256;
/// Fewer characters do not tell.
const MIN_LEN: usize = 8;
/// A part of a value tells only when it is longer than the words of identifiers mostly are.
const MIN_PART: usize = 20;

/// A row for each character before, a column for each after.
static COSTS: &[u8; CLASSES * CLASSES] = include_bytes!("../../../data/bigrams.bin");

/// The least randomness, in bits a character, of a value that counts as random, for 8, 12, 16 and 24 or
/// more characters. Calibrated on string literals of Python's library, Django, WordPress and 270,000 of npm
/// packages against random strings.
fn thresholds(alphabet: Alphabet, classes: u8) -> [f32; 4] {
    match alphabet {
        Alphabet::Digits => [f32::INFINITY, 1.3, 1.3, 1.3],
        Alphabet::Hex => [1.7, 1.6, 1.6, 1.7],
        Alphabet::Letters | Alphabet::MixedLetters => [1.1, 0.8, 0.7, 0.8],
        Alphabet::Base36 => [1.7, 1.4, 1.3, 1.4],
        Alphabet::Base62 => [1.4, 0.9, 0.9, 1.2],
        Alphabet::Base64 => [0.6, 0.3, 0.4, 0.7],
        // Lower and upper case, digits and symbols together are rare in what people write.
        Alphabet::Printable if classes == 4 => [0.8, 0.8, 0.6, 0.5],
        Alphabet::Printable => [1.2, 1.0, 0.9, 0.8],
    }
}

/// The mean over the value's characters of how much likelier it is, in bits, that a random generator
/// drew the character from the value's own alphabet than that a person wrote it after the one before.
/// Values written by people are below zero, random ones mostly between two and four; 0 for an empty
/// value.
pub fn randomness(value: &[u8]) -> f32 {
    let value = &value[..value.len().min(MAX_LEN)];
    score(value, Profile::of(value).alphabet())
}

/// Whether the value looks drawn at random, by its [`randomness`], length and alphabet. Never for fewer
/// than 8 characters, nor for fewer than 12 digits.
/// What vendors put before or between, as in `key-…` and `whsec_…`, does not count: a long part is enough.
pub fn is_random(value: &[u8]) -> bool {
    let value = &value[..value.len().min(MAX_LEN)];
    is_one_draw(value) || value.split(|&byte| byte == b'_').any(has_drawn_part)
}

fn has_drawn_part(value: &[u8]) -> bool {
    let min_len = if is_dashed_hex(value) {
        MIN_LEN
    } else {
        MIN_PART
    };
    value
        .split(|&byte| byte == b'-')
        .any(|part| part.len() >= min_len && is_one_draw(part))
}

/// Dashes between groups of hexadecimal digits are no sign of a person's hand.
fn is_dashed_hex(value: &[u8]) -> bool {
    value.contains(&b'-')
        && value
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

fn is_one_draw(value: &[u8]) -> bool {
    if value.len() < MIN_LEN {
        return false;
    }
    let profile = Profile::of(value);
    let alphabet = profile.alphabet();
    let symbols_prevail = alphabet == Alphabet::Printable && profile.others * 2 > value.len();
    let by_length = match value.len() {
        ..12 => 0,
        12..16 => 1,
        16..24 => 2,
        _ => 3,
    };
    !symbols_prevail && score(value, alphabet) >= thresholds(alphabet, profile.classes())[by_length]
}

fn score(value: &[u8], alphabet: Alphabet) -> f32 {
    if value.is_empty() {
        return 0.0;
    }
    let mut before = OTHER;
    let mut steps = 0_u32;
    let mut symbols = 0_u32;
    for &byte in value {
        let class = usize::from(CLASS_OF[usize::from(byte)]);
        steps += u32::from(COSTS[before * CLASSES + class]);
        symbols += u32::from(class == OTHER);
        before = class;
    }
    let symbol_bits = match alphabet {
        Alphabet::Base64 => BASE64_SYMBOL_BITS,
        _ => SYMBOL_BITS,
    };
    let written = steps as f32 / STEPS_PER_BIT + symbols as f32 * symbol_bits;
    written / value.len() as f32 - alphabet.bits()
}

static CLASS_OF: [u8; 256] = {
    let mut classes = [OTHER as u8; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => byte - b'a',
            b'A'..=b'Z' => 26 + byte - b'A',
            b'0'..=b'9' => 52 + byte - b'0',
            _ => OTHER as u8,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// The same draws on every run: xorshift64*.
    fn draw(alphabet: &[u8], len: usize, seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (0..len)
            .map(|_| {
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                let high = state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
                alphabet[high as usize % alphabet.len()]
            })
            .collect()
    }

    fn missed(alphabet: &[u8], len: usize) -> usize {
        (1..=1000)
            .filter(|&seed| !is_random(&draw(alphabet, len, seed)))
            .count()
    }

    #[test]
    fn random_strings_are_random() {
        assert!(missed(&BASE62[..10], 16) <= 15);
        assert!(missed(b"0123456789abcdef", 32) <= 5);
        assert!(missed(b"0123456789abcdefghijklmnopqrstuvwxyz", 32) <= 5);
        assert!(missed(BASE62, 40) <= 5);
        assert!(missed(BASE62, 12) <= 20);
    }

    #[test]
    fn a_prefix_does_not_hide_what_was_drawn() {
        for prefix in ["whsec_", "sk_sbox_", "api-", "app-1-"] {
            let hidden = (1..=1000)
                .filter(|&seed| {
                    let drawn = draw(b"0123456789abcdef", 32, seed);
                    !is_random(&[prefix.as_bytes(), &drawn].concat())
                })
                .count();
            assert!(hidden <= 5, "{prefix}: {hidden}");
        }
        assert!(!is_random(b"get_element_by_id-getElementsByClassName"));
    }

    #[test]
    fn what_people_write_is_not() {
        for written in [
            "configuration",
            "getElementById",
            "DATABASE_PASSWORD_RESET",
            "some-package-name",
            "node_modules/express/lib/router",
            "App\\Http\\Controllers\\UserController",
            "correct horse battery staple",
            "Mozilla/5.0 (X11; Linux x86_64)",
            "user@example.com",
            "utf8mb4_unicode_ci",
            "2024-01-31T12:00:00Z",
            "jquery-3.6.0.min.js",
            "X-Requested-With",
        ] {
            assert!(
                !is_random(written.as_bytes()),
                "{written}: {}",
                randomness(written.as_bytes())
            );
        }
    }

    #[test]
    fn short_values_do_not_tell() {
        assert!(!is_random(b"x7Kq2Zp"));
        assert_eq!(randomness(b""), 0.0);
    }

    proptest! {
        #[test]
        fn any_value_has_a_score(value in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(randomness(&value).is_finite());
            is_random(&value);
        }
    }
}
