//! Base64 and hexadecimal: in long runs of their characters, and in assigned values.

use std::ops::Range;

use super::packed::{Alphabet, BASE64, BASE64_URL, HEX, NO_VALUE, PackedMap};
use super::span::SpanMap;
use super::textual::{self, Tally, Text};
use super::{Decoded, wrapped};
use crate::finding::Decoder;

/// Shorter runs are left to [`value`].
const MIN_RUN: usize = 24;
/// How many bytes decide whether a run is decoded, and how many characters of either alphabet they are.
const HEAD_DECODED: usize = 12;
const HEAD: usize = 16;
const HEX_HEAD: usize = 24;
/// A multiple of every group length, so that the next piece starts with a whole group.
const MAX_ENCODED: usize = 1 << 20;
/// So many characters are judged at once; a multiple of every group length as well.
const PIECE: usize = 1 << 11;

const MIN_VALUE: usize = 8;
const MIN_VALUE_DECODED: usize = 6;
/// Fewer decoded bytes are printable by chance too often: one ordinary password in 400 at six bytes.
const MIN_UNPADDED_DECODED: usize = 9;
const MIN_HEX_DECODED: usize = 8;

/// An alphabet and its name.
#[derive(Clone, Copy)]
struct Encoding {
    alphabet: &'static Alphabet,
    decoder: Decoder,
}

const HEX_PAIRS: Encoding = Encoding {
    alphabet: &HEX,
    decoder: Decoder::Hex,
};
const STANDARD: Encoding = Encoding {
    alphabet: &BASE64,
    decoder: Decoder::Base64,
};
const URL_SAFE: Encoding = Encoding {
    alphabet: &BASE64_URL,
    decoder: Decoder::Base64Url,
};

/// Decodes a maximal run of base64, base64url or hexadecimal characters (without padding) if it
/// holds text: UTF-8, or UTF-16 as PowerShell encodes it. Lines that were wrapped are joined, and then
/// [`Decoded::source`] reaches beyond the run.
///
/// Of one run at most 1 MiB is decoded; a caller goes on from the end of [`Decoded::source`]. Most
/// runs are no text and cost only their first 24 characters.
pub fn run(text: &[u8], run: Range<usize>) -> Option<Decoded> {
    let run = whole_run(text, run)?;
    let characters = &text[run.clone()];
    let is_hex = HEX.holds(&characters[..HEX_HEAD]) && HEX.holds(characters);
    if let Some(decoded) = is_hex
        .then(|| decode_run(text, run.clone(), HEX_PAIRS))
        .flatten()
    {
        return Some(decoded);
    }
    let standard = memchr::memchr2(b'+', b'/', characters);
    let url_safe = memchr::memchr2(b'-', b'_', characters);
    match (standard, url_safe) {
        (_, None) => decode_base64(text, run, STANDARD),
        (None, Some(_)) => decode_base64(text, run, URL_SAFE),
        (Some(_), Some(_)) => decode_base64(text, longest_piece(text, run)?, STANDARD),
    }
}

/// The run inside of the text, not too long, and without the letter of an escape such as `\n` before it.
fn whole_run(text: &[u8], run: Range<usize>) -> Option<Range<usize>> {
    let escape = run.start > 0
        && text.get(run.start - 1) == Some(&b'\\')
        && matches!(text.get(run.start), Some(b'n' | b'r' | b't'));
    let start = run.start + usize::from(escape);
    let end = run
        .end
        .min(text.len())
        .min(start.saturating_add(MAX_ENCODED));
    (start + MIN_RUN <= end).then_some(start..end)
}

/// Base64 beside a path or a name: the characters of the two alphabets do not mix in one value.
fn longest_piece(text: &[u8], run: Range<usize>) -> Option<Range<usize>> {
    let mut start = run.start;
    text[run]
        .split(|byte| matches!(byte, b'-' | b'_'))
        .map(|piece| {
            let range = start..start + piece.len();
            start = range.end + 1;
            range
        })
        .max_by_key(ExactSizeIterator::len)
        .filter(|piece| piece.len() >= MIN_RUN)
}

/// A run that was cut at the start of the text may start anywhere in a group.
fn decode_base64(text: &[u8], run: Range<usize>, encoding: Encoding) -> Option<Decoded> {
    let shifts = if run.start == 0 { 0..4 } else { 0..1 };
    shifts
        .filter(|shift| run.len() >= shift + HEAD)
        .find_map(|shift| decode_run(text, run.start + shift..run.end, encoding))
}

fn decode_run(text: &[u8], run: Range<usize>, encoding: Encoding) -> Option<Decoded> {
    let head_len = if encoding.decoder == Decoder::Hex {
        HEX_HEAD
    } else {
        HEAD
    };
    let head = text.get(run.start..run.start + head_len)?;
    if !may_start_text(head, encoding.decoder) {
        return None;
    }
    let kind = textual::judge_head(&encoding.alphabet.unpack_head::<HEAD_DECODED>(head))?;
    let lines = wrapped::lines(text, run, (encoding.alphabet, MAX_ENCODED));
    text_of(text, lines, (encoding, kind))
}

