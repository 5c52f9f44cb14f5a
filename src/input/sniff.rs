//! Text or not, and in which encoding: judged by the first bytes, never by the name.

use super::archive::{self, Format};
use super::magic::{self, Strength};
use super::text::Encoding;

/// So many bytes at the start of a file decide what it is, as in git:
/// <https://github.com/git/git/blob/master/xdiff-interface.c> (`FIRST_FEW_BYTES`).
pub(super) const HEAD_LEN: usize = 8000;

/// Bytes that are neither text nor NUL are forgiven up to one in so many, so that one line of
/// Latin-1 does not hide a file.
const TOLERATED_ODD: usize = 32;
/// NULs between printable text are taken for separators up to one byte in so many:
/// `/proc/*/environ`, `find -print0`, PHP's serialised private properties, archives of text.
const TOLERATED_NUL: usize = 3;
/// At least one UTF-16 unit in so many has a zero byte, or the text is not recognised without a
/// byte order mark.
const MIN_NARROW: usize = 3;

/// What a swap file of Vim starts with that is not encrypted: it holds a text, and mostly NULs before that.
/// <https://github.com/vim/vim/blob/master/src/memline.c> (`struct block0`)
const VIM_SWAP: &[u8] = b"b0VIM ";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Text, and how many bytes stand before it.
    Text(Encoding, u64),
    /// No text; what it seems to be.
    Binary(&'static str),
    /// Files of its own.
    Archive(Format),
}

/// Judges a file by its first [`HEAD_LEN`] bytes, archives where they are to be opened.
pub(super) fn judge(start: &[u8], open_archives: bool) -> Content {
    let format = open_archives.then(|| archive::recognise(start)).flatten();
    format.map_or_else(|| sniff(start), Content::Archive)
}

/// Judges a file that is no archive by its first [`HEAD_LEN`] bytes.
pub(super) fn sniff(start: &[u8]) -> Content {
    let head = &start[..start.len().min(HEAD_LEN)];
    if head.starts_with(VIM_SWAP) {
        return Content::Text(Encoding::Bytes, 0);
    }
    let signature = magic::recognise(head);
    if let Some((kind, Strength::Sure)) = signature {
        return Content::Binary(kind);
    }
    match head {
        [0xff, 0xfe, ..] => return Content::Text(Encoding::Utf16Le, 2),
        [0xfe, 0xff, ..] => return Content::Text(Encoding::Utf16Be, 2),
        _ => {}
    }
    let nuls = memchr::memchr_iter(0, head).count();
    if let Some(encoding) = unmarked_utf16(head, nuls) {
        return Content::Text(encoding, 0);
    }
    let is_text = match (nuls, signature) {
        (0, None) => true,
        _ => nuls * TOLERATED_NUL <= head.len() && is_readable(head),
    };
    if is_text {
        Content::Text(Encoding::Bytes, 0)
    } else {
        Content::Binary(signature.map_or("NUL bytes", |(kind, _)| kind))
    }
}

/// Whether all but a few bytes are NUL or part of printable UTF-8.
fn is_readable(head: &[u8]) -> bool {
    let mut tolerated = head.len() / TOLERATED_ODD;
    for chunk in head.utf8_chunks() {
        let controls = chunk.valid().bytes().filter(|&b| b != 0 && is_control(b));
        let odd = controls.count() + chunk.invalid().len();
        match tolerated.checked_sub(odd) {
            Some(rest) => tolerated = rest,
            None => return false,
        }
    }
    true
}

/// A control character that text does not hold: backspace to carriage return and escape (colours in
/// logs) are common in it.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, 0x08..=0x0d | 0x1b)
}

/// UTF-16 gives itself away without a byte order mark when all zero bytes stand on one side of
/// their units, and the units make plausible text.
fn unmarked_utf16(head: &[u8], nuls: usize) -> Option<Encoding> {
    let units = head.len() / 2;
    if units < 2 || nuls * MIN_NARROW < units {
        return None;
    }
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (encoding, decode): (_, fn([u8; 2]) -> u16) = match (zeros(0), zeros(1)) {
        (0, _) => (Encoding::Utf16Le, u16::from_le_bytes),
        (_, 0) => (Encoding::Utf16Be, u16::from_be_bytes),
        _ => return None,
    };
    let units = head.chunks_exact(2).map(|pair| decode([pair[0], pair[1]]));
    is_plausible(units).then_some(encoding)
}

