//! Versions as Maven compares them: <https://maven.apache.org/pom.html#version-order-specification>.

use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// `alpha` and what follows it, by rank; unknown words come after a release, by their letters.
    Word(u8, String),
    Number(u64),
}

/// The rank of a release: of no word, and of those that say no more.
const RELEASE: u8 = 5;

/// Compares two; nothing, if one of them is no version. Missing parts count as 0 or as a release.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let orders = (0..a.len().max(b.len())).map(|at| match (a.get(at), b.get(at)) {
        (Some(a), Some(b)) => a.cmp(b),
        (Some(a), None) => to_nothing(a),
        (None, Some(b)) => to_nothing(b).reverse(),
        (None, None) => Ordering::Equal,
    });
    Some(orders.fold(Ordering::Equal, Ordering::then))
}

fn to_nothing(part: &Part) -> Ordering {
    match part {
        Part::Number(number) => number.cmp(&0),
        Part::Word(rank, _) => rank.cmp(&RELEASE),
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let text = text.trim().to_ascii_lowercase();
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut parts = Vec::new();
    for piece in text.split(['.', '-', '_', '+']) {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit);
            let (own, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            if is_digit {
                parts.push(Part::Number(own.parse().unwrap_or(u64::MAX)));
                continue;
            }
            let rank = rank(own, rest.starts_with(|next: char| next.is_ascii_digit()));
            // `1.0.RELEASE` is `1`, and `1.0-alpha` is `1-alpha`.
            while parts.last() == Some(&Part::Number(0)) {
                parts.pop();
            }
            if rank != RELEASE {
                let word = if rank > RELEASE + 1 { own } else { "" };
                parts.push(Part::Word(rank, word.to_owned()));
            }
        }
    }
    while parts.last() == Some(&Part::Number(0)) {
        parts.pop();
    }
    Some(parts)
}

/// `a1`, `b2` and `m3` are short for words.
fn rank(word: &str, is_before_number: bool) -> u8 {
    match word {
        "alpha" => 0,
        "beta" => 1,
        "milestone" => 2,
        "rc" | "cr" => 3,
        "snapshot" => 4,
        "a" if is_before_number => 0,
        "b" if is_before_number => 1,
        "m" if is_before_number => 2,
        "final" | "ga" | "release" => RELEASE,
        "sp" => RELEASE + 1,
        _ => RELEASE + 2,
    }
}
