//! Values that everybody can read in a vendor's documentation.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::finding::hex;

/// A line each: hexadecimal digits of the value's SHA-256 (all 64, or the first 16), a tab, where
/// the value is published. Sorted. See `data/hash_examples.py`.
const TABLE: &str = include_str!("../../../data/known-examples.tsv");
/// Digits that every line has.
const KEY_LEN: usize = 16;

struct Example {
    digits: &'static str,
    label: &'static str,
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter_map(|line| line.split_once('\t'));
    let mut examples: Vec<Example> = lines
        .filter(|(digits, _)| digits.len() >= KEY_LEN)
        .map(|(digits, label)| Example { digits, label })
        .collect();
    examples.sort_by_key(|example| example.digits);
    examples
});

/// Where the value is published as an example, if it is one of those known: this very value, no similar
/// one, since people have put working keys in the place of examples.
pub fn known_example(value: &[u8]) -> Option<&'static str> {
    let digits = hex(&Sha256::digest(value));
    let key = &digits[..KEY_LEN];
    let at = EXAMPLES.partition_point(|example| &example.digits[..KEY_LEN] < key);
    EXAMPLES
        .get(at)
        .filter(|example| digits.starts_with(example.digits))
        .map(|example| example.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_pair_is_known() {
        let id = ["AKIA", "IOSFODNN7", "EXAMPLE"].concat();
        assert_eq!(known_example(id.as_bytes()), Some("AWS documentation"));
        let similar = ["AKIA", "IOSFODNN8", "EXAMPLE"].concat();
        assert_eq!(known_example(similar.as_bytes()), None);
    }

    #[test]
    fn a_shortened_digest_is_enough() {
        let value = ["key-", "1234", "1234", "1234", "1234"].concat();
        assert!(known_example(value.as_bytes()).is_some());
    }

    #[test]
    fn every_line_is_read() {
        assert_eq!(EXAMPLES.len(), TABLE.lines().count());
        for example in EXAMPLES.iter() {
            assert!(example.digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            assert!(
                matches!(example.digits.len(), 16 | 64),
                "{}",
                example.digits
            );
        }
    }
}
