//! Whether decoded bytes are text: what has no text in it has no credential that a rule could find.

/// How text lies in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// UTF-8 or ASCII.
    Utf8,
    /// UTF-16, least significant byte first, as PowerShell's `-EncodedCommand` takes it.
    Utf16Le,
}

/// Judges the first bytes of something decoded, of which there may be fewer than a whole text.
pub(super) fn judge_head(head: &[u8]) -> Option<Text> {
    if is_utf8_head(head) {
        Some(Text::Utf8)
    } else if is_utf16_head(head) {
        Some(Text::Utf16Le)
    } else {
        None
    }
}

/// Printable ASCII with line ends, tabs and the NULs of serialized PHP after text, or UTF-8 that may be
/// cut off at its end.
fn is_utf8_head(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => head,
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        Err(_) => return false,
    };
    let ascii = whole.iter().filter(|byte| byte.is_ascii()).count();
    let nul_allowed_from = 4;
    // Two bytes in three: random bytes are seldom valid UTF-8, and when they are, they are short.
    ascii * 3 >= head.len() * 2
        && whole
            .iter()
            .enumerate()
            .all(|(at, &byte)| is_text_byte(byte) || byte == 0 && at >= nul_allowed_from)
        && whole.iter().filter(|&&byte| byte == 0).count() <= 2
}

fn is_utf16_head(head: &[u8]) -> bool {
    head.len() >= 8
        && head
            .chunks_exact(2)
            .all(|unit| unit[1] == 0 && is_text_byte(unit[0]) && unit[0].is_ascii())
}

/// Not a control character, apart from white space and the escape of terminal colours.
fn is_text_byte(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b)
}

/// Whether nearly all of it is text: the head may have been one by chance.
#[derive(Default)]
pub(super) struct Tally {
    odd: usize,
    all: usize,
}

impl Tally {
    /// Counts more bytes. False if too many of all were no text.
    pub(super) fn takes(&mut self, bytes: &[u8]) -> bool {
        self.odd += bytes.iter().filter(|&&byte| !is_text_byte(byte)).count();
        self.all += bytes.len();
        self.odd * 16 <= self.all
    }
}

/// Printable ASCII all through.
pub(super) fn is_printable(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|&byte| byte == b' ' || byte.is_ascii_graphic())
}

/// UTF-16 as one byte a unit, so that offsets stay proportional: what is not ASCII becomes `?`, since no
/// rule looks for it.
pub(super) fn narrow_utf16(bytes: &[u8]) -> Vec<u8> {
    bytes
        .chunks_exact(2)
        .map(|unit| match unit {
            [low, 0] if low.is_ascii() => *low,
            _ => b'?',
        })
        .collect()
}
