//! Reads one serialized item after the other.

use std::ops::Range;

const MAX_NUMBER: usize = 20;

/// How quotes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// As `serialize` writes them.
    Plain,
    /// With a backslash, as `mysqldump` and JSON write them.
    Escaped,
}

impl Quoting {
    fn quote(self) -> &'static [u8] {
        match self {
            Self::Plain => b"\"",
            Self::Escaped => b"\\\"",
        }
    }
}

/// The bytes of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) source: Range<usize>,
    /// Whether some of them are written as escapes.
    pub(super) escaped: bool,
}

/// One serialized item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    String(Content),
    /// A number, a truth value, an enumeration's case, or null: where it is written.
    Plain(Range<usize>),
    /// An array or an object, whose elements follow.
    Open,
}

/// A position in serialized text.
pub(super) struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    quoting: Quoting,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8], at: usize, quoting: Quoting) -> Self {
        Self { text, at, quoting }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Steps over these bytes, if they are next.
    pub(super) fn take(&mut self, expected: &[u8]) -> bool {
        let found = self.text[self.at..].starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn need(&mut self, expected: &[u8]) -> Option<()> {
        self.take(expected).then_some(())
    }

    /// The next item; `None` if there is none, or if it is not what it says. The position is then
    /// undefined.
    pub(super) fn item(&mut self) -> Option<Item> {
        let kind = *self.text.get(self.at)?;
        self.at += 1;
        match kind {
            b'N' => {
                self.need(b";")?;
                Some(Item::Plain(self.at - 2..self.at - 1))
            }
            b'i' | b'b' | b'd' | b'r' | b'R' => self.scalar(),
            b's' => {
                let content = self.counted_string()?;
                self.need(b";")?;
                Some(Item::String(content))
            }
            b'E' => {
                let content = self.counted_string()?;
                self.need(b";")?;
                Some(Item::Plain(content.source))
            }
            b'a' => self.open(),
            b'O' => {
                self.counted_string()?;
                self.open()
            }
            _ => None,
        }
    }

    fn scalar(&mut self) -> Option<Item> {
        self.need(b":")?;
        let start = self.at;
        let len = self.text[start..]
            .iter()
            .take(MAX_NUMBER * 2)
            .position(|&byte| byte == b';')?;
        let written = &self.text[start..start + len];
        let is_number =
            |&byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        written.iter().all(is_number).then_some(())?;
        self.at = start + len + 1;
        Some(Item::Plain(start..start + len))
    }

    fn open(&mut self) -> Option<Item> {
        self.need(b":")?;
        self.number()?;
        self.need(b":{")?;
        Some(Item::Open)
    }

    fn number(&mut self) -> Option<usize> {
        let digits = self.text[self.at..]
            .iter()
            .take(MAX_NUMBER)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let written = std::str::from_utf8(&self.text[self.at..self.at + digits]).ok()?;
        self.at += digits;
        written.parse().ok()
    }

    /// `:3:"abc"`.
    fn counted_string(&mut self) -> Option<Content> {
        self.need(b":")?;
        let len = self.number()?;
        self.need(b":")?;
        self.need(self.quoting.quote())?;
        let start = self.at;
        let content = match self.quoting {
            Quoting::Plain => self.raw(start, len).or_else(|| self.unescaped(start, len)),
            Quoting::Escaped => self.unescaped(start, len),
        }?;
        self.at = content.source.end + self.quoting.quote().len();
        Some(content)
    }

    fn raw(&self, start: usize, len: usize) -> Option<Content> {
        let end = start.checked_add(len)?;
        let closed = self.text.get(end..)?.starts_with(self.quoting.quote());
        closed.then_some(Content {
            source: start..end,
            escaped: false,
        })
    }

    /// phpMyAdmin leaves double quotes alone, but not single ones and backslashes.
    fn unescaped(&self, start: usize, len: usize) -> Option<Content> {
        let mut end = start;
        for _ in 0..len {
            end += escape_at(self.text.get(end..)?)?.len;
        }
        let closed = self.text.get(end..)?.starts_with(self.quoting.quote());
        closed.then_some(Content {
            source: start..end,
            escaped: end - start != len,
        })
    }
}

/// One byte of a string and how it is written.
pub(super) struct Written {
    pub(super) len: usize,
    pub(super) byte: u8,
}

/// The byte that the text starts with: an escape of SQL strings
/// (<https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>) or itself.
pub(super) fn escape_at(text: &[u8]) -> Option<Written> {
    let (len, byte) = match *text {
        [b'\'', b'\'', ..] => (2, b'\''),
        [b'\\', b'0', ..] => (2, 0),
        [b'\\', b'n', ..] => (2, b'\n'),
        [b'\\', b'r', ..] => (2, b'\r'),
        [b'\\', b't', ..] => (2, b'\t'),
        [b'\\', b'Z', ..] => (2, 0x1a),
        [b'\\', byte, ..] => (2, byte),
        [byte, ..] => (1, byte),
        [] => return None,
    };
    Some(Written { len, byte })
}
