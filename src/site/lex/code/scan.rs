//! Cuts a program into tokens.

use super::super::token::{Kind, Token};
use super::super::tokens::{ALONE, Tokens};
use super::language::Language;
use super::strings::{self, Literal};

/// Operators of several bytes that are one token, longest first.
const OPERATORS: &[&str] = &[
    "...", "<<=", ">>=", "**=", "//=", "||=", "&&=", "===", "::", ":=", "=>", "->", "==", "!=",
    "<=", ">=", "+=", "-=", "*=", "/=", "|=", "&=", "%=", "**", "&&", "||", "??", "?.", "&.", "..",
    "=~",
];

/// Words of Ruby after which an operand stands, so that a slash starts a regular expression.
const BEFORE_OPERAND: &[&str] = &[
    "if", "unless", "when", "and", "or", "not", "return", "while", "until", "in", "elsif", "then",
];

pub(super) fn scan(text: &str, language: Language) -> Tokens<'_> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        language,
        at: 0,
        line: 1,
        counted: 0,
        open: Vec::new(),
        no_regex_before: 0,
        heredocs: Vec::new(),
        tokens: Vec::new(),
        mates: Vec::new(),
    };
    // Offsets are 32 bits wide; no program is that long.
    if u32::try_from(text.len()).is_ok() {
        scanner.run();
    }
    Tokens::new(text, scanner.tokens, scanner.mates)
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    language: Language,
    at: usize,
    line: u32,
    /// Up to here, lines are counted.
    counted: usize,
    /// Indices of open brackets.
    open: Vec<u32>,
    /// Up to here, no regular expression ends.
    no_regex_before: usize,
    /// Words that end the texts which start with the next line, as Ruby has them.
    heredocs: Vec<&'t str>,
    tokens: Vec<Token>,
    mates: Vec<u32>,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'\n' {
                self.at += 1;
                self.skip_heredocs();
                if self.language == Language::Ruby && self.skip_ruby_block() {
                    return;
                }
            } else if byte.is_ascii_whitespace() || byte == 0x0b {
                self.at += 1;
            } else if !self.skip_comment(byte) {
                self.token(byte);
            }
        }
    }

    fn rest(&self) -> &'t [u8] {
        &self.bytes[self.at..]
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[from..]).map_or(self.bytes.len(), |found| from + found)
    }

    /// Texts whose end is a line of its own.
    fn skip_heredocs(&mut self) {
        for word in std::mem::take(&mut self.heredocs) {
            while self.at < self.bytes.len() {
                let end = self.line_end(self.at);
                let is_end = self.text.get(self.at..end).map(str::trim) == Some(word);
                self.at = (end + 1).min(self.bytes.len());
                if is_end {
                    break;
                }
            }
        }
    }

    /// `=begin` to `=end`; whether the program ends here.
    fn skip_ruby_block(&mut self) -> bool {
        if self.rest().starts_with(b"=begin") {
            let end = memchr::memmem::find(self.rest(), b"\n=end");
            self.at = end.map_or(self.bytes.len(), |end| self.line_end(self.at + end + 1));
        }
        self.rest().starts_with(b"__END__\n")
    }

    fn skip_comment(&mut self, byte: u8) -> bool {
        if byte == b'#' && self.language.has_hash_comments() {
            self.at = self.line_end(self.at);
            return true;
        }
        if byte != b'/' || !self.language.has_slash_comments() {
            return false;
        }
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.at = self.line_end(self.at),
            Some(b'*') => {
                let inside = self.at + 2;
                let end = memchr::memmem::find(&self.bytes[inside..], b"*/");
                self.at = end.map_or(self.bytes.len(), |end| inside + end + 2);
            }
            _ => return false,
        }
        true
    }

    fn token(&mut self, byte: u8) {
        if let Some(Literal { kind, end }) = strings::literal(self.text, self.at, self.language) {
            self.push(kind, end);
        } else if self.language == Language::Ruby && self.ruby(byte) {
        } else if byte.is_ascii_digit() {
            let rest = self.rest();
            let is_part = |&(at, byte): &(usize, &u8)| {
                let is_fraction = *byte == b'.' && rest.get(at + 1).is_some_and(u8::is_ascii_digit);
                byte.is_ascii_alphanumeric() || *byte == b'_' || is_fraction
            };
            let length = rest.iter().enumerate().take_while(is_part).count();
            self.push(Kind::Number, self.at + length);
        } else if is_name(byte) {
            let length = self
                .rest()
                .iter()
                .take_while(|byte| is_name(**byte))
                .count();
            self.push(Kind::Name, self.at + length);
        } else {
            let operator = OPERATORS
                .iter()
                .find(|operator| self.rest().starts_with(operator.as_bytes()));
            let length = operator.map_or(1, |operator| operator.len());
            self.push(Kind::Punct, self.at + length);
        }
    }

    /// What only Ruby has: regular expressions, and texts that start with the next line.
    fn ruby(&mut self, byte: u8) -> bool {
        if byte == b'/' && self.at >= self.no_regex_before && self.is_operand_next() {
            let end = strings::quoted_end(self.bytes, self.at, b'/');
            let is_closed = self.bytes.get(end - 1) == Some(&b'/') && end > self.at + 1;
            if is_closed {
                self.push(Kind::Regex, end);
            } else {
                self.no_regex_before = end;
            }
            return is_closed;
        }
        if byte == b'<'
            && let Some((word, end)) = strings::heredoc(self.text, self.at)
        {
            self.heredocs.push(word);
            self.push(Kind::Regex, end);
            return true;
        }
        false
    }

    fn is_operand_next(&self) -> bool {
        let Some(last) = self.tokens.last() else {
            return true;
        };
        let word = &self.text[last.start as usize..last.end as usize];
        match last.kind {
            Kind::Punct => !matches!(word, ")" | "]" | "}"),
            Kind::Name => {
                let is_apart = last.end as usize != self.at
                    && !self
                        .bytes
                        .get(self.at + 1)
                        .is_some_and(u8::is_ascii_whitespace);
                BEFORE_OPERAND.contains(&word) || is_apart
            }
            _ => false,
        }
    }

    fn push(&mut self, kind: Kind, end: usize) {
        let start = self.at;
        let lines = memchr::memchr_iter(b'\n', &self.bytes[self.counted..start]).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = start;
        let token = Token {
            kind,
            // The length was checked to fit.
            start: start as u32,
            end: end as u32,
            line: self.line,
        };
        self.tokens.push(token);
        self.mates.push(ALONE);
        self.at = end;
        self.pair(token);
    }

    /// A bracket that answers none of those that are open answers nothing.
    fn pair(&mut self, token: Token) {
        let last = self.tokens.len() - 1;
        let word = &self.text[token.start as usize..token.end as usize];
        if token.opens(word) {
            self.open.push(last as u32);
        } else if token.closes(word)
            && let Some(&opening) = self.open.last()
        {
            let start = self.tokens[opening as usize].start as usize;
            let fits = matches!(
                (self.bytes[start], word),
                (b'(', ")") | (b'[', "]") | (b'{', "}")
            );
            if fits {
                self.open.pop();
                self.mates[opening as usize] = last as u32;
                self.mates[last] = opening;
            }
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
