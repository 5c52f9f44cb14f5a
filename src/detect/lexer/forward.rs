//! From a name to its value.

use super::bare::{End, MAX_BARE, bare_at, end_of};
use super::names::{around, is_authorization, is_name};
use super::operators::{Kind, Operator, operator_at};
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span, is_blank};
use super::values::{Literal, quoted_at};
use super::{Assignment, Syntax, calls, fallback, lines, markup, pairs, spaced};

/// The words that come before a credential in an `Authorization` header.
const SCHEMES: [&[u8]; 6] = [
    b"Bearer ", b"Basic ", b"Token ", b"ApiKey ", b"key=", b"token=",
];

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
    from_name(source, around(source, word)?)
}

/// The assignment to exactly this name.
pub(super) fn from_name(source: Source<'_>, name: Span) -> Option<Found> {
    let found = match source.at(name.end) {
        b'"' | b'\'' | b'`' | b'\\' | b'&' => after_quoted_name(source, name),
        b'=' | b':' | b'?' | b'|' => after_name(source, name, name.end),
        b' ' | b'\t' => after_blank(source, name),
        b']' => after_index(source, name, name.end),
        b'<' | b'>' => markup::after_name(source, name),
        b'(' => calls::setter(source, name),
        b'\n' | b'\r' => pairs::value_of(source, name),
        _ => None,
    }?;
    (is_name(source.slice(found.name)) && found.name.end - found.name.start > 0)
        .then(|| pairs::resolved(source, found))?
}

fn found(name: Span, value: Literal) -> Found {
    Found { name, value }
}

fn after_name(source: Source<'_>, name: Span, at: usize) -> Option<Found> {
    if source.before(name.start) == b'[' && source.at(at) == b':' {
        let close = source.skip(at, 64, |byte| !matches!(byte, b']' | b'\n'));
        return after_index(source, name, close);
    }
    if let Some(login) = lines::login_option(source, name) {
        return Some(login);
    }
    let operator = operator_at(source, at)?;
    assigned(source, name, operator).map(|value| found(name, value))
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
        _ => spaced::after_name(source, name, at).or_else(|| markup::after_name(source, name)),
    }
}

