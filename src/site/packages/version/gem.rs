//! Versions as RubyGems compares them: <https://docs.ruby-lang.org/en/master/Gem/Version.html>.

use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    /// Letters make a version a pre-release: they come before any number.
    Word(String),
    Number(u64),
}

/// Compares two; nothing, if one of them is no version. Missing segments count as 0.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (segments(a)?, segments(b)?);
    let zero = Segment::Number(0);
    let at = |segments: &[Segment], at: usize| segments.get(at).unwrap_or(&zero).clone();
    let orders = (0..a.len().max(b.len())).map(|place| at(&a, place).cmp(&at(&b, place)));
    Some(orders.fold(Ordering::Equal, Ordering::then))
}

fn segments(text: &str) -> Option<Vec<Segment>> {
    let text = text.trim();
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() {
            if !matches!(c, '.' | '-') {
                return None;
            }
            is_open = false;
            continue;
        }
        match words.last_mut() {
            Some(word)
                if is_open
                    && word.ends_with(|l: char| l.is_ascii_digit() == c.is_ascii_digit()) =>
            {
                word.push(c);
            }
            _ => words.push(c.to_string()),
        }
        is_open = true;
    }
    let segment = |word: String| match word.parse() {
        Ok(number) => Segment::Number(number),
        Err(_) if word.starts_with(|first: char| first.is_ascii_digit()) => {
            Segment::Number(u64::MAX)
        }
        Err(_) => Segment::Word(word),
    };
    let mut segments: Vec<Segment> = words.into_iter().map(segment).collect();
    // `1.0.rc1` is `1.rc1`.
    let letters = segments
        .iter()
        .position(|segment| matches!(segment, Segment::Word(_)));
    let mut at = letters.unwrap_or(0);
    while at > 1 && segments[at - 1] == Segment::Number(0) {
        at -= 1;
        segments.remove(at);
    }
    Some(segments)
}
