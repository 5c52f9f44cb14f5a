//! From a name to its value.

use super::assigned::{assigned, without_scheme};
use super::bare::MAX_BARE;
use super::names::{around, is_name};
use super::operators::{Kind, operator_at};
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span, is_word};
use super::templates::default_in;
use super::values::{Literal, quoted_at};
use super::wrapped::wrapped_at;
use super::{Assignment, Syntax, calls, columns, fallback, lines, markup, pairs, spaced, tags};

/// A name and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) name: Span,
    pub(super) value: Literal,
}

impl From<Found> for Assignment {
    fn from(found: Found) -> Self {
        Self {
            name: found.name.start..found.name.end,
            value: found.value.span.start..found.value.span.end,
            quoted: found.value.quoted,
        }
    }
}

/// The assignment whose name holds the anchor hit at `word` (a byte offset).
///
/// None if the word is no part of a name, nothing is assigned to it, or what is assigned is no literal:
/// a variable, a template, a call, a type. Where an expression falls back to a literal, that is the value.
pub fn assignment_at(text: &[u8], word: usize, syntax: Syntax) -> Option<Assignment> {
    from_word(Source { text, syntax }, word).map(Assignment::from)
}

/// As [`assignment_at`].
pub(super) fn from_word(source: Source<'_>, word: usize) -> Option<Found> {
    if source.syntax == Syntax::Words
        && let Some(found) = lines::credential_line(source, word)
    {
        return Some(found);
    }
    if source.at(word) == b'p'
        && source.ends(word, b" -")
        && !source.syntax.is_code()
        && let Some(found) = lines::mysql_password(source, word)
    {
        return (found.name.start == word).then_some(found);
    }
    from_name(source, around(source, word)?)
}

/// The assignment to exactly this name.
pub(super) fn from_name(source: Source<'_>, name: Span) -> Option<Found> {
    let found = match source.at(name.end) {
        b',' | b')' if source.syntax == Syntax::Sql => columns::value_of(source, name),
        b'"' | b'\'' | b'`' | b'\\' | b'&' => after_quoted_name(source, name),
        b'=' | b':' | b'?' | b'|' => after_name(source, name),
        b' ' | b'\t' => after_blank(source, name),
        b']' => after_index(source, name, name.end),
        b'<' | b'>' => markup::after_name(source, name),
        b'(' => calls::setter(source, name),
        b'.' => calls::compared(source, name),
        b'[' | b'{' => after_declarator(source, name),
        b'\n' | b'\r' => pairs::value_of(source, name),
        _ => None,
    }?;
    if !is_name(source.slice(found.name)) {
        return None;
    }
    let value = without_scheme(source, found.name, found.value)?;
    pairs::resolved(source, Found { value, ..found })
}

fn found(name: Span, value: Literal) -> Found {
    Found { name, value }
}

fn after_name(source: Source<'_>, name: Span) -> Option<Found> {
    if source.at(name.end) == b':' {
        match source.before(name.start) {
            b'[' => {
                if let Some(found) = after_visibility(source, name, name.end) {
                    return Some(found);
                }
            }
            b'{' if source.ends(name.start, b"${") => return braced(source, name),
            _ => {}
        }
        if let Some(login) = lines::login_option(source, name) {
            return Some(login);
        }
    }
    let operator = operator_at(source, name.end)?;
    assigned(source, name, operator).map(|value| found(name, value))
}

/// `[name:protected] => …`, `["name":"Class":private]=>` in what PHP prints of an object.
fn after_visibility(source: Source<'_>, name: Span, at: usize) -> Option<Found> {
    let close = source.skip(at, 64, |byte| !matches!(byte, b']' | b'\n'));
    after_index(source, name, close)
}

/// `${name:literal}`
fn braced(source: Source<'_>, name: Span) -> Option<Found> {
    let close = source.skip(name.end, MAX_BARE, |byte| !matches!(byte, b'}' | b'\n'));
    let template = Span::new(name.start - 2, close + 1);
    default_in(source, template).map(|span| found(name, Literal::quoted(span)))
}

fn after_blank(source: Source<'_>, name: Span) -> Option<Found> {
    let at = source.blanks(name.end);
    if let Some(operator) = operator_at(source, at) {
        return assigned(source, name, operator).map(|value| found(name, value));
    }
    match source.at(at) {
        b'|' => fallback::default_after(source, at).map(|value| found(name, value)),
        b'<' => markup::after_name(source, name),
        b'\n' | b'\r' => pairs::value_of(source, name),
        b'"' | b'\'' if is_statement(source, name) => {
            quoted_at(source, at).map(|(value, _)| found(name, value))
        }
        b'(' if is_defined(source, name) => wrapped_at(source, at).map(|value| found(name, value)),
        b'{' if source.syntax == Syntax::Code => after_accessors(source, name, at),
        b'A' | b'a' if source.syntax == Syntax::Code => after_type(source, name, at),
        byte if may_be_spaced(source, name, byte) => {
            spaced::after_name(source, name, at).or_else(|| markup::after_name(source, name))
        }
        _ => None,
    }
}