fn after_quoted_name(source: Source<'_>, name: Span) -> Option<Found> {
    let mark = mark_at(source, name.end)?;
    let open = mark_before(source, name.start)?;
    if source.slice(mark) != source.slice(open) {
        return None;
    }
    let at = source.space(mark.end);
    match source.at(at) {
        b']' => after_index(source, name, at),
        b')' => fallback::default_after(source, at + 1).map(|value| found(name, value)),
        b',' => calls::next_argument(source, name, at).or_else(|| pairs::value_of(source, name)),
        b';' => calls::serialized(source, name, at),
        b'>' => markup::labelled_text(source, name, at),
        b'=' | b':' | b'?' | b'|' | b'o' => {
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
    let operator = operator_at(source, source.blanks(at + 1))?;
    assigned(source, name, operator).map(|value| found(name, value))
}

/// The literal that the operator gives to the name.
pub(super) fn assigned(source: Source<'_>, name: Span, operator: Operator) -> Option<Literal> {
    if operator.kind == Kind::Colon && is_ternary(source, name) {
        return None;
    }
    let at = past_preamble(source, operator);
    if let Some((literal, _)) = quoted_at(source, at) {
        return (!is_inside_out(source, name, at, literal))
            .then(|| without_scheme(source, name, literal))?;
    }
    if operator.kind == Kind::Default {
        return None;
    }
    if let Some(end) = end_of(source, name, operator) {
        return bare_value(source, at, end)
            .and_then(|literal| without_scheme(source, name, literal));
    }
    if !source.syntax.is_code() {
        return None;
    }
    typed_value(source, operator, at).or_else(|| fallback::fallback_at(source, at))
}

/// `… ? name : 'other'`
fn is_ternary(source: Source<'_>, name: Span) -> bool {
    let before = source.skip_back(name.start, 1, |byte| byte == b'$');
    source.syntax.is_code()
        && is_blank(source.before(before))
        && source.before(source.space_back(before)) == b'?'
}

/// Where the value starts: after white space and what some notations write before a value.
fn past_preamble(source: Source<'_>, operator: Operator) -> usize {
    match source.syntax {
        Syntax::Yaml => {
            let mut at = source.blanks(operator.end);
            if source.at(at) == b'&' {
                at = source.blanks(source.skip(at, MAX_BARE, |byte| !byte.is_ascii_whitespace()));
            }
            if source.starts(at, b"!!str ") {
                source.blanks(at + 6)
            } else {
                at
            }
        }
        Syntax::Php | Syntax::Js | Syntax::Code | Syntax::Json | Syntax::Sql => {
            source.space(operator.end)
        }
        Syntax::Text | Syntax::Xml if operator.kind == Kind::Arrow => {
            past_dump_type(source, source.space(operator.end))
        }
        _ => source.blanks(operator.end),
    }
}

/// `string(5) "…"` in what `var_dump` prints.
fn past_dump_type(source: Source<'_>, at: usize) -> usize {
    const TYPE: &[u8] = b"string(";
    if !source.starts(at, TYPE) {
        return at;
    }
    let digits = source.skip(at + TYPE.len(), 10, |byte| byte.is_ascii_digit());
    if source.at(digits) == b')' {
        source.blanks(digits + 1)
    } else {
        at
    }
}

/// Whether the quotes are the end of one string and the start of the next: `"password=" + x + "&y"`.
fn is_inside_out(source: Source<'_>, name: Span, at: usize, literal: Literal) -> bool {
    let unclosed = mark_before(source, source.skip_back(name.start, 2, |byte| byte == b'-'))
        .filter(|_| mark_at(source, name.end).is_none());
    if unclosed.is_some_and(|mark| {
        mark_at(source, at).is_some_and(|other| source.slice(mark) == source.slice(other))
    }) {
        return true;
    }
    if !source.syntax.is_code() {
        return false;
    }
    let body = source.slice(literal.span);
    let inner = body.trim_ascii_start();
    let joined = inner.first().is_some_and(|byte| b"+.,);&".contains(byte))
        && (inner.len() < body.len()
            || inner
                .get(1)
                .is_some_and(|&byte| byte == b' ' || byte == b'$'));
    joined || (body.len() > 1 && matches!(body[0], b'"' | b'\''))
}

/// The value of an `Authorization` header without the word that names its scheme.
fn without_scheme(source: Source<'_>, name: Span, literal: Literal) -> Option<Literal> {
    if !is_authorization(source.slice(name)) {
        return Some(literal);
    }
    let scheme = SCHEMES
        .iter()
        .find(|scheme| source.starts(literal.span.start, scheme));
    let start = literal.span.start + scheme.map_or(0, |scheme| scheme.len());
    let span = source.trimmed(Span::new(start, literal.span.end.max(start)));
    let variable = source.at(span.start) == b'$' && source.at(span.start + 1).is_ascii_alphabetic();
    (!span.is_empty() && !variable).then_some(Literal { span, ..literal })
}

fn bare_value(source: Source<'_>, at: usize, end: End) -> Option<Literal> {
    if source.syntax == Syntax::Yaml && matches!(source.at(at), b'|' | b'>') {
        let header = source.skip(at + 1, 4, |byte| b"+-0123456789".contains(&byte));
        let next = source.skip(source.blanks(header), 2, |byte| {
            matches!(byte, b'\r' | b'\n')
        });
        return if next > header {
            bare_at(source, source.blanks(next), End::Line)
        } else {
            None
        };
    }
    bare_at(source, at, end)
}

/// `password: string = 'literal'`
fn typed_value(source: Source<'_>, operator: Operator, at: usize) -> Option<Literal> {
    if operator.kind != Kind::Colon {
        return None;
    }
    let end = source.skip(at, 48, |byte| {
        byte.is_ascii_alphanumeric() || b"_.<>[]|? &".contains(&byte)
    });
    let equals =
        operator_at(source, end).filter(|operator| operator.kind == Kind::Equals && end > at)?;
    quoted_at(source, source.space(equals.end)).map(|found| found.0)
}

/// The literal that an operator right after the name, or after its closing quote, gives to it.
pub(super) fn direct(source: Source<'_>, name: Span) -> Option<Literal> {
    let end = mark_at(source, name.end).map_or(name.end, |mark| mark.end);
    let operator = operator_at(source, source.blanks(end))?;
    assigned(source, name, operator)
}
