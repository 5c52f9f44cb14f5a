//! Values without quotes: where they end, by notation.

use super::Syntax;
use super::names::{is_authorization, is_header, is_upper};
use super::operators::{Kind, Operator};
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span, is_blank, is_joined, is_word};
use super::templates::{Setting, default_in, is_computed};
use super::values::Literal;

/// The longest value without quotes, in bytes: signed tokens are the longest.
pub(super) const MAX_BARE: usize = 2048;

/// A shorter word after a single dash is a row of options of one letter each.
const MIN_SINGLE_DASHED: usize = 6;

/// What ends a value without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The line or a comment on it.
    Line,
    /// White space, or what cannot stand in a word of the notation.
    Word,
    /// The quotation mark that opened before the name.
    Mark(u8),
    /// `&` and all else that ends a query string.
    Query,
    /// `;` and the mark around a connection string.
    Pair,
    /// `,` or a closing bracket.
    Member,
}

/// What would end a bare value after this operator; none if values have to be quoted here.
pub(super) fn end_of(source: Source<'_>, name: Span, operator: Operator) -> Option<End> {
    let written = source.slice(name);
    let close = is_close(source, name, operator);
    if operator.kind == Kind::Equals
        && close
        && let Some(end) = inside(source, name)
    {
        return Some(end);
    }
    if let Some(mark) = opened(source, name) {
        let fits = (operator.kind == Kind::Equals && close)
            || (operator.kind == Kind::Colon && is_header(written));
        return fits.then(|| End::Mark(source.at(mark.end - 1)));
    }
    by_syntax(source, name, operator)
}

/// The quotation mark that a text such as `'name=value'` opens with.
pub(super) fn opened(source: Source<'_>, name: Span) -> Option<Span> {
    let first = source.skip_back(name.start, 2, |byte| byte == b'-');
    mark_before(source, first)
        .filter(|_| mark_at(source, name.end).is_none() && source.at(name.end) != b']')
}

fn is_close(source: Source<'_>, name: Span, operator: Operator) -> bool {
    operator.end == name.end + 1 && !source.at(operator.end).is_ascii_whitespace()
}

/// Names in the midst of a longer text: a query string or a connection string.
fn inside(source: Source<'_>, name: Span) -> Option<End> {
    match source.before(name.start) {
        b'?' | b'&' => Some(End::Query),
        b';' if source.ends(name.start, b"&amp;") => Some(End::Query),
        b';' if in_connection_string(source, name.start) => Some(End::Pair),
        _ => None,
    }
}

/// Whether only `key=value;` pairs stand between the offset and the mark that opens the text.
fn in_connection_string(source: Source<'_>, at: usize) -> bool {
    let start = source.skip_back(at, 256, |byte| !b"\"'(){}\n<>".contains(&byte));
    matches!(source.before(start), b'"' | b'\'')
}

