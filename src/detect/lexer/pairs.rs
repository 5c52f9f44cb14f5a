//! Names that are values themselves: `{"key": "A", "value": "b"}`, `- name: A` over `value: b`,
//! `<add key="A" value="b"/>`.

use super::Syntax;
use super::assigned::direct;
use super::forward::Found;
use super::names::is_name;
use super::operators::operator_before;
use super::quotes::mark_before;
use super::source::{Source, Span, is_word};
use super::values::Literal;

/// Labels of the name.
const NAMES: [&[u8]; 6] = [b"key", b"name", b"k", b"variable", b"property", b"header"];
/// Labels of the value.
const VALUES: [&[u8]; 3] = [b"value", b"val", b"v"];
/// How far apart the two may stand, in bytes.
const MAX_GAP: usize = 256;

/// Whether the text at `name` is the value of a label such as `key`.
pub(super) fn is_labelled(source: Source<'_>, name: Span) -> bool {
    label_of(source, name).is_some()
}

fn label_of(source: Source<'_>, name: Span) -> Option<Span> {
    let open = mark_before(source, name.start).map_or(name.start, |mark| mark.start);
    let operator = operator_before(source, source.blanks_back(open))?;
    let end = source.blanks_back(operator);
    let label = source.word_back(mark_before(source, end).map_or(end, |mark| mark.start));
    source.is_any(label, &NAMES).then_some(label)
}

/// `variable "name" { type = string default = "b" }`; `open` is the offset of the brace.
/// <https://developer.hashicorp.com/terraform/language/block/variable>
pub(super) fn default_of(source: Source<'_>, name: Span, open: usize) -> Option<Found> {
    let mark = mark_before(source, name.start)?;
    if !source.is_any(source.previous_word(mark.start), &[b"variable"]) {
        return None;
    }
    let window = Span::new(open + 1, object_end(source, open + 1));
    let (_, value) = labelled(source, window, &[b"default"])?;
    Some(Found { name, value })
}

/// The value that stands beside a labelled name.
pub(super) fn value_of(source: Source<'_>, name: Span) -> Option<Found> {
    let label = label_of(source, name)?;
    if is_form_token(source, name) {
        return None;
    }
    let (_, value) = sibling(source, Span::new(label.start, name.end), &VALUES)?;
    Some(Found { name, value })
}

/// Whether the name is that of a hidden field whose token guards a form: each visitor gets another one.
fn is_form_token(source: Source<'_>, name: Span) -> bool {
    if !matches!(source.syntax, Syntax::Xml | Syntax::Text | Syntax::Php) {
        return false;
    }
    let in_tag = |byte| !matches!(byte, b'<' | b'>');
    let tag = Span::new(
        source.skip_back(name.start, MAX_GAP, in_tag),
        source.skip(name.end, MAX_GAP, in_tag),
    );
    source.ends(name.end, b"token")
        && source.starts(tag.start, b"input ")
        && memchr::memmem::find(source.slice(tag), b"hidden").is_some()
}

/// The assignment as it is meant: the value of `value` belongs to the name that stands beside it, and a `key`
/// that has a `value` beside it is no assignment.
pub(super) fn resolved(source: Source<'_>, found: Found) -> Option<Found> {
    if source.is_any(found.name, &VALUES) {
        let around = Span::new(found.name.start, found.value.span.end);
        let name = sibling(source, around, &NAMES).map(|(_, name)| name.span);
        let name = name.or_else(|| box_name(source, found.name));
        let name = name
            .filter(|&name| is_name(source.slice(name)))
            .unwrap_or(found.name);
        return Some(Found { name, ..found });
    }
    if source.is_any(found.name, &NAMES) {
        let around = Span::new(found.name.start, found.value.span.end);
        return sibling(source, around, &VALUES).is_none().then_some(found);
    }
    Some(found)
}

/// The name of the object that the label is the first of: `"name": {"value": …`.
fn box_name(source: Source<'_>, label: Span) -> Option<Span> {
    let open = mark_before(source, label.start).map_or(label.start, |mark| mark.start);
    let brace = source.space_back(open).checked_sub(1)?;
    if source.at(brace) != b'{' || !matches!(source.syntax, Syntax::Json | Syntax::Js) {
        return None;
    }
    let end = source.blanks_back(operator_before(source, source.space_back(brace))?);
    let word = source.word_back(mark_before(source, end).map_or(end, |mark| mark.start));
    (!word.is_empty()).then_some(word)
}

/// The literal with one of these labels in the same object, after `around` or else before it.
fn sibling(source: Source<'_>, around: Span, labels: &[&[u8]]) -> Option<(Span, Literal)> {
    let after = Span::new(around.end, object_end(source, around.end));
    let before = Span::new(object_start(source, around.start), around.start);
    labelled(source, after, labels).or_else(|| labelled(source, before, labels))
}

fn labelled(source: Source<'_>, window: Span, labels: &[&[u8]]) -> Option<(Span, Literal)> {
    let mut at = window.start;
    while at < window.end {
        let word = Span::new(at, source.skip(at, window.end - at, is_word));
        if source.is_any(word, labels)
            && let Some(literal) = direct(source, word)
            && window.covers(Span::new(word.start, literal.span.start))
        {
            return Some((word, literal));
        }
        at = word.end.max(at + 1);
    }
    None
}

fn object_end(source: Source<'_>, from: usize) -> usize {
    let end = source.skip(from, MAX_GAP, |byte| !is_bound(source.syntax, byte));
    if source.syntax != Syntax::Yaml {
        return end;
    }
    let window = source.slice(Span::new(from, end));
    memchr::memchr_iter(b'\n', window)
        .map(|line| from + line + 1)
        .find(|&line| source.at(source.blanks(line)) == b'-')
        .unwrap_or(end)
}

fn object_start(source: Source<'_>, from: usize) -> usize {
    let start = source.skip_back(from, MAX_GAP, |byte| !is_bound(source.syntax, byte));
    if source.syntax != Syntax::Yaml {
        return start;
    }
    let first = source.line(from, MAX_GAP).start;
    let mut line = first.max(start);
    while line > start && source.at(source.blanks(line)) != b'-' {
        line = source.line(line - 1, MAX_GAP).start.max(start);
    }
    line
}

fn is_bound(syntax: Syntax, byte: u8) -> bool {
    match byte {
        b'{' | b'}' => true,
        b'<' | b'>' => syntax == Syntax::Xml,
        b'[' | b']' => syntax == Syntax::Php,
        _ => false,
    }
}
