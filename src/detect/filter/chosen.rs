//! Passwords that a person chose: words with digits and symbols, as no identifier has them.

const MIN_LEN: usize = 8;
/// Longer ones are sentences, or drawn at random.
const MAX_LEN: usize = 32;
/// Digits that years and other numbers behind a word have; names of versions have fewer.
const MIN_NUMBER: usize = 2;
/// Behind small letters alone more are asked for.
const MIN_NUMBER_AFTER_SMALL: usize = 3;
/// Letters of each of two words that a mark joins; parts of identifiers are often shorter.
const MIN_WORD: usize = 4;

/// Numbers behind the names of algorithms, encodings and systems.
const TECHNICAL: &[&[u8]] = &[
    b"10", b"11", b"12", b"16", b"20", b"24", b"25", b"32", b"36", b"48", b"58", b"62", b"64",
    b"85", b"96", b"128", b"160", b"192", b"224", b"256", b"384", b"404", b"512", b"1024", b"1252",
    b"2048", b"4096", b"8859", b"25519",
];

/// Whether the value is of the kind that people choose as a password when they are asked for digits and symbols:
/// `Kestrel2019`, `tundra#896`. Never for values with what code, paths and sentences are joined by.
pub fn is_chosen(value: &[u8]) -> bool {
    if !(MIN_LEN..=MAX_LEN).contains(&value.len()) || !value[0].is_ascii_alphanumeric() {
        return false;
    }
    let has = |class: fn(&u8) -> bool| value.iter().any(class);
    let letters = has(u8::is_ascii_alphabetic);
    let digits = has(u8::is_ascii_digit);
    let symbols = value.iter().filter(|byte| !byte.is_ascii_alphanumeric());
    if !letters
        || !digits
        || symbols
            .clone()
            .any(|byte| !b"!@#$%^&*?+~_-.".contains(byte))
    {
        return false;
    }
    let telling = symbols.clone().any(|byte| !b"_-.".contains(byte));
    if telling {
        return true;
    }
    let number = number_at_end(value);
    let marked_once = symbols.count() == 1 && has(u8::is_ascii_lowercase);
    let after_mark = marked_once && (value[0].is_ascii_uppercase() || joins_words(value));
    let plain = value.iter().all(u8::is_ascii_alphanumeric);
    let least = if has(u8::is_ascii_uppercase) || marked_once {
        MIN_NUMBER
    } else {
        MIN_NUMBER_AFTER_SMALL
    };
    (plain || after_mark) && number.len() >= least && !TECHNICAL.contains(&number)
}

/// Whether the value is two words of letters and a number right after them: `winter_harbor2024`.
fn joins_words(value: &[u8]) -> bool {
    let words = &value[..value.len() - number_at_end(value).len()];
    words
        .split(|byte| !byte.is_ascii_alphanumeric())
        .all(|word| word.len() >= MIN_WORD && word.iter().all(u8::is_ascii_alphabetic))
}

fn number_at_end(value: &[u8]) -> &[u8] {
    let start = value.iter().rposition(|byte| !byte.is_ascii_digit());
    &value[start.map_or(0, |last| last + 1)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_people_choose() {
        for chosen in [
            "Kestrel2019",
            "tundra#896",
            "l4nt3rn@515",
            "bluePaper59",
            "canyon2724",
            "Velvet_1918",
            "Whisky2012!",
            "canyon_kestrel1918",
            "tundra-Velvet27",
        ] {
            assert!(is_chosen(chosen.as_bytes()), "{chosen}");
        }
    }

    #[test]
    fn names_and_other_text_are_none() {
        for other in [
            "",
            "short1!",
            "password",
            "user_name",
            "Sha256Digest",
            "PBKDF2WithHmacSHA256",
            "Windows10",
            "UTF8String",
            "iso8859",
            "auth/token-2",
            "field-22",
            ".pass_row1",
            "97.5%",
            "v1.0.2-beta",
            "key: 1234",
            "a={b}123",
            "JIT_PASS_42",
            "x25519",
            "app-token-7",
            "step_1234",
            "get_node12",
            "login_page_2024",
            "page_title3",
            "mime-base64",
        ] {
            assert!(!is_chosen(other.as_bytes()), "{other}");
        }
    }
}