fn by_syntax(source: Source<'_>, name: Span, operator: Operator) -> Option<End> {
    let close = is_close(source, name, operator);
    let written = source.slice(name);
    match (source.syntax, operator.kind) {
        (_, Kind::Default)
        | (Syntax::Php | Syntax::Js | Syntax::Code | Syntax::Json | Syntax::Sql, _) => None,
        (Syntax::Env | Syntax::Ini | Syntax::Words, Kind::Equals | Kind::Colon) => Some(End::Line),
        (Syntax::Yaml, Kind::Colon) if source.at(operator.end).is_ascii_whitespace() => {
            Some(if in_flow(source, name.start) {
                End::Member
            } else {
                End::Line
            })
        }
        (Syntax::Yaml, Kind::Equals) if close => Some(End::Line),
        (Syntax::Apache, Kind::Colon) if source.ends(name.start, b"E=") => Some(End::Member),
        (Syntax::Shell, Kind::Equals) if close && source.before(name.start) != b'$' => {
            Some(End::Word)
        }
        (Syntax::Docker | Syntax::Nginx | Syntax::Apache, Kind::Equals) if close => Some(End::Word),
        (Syntax::Text | Syntax::Xml, Kind::Equals)
            if close && (is_upper(written) || is_option(source, name)) =>
        {
            Some(End::Word)
        }
        (Syntax::Text | Syntax::Xml | Syntax::Shell, Kind::Colon)
            if is_blank(source.at(operator.end)) && (is_upper(written) || is_header(written)) =>
        {
            Some(if is_authorization(written) {
                End::Line
            } else {
                End::Word
            })
        }
        (Syntax::Text, Kind::Equals) if close && says_secret(written) => Some(End::Word),
        (Syntax::Text, Kind::Equals | Kind::Colon)
            if is_blank(source.at(operator.end))
                && (says_secret(written) || names_key(written))
                && is_alone(source, name, operator) =>
        {
            Some(End::Word)
        }
        (Syntax::Shell, Kind::Colon)
            if is_blank(source.at(operator.end)) && starts_line(source, name.start) =>
        {
            Some(End::Line)
        }
        (_, Kind::Arrow) if starts_line(source, name.start) => Some(End::Line),
        _ => None,
    }
}

/// Whether name and value, one word, are all that stands on the line: `Password: b`, `- SMTP password: b`.
fn is_alone(source: Source<'_>, name: Span, operator: Operator) -> bool {
    let value = source.blanks(operator.end);
    let end = source.skip(value, MAX_BARE, |byte| !byte.is_ascii_whitespace());
    let has_digit = || {
        source
            .slice(Span::new(value, end))
            .iter()
            .any(u8::is_ascii_digit)
    };
    let starts =
        || starts_line(source, name.start) || has_digit() && starts_note(source, name.start);
    matches!(source.at(source.blanks(end)), 0 | b'\n' | b'\r') && starts()
}

/// Whether only the mark of a list and a few words, which say whose password it is, stand before on the line.
fn starts_note(source: Source<'_>, at: usize) -> bool {
    const MAX_WORDS: usize = 3;
    let mut start = at;
    for _ in 0..MAX_WORDS {
        let end = source.blanks_back(start);
        let word = source.skip_back(end, 24, is_joined);
        if end == start || word == end {
            break;
        }
        start = word;
    }
    let mark = source.skip_back(start, 8, |byte| is_blank(byte) || b"-*>|".contains(&byte));
    matches!(source.before(mark), 0 | b'\n' | b'\r')
}

/// Whether the name is one that settings in documents have: `secret_key_base: …`.
fn names_key(name: &[u8]) -> bool {
    const LAST: [&[u8]; 4] = [b"_key", b"key_base", b"pass", b"salt"];
    LAST.iter().any(|word| {
        name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
    })
}

/// Whether the name is one that messages have: `password=…`.
pub(super) fn says_secret(name: &[u8]) -> bool {
    const LAST: [&[u8]; 8] = [
        b"password",
        b"passwd",
        b"passphrase",
        b"secret",
        b"token",
        b"apikey",
        b"api_key",
        b"pwd",
    ];
    LAST.iter().any(|word| {
        name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
    })
}

/// Whether the name is a command-line option: `--password`, or `-password` as some programs have it.
pub(super) fn is_option(source: Source<'_>, name: Span) -> bool {
    source.ends(name.start, b"--")
        || name.end - name.start >= MIN_SINGLE_DASHED && source.ends(name.start, b" -")
}

/// Whether the name begins its line, perhaps as the key of an array: `[name]`, `$_ENV['name']`.
pub(super) fn starts_line(source: Source<'_>, at: usize) -> bool {
    let array = source.skip_back(at, 32, |byte| is_word(byte) || b"[$'\"".contains(&byte));
    matches!(
        source.before(source.blanks_back(array)),
        0 | b'\n' | b'\r' | b'>'
    )
}

