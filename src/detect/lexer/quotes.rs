//! Quotation marks as they stand in files: plain, behind backslashes, or as character references.

use super::REACH;
use super::source::{Source, Span};

/// The deepest nesting of escaped quotes that is understood, in backslashes.
const MAX_ESCAPES: usize = 8;

/// Spellings of a quotation mark that neither start with a backslash nor are the mark itself.
const REFERENCES: [&[u8]; 7] = [
    b"&quot;", b"&#039;", b"&#39;", b"&#34;", b"&apos;", b"&#x27;", b"&#x22;",
];

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// The quotation mark at the offset, as written.
pub(super) fn mark_at(source: Source<'_>, offset: usize) -> Option<Span> {
    match source.at(offset) {
        b'"' | b'\'' | b'`' => Some(Span::new(offset, offset + 1)),
        b'\\' => {
            let end = source.skip(offset, MAX_ESCAPES, |byte| byte == b'\\');
            is_quote(source.at(end)).then(|| Span::new(offset, end + 1))
        }
        b'&' => REFERENCES
            .iter()
            .find(|reference| source.starts(offset, reference))
            .map(|reference| Span::new(offset, offset + reference.len())),
        _ => None,
    }
}

/// The quotation mark that ends at the offset, as written.
pub(super) fn mark_before(source: Source<'_>, offset: usize) -> Option<Span> {
    let last = source.before(offset);
    if is_quote(last) {
        let start = source.skip_back(offset - 1, MAX_ESCAPES, |byte| byte == b'\\');
        return Some(Span::new(start, offset));
    }
    if last != b';' {
        return None;
    }
    REFERENCES
        .iter()
        .find(|reference| source.ends(offset, reference))
        .map(|reference| Span::new(offset - reference.len(), offset))
}

/// Where the mark that closes `mark` starts. The quoted text begins at the mark's end; it may go over
/// line ends only if `lines` says so.
pub(super) fn closing(source: Source<'_>, mark: Span, lines: bool) -> Option<usize> {
    let end = source.text.len().min(mark.end + REACH);
    let body = source.slice(Span::new(mark.end, end));
    let body = match memchr::memchr(b'\n', body) {
        Some(line) if !lines => &body[..line],
        _ => body,
    };
    let written = source.slice(mark);
    let found = match written {
        [quote] => closing_plain(body, *quote),
        [b'&', ..] => memchr::memmem::find(body, written),
        [escapes @ .., quote] => closing_escaped(body, *quote, escapes.len()),
        [] => None,
    };
    found.map(|at| mark.end + at)
}

fn closing_plain(body: &[u8], quote: u8) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = body
        .get(from..)
        .and_then(|rest| memchr::memchr2(quote, b'\\', rest))
    {
        let at = from + found;
        if body[at] == quote {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// A mark behind fewer backslashes than the opening one closes the text around it.
fn closing_escaped(body: &[u8], quote: u8, escapes: usize) -> Option<usize> {
    for at in memchr::memchr_iter(quote, body) {
        let before = &body[..at];
        let backslashes = before
            .iter()
            .rev()
            .take(MAX_ESCAPES)
            .take_while(|&&byte| byte == b'\\')
            .count();
        match backslashes.cmp(&escapes) {
            std::cmp::Ordering::Equal => return Some(at - escapes),
            std::cmp::Ordering::Less => return None,
            std::cmp::Ordering::Greater => {}
        }
    }
    None
}
