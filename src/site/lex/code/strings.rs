//! The texts of a program.

use std::borrow::Cow;

use super::super::js::unescape;
use super::super::token::Kind;
use super::language::Language;

/// Longer marks before a quote are none.
const MAX_MARK: usize = 8;

/// A text, and where it ends.
pub(super) struct Literal {
    pub(super) kind: Kind,
    pub(super) end: usize,
}

/// The marks before the quotes of a text, the quotes, and what they mean.
struct Quotes<'t> {
    /// `r`, `$@`, and what else stands before the quote.
    mark: &'t str,
    quote: u8,
    /// How many quotes: 1 or 3.
    width: usize,
    /// How many `#` are part of them, as Rust has them.
    hashes: usize,
}

impl Quotes<'_> {
    fn is_raw(&self, language: Language) -> bool {
        match language {
            Language::Python | Language::Rust => self.mark.contains(['r', 'R']),
            Language::CSharp => self.mark.contains('@') || self.width == 3,
            Language::Go => self.quote == b'`',
            Language::Ruby => self.quote == b'\'',
            Language::Java => false,
        }
    }

    /// Whether values are put into it.
    fn is_filled(&self, language: Language) -> bool {
        match language {
            Language::Python => self.mark.contains(['f', 'F']),
            Language::CSharp => self.mark.contains('$'),
            Language::Ruby => self.quote == b'"',
            Language::Go | Language::Rust | Language::Java => false,
        }
    }
}

/// What starts at a place, if it is a text. It ends with the file where nothing closes it; in one of a line's length
/// it ends with the line.
pub(super) fn literal(text: &str, at: usize, language: Language) -> Option<Literal> {
    let bytes = text.as_bytes();
    if language == Language::Ruby && bytes[at] == b'%' {
        return percent(bytes, at);
    }
    let quotes = quotes(text, at, language)?;
    let start = at + quotes.mark.len() + quotes.hashes;
    if quotes.quote == b'\'' && language == Language::Rust && !is_char(&bytes[start..]) {
        return None;
    }
    let open = start + quotes.width;
    let end = if quotes.hashes > 0 || quotes.width == 3 {
        let mut closing = vec![quotes.quote; quotes.width];
        closing.resize(quotes.width + quotes.hashes, b'#');
        let is_escaping = quotes.width == 3 && !quotes.is_raw(language);
        closed(bytes, open, &closing, is_escaping)
    } else if quotes.quote == b'`' && language == Language::Go {
        closed(bytes, open, b"`", false)
    } else if quotes.is_raw(language) && language == Language::CSharp {
        doubled_end(bytes, open)
    } else if quotes.is_raw(language) && language == Language::Rust {
        closed(bytes, open, b"\"", false)
    } else if matches!(language, Language::Ruby | Language::Rust) && quotes.quote == b'"' {
        closed(bytes, open, b"\"", true)
    } else {
        quoted_end(bytes, start, quotes.quote)
    };
    Some(Literal {
        kind: Kind::Text,
        end,
    })
}

fn quotes(text: &str, at: usize, language: Language) -> Option<Quotes<'_>> {
    let bytes = &text.as_bytes()[at..];
    let is_mark = |byte: &&u8| match language {
        Language::Python => b"rRbBfFuUtT".contains(byte),
        Language::CSharp => b"$@".contains(byte),
        Language::Rust => b"rbc".contains(byte),
        Language::Ruby | Language::Go | Language::Java => false,
    };
    let marks = bytes.iter().take(MAX_MARK).take_while(is_mark).count();
    let mark = text.get(at..at + marks)?;
    let hashes = if language == Language::Rust && mark.contains('r') {
        bytes[marks..]
            .iter()
            .take_while(|byte| **byte == b'#')
            .count()
    } else {
        0
    };
    let quote = *bytes.get(marks + hashes)?;
    let is_quote = match language {
        Language::Go | Language::Ruby => b"\"'`".contains(&quote),
        _ => b"\"'".contains(&quote),
    };
    if !is_quote || (hashes > 0 && quote != b'"') {
        return None;
    }
    let has_long = match language {
        Language::Python => true,
        Language::CSharp | Language::Java => quote == b'"' && !mark.contains('@'),
        Language::Ruby | Language::Go | Language::Rust => false,
    };
    let is_long = has_long && bytes[marks..].starts_with(&[quote; 3]);
    Some(Quotes {
        mark,
        quote,
        width: if is_long { 3 } else { 1 },
        hashes,
    })
}

