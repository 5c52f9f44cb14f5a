//! The words that placeholders and made-up passwords are made of: lists in `data/`, one a line, in lower
//! case.

use std::sync::LazyLock;

/// A word in lower case, filled up with zeros: numbers compare faster than words.
type Key = u128;
/// Longer words are not looked up.
const MAX_WORD: usize = 16;

/// Whole values that say that there is none.
static NO_VALUES: LazyLock<Vec<Key>> =
    LazyLock::new(|| keys(include_str!("../../../../data/no-values.txt")));
/// Words of default passwords and of names of credentials.
static COMMON: LazyLock<Vec<Key>> =
    LazyLock::new(|| keys(include_str!("../../../../data/common-words.txt")));
/// See [`telling_parts`].
const TELLING_PARTS: &str = include_str!("../../../../data/telling-parts.txt");

/// Whether a whole value says that there is none, in any case.
pub(super) fn is_no_value(value: &[u8]) -> bool {
    key(value).is_some_and(|key| NO_VALUES.binary_search(&key).is_ok())
}

/// Whether a word is one of default passwords or of names of credentials, in any case.
pub(super) fn is_common(word: &[u8]) -> bool {
    key(word).is_some_and(|key| COMMON.binary_search(&key).is_ok())
}

/// Parts of values that say that another value is to be put there. Five characters or more, so that random
/// strings do not hold them.
pub(super) fn telling_parts() -> impl Iterator<Item = &'static str> {
    TELLING_PARTS.lines()
}

fn keys(lines: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = lines
        .lines()
        .filter_map(|word| key(word.as_bytes()))
        .collect();
    keys.sort_unstable();
    keys
}

fn key(word: &[u8]) -> Option<Key> {
    let mut bytes = [0; MAX_WORD];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    bytes.make_ascii_lowercase();
    Some(Key::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_key() {
        for lines in [
            include_str!("../../../../data/no-values.txt"),
            include_str!("../../../../data/common-words.txt"),
        ] {
            assert_eq!(keys(lines).len(), lines.lines().count());
        }
    }

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert!(is_common(b"password") && is_common(b"PassWord") && is_no_value(b"NULL"));
        assert!(
            !is_common(b"") && !is_common(b"passwor") && !is_common(b"passwordpasswordpassword")
        );
    }

    #[test]
    fn telling_parts_are_long_enough() {
        for part in telling_parts() {
            let lower = part.bytes().all(|byte| !byte.is_ascii_uppercase());
            assert!(part.len() >= 5 && lower, "{part}");
        }
    }
}