/// Whether the first characters can stand for ASCII, or for a byte order mark: tells nearly all digests, paths
/// and rulers of dashes from encoded text without decoding them. Of UTF-16 every other byte is zero.
fn may_start_text(head: &[u8], decoder: Decoder) -> bool {
    match (decoder, head) {
        (Decoder::Hex, [first, _, second, ..]) => {
            matches!(first, b'2'..=b'7' | b'e' | b'E')
                && matches!(second, b'0' | b'2'..=b'7' | b'b' | b'B')
        }
        (_, [first, _, _, _, fifth, ..]) => {
            matches!(first, b'C'..=b'Z' | b'a'..=b'f' | b'7')
                && matches!(fifth, b'A' | b'C'..=b'Z' | b'a'..=b'f')
        }
        _ => false,
    }
}

/// Unpacks lines as far as they are text. They are judged piece by piece: of a long file that is none, many lines look
/// like the start of one.
fn text_of(
    text: &[u8],
    lines: impl Iterator<Item = Range<usize>>,
    (encoding, kind): (Encoding, Text),
) -> Option<Decoded> {
    let mut tally = Tally::default();
    let (mut bytes, mut taken) = (Vec::new(), Vec::new());
    let (mut good_bytes, mut good_lines) = (0, 0);
    let mut pieces = lines.flat_map(in_pieces).peekable();
    while let Some(piece) = pieces.next() {
        let unpacked = &text[piece.clone()];
        encoding.alphabet.unpack(unpacked, &mut bytes);
        taken.push(piece);
        if bytes.len() - good_bytes < PIECE / 2 && pieces.peek().is_some() {
            continue;
        }
        let is_text = match kind {
            Text::Utf8 => tally.takes(&bytes[good_bytes..]),
            Text::Utf16Le => tally.takes(&textual::narrow_utf16(&bytes[good_bytes & !1..])),
        };
        if !is_text {
            bytes.truncate(good_bytes);
            taken.truncate(good_lines);
            break;
        }
        (good_bytes, good_lines) = (bytes.len(), taken.len());
    }
    decoded((bytes, taken), (encoding, kind))
}

fn in_pieces(line: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = line.end;
    line.step_by(PIECE)
        .map(move |start| start..end.min(start + PIECE))
}

/// What lines hold; none if there are none.
fn decoded(
    (packed, lines): (Vec<u8>, Vec<Range<usize>>),
    (encoding, kind): (Encoding, Text),
) -> Option<Decoded> {
    let source = lines.first()?.start..lines.last()?.end;
    let (bytes, unit) = match kind {
        Text::Utf8 => (packed, 1),
        Text::Utf16Le => (textual::narrow_utf16(&packed), 2),
    };
    Some(Decoded {
        bytes,
        decoder: encoding.decoder,
        source,
        map: SpanMap::Packed(PackedMap {
            bits: encoding.alphabet.bits as usize,
            unit,
            lines,
        }),
    })
}

/// Decodes the value of an assignment, of which `value` is the place in the text, if it is base64 or
/// hexadecimal of a printable ASCII word or sentence of at least six characters. Stricter than [`run`]: an
/// ordinary password that happens to be valid base64 stays what it is.
pub fn value(text: &[u8], value: Range<usize>) -> Option<Decoded> {
    let written = text.get(value.clone())?;
    if written.len() < MIN_VALUE || written.len() > MAX_ENCODED {
        return None;
    }
    let padding = written
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'=')
        .count();
    let body = value.start..value.end - padding;
    let encoding = encoding_of(&text[body.clone()], padding)?;
    let mut bytes = Vec::new();
    encoding.alphabet.unpack(&text[body.clone()], &mut bytes);
    let decoded = decoded((bytes, vec![body.clone()]), (encoding, Text::Utf8))?;
    let plain = decoded.bytes.strip_suffix(b"\n").unwrap_or(&decoded.bytes);
    let least = least_decoded(encoding.decoder, padding);
    (plain.len() >= least
        && textual::is_printable(plain)
        && is_canonical(&text[body], encoding.alphabet)
        && plain.iter().any(|&byte| byte != plain[0]))
    .then_some(decoded)
}

fn least_decoded(decoder: Decoder, padding: usize) -> usize {
    match decoder {
        Decoder::Hex => MIN_HEX_DECODED,
        _ if padding > 0 => MIN_VALUE_DECODED,
        _ => MIN_UNPADDED_DECODED,
    }
}

/// The encoding whose characters these are, if their number fits the padding.
fn encoding_of(body: &[u8], padding: usize) -> Option<Encoding> {
    if padding == 0 && body.len().is_multiple_of(2) && HEX.holds(body) {
        return Some(HEX_PAIRS);
    }
    let whole_groups = (body.len() + padding).is_multiple_of(4) && padding <= 2;
    let unpadded = padding == 0 && body.len() % 4 != 1;
    [STANDARD, URL_SAFE]
        .into_iter()
        .find(|encoding| encoding.alphabet.holds(body))
        .filter(|_| whole_groups || unpadded)
}

/// Whether the bits after the last whole byte are zero, as every encoder leaves them.
fn is_canonical(body: &[u8], alphabet: &Alphabet) -> bool {
    let spare_bits = body.len() * alphabet.bits as usize % 8;
    let last = body
        .last()
        .map_or(NO_VALUE, |&byte| alphabet.values[usize::from(byte)]);
    last != NO_VALUE && last & ((1 << spare_bits) - 1) == 0
}
