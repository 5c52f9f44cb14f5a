//! Names and values as arguments: `define('A', 'b')`, `setPassword('b')`, rows of SQL, PHP's serialized form.

use super::Syntax;
use super::fallback::{second_argument, takes_pair};
use super::forward::Found;
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span};
use super::values::quoted_at;

/// `setPassword('b')`, and SQL's `PASSWORD('b')`. The name is what comes after `set`.
pub(super) fn setter(source: Source<'_>, name: Span) -> Option<Found> {
    let (value, end) = quoted_at(source, source.blanks(name.end + 1))?;
    if source.at(source.blanks(end)) != b')' {
        return None;
    }
    if source.starts(name.start, b"set") {
        let start = source.skip(name.start + 3, 1, |byte| byte == b'_');
        return (start < name.end).then_some(Found {
            name: Span::new(start, name.end),
            value,
        });
    }
    let hashes = source.syntax == Syntax::Sql && source.is_any(name, &[b"password"]);
    hashes.then_some(Found { name, value })
}

/// The value after the comma that follows a quoted name; `comma` is its offset.
pub(super) fn next_argument(source: Source<'_>, name: Span, comma: usize) -> Option<Found> {
    if source.syntax == Syntax::Sql {
        let (value, _) = quoted_at(source, source.blanks(comma + 1))?;
        return Some(Found { name, value });
    }
    let open = source.blanks_back(mark_before(source, name.start)?.start);
    if source.before(open) != b'(' || !takes_pair(source, source.word_back(open - 1)) {
        return None;
    }
    second_argument(source, comma + 1).map(|value| Found { name, value })
}

/// `s:1:"A";s:1:"b";`; `semicolon` is the first one's offset.
pub(super) fn serialized(source: Source<'_>, name: Span, semicolon: usize) -> Option<Found> {
    let open = mark_before(source, name.start)?;
    let value = semicolon + 1;
    if source.before(open.start) != b':' || !source.starts(value, b"s:") {
        return None;
    }
    let digits = source.skip(value + 2, 10, |byte| byte.is_ascii_digit());
    let mark = mark_at(source, digits + 1)?;
    if source.at(digits) != b':' || source.slice(mark) != source.slice(open) {
        return None;
    }
    let (value, _) = quoted_at(source, mark.start)?;
    Some(Found { name, value })
}
