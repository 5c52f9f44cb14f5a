//! The literal after an operator.

use super::Syntax;
use super::bare::{End, MAX_BARE, bare_at, end_of, opened};
use super::fallback;
use super::names::{is_authorization, is_upper};
use super::operators::{Kind, Operator, operator_at};
use super::quotes::mark_at;
use super::source::{MAX_NAME, Source, Span, is_blank, is_joined};
use super::values::{Literal, quoted_at};
use super::wrapped::wrapped_at;

/// The words that come before a credential in an `Authorization` header.
const SCHEMES: [&[u8]; 6] = [
    b"Bearer ", b"Basic ", b"Token ", b"ApiKey ", b"key=", b"token=",
];

/// The literal that the operator gives to the name.
pub(super) fn assigned(source: Source<'_>, name: Span, operator: Operator) -> Option<Literal> {
    if operator.kind == Kind::Colon && is_ternary(source, name) {
        return None;
    }
    let at = past_preamble(source, operator);
    if let Some((literal, _)) = quoted_at(source, at) {
        return (!is_inside_out(source, name, at, literal)).then_some(literal);
    }
    if matches!(operator.kind, Kind::Default | Kind::Compare) {
        return None;
    }
    if source.at(at) == b'{' && matches!(source.syntax, Syntax::Json | Syntax::Js) {
        return boxed(source, at + 1);
    }
    if let Some(end) = end_of(source, name, operator) {
        return bare_value(source, at, end);
    }
    if !source.syntax.is_code() {
        return None;
    }
    typed_value(source, operator, at)
        .or_else(|| wrapped_at(source, at))
        .or_else(|| fallback::fallback_at(source, at))
        .or_else(|| environment_line(source, name, operator))
        .or_else(|| property(source, name, operator))
}

/// `-Dname=b` in a command that a program writes: `sh 'mvn deploy -Dpassword=b'`.
fn property(source: Source<'_>, name: Span, operator: Operator) -> Option<Literal> {
    let start = source.skip_back(name.start, MAX_NAME, is_joined);
    let defines = operator.kind == Kind::Equals
        && operator.end == name.end + 1
        && source.starts(start, b"-D")
        && matches!(source.before(start), b' ' | b'"' | b'\'' | b'`');
    if !defines {
        return None;
    }
    let literal = bare_at(source, operator.end, End::Word)?;
    is_plain(source, literal).then_some(literal)
}

fn is_plain(source: Source<'_>, literal: Literal) -> bool {
    let computed = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`()[]{}$;,<>\\".contains(byte);
    !source.slice(literal.span).iter().any(computed)
}

/// `NAME=b` on a line of its own, as here-documents have it.
fn environment_line(source: Source<'_>, name: Span, operator: Operator) -> Option<Literal> {
    let written = source.slice(name);
    let fits = operator.kind == Kind::Equals
        && operator.end == name.end + 1
        && is_upper(written)
        && written.contains(&b'_')
        && matches!(source.before(name.start), b'\n' | 0);
    if !fits {
        return None;
    }
    let literal = bare_at(source, operator.end, End::Line)?;
    is_plain(source, literal).then_some(literal)
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
            past_line_joint(source, source.space(operator.end))
        }
        Syntax::Text | Syntax::Xml if operator.kind == Kind::Arrow => {
            past_dump_type(source, source.space(operator.end))
        }
        _ => source.blanks(operator.end),
    }
}

/// A backslash at the end of a line goes on with the next.
fn past_line_joint(source: Source<'_>, at: usize) -> usize {
    let joint = source.at(at) == b'\\' && matches!(source.at(at + 1), b'\n' | b'\r');
    if joint { source.space(at + 1) } else { at }
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
    let same = |mark: Span| {
        mark_at(source, at).is_some_and(|other| source.slice(mark) == source.slice(other))
    };
    if opened(source, name).is_some_and(same) {
        return true;
    }
    if !source.syntax.is_code() {
        return false;
    }
    let body = source.slice(literal.span);
    let inner = body.trim_ascii_start();
    let last = body.last().copied().unwrap_or_default();
    let goes_on = inner.get(1).is_some_and(|byte| b" $".contains(byte)) || b"+.&(".contains(&last);
    let joined = inner.first().is_some_and(|byte| b"+.,);&".contains(byte))
        && (inner.len() < body.len() || goes_on || body.contains(&b';'));
    joined || (body.len() > 1 && matches!(body[0], b'"' | b'\''))
}

/// The value of an `Authorization` header without the word that names its scheme.
pub(super) fn without_scheme(source: Source<'_>, name: Span, literal: Literal) -> Option<Literal> {
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

/// `name: {"value": "literal"}`, when that is the first in the object.
fn boxed(source: Source<'_>, after_brace: usize) -> Option<Literal> {
    const LABELS: [&[u8]; 2] = [b"value", b"default"];
    let open = source.space(after_brace);
    let label = source.word(mark_at(source, open).map_or(open, |mark| mark.end));
    source
        .is_any(label, &LABELS)
        .then(|| direct(source, label))?
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
    let lifetime = if source.starts(at, b"&'static ") {
        9
    } else {
        0
    };
    let end = source.skip(at + lifetime, 48, |byte| {
        byte.is_ascii_alphanumeric() || b"_.<>[]|? &".contains(&byte)
    });
    let equals =
        operator_at(source, end).filter(|operator| operator.kind == Kind::Equals && end > at)?;
    let value = source.space(equals.end);
    quoted_at(source, value)
        .map(|found| found.0)
        .or_else(|| wrapped_at(source, value))
}

/// The literal that an operator right after the name, or after its closing quote, gives to it.
pub(super) fn direct(source: Source<'_>, name: Span) -> Option<Literal> {
    let end = mark_at(source, name.end).map_or(name.end, |mark| mark.end);
    let operator = operator_at(source, source.blanks(end))?;
    assigned(source, name, operator)
}
