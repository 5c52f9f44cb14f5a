//! Quoted literals.

use super::Syntax;
use super::quotes::{closing, mark_at};
use super::source::{Source, Span};
use super::templates::{Setting, default_in, is_computed};

/// A literal without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) span: Span,
    pub(super) quoted: bool,
}

impl Literal {
    pub(super) fn quoted(span: Span) -> Self {
        Self { span, quoted: true }
    }

    pub(super) fn bare(span: Span) -> Self {
        Self {
            span,
            quoted: false,
        }
    }
}

/// The literal between the quotes that open at the offset, and the offset after them.
///
/// None if there are no quotes, nothing in them, an interpolation, or a part of a longer expression.
pub(super) fn quoted_at(source: Source<'_>, at: usize) -> Option<(Literal, usize)> {
    let (mark, setting) = opening(source, at)?;
    let body = body(source, mark)?;
    let span = if body.tripled {
        source.trimmed(body.span)
    } else {
        body.span
    };
    if span.is_empty() || continues(source, body.end) {
        return None;
    }
    let computed = is_computed(source, span, setting);
    let span = if computed {
        default_in(source, span)?
    } else {
        span
    };
    Some((Literal::quoted(span), body.end))
}

/// The mark at the offset, after the letters that a language allows before it (`r"…"`, `N'…'`).
fn opening(source: Source<'_>, at: usize) -> Option<(Span, Setting)> {
    let mut start = at;
    let mut braces = false;
    if source.syntax.is_code() || source.syntax == Syntax::Sql {
        start = source.skip(at, 2, |byte| b"rRbBuUfFN@$".contains(&byte));
        braces = source
            .text
            .get(at..start)?
            .iter()
            .any(|byte| b"fF$".contains(byte));
    }
    let mark = mark_at(source, start).filter(|mark| !runs_command(source, *mark))?;
    let setting = match source.before(mark.end) {
        _ if braces => Setting::Braces,
        b'\'' => Setting::Verbatim,
        b'`' if source.syntax == Syntax::Text => Setting::Verbatim,
        _ => Setting::Replacing,
    };
    Some((mark, setting))
}

/// Between backticks a shell runs a command.
fn runs_command(source: Source<'_>, mark: Span) -> bool {
    source.at(mark.start) == b'`'
        && matches!(source.syntax, Syntax::Shell | Syntax::Env | Syntax::Docker)
}

struct Body {
    span: Span,
    /// Where the closing mark ends.
    end: usize,
    tripled: bool,
}

fn body(source: Source<'_>, mark: Span) -> Option<Body> {
    let written = source.slice(mark);
    let tripled =
        source.slice(Span::new(mark.end, mark.end + 2)) == [written[0]; 2] && written.len() == 1;
    if tripled {
        let start = mark.end + 2;
        let end = source.text.len().min(start + super::REACH);
        let found = memchr::memmem::find(source.slice(Span::new(start, end)), &[written[0]; 3])?;
        return Some(Body {
            span: Span::new(start, start + found),
            end: start + found + 3,
            tripled,
        });
    }
    let lines = written == b"`" || source.starts(mark.end, b"-----BEGIN");
    let end = closing(source, mark, lines)?;
    Some(Body {
        span: Span::new(mark.end, end),
        end: end + written.len(),
        tripled,
    })
}

/// Whether an expression goes on after the quotes: a concatenation, or a method that makes something else.
fn continues(source: Source<'_>, end: usize) -> bool {
    const METHODS: [&[u8]; 5] = [b"format(", b"join(", b"concat(", b"repeat(", b"replace("];
    if !source.syntax.is_code() {
        return false;
    }
    let next = source.space(end);
    // Long literals are cut into several: the first tells.
    let literal_follows = || mark_at(source, source.space(next + 1)).is_some();
    match source.at(next) {
        b'%' => true,
        b'+' => !literal_follows(),
        b'.' if source.syntax == Syntax::Php => !literal_follows(),
        b'.' => METHODS.iter().any(|method| source.starts(next + 1, method)),
        _ => false,
    }
}
