//! XML and HTML: elements, cells of tables, property lists.

use super::forward::Found;
use super::quotes::mark_before;
use super::source::{MAX_NAME, Source, Span};
use super::templates::{Setting, is_computed};
use super::values::Literal;
use super::{REACH, Syntax, pairs, tags};

/// Elements that hold a name, and those that may hold its value next to them.
const NEIGHBOURS: [(&[u8], &[&[u8]]); 6] = [
    (b"key", &[b"string", b"data"]),
    (b"td", &[b"td"]),
    (b"th", &[b"td"]),
    (b"name", &[b"value"]),
    (b"key", &[b"value"]),
    (b"dt", &[b"dd"]),
];

/// Elements of the same kinds, whatever follows them.
const LABELS: [&[u8]; 5] = [b"key", b"td", b"th", b"name", b"dt"];
/// Elements that one of those names.
const NAMED: [&[u8]; 13] = [
    b"string", b"data", b"value", b"td", b"dd", b"dict", b"array", b"integer", b"real", b"true",
    b"false", b"date", b"th",
];

/// How far the end of a tag is looked for, in bytes.
const MAX_TAG: usize = 256;

fn is_markup(source: Source<'_>) -> bool {
    matches!(source.syntax, Syntax::Xml | Syntax::Text)
}

/// `<name>b</name>`, `<name type="x">b</name>`, `<key>name</key><string>b</string>`.
pub(super) fn after_name(source: Source<'_>, name: Span) -> Option<Found> {
    if !is_markup(source) {
        return None;
    }
    let at = source.space(name.end);
    if source.starts(at, b"</") {
        return neighbour(source, name, at).or_else(|| tags::after_name(source, name, at));
    }
    let value = element(source, name)?;
    if tags::is_look(source, name) {
        return None;
    }
    if !NEIGHBOURS
        .iter()
        .any(|(_, values)| source.is_any(name, values))
    {
        let labels = source.is_any(name, &LABELS) && labels_next(source, value);
        return (!labels).then_some(Found { name, value });
    }
    let label = label_before(source, name)?;
    Some(Found { name: label, value })
}

/// Whether the element whose text this is stands before the element that it names.
fn labels_next(source: Source<'_>, text: Literal) -> bool {
    let close = source.space(text.span.end);
    let label = source.word(close + 2);
    let open = source.space(label.end + 1);
    source.starts(close, b"</")
        && source.at(open) == b'<'
        && source.is_any(source.word(open + 1), &NAMED)
}

/// `<entry key="name">b</entry>`; `close` is the offset of `>`.
pub(super) fn labelled_text(source: Source<'_>, name: Span, close: usize) -> Option<Found> {
    if !is_markup(source) || !pairs::is_labelled(source, name) || is_label(source, name) {
        return None;
    }
    text(source, close + 1).map(|value| Found { name, value })
}

/// Whether the text is what an Android application writes beside a field: `<string name="password">`.
/// <https://developer.android.com/guide/topics/resources/string-resource>
fn is_label(source: Source<'_>, name: Span) -> bool {
    let tag = source.skip_back(name.start, MAX_NAME, |byte| !matches!(byte, b'<' | b'>'));
    source.starts(tag, b"string ")
        && (source.ends(name.end, b"password") || source.ends(name.end, b"passwd"))
}

/// The text of the element that the name opens.
fn element(source: Source<'_>, name: Span) -> Option<Literal> {
    let prefix = if source.before(name.start) == b':' {
        source.word_back(name.start - 1).start
    } else {
        name.start
    };
    if source.before(prefix) != b'<' {
        return None;
    }
    let close = tag_end(source, name.end)?;
    text(source, close + 1)
}

/// The offset of the `>` of the tag; none for an empty element.
pub(super) fn tag_end(source: Source<'_>, from: usize) -> Option<usize> {
    let end = source.skip(from, MAX_TAG, |byte| !matches!(byte, b'<' | b'>'));
    (source.at(end) == b'>' && source.before(end) != b'/').then_some(end)
}

/// The text up to the next tag, or in a CDATA section.
fn text(source: Source<'_>, at: usize) -> Option<Literal> {
    const CDATA: &[u8] = b"<![CDATA[";
    let at = source.space(at);
    let (start, cdata) = if source.starts(at, CDATA) {
        (at + CDATA.len(), true)
    } else {
        (at, false)
    };
    let window = source.slice(Span::new(start, source.text.len().min(start + REACH)));
    let end = if cdata {
        memchr::memmem::find(window, b"]]>")
    } else {
        memchr::memchr(b'<', window)
    }?;
    let span = source.trimmed(Span::new(start, start + end));
    let refused = span.is_empty() || is_computed(source, span, Setting::Bare);
    (!refused).then_some(Literal::bare(span))
}

/// The value in the element after the one that the name stands in; `close` is the offset of its end tag.
fn neighbour(source: Source<'_>, name: Span, close: usize) -> Option<Found> {
    let label = source.word(close + 2);
    if source.at(label.end) != b'>' || source.before(source.space_back(name.start)) != b'>' {
        return None;
    }
    let open = source.space(label.end + 1);
    let element = source.word(open + 1);
    let fits = NEIGHBOURS
        .iter()
        .any(|(name, values)| source.is_any(label, &[name]) && source.is_any(element, values));
    if source.at(open) != b'<' || !fits {
        return None;
    }
    let value = inner_text(source, tag_end(source, element.end)? + 1)?;
    Some(Found { name, value })
}

/// As [`text`], but through one `<string>` that XML-RPC puts around a value, and through elements that say
/// how it looks.
fn inner_text(source: Source<'_>, at: usize) -> Option<Literal> {
    const STRING: &[u8] = b"<string>";
    let at = source.space(at);
    if source.starts(at, STRING) {
        return text(source, at + STRING.len());
    }
    tags::value_at(source, at)
}

/// `<td>$_SERVER['name']</td><td>b</td>`, before PHP 7 `_SERVER["name"]`; `close` is the offset of the end tag.
/// <https://github.com/php/php-src/blob/PHP-5.3/ext/standard/info.c> (`php_print_gpcse_array`)
pub(super) fn after_index(source: Source<'_>, name: Span, close: usize) -> Option<Found> {
    const ARRAYS: [&[u8]; 7] = [
        b"_SERVER",
        b"_ENV",
        b"_REQUEST",
        b"_COOKIE",
        b"_GET",
        b"_POST",
        b"_SESSION",
    ];
    let open = mark_before(source, name.start)?.start;
    let array = source.word_back(open.checked_sub(1)?);
    if source.at(open - 1) != b'[' || !source.is_any(array, &ARRAYS) {
        return None;
    }
    let start = source.skip_back(array.start, 1, |byte| byte == b'$');
    let found = neighbour(source, Span::new(start, name.end), close)?;
    Some(Found { name, ..found })
}

/// The text of the element that ends before the one called `element`.
fn label_before(source: Source<'_>, element: Span) -> Option<Span> {
    let open = element.start.checked_sub(1)?;
    let end = source.space_back(open).checked_sub(1)?;
    let label = source.word_back(end);
    let fits = NEIGHBOURS
        .iter()
        .any(|(name, values)| source.is_any(label, &[name]) && source.is_any(element, values));
    let close = label.start.checked_sub(2)?;
    if source.at(end) != b'>' || !fits || !source.starts(close, b"</") {
        return None;
    }
    let start = source.skip_back(close, MAX_NAME, |byte| byte != b'>');
    let name = source.trimmed(Span::new(start, close));
    (source.before(start) == b'>' && !name.is_empty()).then_some(name)
}
