//! Encoded text that was wrapped into lines, as MIME, PEM and YAML do.

use std::iter;
use std::ops::Range;

use super::packed::{Alphabet, NO_VALUE};

/// Nobody wraps shorter than this; shorter lines are values of their own.
const MIN_LINE: usize = 32;
const MAX_INDENT: usize = 64;
const MAX_PADDING: usize = 2;

/// The lines that belong to the one at `first`: all as long as the first one, the last one at most as
/// long. Together at most `limit` characters.
pub(super) fn lines<'t>(
    text: &'t [u8],
    first: Range<usize>,
    (alphabet, limit): (&'t Alphabet, usize),
) -> impl Iterator<Item = Range<usize>> + 't {
    let width = first.len();
    let may_go_on = width >= MIN_LINE && width.is_multiple_of(4);
    let lines = iter::successors(Some((first, width)), move |(line, total)| {
        if !may_go_on || line.len() < width {
            return None;
        }
        let next = next_line(text, line.end, alphabet, width)?;
        let total = total + next.len();
        (total <= limit).then_some((next, total))
    });
    lines.map(|(line, _)| line)
}

fn next_line(text: &[u8], end: usize, alphabet: &Alphabet, width: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    let after_break = rest.len() - after_line_break(rest)?.len();
    let indent = rest[after_break..]
        .iter()
        .take(MAX_INDENT)
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let start = end + after_break + indent;
    let len = text[start..]
        .iter()
        .take(width + 1)
        .take_while(|&&byte| alphabet.values[usize::from(byte)] != NO_VALUE)
        .count();
    let ends_there = text[start + len..]
        .iter()
        .take(MAX_PADDING + 1)
        .find(|&&byte| byte != b'=')
        .is_none_or(|byte| matches!(byte, b'\r' | b'\n' | b'\\' | b'"' | b'\'' | b'<' | b' '));
    (len > 0 && len <= width && ends_there).then(|| start..start + len)
}

/// What follows a line break: a real one, or `\n` as strings escape it.
fn after_line_break(rest: &[u8]) -> Option<&[u8]> {
    [&b"\r\n"[..], b"\n", b"\\r\\n", b"\\n"]
        .iter()
        .find_map(|line_break| rest.strip_prefix(*line_break))
}
