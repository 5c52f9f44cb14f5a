//! A text with its notation, and the small steps that every look-up is made of.

use super::Syntax;

/// The longest run of white space that is stepped over, in bytes.
const MAX_SPACE: usize = 256;
/// The longest name, in bytes.
pub(super) const MAX_NAME: usize = 128;

const WORD: u8 = 1;
const JOINT: u8 = 2;

/// What each byte may be in a name.
static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let c = byte as u8;
        if c.is_ascii_alphanumeric() || c == b'_' {
            table[byte] = WORD;
        } else if c == b'-' || c == b'.' {
            table[byte] = JOINT;
        }
        byte += 1;
    }
    table
}

/// Whether the byte is a letter, a digit or `_`.
pub(super) fn is_word(byte: u8) -> bool {
    CLASSES[byte as usize] == WORD
}

/// Whether the byte can stand in a name that may hold `.` and `-`.
pub(super) fn is_joined(byte: u8) -> bool {
    CLASSES[byte as usize] != 0
}

/// Whether the byte is a space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A stretch of the text, as byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub(super) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether all of `other` lies within.
    pub(super) fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A text with its notation.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t [u8],
    pub(super) syntax: Syntax,
}

impl<'t> Source<'t> {
    /// The byte at an offset; 0 outside of the text.
    pub(super) fn at(self, offset: usize) -> u8 {
        self.text.get(offset).copied().unwrap_or(0)
    }

    /// The byte before an offset; 0 at the start.
    pub(super) fn before(self, offset: usize) -> u8 {
        offset
            .checked_sub(1)
            .map_or(0, |previous| self.at(previous))
    }

    /// The bytes of a span; none where it leaves the text.
    pub(super) fn slice(self, span: Span) -> &'t [u8] {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Whether `literal` stands at the offset, without regard to ASCII case.
    pub(super) fn starts(self, offset: usize, literal: &[u8]) -> bool {
        self.slice(Span::new(offset, offset.saturating_add(literal.len())))
            .eq_ignore_ascii_case(literal)
            && !literal.is_empty()
    }

    /// Whether `literal` ends at the offset, without regard to ASCII case.
    pub(super) fn ends(self, offset: usize, literal: &[u8]) -> bool {
        offset
            .checked_sub(literal.len())
            .is_some_and(|start| self.starts(start, literal))
    }

    /// Whether the bytes of the span are one of `words`, without regard to ASCII case.
    pub(super) fn is_any(self, span: Span, words: &[&[u8]]) -> bool {
        let slice = self.slice(span);
        words.iter().any(|word| slice.eq_ignore_ascii_case(word))
    }

    /// The first offset from here on whose byte fails `accept`, or `limit` bytes on.
    pub(super) fn skip(self, from: usize, limit: usize, accept: impl Fn(u8) -> bool) -> usize {
        let end = self.text.len().min(from.saturating_add(limit));
        let mut at = from;
        while at < end && accept(self.text[at]) {
            at += 1;
        }
        at
    }

    /// The start of the run before the offset whose bytes pass `accept`, at most `limit` bytes back.
    pub(super) fn skip_back(self, from: usize, limit: usize, accept: impl Fn(u8) -> bool) -> usize {
        let floor = from.saturating_sub(limit);
        let mut at = from.min(self.text.len());
        while at > floor && accept(self.text[at - 1]) {
            at -= 1;
        }
        at
    }

    /// After spaces and tabs.
    pub(super) fn blanks(self, from: usize) -> usize {
        self.skip(from, MAX_SPACE, is_blank)
    }

    /// After white space, line ends too.
    pub(super) fn space(self, from: usize) -> usize {
        self.skip(from, MAX_SPACE, |byte| byte.is_ascii_whitespace())
    }

    /// Before the spaces and tabs that end here.
    pub(super) fn blanks_back(self, from: usize) -> usize {
        self.skip_back(from, MAX_SPACE, is_blank)
    }

    /// Before the white space that ends here, line ends too.
    pub(super) fn space_back(self, from: usize) -> usize {
        self.skip_back(from, MAX_SPACE, |byte| byte.is_ascii_whitespace())
    }

    /// The word (letters, digits, `_`) that starts here; empty if there is none.
    pub(super) fn word(self, from: usize) -> Span {
        Span::new(from, self.skip(from, MAX_NAME, is_word))
    }

    /// The word that ends here; empty if there is none.
    pub(super) fn word_back(self, end: usize) -> Span {
        Span::new(self.skip_back(end, MAX_NAME, is_word), end)
    }

    /// The word before the blanks before an offset.
    pub(super) fn previous_word(self, from: usize) -> Span {
        self.word_back(self.blanks_back(from))
    }

    /// The line around the offset without its line end, cut to `reach` bytes to either side.
    pub(super) fn line(self, offset: usize, reach: usize) -> Span {
        let offset = offset.min(self.text.len());
        let before = &self.text[offset.saturating_sub(reach)..offset];
        let after = &self.text[offset..self.text.len().min(offset.saturating_add(reach))];
        let start = memchr::memrchr(b'\n', before)
            .map_or(offset - before.len(), |at| offset - before.len() + at + 1);
        let end = memchr::memchr(b'\n', after).map_or(offset + after.len(), |at| offset + at);
        Span::new(start, end)
    }

    /// The span without white space at its ends.
    pub(super) fn trimmed(self, span: Span) -> Span {
        let slice = self.slice(span);
        let start = span.start + (slice.len() - slice.trim_ascii_start().len());
        Span::new(start, start + slice.trim_ascii().len())
    }
}