/// No control characters, no halves of a character but at the cut end.
fn is_plausible(units: impl Iterator<Item = u16>) -> bool {
    let mut decoded = char::decode_utf16(units).peekable();
    while let Some(unit) = decoded.next() {
        let fine = match unit {
            Ok(c) => u8::try_from(c).map_or(!is_noncharacter(c), |byte| {
                !is_control(byte) && !(0x7f..0xa0).contains(&byte)
            }),
            Err(_) => decoded.peek().is_none(),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BYTES: Content = Content::Text(Encoding::Bytes, 0);

    fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(encode).collect()
    }

    #[test]
    fn plain_text_is_text() {
        assert_eq!(sniff(b""), BYTES);
        assert_eq!(sniff(b"a"), BYTES);
        assert_eq!(sniff("\u{feff}grüße\n".as_bytes()), BYTES);
        assert_eq!(sniff(b"caf\xe9, d\xe9j\xe0 vu\n"), BYTES);
    }

    #[test]
    fn utf16_is_known_by_its_mark() {
        assert_eq!(sniff(b"\xff\xfeA\0"), Content::Text(Encoding::Utf16Le, 2));
        assert_eq!(sniff(b"\xfe\xff\0A"), Content::Text(Encoding::Utf16Be, 2));
        assert_eq!(sniff(b"\xff\xfe\0\0A\0\0\0"), Content::Binary("utf-32"));
    }

    #[test]
    fn utf16_is_known_by_its_zero_bytes() {
        let text = "MAIL_PASSWORD = \"geheim, größer als ж\"\r\n\u{1f511}";
        let le = utf16(text, u16::to_le_bytes);
        assert_eq!(sniff(&le), Content::Text(Encoding::Utf16Le, 0));
        let be = utf16(text, u16::to_be_bytes);
        assert_eq!(sniff(&be), Content::Text(Encoding::Utf16Be, 0));
        assert_eq!(
            sniff(&le[..le.len() - 2]),
            Content::Text(Encoding::Utf16Le, 0)
        );
        assert_eq!(
            sniff(&le[..le.len() - 1]),
            Content::Text(Encoding::Utf16Le, 0)
        );
    }

    #[test]
    fn arrays_of_small_numbers_are_not_utf16() {
        let numbers: Vec<u8> = (1..200u16).flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&numbers), Content::Binary("NUL bytes"));
    }

    #[test]
    fn nul_separated_text_is_text() {
        assert_eq!(sniff(b"PATH=/usr/bin\0HOME=/root\0K=v\0"), BYTES);
        assert_eq!(sniff(b"O:1:\"A\":1:{s:4:\"\0A\0k\";s:1:\"v\";}"), BYTES);
    }

    #[test]
    fn swap_files_hold_text() {
        assert_eq!(sniff(b"b0VIM 9.0\0\0\0\0\x10\0\0\0\0\0\0"), BYTES);
        let encrypted = [&b"bcVIM 9.0"[..], &[0; 90]].concat();
        assert_eq!(sniff(&encrypted), Content::Binary("NUL bytes"));
    }

    #[test]
    fn data_with_nuls_is_binary() {
        assert_eq!(
            sniff(b"abc\0\x01\x02\x03\xff\xfe"),
            Content::Binary("NUL bytes")
        );
        assert_eq!(sniff(&[0; 100]), Content::Binary("NUL bytes"));
        let late = [&b"x".repeat(HEAD_LEN)[..], b"\0\0\0\x01"].concat();
        assert_eq!(sniff(&late), BYTES);
    }

    #[test]
    fn a_signature_that_may_start_a_text_needs_more() {
        assert_eq!(sniff(b"GIF89a<?php eval($_POST['x']); ?>"), BYTES);
        assert_eq!(sniff(b"BM stands for benchmark\n"), BYTES);
        assert_eq!(
            sniff(b"GIF89a\x10\0\x10\0\x80\0\0\xff\xff\xff"),
            Content::Binary("gif")
        );
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n"), Content::Binary("png"));
        assert_eq!(
            sniff(b"x\x9c\x4b\xcb\xcf\x97\x03\x82\x01\x44"),
            Content::Binary("zlib")
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = sniff(&bytes);
        }

        #[test]
        fn text_without_nul_is_never_binary(text in "[a-z =\"\n]{0,300}") {
            prop_assert_eq!(sniff(text.as_bytes()), BYTES);
        }
    }
}
