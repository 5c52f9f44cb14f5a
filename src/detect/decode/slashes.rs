//! Backslash escapes of string literals.

use super::escapes::{Notation, Unescaped};

/// JSON, and what JavaScript shares with it: <https://www.rfc-editor.org/rfc/rfc8259#section-7>.
pub(super) const JSON: Notation = Notation {
    lead: b'\\',
    unescape: unescape_json,
};
/// PHP's double-quoted strings, and so most other languages':
/// <https://www.php.net/manual/en/language.types.string.php>.
pub(super) const PHP: Notation = Notation {
    lead: b'\\',
    unescape: unescape_php,
};

const LEADING_SURROGATES: std::ops::Range<u32> = 0xd800..0xdc00;
const TRAILING_SURROGATES: std::ops::Range<u32> = 0xdc00..0xe000;

fn unescape_json(text: &[u8]) -> Option<Unescaped> {
    let byte = match text.get(1)? {
        &same @ (b'"' | b'\\' | b'/' | b'\'') => same,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return utf16(text),
        _ => return None,
    };
    Some(Unescaped::byte(2, byte))
}

/// `\uXXXX`, two of them for a character outside of the basic plane.
fn utf16(text: &[u8]) -> Option<Unescaped> {
    let first = code_unit(text)?;
    if !LEADING_SURROGATES.contains(&first) {
        return Unescaped::code_point(6, first);
    }
    let second = code_unit(&text[6..]).filter(|unit| TRAILING_SURROGATES.contains(unit))?;
    let number =
        0x10000 + ((first - LEADING_SURROGATES.start) << 10) + (second - TRAILING_SURROGATES.start);
    Unescaped::code_point(12, number)
}

fn code_unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    number(digits, 16)
        .filter(|&(_, len)| len == 4)
        .map(|(unit, _)| unit)
}

fn unescape_php(text: &[u8]) -> Option<Unescaped> {
    let rest = text.get(1..)?;
    let byte = match *rest.first()? {
        same @ (b'\\' | b'$' | b'"' | b'\'') => same,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'x' => return hexadecimal(rest),
        b'0'..=b'7' => return octal(rest),
        b'u' => return braced(rest),
        _ => return None,
    };
    Some(Unescaped::byte(2, byte))
}

/// `x41`, one digit or two.
fn hexadecimal(rest: &[u8]) -> Option<Unescaped> {
    let (byte, len) = number(rest.get(1..rest.len().min(3))?, 16)?;
    Some(Unescaped::byte(2 + len, u8::try_from(byte).ok()?))
}

/// `101`, one digit to three; PHP keeps the low byte of `777`.
fn octal(rest: &[u8]) -> Option<Unescaped> {
    let (value, len) = number(&rest[..rest.len().min(3)], 8)?;
    Some(Unescaped::byte(1 + len, (value & 0xff) as u8))
}

/// `u{1f600}`.
fn braced(rest: &[u8]) -> Option<Unescaped> {
    let digits = rest.strip_prefix(b"u{")?;
    let (value, len) = number(&digits[..digits.len().min(6)], 16)?;
    (digits.get(len) == Some(&b'}')).then_some(())?;
    Unescaped::code_point(4 + len, value)
}

/// The number that a text starts with, and how many digits it has: at least one.
fn number(text: &[u8], radix: u32) -> Option<(u32, usize)> {
    let digits = text
        .iter()
        .map_while(|&byte| char::from(byte).to_digit(radix));
    let (value, len) = digits.fold((0, 0), |(value, len), digit| {
        (value * radix + digit, len + 1)
    });
    (len > 0).then_some((value, len))
}
