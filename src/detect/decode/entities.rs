//! Character references of HTML and XML: <https://html.spec.whatwg.org/#character-references>. Of the
//! names only those that escaping functions produce.

use super::escapes::{Notation, Unescaped};

pub(super) const NOTATION: Notation = Notation {
    lead: b'&',
    unescape,
};

const NAMED: &[(&[u8], u8)] = &[
    (b"&quot;", b'"'),
    (b"&amp;", b'&'),
    (b"&lt;", b'<'),
    (b"&gt;", b'>'),
    (b"&apos;", b'\''),
    (b"&nbsp;", b' '),
];
const MAX_DIGITS: usize = 7;

fn unescape(text: &[u8]) -> Option<Unescaped> {
    match text {
        [b'&', b'#', b'x' | b'X', digits @ ..] => numeric(digits, 3, 16),
        [b'&', b'#', digits @ ..] => numeric(digits, 2, 10),
        _ => NAMED
            .iter()
            .find(|(name, _)| text.starts_with(name))
            .map(|&(name, byte)| Unescaped::byte(name.len(), byte)),
    }
}

/// `digits` after `prefix` bytes.
fn numeric(digits: &[u8], prefix: usize, radix: u32) -> Option<Unescaped> {
    let mut number = 0;
    for (count, &byte) in digits.iter().take(MAX_DIGITS + 1).enumerate() {
        match char::from(byte).to_digit(radix) {
            Some(digit) if count < MAX_DIGITS => number = number * radix + digit,
            None if byte == b';' && count > 0 => {
                return Unescaped::code_point(prefix + count + 1, number);
            }
            _ => return None,
        }
    }
    None
}
