//! Values that stand for something else: variables, interpolations, template expressions.

use super::Syntax;
use super::quotes::{closing, mark_at};
use super::source::{Source, Span, is_joined, is_word};

/// What surrounds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// Nothing.
    Bare,
    /// Quotes between which variables are not replaced.
    Verbatim,
    /// Quotes between which the language replaces variables.
    Replacing,
    /// Quotes between which the language replaces what stands in braces: `f"…"`, `$"…"`.
    Braces,
}

/// Brackets that hold an expression wherever they stand in a value.
const EXPRESSIONS: [(&[u8], u8); 6] = [
    (b"${", b'}'),
    (b"#{", b'}'),
    (b"{{", b'}'),
    (b"$(", b')'),
    (b"<%", b'>'),
    (b"<?", b'>'),
];

/// Whether the value is computed when the file is used, at least in part.
pub(super) fn is_computed(source: Source<'_>, value: Span, setting: Setting) -> bool {
    let bytes = source.slice(value);
    match bytes.first() {
        Some(b'%') if is_parameter(bytes) || bytes.starts_with(b"%{") => return true,
        Some(b'$') if is_variable(bytes) => return true,
        Some(b'@') if bytes.len() > 2 && bytes.ends_with(b"@") => return true,
        _ => {}
    }
    if setting == Setting::Braces && bytes.contains(&b'{') {
        return true;
    }
    if setting != Setting::Verbatim && replaces_dollars(source.syntax) && has_variable(bytes) {
        return true;
    }
    memchr::memchr3_iter(b'$', b'{', b'<', bytes)
        .chain(memchr::memchr_iter(b'#', bytes))
        .any(|at| opens_expression(&bytes[at..]))
}

fn opens_expression(bytes: &[u8]) -> bool {
    EXPRESSIONS.iter().any(|(open, close)| {
        bytes.starts_with(open) && memchr::memchr(*close, &bytes[open.len()..]).is_some()
    })
}

/// Symfony's `%env(X)%`, Windows' `%X%`, and Python's `%s`.
fn is_parameter(bytes: &[u8]) -> bool {
    match bytes {
        [b'%', b's' | b'd' | b'v'] | [b'%', b'(', .., b's'] => true,
        [b'%', inner @ .., b'%'] => {
            !inner.is_empty()
                && inner
                    .iter()
                    .all(|&byte| is_joined(byte) || matches!(byte, b'(' | b')' | b':'))
        }
        _ => false,
    }
}

/// `$name` and what hangs on it, up to the end.
fn is_variable(bytes: &[u8]) -> bool {
    let named = bytes
        .get(1)
        .is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_');
    named
        && bytes[1..]
            .iter()
            .all(|&byte| is_joined(byte) || b"[]'\">:$".contains(&byte))
}

fn replaces_dollars(syntax: Syntax) -> bool {
    matches!(syntax, Syntax::Php | Syntax::Shell | Syntax::Nginx)
}

fn has_variable(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| {
        pair[0] == b'$' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'_' | b'{'))
    })
}

/// The literal that a template falls back to: `${X:-literal}`, `${X:literal}`, `{{ x | default('literal') }}`.
pub(super) fn default_in(source: Source<'_>, value: Span) -> Option<Span> {
    if source.starts(value.start, b"${") {
        return default_in_braces(source, value);
    }
    if source.starts(value.start, b"{{") {
        let found = memchr::memmem::find(source.slice(value), b"default")?;
        return default_argument(source, value.start + found + b"default".len());
    }
    None
}

fn default_in_braces(source: Source<'_>, value: Span) -> Option<Span> {
    let name_end = source.skip(value.start + 2, value.end - value.start, |byte| {
        is_word(byte) || byte == b'.'
    });
    let start = match (source.at(name_end), source.at(name_end + 1)) {
        (b':', b'-') => name_end + 2,
        (b':' | b'-', _) => name_end + 1,
        _ => return None,
    };
    let literal = Span::new(start, value.end.checked_sub(1)?);
    let plain = source.at(literal.end) == b'}'
        && !source
            .slice(literal)
            .iter()
            .any(|byte| b"${}?+".contains(byte));
    (plain && !literal.is_empty()).then_some(literal)
}

/// The quoted argument after the word `default`, with or without parentheses.
pub(super) fn default_argument(source: Source<'_>, after: usize) -> Option<Span> {
    let open = source.blanks(after);
    let argument = source.blanks(if source.at(open) == b'(' {
        open + 1
    } else {
        open
    });
    let mark = mark_at(source, argument)?;
    let literal = Span::new(mark.end, closing(source, mark, false)?);
    (!literal.is_empty()).then_some(literal)
}
