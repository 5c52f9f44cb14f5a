//! The tokens of an expression.

use super::Part;

/// So long an expression is looked at.
const MAX_LENGTH: usize = 8 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a number, an operator such as `==` or `-f`.
    Word(String),
    Text(Vec<PartText>),
    Regex(String, bool),
    Variable(String),
    Group(usize),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

/// As [`Part`], comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PartText {
    Literal(String),
    Variable(String),
    Group(usize),
}

impl PartText {
    pub(super) fn part(self) -> Part {
        match self {
            Self::Literal(text) => Part::Literal(text),
            Self::Variable(name) => Part::Variable(name),
            Self::Group(number) => Part::Group(number),
        }
    }
}

/// Takes an expression apart; `None` if it cannot be read.
pub(super) fn tokens(source: &str) -> Option<Vec<Token>> {
    if source.len() > MAX_LENGTH {
        return None;
    }
    let chars: Vec<char> = source.chars().collect();
    let mut at = 0;
    let mut found: Vec<Token> = Vec::new();
    while let Some(&next) = chars.get(at) {
        let rest = &chars[at..];
        let (token, length) = match next {
            _ if next.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '{' => (Token::OpenList, 1),
            '}' => (Token::CloseList, 1),
            ',' => (Token::Comma, 1),
            '"' | '\'' => quoted(rest)?,
            '%' => variable(rest)?,
            '$' => (Token::Group(digit(*rest.get(1)?)?), 2),
            '/' => regex(rest, 1)?,
            'm' if rest
                .get(1)
                .is_some_and(|open| "/#$%^|?!'\",;:._-".contains(*open)) =>
            {
                regex(rest, 2)?
            }
            '=' | '!' | '<' | '>' | '&' | '|' => operator(rest)?,
            '-' => taken(rest, |next, at| at == 0 || next.is_ascii_alphabetic())?,
            _ => taken(rest, |next, _| {
                next.is_ascii_alphanumeric() || "_.:".contains(next)
            })?,
        };
        found.push(token);
        at += length;
    }
    Some(found)
}

fn digit(next: char) -> Option<usize> {
    next.to_digit(10).map(|digit| digit as usize)
}

fn taken(rest: &[char], is_part: impl Fn(char, usize) -> bool) -> Option<(Token, usize)> {
    let length = rest
        .iter()
        .enumerate()
        .take_while(|&(at, &next)| is_part(next, at))
        .count();
    (length > 0).then(|| (Token::Word(rest[..length].iter().collect()), length))
}

fn operator(rest: &[char]) -> Option<(Token, usize)> {
    let two: String = rest.iter().take(2).collect();
    let known = ["==", "!=", "<=", ">=", "=~", "!~", "&&", "||"];
    let word = match known.contains(&&*two) {
        true => two,
        false => two
            .chars()
            .next()
            .filter(|next| "<>!=".contains(*next))?
            .to_string(),
    };
    let length = word.len();
    Some((Token::Word(word), length))
}

/// `%{NAME}`, `%{name:argument}`.
fn variable(rest: &[char]) -> Option<(Token, usize)> {
    let end = rest.iter().position(|&next| next == '}')?;
    (rest.get(1) == Some(&'{')).then(|| (Token::Variable(rest[2..end].iter().collect()), end + 1))
}

/// `/x/i`, `m#x#i`.
fn regex(rest: &[char], start: usize) -> Option<(Token, usize)> {
    let close = rest[start - 1];
    let mut at = start;
    let mut source = String::new();
    while *rest.get(at)? != close {
        if rest[at] == '\\' && rest.get(at + 1) == Some(&close) {
            at += 1;
        } else if rest[at] == '\\' {
            source.push('\\');
            at += 1;
        }
        source.push(*rest.get(at)?);
        at += 1;
    }
    at += 1;
    let flags: String = rest[at..]
        .iter()
        .take_while(|next| next.is_ascii_alphabetic())
        .collect();
    let ignores_case = flags.contains('i');
    Some((Token::Regex(source, ignores_case), at + flags.len()))
}

fn quoted(rest: &[char]) -> Option<(Token, usize)> {
    let close = *rest.first()?;
    let mut parts: Vec<PartText> = Vec::new();
    let mut literal = String::new();
    let mut at = 1;
    loop {
        let next = *rest.get(at)?;
        let part = match next {
            _ if next == close => break,
            '\\' => {
                literal.push(*rest.get(at + 1)?);
                at += 2;
                continue;
            }
            '%' if rest.get(at + 1) == Some(&'{') => variable(&rest[at..]),
            '$' => rest
                .get(at + 1)
                .and_then(|&next| Some((Token::Group(digit(next)?), 2))),
            _ => None,
        };
        match part {
            Some((Token::Variable(name), length)) => {
                parts.push(PartText::Literal(std::mem::take(&mut literal)));
                parts.push(PartText::Variable(name));
                at += length;
            }
            Some((Token::Group(number), length)) => {
                parts.push(PartText::Literal(std::mem::take(&mut literal)));
                parts.push(PartText::Group(number));
                at += length;
            }
            _ => {
                literal.push(next);
                at += 1;
            }
        }
    }
    parts.push(PartText::Literal(literal));
    Some((Token::Text(parts), at + 1))
}