/// Whether the name stands in `{…}` on its line.
fn in_flow(source: Source<'_>, at: usize) -> bool {
    let line = source.slice(Span::new(source.line(at, MAX_BARE).start, at));
    memchr::memrchr(b'{', line) > memchr::memrchr(b'}', line)
}

/// The value that starts here and ends as `end` says, without its comment. None if it is empty, too long,
/// computed, or starts as no value does.
pub(super) fn bare_at(source: Source<'_>, at: usize, end: End) -> Option<Literal> {
    if !may_start(source, at) {
        return None;
    }
    let limit = source.skip(at, MAX_BARE + 1, |byte| {
        !ends_word(source.syntax, byte, end)
    });
    if limit > at + MAX_BARE {
        return None;
    }
    let span = cut(source, source.trimmed(Span::new(at, limit)), end);
    if span.is_empty() {
        return None;
    }
    let computed = is_computed(source, span, Setting::Bare);
    let span = if computed {
        default_in(source, span)?
    } else {
        span
    };
    Some(Literal::bare(span))
}

fn may_start(source: Source<'_>, at: usize) -> bool {
    if starts_comment(source.syntax, source.at(at)) && is_blank(source.before(at)) {
        return false;
    }
    match source.at(at) {
        b'"' | b'\'' | b'`' | b'[' | b'(' | b'=' | b'>' | b'|' => false,
        b'{' => source.starts(at, b"{{"),
        b'$' => source.at(at + 1) != b'(',
        b'*' | b'!' | b'~' => source.syntax != Syntax::Yaml,
        b'<' => source.syntax != Syntax::Xml,
        _ => true,
    }
}

fn ends_word(syntax: Syntax, byte: u8, end: End) -> bool {
    if matches!(byte, b'\n' | b'\r' | 0) {
        return true;
    }
    match end {
        End::Line => syntax == Syntax::Xml && byte == b'<',
        End::Mark(mark) => byte == mark || matches!(byte, b'&' | b'\\'),
        End::Query => byte <= b' ' || b"&\"'`<>#)\\;,{$|".contains(&byte),
        End::Pair => b";\"'".contains(&byte),
        End::Member => byte == b',' || byte == (if syntax == Syntax::Yaml { b'}' } else { b']' }),
        End::Word => byte <= b' ' || b"\"'`".contains(&byte) || ends_command(syntax, byte),
    }
}

fn ends_command(syntax: Syntax, byte: u8) -> bool {
    match syntax {
        Syntax::Shell | Syntax::Docker => b";|&<>)".contains(&byte),
        Syntax::Nginx => byte == b';',
        Syntax::Text | Syntax::Xml => byte == b'<',
        _ => false,
    }
}

/// The value without a comment after it and without what closes the sentence or the command that it is in.
fn cut(source: Source<'_>, span: Span, end: End) -> Span {
    let bytes = source.slice(span);
    match end {
        End::Line => {
            let comment = bytes
                .windows(2)
                .position(|pair| is_blank(pair[0]) && starts_comment(source.syntax, pair[1]));
            let upto = comment.unwrap_or(bytes.len());
            let upto = next_variable(source.syntax, &bytes[..upto]).unwrap_or(upto);
            source.trimmed(Span::new(span.start, span.start + upto))
        }
        End::Word if source.syntax == Syntax::Text => {
            let kept = source.skip_back(span.end, span.end - span.start, |byte| {
                b",;.)".contains(&byte)
            });
            Span::new(span.start, kept)
        }
        _ => span,
    }
}

fn starts_comment(syntax: Syntax, byte: u8) -> bool {
    byte == b'#' || (byte == b';' && syntax == Syntax::Ini)
}

/// Where a second `NAME=` on the line makes the first blank the end of the value.
fn next_variable(syntax: Syntax, bytes: &[u8]) -> Option<usize> {
    if syntax != Syntax::Env {
        return None;
    }
    let blank = memchr::memchr2(b' ', b'\t', bytes)?;
    memchr::memchr(b'=', &bytes[blank..]).map(|_| blank)
}
