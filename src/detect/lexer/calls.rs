//! Names and values as arguments: `define('A', 'b')`, `setPassword('b')`, rows of SQL, PHP's serialized form.

use super::Syntax;
use super::bare::says_secret;
use super::fallback::{second_argument, takes_pair};
use super::forward::Found;
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span};
use super::values::quoted_at;

/// What methods that are named after a credential may begin with and still take it.
const SETTERS: [&[u8]; 3] = [b"set", b"with", b"use"];
/// What they begin with when they do something else with what they are given.
const OTHER_VERBS: [&[u8]; 22] = [
    b"get",
    b"is",
    b"has",
    b"find",
    b"load",
    b"read",
    b"fetch",
    b"check",
    b"valid",
    b"verify",
    b"create",
    b"generate",
    b"make",
    b"hash",
    b"reset",
    b"forgot",
    b"request",
    b"require",
    b"parse",
    b"match",
    b"to",
    b"on",
];

/// `setPassword('b')`, `withPassword('b')`, `.password('b')`, and SQL's `PASSWORD('b')`. The name is what comes after
/// the verb.
pub(super) fn setter(source: Source<'_>, name: Span) -> Option<Found> {
    let (value, end) = quoted_at(source, source.blanks(name.end + 1))?;
    if !closes(source, end) {
        return None;
    }
    if let Some(verb) = SETTERS.iter().find(|verb| source.starts(name.start, verb)) {
        let start = source.skip(name.start + verb.len(), 1, |byte| byte == b'_');
        return (start < name.end).then_some(Found {
            name: Span::new(start, name.end),
            value,
        });
    }
    let hashes = source.syntax == Syntax::Sql && source.is_any(name, &[b"password"]);
    (hashes || is_builder(source, name)).then_some(Found { name, value })
}

/// Whether the call ends here, perhaps after a conversion such as `.toCharArray()`.
fn closes(source: Source<'_>, end: usize) -> bool {
    let converted = if source.at(end) == b'.' {
        let word = source.word(end + 1);
        word.end + if source.starts(word.end, b"()") { 2 } else { 0 }
    } else {
        end
    };
    source.at(source.blanks(converted)) == b')'
}

/// Whether the name is a method's that is called with what it is named after: `.password('b')`.
fn is_builder(source: Source<'_>, name: Span) -> bool {
    let does_something_else = |verb: &&[u8]| source.starts(name.start, verb);
    source.syntax.is_code()
        && says_secret(source.slice(name))
        && matches!(source.before(name.start), b'.' | b'>' | b':')
        && !OTHER_VERBS.iter().any(does_something_else)
}

/// `password.equals('b')`
pub(super) fn compared(source: Source<'_>, name: Span) -> Option<Found> {
    const METHODS: [&[u8]; 4] = [
        b"equals",
        b"equalsIgnoreCase",
        b"contentEquals",
        b"compareTo",
    ];
    let method = source.word(name.end + 1);
    if !source.syntax.is_code() || source.at(method.end) != b'(' || !source.is_any(method, &METHODS)
    {
        return None;
    }
    let (value, _) = quoted_at(source, source.blanks(method.end + 1))?;
    Some(Found { name, value })
}

/// The value after the comma that follows a quoted name; `comma` is its offset.
pub(super) fn next_argument(source: Source<'_>, name: Span, comma: usize) -> Option<Found> {
    if source.syntax == Syntax::Sql {
        let (value, _) = quoted_at(source, source.blanks(comma + 1))?;
        return Some(Found { name, value });
    }
    let open = source.blanks_back(mark_before(source, name.start)?.start);
    if source.before(open) == b'{' && source.syntax == Syntax::Code {
        return second_argument(source, comma + 1).map(|value| Found { name, value });
    }
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
