//! Cuts a script into tokens.

use crate::site::lex::token::{Kind, Token};
use crate::site::lex::tokens::ALONE;

/// Operators of several bytes that are one token, longest first.
const OPERATORS: &[&str] = &[
    "...", "===", "!==", "**=", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&", "||",
    "??", "?.", "++", "--", "+=", "-=", "*=", "%=", "**",
];

/// Words after which an operand stands, so that a slash starts a regular expression.
const BEFORE_OPERAND: &[&str] = &[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "instanceof",
    "new",
    "do",
    "else",
    "throw",
    "yield",
    "await",
    "default",
    "extends",
];

/// How many open brackets are looked at for the one that a bracket closes: in sound code the last one is it.
const MAX_REPAIR: usize = 8;

/// Tokens, and for each bracket the index of the one that answers it.
pub(super) struct Scanned {
    pub(super) tokens: Vec<Token>,
    pub(super) mates: Vec<u32>,
}

pub(super) fn scan(text: &str) -> Scanned {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        counted: 0,
        no_regex_before: 0,
        open: Vec::new(),
        out: Scanned {
            tokens: Vec::new(),
            mates: Vec::new(),
        },
    };
    scanner.run();
    scanner.out
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    /// Up to here, lines are counted.
    counted: usize,
    /// Up to here, no regular expression ends: a search for its end has failed, and need not be made again.
    no_regex_before: usize,
    /// Indices of open brackets.
    open: Vec<u32>,
    out: Scanned,
}