/// `#define NAME "b"`
fn is_defined(source: Source<'_>, name: Span) -> bool {
    source.syntax == Syntax::Code && source.is_any(source.previous_word(name.start), &[b"define"])
}

/// `password 'b'` as build scripts of Gradle and other small languages set it, `#define NAME "b"`.
fn is_statement(source: Source<'_>, name: Span) -> bool {
    let begins = || {
        let before = source.before(source.blanks_back(name.start));
        matches!(before, 0 | b'\n' | b'\r' | b';' | b'{')
    };
    is_defined(source, name) || source.syntax == Syntax::Code && begins()
}

/// `name[] = "b"`, `name[32] = "b"`, `name{"b"}`
fn after_declarator(source: Source<'_>, name: Span) -> Option<Found> {
    if source.syntax != Syntax::Code {
        return None;
    }
    if source.at(name.end) == b'{' {
        return wrapped_at(source, name.end).map(|value| found(name, value));
    }
    let close = source.skip(name.end + 1, 32, is_word);
    let operator = operator_at(source, source.blanks(close + 1))
        .filter(|operator| operator.kind == Kind::Equals && source.at(close) == b']')?;
    assigned(source, name, operator).map(|value| found(name, value))
}

/// `Name { get; set; } = "b"`
fn after_accessors(source: Source<'_>, name: Span, open: usize) -> Option<Found> {
    let word = source.word(source.blanks(open + 1));
    if !source.is_any(word, &[b"get"]) {
        return None;
    }
    let close = source.skip(open, 64, |byte| !matches!(byte, b'}' | b'\n'));
    let operator = operator_at(source, source.blanks(close + 1))
        .filter(|operator| operator.kind == Kind::Equals)?;
    assigned(source, name, operator).map(|value| found(name, value))
}

/// `Const Name As String = "b"`, as Visual Basic declares it.
fn after_type(source: Source<'_>, name: Span, at: usize) -> Option<Found> {
    if !source.starts(at, b"As ") {
        return None;
    }
    let type_name = source.word(source.blanks(at + 3));
    let operator = operator_at(source, source.blanks(type_name.end))
        .filter(|operator| operator.kind == Kind::Equals && !type_name.is_empty())?;
    assigned(source, name, operator).map(|value| found(name, value))
}

/// Whether a value may follow the name after a blank alone. In prose and in program source nearly every
/// word has something else after it, so the few notations that they share are told by one byte.
fn may_be_spaced(source: Source<'_>, name: Span, next: u8) -> bool {
    if source.syntax.is_code() {
        return matches!(next, b'B' | b'b');
    }
    source.syntax != Syntax::Text
        || matches!(next, b'B' | b'b')
        || matches!(source.before(name.start), b'-' | b'<')
        || lines::is_mysql_client(source, name)
}

/// Whether the name is quoted as columns of SQL are.
fn is_column(source: Source<'_>, mark: Span) -> bool {
    source.syntax == Syntax::Sql && matches!(source.slice(mark), b"`" | b"\"")
}

fn after_quoted_name(source: Source<'_>, name: Span) -> Option<Found> {
    let mark = mark_at(source, name.end)?;
    let open = mark_before(source, name.start)?;
    let account = source.syntax == Syntax::Sql && source.before(open.start) == b'@';
    if account || source.slice(mark) != source.slice(open) {
        return None;
    }
    let at = source.space(mark.end);
    match source.at(at) {
        b':' if source.before(open.start) == b'[' => after_visibility(source, name, at),
        b']' => after_index(source, name, at),
        b',' | b')' if is_column(source, mark) => columns::value_of(source, name),
        b')' => fallback::default_after(source, at + 1).map(|value| found(name, value)),
        b',' => calls::next_argument(source, name, at).or_else(|| pairs::value_of(source, name)),
        b';' => calls::serialized(source, name, at),
        b'<' if matches!(source.syntax, Syntax::Xml | Syntax::Text) => {
            tags::after_name(source, name, at)
        }
        b'{' if source.syntax == Syntax::Code => pairs::default_of(source, name, at),
        b'>' => markup::labelled_text(source, name, at).or_else(|| pairs::value_of(source, name)),
        b'=' | b'!' | b':' | b'?' | b'|' | b'o' | b'-' | b't' => {
            let operator = operator_at(source, at)?;
            assigned(source, name, operator).map(|value| found(name, value))
        }
        _ => pairs::value_of(source, name),
    }
}

/// `['name'] = …`, `[name] => …`; `at` is where the bracket closes.
fn after_index(source: Source<'_>, name: Span, at: usize) -> Option<Found> {
    let open = mark_before(source, name.start).map_or(name.start, |mark| mark.start);
    if source.at(at) != b']' || source.before(source.blanks_back(open)) != b'[' {
        return None;
    }
    if source.starts(at + 1, b"</") {
        return markup::after_index(source, name, at + 1);
    }
    let operator = operator_at(source, source.blanks(at + 1))?;
    assigned(source, name, operator).map(|value| found(name, value))
}
