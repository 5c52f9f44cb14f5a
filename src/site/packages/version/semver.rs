//! Versions as npm compares them: <https://semver.org/#spec-item-11>.

use std::cmp::Ordering;

/// A version; what follows `+` is left out, since it does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    before: Vec<Identifier>,
}

/// A part of what follows `-`. Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Version {
    /// Reads `1.2.3-beta.1+build`. Missing numbers are 0, as in the ranges of advisories.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']).trim_start();
        let text = text.split('+').next()?;
        let (core, before) = match text.split_once('-') {
            Some((core, before)) => (core, Some(before)),
            None => (text, None),
        };
        let mut numbers = [0; 3];
        for (count, part) in core.split('.').enumerate() {
            *numbers.get_mut(count)? = number(part)?;
        }
        let before = before.map_or_else(|| Some(Vec::new()), identifiers)?;
        Some(Self { numbers, before })
    }
}

/// Digits only; larger than any real number is the largest.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn identifiers(text: &str) -> Option<Vec<Identifier>> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let identifier = |part: &str| {
        if part.is_empty() || !part.bytes().all(is_allowed) {
            return None;
        }
        Some(number(part).map_or_else(|| Identifier::Word(part.to_owned()), Identifier::Number))
    };
    text.split('.').map(identifier).collect()
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.before.is_empty(), other.before.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.before.cmp(&other.before),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