impl Scanner<'_> {
    fn run(&mut self) {
        // Offsets are 32 bits wide; no script is that long.
        if u32::try_from(self.bytes.len()).is_err() {
            return;
        }
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        if self.bytes[self.at..].starts_with(b"#!") {
            self.at = self.line_end(self.at);
        }
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte.is_ascii_whitespace() || byte == 0x0b {
                self.at += 1;
            } else if !self.skip_comment(byte) {
                self.token(byte);
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[from..]).map_or(self.bytes.len(), |found| from + found)
    }

    fn skip_comment(&mut self, byte: u8) -> bool {
        if byte != b'/' {
            return false;
        }
        match self.peek(1) {
            b'/' => self.at = self.line_end(self.at),
            b'*' => {
                let inside = self.at + 2;
                let end = memchr::memmem::find(&self.bytes[inside..], b"*/");
                self.at = end.map_or(self.bytes.len(), |end| inside + end + 2);
            }
            _ => return false,
        }
        true
    }

    fn token(&mut self, byte: u8) {
        let start = self.at;
        match byte {
            b'"' | b'\'' => {
                let end = self.text_end(start);
                self.push(Kind::Text, end);
            }
            b'`' => self.template(Kind::Template, Kind::TemplateHead),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'/' => self.slash(),
            _ if is_name(byte) => self.name(),
            _ => self.punctuation(byte),
        }
    }

    fn push(&mut self, kind: Kind, end: usize) {
        let start = self.at;
        self.line += count_lines(&self.bytes[self.counted..start]);
        self.counted = start;
        // The length was checked to fit.
        self.out.tokens.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
            line: self.line,
        });
        self.out.mates.push(ALONE);
        self.at = end;
        self.pair();
    }

    /// Notes which bracket the last token answers, and that it is open itself.
    fn pair(&mut self) {
        let last = self.out.tokens.len() - 1;
        let token = self.out.tokens[last];
        let text = &self.text[token.start as usize..token.end as usize];
        if token.closes(text)
            && let Some(depth) = self.answered(text)
        {
            let opening = self.open[depth];
            self.open.truncate(depth);
            self.out.mates[opening as usize] = last as u32;
            if token.kind != Kind::TemplateMiddle {
                self.out.mates[last] = opening;
            }
        }
        if token.opens(text) {
            self.open.push(last as u32);
        }
    }

    /// Where the open bracket is that this one closes.
    fn answered(&self, closing: &str) -> Option<usize> {
        let wanted = match closing.as_bytes().first()? {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        let open = self.open.iter().enumerate().rev().take(MAX_REPAIR);
        let mut fits = open.filter(|&(_, &index)| {
            let token = self.out.tokens[index as usize];
            let is_template = token.kind != Kind::Punct;
            self.bytes[token.start as usize] == wanted && !is_template
                || is_template && wanted == b'{'
        });
        fits.next().map(|(depth, _)| depth)
    }

    /// Whether a `}` goes on with a template.
    fn is_in_template(&self) -> bool {
        let depth = self.answered("}");
        depth.is_some_and(|depth| self.out.tokens[self.open[depth] as usize].kind != Kind::Punct)
    }

    /// After the closing quote, or at the end of the line.
    fn text_end(&self, start: usize) -> usize {
        let quote = self.bytes[start];
        let mut at = start + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => {
                    at += if self.bytes[at..].starts_with(b"\\\r\n") {
                        3
                    } else {
                        2
                    }
                }
                b'\n' => return at,
                _ if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    /// From a backtick, or from the `}` of a substitution, to the next substitution or the end.
    fn template(&mut self, whole: Kind, cut: Kind) {
        let mut at = self.at + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'`' => return self.push(whole, at + 1),
                b'$' if self.bytes.get(at + 1) == Some(&b'{') => return self.push(cut, at + 2),
                _ => at += 1,
            }
        }
        self.push(whole, self.bytes.len());
    }

    fn number(&mut self) {
        let mut end = self.at + 1;
        while let Some(&byte) = self.bytes.get(end) {
            let is_sign = matches!(byte, b'+' | b'-')
                && matches!(self.bytes[end - 1], b'e' | b'E')
                && self.bytes[self.at..].get(1) != Some(&b'x');
            if !(is_name(byte) || byte.is_ascii_digit() || byte == b'.' || is_sign) {
                break;
            }
            end += 1;
        }
        self.push(Kind::Number, end);
    }

    fn name(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|&byte| !is_name(byte) && !byte.is_ascii_digit());
        self.push(Kind::Name, self.at + length.unwrap_or(rest.len()));
    }

    fn slash(&mut self) {
        let end = if self.is_operand_next() {
            self.regex_end()
        } else {
            None
        };
        match end {
            Some(end) => self.push(Kind::Regex, end),
            None if self.peek(1) == b'=' => self.push(Kind::Punct, self.at + 2),
            None => self.push(Kind::Punct, self.at + 1),
        }
    }

    fn punctuation(&mut self, byte: u8) {
        if byte == b'}' && self.is_in_template() {
            return self.template(Kind::TemplateTail, Kind::TemplateMiddle);
        }
        let rest = &self.bytes[self.at..];
        // Most brackets, commas and semicolons are told apart by what follows them, without a look at the list.
        let goes_on = matches!(
            self.peek(1),
            b'.' | b'=' | b'*' | b'&' | b'|' | b'?' | b'+' | b'-' | b'>'
        );
        let is_here = |operator: &&&str| {
            operator.as_bytes().first() == Some(&byte) && rest.starts_with(operator.as_bytes())
        };
        let length = match OPERATORS
            .iter()
            .find(|operator| goes_on && is_here(operator))
        {
            // In `a?.5:1` the dot belongs to the number.
            Some(&"?.") if self.peek(2).is_ascii_digit() => 1,
            Some(operator) => operator.len(),
            None => 1,
        };
        self.push(Kind::Punct, self.at + length);
    }

    fn regex_end(&mut self) -> Option<usize> {
        if self.at < self.no_regex_before {
            return None;
        }
        let mut in_class = false;
        let mut at = self.at + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' if self.bytes.get(at + 1) != Some(&b'\n') => at += 1,
                b'\n' => break,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    let flags = self.bytes[at + 1..].iter();
                    let flags = flags.take_while(|byte| byte.is_ascii_alphabetic()).count();
                    return Some(at + 1 + flags);
                }
                _ => {}
            }
            at += 1;
        }
        self.no_regex_before = at;
        None
    }

    /// Whether an operand has to stand here, and no operator.
    fn is_operand_next(&self) -> bool {
        let Some(last) = self.out.tokens.len().checked_sub(1) else {
            return true;
        };
        let token = self.out.tokens[last];
        match token.kind {
            Kind::Name => self.is_word_before_operand(last),
            Kind::TemplateHead | Kind::TemplateMiddle => true,
            Kind::Punct => match self.word(last) {
                ")" => self.ends_condition(last),
                "}" => self.ends_block(last),
                "]" | "++" | "--" => false,
                // The end tag of an element: `</div>`.
                "<" => token.end as usize != self.at,
                _ => true,
            },
            _ => false,
        }
    }

    fn word(&self, index: usize) -> &str {
        let token = self.out.tokens[index];
        &self.text[token.start as usize..token.end as usize]
    }

    fn is_word_before_operand(&self, index: usize) -> bool {
        let is_member = index > 0 && matches!(self.word(index - 1), "." | "?.");
        !is_member && BEFORE_OPERAND.contains(&self.word(index))
    }

    /// `if (…)`, after which a statement stands.
    fn ends_condition(&self, closing: usize) -> bool {
        let before = self.before_mate(closing);
        before.is_some_and(|before| matches!(self.word(before), "if" | "while" | "for" | "with"))
    }

    /// `{…}` that is no object.
    fn ends_block(&self, closing: usize) -> bool {
        let Some(before) = self.before_mate(closing) else {
            return true;
        };
        let word = self.word(before);
        matches!(
            word,
            ")" | "=>" | ";" | "{" | "}" | "else" | "try" | "do" | "finally"
        )
    }

    fn before_mate(&self, closing: usize) -> Option<usize> {
        let mate = self.out.mates[closing];
        (mate != ALONE).then_some(mate as usize)?.checked_sub(1)
    }
}

/// Whether a byte may start a name. Those beyond ASCII are taken for letters.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'#' | b'@') || byte >= 0x80
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}
