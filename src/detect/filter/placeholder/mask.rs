//! Values that someone blotted out or typed without thinking: repeats and sequences.

use memchr::memmem;

use super::super::alphabet::{Profile, distinct};
use super::Placeholder;

/// Bullets, blocks and the ellipsis, as web pages mask with them.
const MASK_CHARACTERS: &[&str] = &[
    "\u{2022}",
    "\u{25cf}",
    "\u{2588}",
    "\u{2026}",
    "\u{00d7}\u{00d7}",
];
/// A shorter repeat or sequence may be a weak password.
const MIN_CERTAIN: usize = 12;
const MIN_LIKELY: usize = 4;
const MIN_MARKS: usize = 3;
/// The same character so often, and a third of the value, is a blank to fill in.
const MIN_BLANK: usize = 9;
const MAX_PERIOD: usize = 8;

/// Whether the value, or a part of it, was replaced by stars, dots, `x` or the like.
pub(super) fn is_masked(value: &[u8], profile: &Profile) -> bool {
    let Runs { marks, any } = Runs::of(value);
    marks >= MIN_MARKS
        || any >= (value.len() / 3).max(MIN_BLANK)
        || (!value.is_ascii()
            && MASK_CHARACTERS
                .iter()
                .any(|mask| memmem::find(value, mask.as_bytes()).is_some()))
        || (profile.letters() + profile.digits == 0 && value.is_ascii() && distinct(value) <= 2)
}

/// How sure it is that the value is a repeat or a sequence.
pub(super) fn regularity(value: &[u8]) -> Option<Placeholder> {
    let body = body_of(value);
    let regular = has_few_characters(body)
        || is_sequence(body, 1)
        || is_sequence(body, 2)
        || is_periodic(body);
    match (regular, body.len()) {
        (true, MIN_CERTAIN..) => Some(Placeholder::Certain),
        (true, MIN_LIKELY..) => Some(Placeholder::Likely),
        _ => None,
    }
}

/// Lengths of the longest runs of one character.
struct Runs {
    /// Of stars, dots and `x`, of which one more is asked for: `xxx` begins words and some random strings.
    marks: usize,
    /// Of any character.
    any: usize,
}

impl Runs {
    fn of(value: &[u8]) -> Self {
        let mut longest = Self { marks: 0, any: 1 };
        let mut len = 1;
        for pair in value.windows(2) {
            if pair[0] != pair[1] {
                len = 1;
                continue;
            }
            len += 1;
            longest.any = longest.any.max(len);
            match pair[0] {
                b'*' | b'.' => longest.marks = longest.marks.max(len),
                b'x' | b'X' => longest.marks = longest.marks.max(len - 1),
                _ => {}
            }
        }
        longest
    }
}

/// What follows a vendor's prefix such as `key-` or `sk_test_`, if it is most of the value.
fn body_of(value: &[u8]) -> &[u8] {
    let last = value.rsplit(|byte| matches!(byte, b'-' | b'_')).next();
    last.filter(|body| body.len() * 2 > value.len())
        .unwrap_or(value)
}

fn has_few_characters(body: &[u8]) -> bool {
    let most = match body.len() {
        24.. => 5,
        MIN_CERTAIN.. => 3,
        MIN_LIKELY.. => 1,
        _ => return false,
    };
    body.is_ascii() && distinct(body) <= most
}

/// Whether three in five characters continue those `step` before them: `12345678`, `abcdef`, `987654`;
/// with two, `a1b2c3d4`.
fn is_sequence(body: &[u8], step: usize) -> bool {
    let pairs = body.len().saturating_sub(step);
    if pairs < MIN_LIKELY {
        return false;
    }
    let mut exceptions_left = (pairs * 2).saturating_sub(step) / 5;
    for (&before, &after) in body.iter().zip(&body[step..]) {
        if continues(before, after) {
            continue;
        }
        match exceptions_left.checked_sub(1) {
            Some(left) => exceptions_left = left,
            None => return false,
        }
    }
    true
}

fn continues(before: u8, after: u8) -> bool {
    let is_next = before.abs_diff(after) == 1;
    let wraps = matches!(
        (before, after),
        (b'9', b'0' | b'a' | b'A') | (b'f' | b'F' | b'z' | b'Z', b'0' | b'1')
    );
    wraps || is_next && before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric()
}

/// `12341234`, `deadbeefdeadbeef`: the same few characters at least three times, or twice at eight.
fn is_periodic(body: &[u8]) -> bool {
    (1..=MAX_PERIOD.min(body.len() / 2)).any(|period| {
        let repeats = body.len() / period;
        (repeats >= 3 || period == MAX_PERIOD)
            && body.len() >= 2 * MIN_LIKELY
            && body.iter().zip(&body[period..]).all(|(a, b)| a == b)
    })
}
