//! Where strings end, and what they say.

use memchr::memchr;

use super::scan::{is_name_start, name_len};

/// So many strings within expressions within strings are followed; a quote below ends the string.
const MAX_DEPTH: usize = 32;

/// How long the string is that starts here with its quote, and whether it has parts that are replaced.
pub(super) fn quoted(bytes: &[u8]) -> (usize, bool) {
    if bytes[0] == b'\'' {
        return (single(bytes), false);
    }
    let mut has_parts = false;
    // The quotes that are open, each with the number of its open braces.
    let mut open: Vec<(u8, u32)> = vec![(bytes[0], 0)];
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        let depth = open.len();
        let Some((quote, braces)) = open.last_mut() else {
            break;
        };
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let is_code = *braces > 0;
        at += 1;
        match byte {
            b'\\' if !is_code => at += 1,
            b'{' if is_code || next == b'$' => {
                *braces += 1;
                has_parts = true;
            }
            b'$' if !is_code && next == b'{' => {
                *braces += 1;
                at += 1;
                has_parts = true;
            }
            b'$' if is_name_start(next) => has_parts = true,
            b'}' if is_code => *braces -= 1,
            b'\'' if is_code => at += single(&bytes[at - 1..]) - 1,
            b'"' | b'`' if is_code && depth < MAX_DEPTH => open.push((byte, 0)),
            _ if byte == *quote => {
                open.pop();
                if open.is_empty() {
                    return (at, has_parts);
                }
            }
            _ => {}
        }
    }
    (bytes.len(), has_parts)
}

/// How long the string in single quotes is that starts here.
fn single(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'\'', b'\\', rest))
    {
        at += found + 1;
        if bytes[at - 1] == b'\'' {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// How long the heredoc or nowdoc is that starts here, if one does, and whether it has parts that are replaced.
pub(super) fn heredoc(bytes: &[u8]) -> Option<(usize, bool)> {
    let label = Label::of(bytes)?;
    let mut at = label.body;
    while at < bytes.len() {
        let line = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
        let indent = bytes[at..line]
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let start = at + indent;
        let is_end =
            bytes[start..].starts_with(label.name) && name_len(&bytes[start..]) == label.name.len();
        if is_end {
            let body = &bytes[label.body..at];
            return Some((start + label.name.len(), !label.is_raw && has_parts(body)));
        }
        at = line;
    }
    Some((bytes.len(), !label.is_raw))
}

fn has_parts(body: &[u8]) -> bool {
    let starts_one = |pair: &[u8]| {
        matches!(pair, [b'{', b'$'] | [b'$', b'{']) || (pair[0] == b'$' && is_name_start(pair[1]))
    };
    body.windows(2).any(starts_one)
}

/// The first line of a heredoc.
struct Label<'t> {
    name: &'t [u8],
    is_raw: bool,
    body: usize,
}

impl<'t> Label<'t> {
    fn of(bytes: &'t [u8]) -> Option<Self> {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let mut at = 3 + bytes.get(3..)?.iter().take_while(blank).count();
        let quote = bytes
            .get(at)
            .copied()
            .filter(|byte| matches!(byte, b'\'' | b'"'));
        at += usize::from(quote.is_some());
        let name = &bytes[at..at + name_len(bytes.get(at..)?)];
        if name.first().is_none_or(u8::is_ascii_digit) {
            return None;
        }
        at += name.len();
        if let Some(quote) = quote {
            if bytes.get(at) != Some(&quote) {
                return None;
            }
            at += 1;
        }
        let line_end = match bytes.get(at..)? {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => return None,
        };
        Some(Self {
            name,
            is_raw: quote == Some(b'\''),
            body: at + line_end,
        })
    }
}

/// What a string without parts says.
pub(super) fn unquoted(written: &str) -> String {
    match written.as_bytes() {
        [b'\'', ..] => unescaped(inside(written, '\''), false),
        [b'"', ..] => unescaped(inside(written, '"'), true),
        [b'<', ..] => {
            let Some(label) = Label::of(written.as_bytes()) else {
                return String::new();
            };
            let body = written.get(label.body..).unwrap_or_default();
            let body = body.rsplit_once('\n').map_or("", |(body, _)| body);
            let body = body.strip_suffix('\r').unwrap_or(body);
            if label.is_raw {
                body.to_owned()
            } else {
                unescaped(body, true)
            }
        }
        _ => written.to_owned(),
    }
}

fn inside(written: &str, quote: char) -> &str {
    let body = &written[1..];
    body.strip_suffix(quote).unwrap_or(body)
}

fn unescaped(body: &str, is_double: bool) -> String {
    if !body.contains('\\') {
        return body.to_owned();
    }
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (replaced, len) = if is_double {
            double_escape(rest)
        } else {
            single_escape(rest)
        };
        match replaced {
            Some(c) => text.push(c),
            None => text.push('\\'),
        }
        rest = &rest[len..];
    }
    text.push_str(rest);
    text
}

fn single_escape(rest: &str) -> (Option<char>, usize) {
    match rest.as_bytes().first() {
        Some(&byte @ (b'\'' | b'\\')) => (Some(char::from(byte)), 1),
        _ => (None, 0),
    }
}

/// The character that an escape stands for, and how long the escape is after its backslash.
fn double_escape(rest: &str) -> (Option<char>, usize) {
    let Some(&first) = rest.as_bytes().first() else {
        return (None, 0);
    };
    let plain = match first {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'v' => '\u{b}',
        b'e' => '\u{1b}',
        b'f' => '\u{c}',
        b'\\' => '\\',
        b'$' => '$',
        b'"' => '"',
        b'0'..=b'7' => return digits(rest, 0, 3, 8),
        b'x' => return digits(rest, 1, 2, 16),
        b'u' => {
            // Six digits are the most that a character has.
            let end = rest.bytes().take(10).position(|byte| byte == b'}');
            let Some(code) = end.and_then(|end| rest[..end].strip_prefix("u{")) else {
                return (None, 0);
            };
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
            return c.map_or((None, 0), |c| (Some(c), code.len() + 3));
        }
        _ => return (None, 0),
    };
    (Some(plain), 1)
}

fn digits(rest: &str, skip: usize, most: usize, radix: u32) -> (Option<char>, usize) {
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let digits = &rest.as_bytes()[skip..];
    let len = digits.iter().take(most).take_while(|b| is_digit(b)).count();
    let value = u32::from_str_radix(&rest[skip..skip + len], radix).ok();
    let c = value.and_then(|value| char::from_u32(value & 0xff));
    c.map_or((None, 0), |c| (Some(c), skip + len))
}
