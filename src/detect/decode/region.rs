//! How far escaped text reaches around a trigger.

use std::ops::Range;

use memchr::memchr2;

use crate::finding::Decoder;

const MAX_LEFT: usize = 1024;
const MAX_RIGHT: usize = 16 * 1024;

/// The line around `at`, or the word for percent-encoding, which has no white space in it.
pub(super) fn of(text: &[u8], at: usize, decoder: Decoder) -> Range<usize> {
    let left = &text[at.saturating_sub(MAX_LEFT)..at];
    let right = &text[at..text.len().min(at + MAX_RIGHT)];
    let (before, after) = match decoder {
        Decoder::Percent => (
            left.iter().rev().position(|&byte| ends_word(byte)),
            right.iter().position(|&byte| ends_word(byte)),
        ),
        _ => (
            left.iter().rev().position(|&byte| ends_line(byte)),
            memchr2(b'\n', b'\r', right),
        ),
    };
    let start = at - before.unwrap_or(left.len());
    after_backslashes(text, start, at)..at + after.unwrap_or(right.len())
}

fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn ends_word(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`')
}

/// A region that had to be cut may start between a backslash and what it escapes.
fn after_backslashes(text: &[u8], start: usize, at: usize) -> usize {
    let starts_line = start == 0 || ends_line(text[start - 1]);
    let run = text[start..at].iter().take_while(|&&byte| byte == b'\\');
    match starts_line {
        true => start,
        false => start + run.count(),
    }
}
