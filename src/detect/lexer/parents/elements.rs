//! The elements around a name in XML.

use super::MAX_LEVELS;
use crate::detect::lexer::REACH;
use crate::detect::lexer::quotes::{closing, mark_at};
use crate::detect::lexer::source::{MAX_NAME, Source, Span, is_joined};

/// Elements of property lists and documents that name nothing.
const ANONYMOUS: [&[u8]; 8] = [
    b"dict", b"plist", b"array", b"xml", b"html", b"body", b"table", b"tr",
];

/// The names of the enclosing elements, the innermost first. An element's `name` attribute, or the key before
/// a property list's dictionary, stands for it.
pub(super) fn owners(source: Source<'_>, name: Span) -> Vec<Span> {
    let floor = name.start.saturating_sub(REACH);
    let mut end = if source.before(name.start) == b'<' {
        name.start - 1
    } else {
        name.start
    };
    let mut levels = Vec::new();
    let mut closed = 0_usize;
    while levels.len() < MAX_LEVELS {
        let window = source.slice(Span::new(floor, end));
        let Some(open) = memchr::memrchr(b'<', window).map(|at| floor + at) else {
            break;
        };
        let tag = Span::new(open, end);
        end = open;
        match source.at(open + 1) {
            b'/' => closed += 1,
            b'!' | b'?' => {}
            _ if is_empty_element(source, tag) => {}
            _ if closed > 0 => closed -= 1,
            _ => levels.extend(label(source, tag, name)),
        }
    }
    levels
}

/// `tag` reaches up to the next tag.
fn is_empty_element(source: Source<'_>, tag: Span) -> bool {
    memchr::memchr(b'>', source.slice(tag))
        .is_some_and(|close| source.before(tag.start + close) == b'/')
}

fn label(source: Source<'_>, tag: Span, name: Span) -> Option<Span> {
    let start = tag.start + 1;
    let element = Span::new(
        start,
        source.skip(start, MAX_NAME, |byte| is_joined(byte) || byte == b':'),
    );
    if source.is_any(element, &[b"dict"]) {
        return key_before(source, tag.start);
    }
    if source.is_any(element, &ANONYMOUS) || element.is_empty() || source.at(element.end) == b':' {
        return None;
    }
    let own = memchr::memchr(b'>', source.slice(tag)).is_none();
    let attribute = if own {
        None
    } else {
        name_attribute(source, tag)
    };
    let is_name_element = attribute.is_none()
        && source.is_any(element, &[b"key", b"td", b"th", b"name", b"add", b"input"]);
    (!is_name_element && attribute != Some(name)).then(|| attribute.unwrap_or(element))
}

fn name_attribute(source: Source<'_>, tag: Span) -> Option<Span> {
    const NAME: &[u8] = b" name=";
    let close = memchr::memchr(b'>', source.slice(tag)).map_or(tag.end, |close| tag.start + close);
    let found = memchr::memmem::find(source.slice(Span::new(tag.start, close)), NAME)?;
    let mark = mark_at(source, tag.start + found + NAME.len())?;
    Some(Span::new(mark.end, closing(source, mark, false)?))
}

/// `<key>mail</key><dict>`
fn key_before(source: Source<'_>, open: usize) -> Option<Span> {
    const CLOSE: &[u8] = b"</key>";
    let end = source.space_back(open);
    if !source.ends(end, CLOSE) {
        return None;
    }
    let end = end - CLOSE.len();
    Some(Span::new(
        source.skip_back(end, MAX_NAME, |byte| byte != b'>'),
        end,
    ))
}
