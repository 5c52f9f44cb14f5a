//! Arrays, objects, blocks, and chains of members.

use super::MAX_LEVELS;
use crate::detect::lexer::REACH;
use crate::detect::lexer::operators::operator_before;
use crate::detect::lexer::quotes::mark_before;
use crate::detect::lexer::source::{MAX_NAME, Source, Span, is_joined, is_word};

/// Words that say no more than that a name is a member of something.
const SELVES: [&[u8]; 8] = [
    b"this", b"self", b"static", b"parent", b"cls", b"_ENV", b"_SERVER", b"return",
];
/// Words before a bracket that say only what kind of value it opens.
const KINDS: [&[u8]; 7] = [
    b"array",
    b"object",
    b"dict",
    b"list",
    b"map",
    b"stdClass",
    b"Hash",
];
/// Words before a bracket that is no table.
const CONTROL: [&[u8]; 13] = [
    b"if",
    b"for",
    b"while",
    b"foreach",
    b"switch",
    b"catch",
    b"function",
    b"else",
    b"try",
    b"do",
    b"and",
    b"or",
    b"finally",
];

/// What a bracket says about the names in it.
enum Owner {
    /// They belong to the table of this name, whose own place is before it.
    Named(Span),
    /// Nothing; look further out.
    Unnamed,
    /// It is the body of a function or the like: nothing further out names them.
    Body,
}

/// The names of the enclosing tables, the innermost first.
pub(super) fn owners(source: Source<'_>, name: Span) -> Vec<Span> {
    let floor = name.start.saturating_sub(REACH);
    let mut levels = Vec::new();
    let mut at = chain(source, opening(source, name), &mut levels);
    while levels.len() < MAX_LEVELS {
        let Some(bracket) = enclosing(source, at, floor) else {
            break;
        };
        match owner(source, bracket) {
            Owner::Named(level) => {
                if !source.is_any(level, &SELVES) {
                    levels.push(level);
                }
                at = chain(source, opening(source, level), &mut levels).min(bracket);
            }
            Owner::Unnamed => at = bracket,
            Owner::Body => break,
        }
    }
    levels
}

/// Where the name starts with its quote.
fn opening(source: Source<'_>, name: Span) -> usize {
    mark_before(source, name.start).map_or(name.start, |mark| mark.start)
}

/// Collects what the name is a member of: `$config['mail']['name']`, `$this->mail->name`, `config.mail.name`.
/// Returns where the chain starts.
fn chain(source: Source<'_>, start: usize, levels: &mut Vec<Span>) -> usize {
    let mut at = start;
    while levels.len() < MAX_LEVELS {
        let Some(link) = link_before(source, at) else {
            break;
        };
        if !source.is_any(link, &SELVES) {
            levels.push(link);
        }
        at = opening(source, link);
    }
    at
}

fn link_before(source: Source<'_>, at: usize) -> Option<Span> {
    let end = match source.before(at) {
        b'[' => {
            let end = at - 1;
            if source.before(end) == b']' {
                let inner = mark_before(source, end - 1).map_or(end - 1, |mark| mark.start);
                let key = Span::new(source.skip_back(inner, MAX_NAME, is_joined), inner);
                return (!key.is_empty()).then_some(key);
            }
            end
        }
        b'.' => source.skip_back(at - 1, 1, |byte| byte == b'?'),
        b'>' if source.ends(at, b"->") => source.skip_back(at - 2, 1, |byte| byte == b'?'),
        b':' if source.ends(at, b"::") => at - 2,
        _ => return None,
    };
    let link = source.word_back(end);
    (!link.is_empty()).then_some(link)
}

/// The bracket that is open at the offset; strings on one line are stepped over.
fn enclosing(source: Source<'_>, from: usize, floor: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = from;
    loop {
        at = floor
            + source
                .slice(Span::new(floor, at))
                .iter()
                .rposition(counts)?;
        match source.at(at) {
            b'}' | b']' | b')' => depth += 1,
            b'{' | b'[' | b'(' if depth == 0 => return Some(at),
            b'{' | b'[' | b'(' => depth -= 1,
            _ => at = string_start(source, at, floor),
        }
    }
}

/// Whether a byte is a bracket or a quote: most are not, and a table tells.
fn counts(byte: &u8) -> bool {
    const COUNTS: [bool; 256] = {
        let mut counts = [false; 256];
        let bytes = b"{}[]()\"'";
        let mut at = 0;
        while at < bytes.len() {
            counts[bytes[at] as usize] = true;
            at += 1;
        }
        counts
    };
    COUNTS[usize::from(*byte)]
}

/// Where the string starts whose closing quote is at the offset; the offset itself if it closes none.
fn string_start(source: Source<'_>, close: usize, floor: usize) -> usize {
    let quote = source.at(close);
    let escaped = source.before(close) == b'\\';
    let mut at = close;
    while at > floor.max(close.saturating_sub(MAX_STRING)) {
        at -= 1;
        match source.at(at) {
            b'\n' => return close,
            byte if byte == quote && (source.before(at) == b'\\') == escaped => return at,
            _ => {}
        }
    }
    close
}

/// The longest string that is stepped over, in bytes; it bounds what unbalanced quotes cost.
const MAX_STRING: usize = 256;

fn owner(source: Source<'_>, bracket: usize) -> Owner {
    let mut before = source.space_back(bracket);
    let mut word = source.word_back(before);
    if source.at(bracket) == b'{' && source.before(before) == b')' {
        let digits = source.skip_back(before - 1, 12, |byte| byte.is_ascii_digit());
        word = source.word_back(digits.saturating_sub(1));
        if source.before(digits) != b'(' || !source.is_any(word, &KINDS) {
            return Owner::Body;
        }
    }
    if source.is_any(word, &KINDS) {
        before = source.space_back(word.start);
    } else if !word.is_empty() {
        return named(source, bracket, word);
    }
    if let Some(operator) = operator_before(source, before) {
        return label(source, operator).map_or(Owner::Unnamed, Owner::Named);
    }
    match mark_before(source, before) {
        Some(mark) if source.at(bracket) == b'{' => Owner::Named(joined_back(source, mark.start)),
        _ => Owner::Unnamed,
    }
}

fn named(source: Source<'_>, bracket: usize, word: Span) -> Owner {
    if source.is_any(word, &CONTROL) {
        return Owner::Body;
    }
    if source.at(bracket) == b'[' {
        Owner::Unnamed
    } else {
        Owner::Named(word)
    }
}

/// The name before an operator: `'name' =>`, `name:`, `[name] =>`.
fn label(source: Source<'_>, operator: usize) -> Option<Span> {
    let mut end = source.blanks_back(operator);
    if source.before(end) == b']' {
        end -= 1;
    }
    let end = mark_before(source, end).map_or(end, |mark| mark.start);
    let quoted = source.at(end) != b']'
        && !is_word(source.at(end))
        && mark_before(source, end + 1).is_some();
    let name = if quoted {
        joined_back(source, end)
    } else {
        source.word_back(end)
    };
    (!name.is_empty()).then_some(name)
}

fn joined_back(source: Source<'_>, end: usize) -> Span {
    Span::new(source.skip_back(end, MAX_NAME, is_joined), end)
}
