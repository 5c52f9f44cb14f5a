//! Names and values that are set off by elements which say how text looks, and by quotation marks of their own:
//! what debuggers print of an array, and highlighted source.

use super::REACH;
use super::forward::Found;
use super::markup::tag_end;
use super::operators::operator_at;
use super::quotes::mark_at;
use super::source::{Source, Span};
use super::templates::{Setting, is_computed};
use super::values::Literal;

/// Elements that say how their text looks, not what it is.
const LOOKS: [&[u8]; 13] = [
    b"span", b"pre", b"code", b"b", b"i", b"em", b"strong", b"kbd", b"samp", b"p", b"div",
    b"small", b"font",
];
/// How many tags and quotation marks are stepped over.
const MAX_STEPS: usize = 12;

/// Whether the word is the name of an element that says how its text looks.
pub(super) fn is_look(source: Source<'_>, word: Span) -> bool {
    source.is_any(word, &LOOKS)
}

/// `"<span class=key>name</span>" => "<span class=str>b</span>"`; `first` is where the first tag starts.
///
/// So do Symfony and Laravel print arrays, <https://github.com/symfony/var-dumper> (`HtmlDumper`), and so does
/// Tracy, <https://github.com/nette/tracy> (`Dumper\Renderer`).
pub(super) fn after_name(source: Source<'_>, name: Span, first: usize) -> Option<Found> {
    let mut at = first;
    let mut closed = !source.starts(first, b"</");
    for _ in 0..MAX_STEPS {
        at = source.blanks(at);
        if source.starts(at, b"</") && is_look(source, source.word(at + 2)) {
            at = look_end(source, at)?;
            closed = true;
        } else if let Some(mark) = mark_at(source, at) {
            at = mark.end;
        } else if closed && is_look(source, source.word(at + 1)) && source.at(at) == b'<' {
            at = look_end(source, at)?;
        } else if let Some(operator) = operator_at(source, at).filter(|_| closed) {
            let value = value_at(source, operator.end)?;
            return Some(Found { name, value });
        } else {
            return None;
        }
    }
    None
}

/// The text after the elements and the quotation mark that set it off.
pub(super) fn value_at(source: Source<'_>, at: usize) -> Option<Literal> {
    let mut at = source.space(at);
    let mut mark: Option<Span> = None;
    for _ in 0..MAX_STEPS {
        at = past_type(source, at);
        if let Some(end) = look_end(source, at) {
            at = source.blanks(end);
        } else if let Some(next) = mark_at(source, at) {
            if mark.is_some() {
                return None;
            }
            mark = Some(next);
            at = next.end;
        } else {
            break;
        }
        if mark.is_none() {
            at = source.space(at);
        }
    }
    let window = source.slice(Span::new(at, source.text.len().min(at + REACH)));
    let span = source.trimmed(Span::new(at, at + memchr::memchr(b'<', window)?));
    let span = without_mark(source, span, mark);
    let refused = span.is_empty() || is_computed(source, span, Setting::Bare);
    (!refused).then_some(Literal {
        span,
        quoted: mark.is_some(),
    })
}

/// After `<small>string</small>`, which says of what type the value is.
fn past_type(source: Source<'_>, at: usize) -> usize {
    const TYPE: &[u8] = b"<small>string</small>";
    let next = source.blanks(at);
    if source.starts(next, TYPE) {
        source.blanks(next + TYPE.len())
    } else {
        at
    }
}

/// After the opening or closing tag of an element that says how text looks.
fn look_end(source: Source<'_>, at: usize) -> Option<usize> {
    if source.at(at) != b'<' {
        return None;
    }
    let word = source.word(source.skip(at + 1, 1, |byte| byte == b'/'));
    if !is_look(source, word) {
        return None;
    }
    Some(tag_end(source, word.end)? + 1)
}

/// What stands before the quotation mark that closes the text.
fn without_mark(source: Source<'_>, span: Span, mark: Option<Span>) -> Span {
    let Some(written) = mark.map(|mark| source.slice(mark)) else {
        return span;
    };
    match memchr::memmem::find(source.slice(span), written) {
        Some(end) => Span::new(span.start, span.start + end),
        None => span,
    }
}
