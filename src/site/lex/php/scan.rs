//! From text to tokens, each byte looked at a fixed number of times.
//! The language: <https://github.com/php/php-langspec/blob/master/spec/09-lexical-structure.md>.

use memchr::memmem;

use super::strings;
use super::token::{Kind, Token};

/// More tokens than this are not taken from one file.
const MAX_TOKENS: usize = 1_000_000;

/// Operators of more than one byte, the longest first.
const OPERATORS: &[&str] = &[
    "===", "!==", "<=>", "**=", "...", "<<=", ">>=", "??=", "?->", "=>", "->", "::", "==", "!=",
    "<>", "<=", ">=", "&&", "||", "??", "**", "++", "--", "+=", "-=", "*=", "/=", ".=", "%=", "&=",
    "|=", "^=", "<<", ">>",
];

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        tokens: Vec::new(),
    };
    while scanner.at < scanner.bytes.len() && scanner.tokens.len() < MAX_TOKENS {
        scanner.html();
        scanner.code();
    }
    scanner.tokens
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u32,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Moves on, over lines as well.
    fn skip(&mut self, len: usize) {
        let end = (self.at + len).min(self.bytes.len());
        let lines = memchr::memchr_iter(b'\n', &self.bytes[self.at..end]).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at = end;
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let (start, line) = (self.at, self.line);
        self.skip(len);
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.at)) else {
            self.at = self.bytes.len();
            return;
        };
        let token = Token {
            kind,
            line,
            start,
            end,
        };
        self.tokens.push(token);
    }

    /// Up to the next opening tag, and that.
    fn html(&mut self) {
        let mut from = 0;
        while let Some(found) = memmem::find(&self.rest()[from..], b"<?") {
            let at = from + found;
            let after = &self.rest()[at + 2..];
            let (kind, len) = match after {
                [b'=', ..] => (Kind::OpenEcho, 3),
                [p, h, q, next @ ..]
                    if [*p, *h, *q].eq_ignore_ascii_case(b"php")
                        && next.first().is_none_or(u8::is_ascii_whitespace) =>
                {
                    (Kind::Open, 5)
                }
                [blank, ..] if blank.is_ascii_whitespace() => (Kind::Open, 2),
                _ => {
                    from = at + 2;
                    continue;
                }
            };
            if at > 0 {
                self.push(Kind::Html, at);
            }
            self.push(kind, len);
            return;
        }
        let len = self.rest().len();
        if len > 0 {
            self.push(Kind::Html, len);
        }
    }

    /// Up to the next closing tag, and that.
    fn code(&mut self) {
        while self.at < self.bytes.len() && self.tokens.len() < MAX_TOKENS {
            let byte = self.peek(0);
            match byte {
                _ if byte.is_ascii_whitespace() => self.skip(1),
                b'?' if self.peek(1) == b'>' => {
                    self.push(Kind::Close, 2);
                    return;
                }
                b'#' if self.peek(1) != b'[' => self.line_comment(),
                b'/' if self.peek(1) == b'/' => self.line_comment(),
                b'/' if self.peek(1) == b'*' => {
                    let end = memmem::find(&self.rest()[2..], b"*/");
                    self.skip(end.map_or(usize::MAX / 2, |end| end + 4));
                }
                b'\'' | b'"' | b'`' => {
                    let (len, has_parts) = strings::quoted(self.rest());
                    self.push(kind_of(has_parts || byte == b'`'), len);
                }
                b'b' | b'B' if matches!(self.peek(1), b'\'' | b'"') => self.skip(1),
                b'$' if is_name_start(self.peek(1)) => {
                    let len = 1 + name_len(&self.rest()[1..]);
                    self.push(Kind::Variable, len);
                }
                b'0'..=b'9' => self.number(),
                b'.' if self.peek(1).is_ascii_digit() => self.number(),
                b'\\' if is_name_start(self.peek(1)) => self.name(),
                _ if is_name_start(byte) => {
                    self.name();
                    if self.is_halted() {
                        let len = self.rest().len();
                        self.push(Kind::Html, len);
                    }
                }
                b'<' if self.rest().starts_with(b"<<<") => self.heredoc(),
                _ => self.operator(),
            }
        }
    }

    /// Ends at the line's end, or before a closing tag.
    fn line_comment(&mut self) {
        let rest = self.rest();
        let mut ends = memchr::memchr3_iter(b'\n', b'\r', b'?', rest);
        let end = ends.find(|&at| rest[at] != b'?' || rest.get(at + 1) == Some(&b'>'));
        self.skip(end.unwrap_or(rest.len()));
    }

    fn heredoc(&mut self) {
        match strings::heredoc(self.rest()) {
            Some((len, has_parts)) => self.push(kind_of(has_parts), len),
            None => self.operator(),
        }
    }

    fn number(&mut self) {
        let rest = self.rest();
        let is_part = |at: usize| match rest[at] {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            b'.' => rest.get(at + 1).is_none_or(|&next| next != b'.'),
            _ => false,
        };
        let len = (0..rest.len()).find(|&at| !is_part(at));
        self.push(Kind::Number, len.unwrap_or(rest.len()));
    }

    /// With its namespace: `\Foo\bar`.
    fn name(&mut self) {
        let rest = self.rest();
        let mut len = usize::from(rest[0] == b'\\');
        loop {
            len += name_len(&rest[len..]);
            let goes_on = rest.get(len) == Some(&b'\\')
                && rest.get(len + 1).is_some_and(|&next| is_name_start(next));
            if !goes_on {
                break;
            }
            len += 1;
        }
        self.push(Kind::Name, len);
    }

    /// What follows `__halt_compiler` is data.
    fn is_halted(&self) -> bool {
        let last = self.tokens.last();
        last.is_some_and(|last| {
            self.bytes[last.span()].eq_ignore_ascii_case(b"__halt_compiler")
                && self.at < self.bytes.len()
        })
    }

    fn operator(&mut self) {
        let rest = self.rest();
        // Most brackets, commas and semicolons are told apart by what follows them, without a look at the list.
        let goes_on = b".=>*<:&|?+-".contains(&self.peek(1));
        let is_here = |operator: &&&str| {
            operator.as_bytes().first() == rest.first() && rest.starts_with(operator.as_bytes())
        };
        let known = OPERATORS
            .iter()
            .find(|operator| goes_on && is_here(operator));
        self.push(Kind::Operator, known.map_or(1, |operator| operator.len()));
    }
}

fn kind_of(has_parts: bool) -> Kind {
    if has_parts {
        Kind::Template
    } else {
        Kind::Text
    }
}

/// Every byte of a character beyond ASCII may stand in a name.
pub(super) fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// How long the name is with which the bytes start.
pub(super) fn name_len(bytes: &[u8]) -> usize {
    let is_part = |&byte: &u8| is_name_start(byte) || byte.is_ascii_digit();
    bytes.iter().take_while(|byte| is_part(byte)).count()
}
