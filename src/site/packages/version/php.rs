//! Versions as PHP compares them, and with it WordPress: <https://www.php.net/manual/en/function.version-compare.php>.

use std::cmp::Ordering;

/// The later one of two, as `version_compare`. Separators at the end count for nothing here; PHP holds such a
/// version to be earlier than itself.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    for (a, b) in a.iter().zip(&b) {
        let order = compare_parts(a, b);
        if order != Ordering::Equal {
            return order;
        }
    }
    match (a.get(b.len()), b.get(a.len())) {
        (Some(more), _) => compare_more(more),
        (None, Some(more)) => compare_more(more).reverse(),
        (None, None) => Ordering::Equal,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Number(u64),
    Word(String),
}

/// Runs of digits, and runs of other letters. The first character is kept whatever it is, as PHP does.
fn parts(version: &str) -> Vec<Part> {
    let mut words: Vec<Vec<u8>> = Vec::new();
    let mut is_open = false;
    for (at, byte) in version.bytes().enumerate() {
        let joins = words
            .last()
            .and_then(|word| word.last())
            .is_some_and(|last| is_open && last.is_ascii_digit() == byte.is_ascii_digit());
        let counts = byte.is_ascii_alphanumeric() || (at == 0 && byte != b'.');
        match words.last_mut() {
            Some(word) if counts && joins => word.push(byte),
            _ if counts => words.push(vec![byte]),
            None => words.push(Vec::new()),
            Some(_) => {}
        }
        is_open = counts;
    }
    words.iter().map(|word| part(word)).collect()
}

fn part(word: &[u8]) -> Part {
    if word.first().is_some_and(u8::is_ascii_digit) {
        let digit = |value: u64, byte: &u8| {
            value
                .saturating_mul(10)
                .saturating_add(u64::from(byte - b'0'))
        };
        Part::Number(word.iter().fold(0, digit).min(i64::MAX as u64))
    } else {
        Part::Word(String::from_utf8_lossy(word).into_owned())
    }
}

fn compare_parts(a: &Part, b: &Part) -> Ordering {
    match (a, b) {
        (Part::Number(a), Part::Number(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Where one version has more parts: a number makes it later, a word may make it earlier.
fn compare_more(more: &Part) -> Ordering {
    match more {
        Part::Number(_) => Ordering::Greater,
        Part::Word(_) => rank(more).cmp(&RELEASE),
    }
}

const RELEASE: i8 = 4;

fn rank(part: &Part) -> i8 {
    const WORDS: &[(&str, i8)] = &[
        ("dev", 0),
        ("alpha", 1),
        ("a", 1),
        ("beta", 2),
        ("b", 2),
        ("RC", 3),
        ("rc", 3),
        ("#", RELEASE),
        ("pl", 5),
        ("p", 5),
    ];
    let Part::Word(word) = part else {
        return RELEASE;
    };
    let known = WORDS.iter().find(|(start, _)| word.starts_with(start));
    known.map_or(-1, |&(_, rank)| rank)
}