/// `'a'` or `'\n'`, and not a lifetime.
fn is_char(bytes: &[u8]) -> bool {
    let text = &bytes[1..bytes.len().min(16)];
    text.first() == Some(&b'\\') || memchr::memchr(b'\'', text).is_some_and(|at| at > 0 && at <= 4)
}

fn closed(bytes: &[u8], open: usize, closing: &[u8], is_escaping: bool) -> usize {
    let mut at = open;
    while at < bytes.len() {
        if is_escaping && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(closing) {
            return at + closing.len();
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The end of a text of C# in which a quote is written twice.
fn doubled_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        at += found + 1;
        if bytes.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The end of a text on one line, whose quote stands at `start`.
pub(super) fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// `%w[a b]`, `%q(…)`: words are a [`Kind::Template`], others are opaque.
fn percent(bytes: &[u8], at: usize) -> Option<Literal> {
    let letter = *bytes.get(at + 1)?;
    let open = *bytes.get(at + 2)?;
    let close = match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        b'|' | b'!' | b'/' => open,
        _ => return None,
    };
    if !b"wWiIqQrx".contains(&letter) {
        return None;
    }
    let kind = if b"wWiI".contains(&letter) {
        Kind::Template
    } else {
        Kind::Regex
    };
    let end = closed(bytes, at + 3, &[close], true);
    Some(Literal { kind, end })
}

/// The word that ends the text which `<<~WORD` starts, and where that ends.
pub(super) fn heredoc(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?.strip_prefix("<<")?;
    let word = rest.trim_start_matches(['~', '-']);
    let quoted = word.trim_start_matches(['\'', '"']);
    let length = quoted
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let is_word = quoted
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_uppercase());
    let end = text.len() - quoted.len() + length;
    let has_quote = word.len() != quoted.len() && text[end..].starts_with(['\'', '"']);
    is_word.then(|| (&quoted[..length], end + usize::from(has_quote)))
}

/// A piece of a text: what is written, or the names in dots whose value is put in.
pub(super) enum Piece<'t> {
    Text(Cow<'t, str>),
    Names(&'t str),
}

/// What a text says. `None` if more than names is put into it.
pub(super) fn pieces(word: &str, language: Language) -> Option<Vec<Piece<'_>>> {
    let quotes = quotes(word, 0, language)?;
    if quotes.quote == b'`' && language != Language::Go {
        return None;
    }
    let start = quotes.mark.len() + quotes.hashes + quotes.width;
    let inside = word.get(start..)?;
    let tail = quotes.width + quotes.hashes;
    let inside = inside.get(..inside.len().checked_sub(tail)?)?;
    if !quotes.is_filled(language) {
        return Some(vec![Piece::Text(plain(inside, &quotes, language))]);
    }
    let opening = if language == Language::Ruby {
        "#{"
    } else {
        "{"
    };
    let mut found = Vec::new();
    let mut rest = inside;
    while let Some(at) = rest.find(opening) {
        found.push(Piece::Text(plain(&rest[..at], &quotes, language)));
        let after = &rest[at + opening.len()..];
        let close = after.find('}')?;
        let names = after[..close].trim();
        let is_names = !names.is_empty()
            && names
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
        found.push(Piece::Names(is_names.then_some(names)?));
        rest = &after[close + 1..];
    }
    found.push(Piece::Text(plain(rest, &quotes, language)));
    Some(found)
}

fn plain<'t>(inside: &'t str, quotes: &Quotes<'_>, language: Language) -> Cow<'t, str> {
    if quotes.is_raw(language) {
        Cow::Borrowed(inside)
    } else {
        unescape(inside)
    }
}
