//! From a template's text to its pieces.

use super::TemplateError;
use super::encode::Transform;
use super::random;

const OPEN: char = '⟦';
const CLOSE: char = '⟧';
/// Random characters that one `{class:n}` may draw.
const MAX_DRAW: usize = 10_000;
/// Brackets within brackets; the parser calls itself.
const MAX_DEPTH: usize = 16;

/// One piece; `at` is its offset in the template.
pub(super) enum Piece<'t> {
    Literal {
        text: &'t str,
        at: usize,
    },
    Random {
        alphabet: &'static [u8],
        count: usize,
        at: usize,
    },
    Recall {
        name: &'t str,
        at: usize,
    },
    Remember {
        name: &'t str,
        inside: Vec<Piece<'t>>,
        at: usize,
    },
    Transformed {
        how: Transform,
        inside: Vec<Piece<'t>>,
        at: usize,
    },
    Secret {
        inside: Vec<Piece<'t>>,
        at: usize,
    },
}

impl Piece<'_> {
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Literal { at, .. }
            | Self::Random { at, .. }
            | Self::Recall { at, .. }
            | Self::Remember { at, .. }
            | Self::Transformed { at, .. }
            | Self::Secret { at, .. } => *at,
        }
    }
}

/// What a `{` begins.
enum Head<'t> {
    Random(&'static [u8], usize),
    Recall(&'t str),
    Remember(&'t str),
    Transform(Transform),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    End,
    Brace,
    Secret,
}

pub(super) struct Parser<'t> {
    template: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(template: &'t str, at: usize) -> Self {
        Self {
            template,
            at,
            depth: 0,
        }
    }

    pub(super) fn pieces(mut self) -> Result<Vec<Piece<'t>>, TemplateError> {
        self.sequence(Until::End, 0)
    }

    /// Reads up to and over the closing bracket of what was opened at `opened`.
    fn sequence(&mut self, until: Until, opened: usize) -> Result<Vec<Piece<'t>>, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = self.at;
        let mut literal_braces = 0usize;
        while let Some(c) = self.template[self.at..].chars().next() {
            let here = self.at;
            let closes = match c {
                '}' if until == Until::Brace && literal_braces == 0 => true,
                CLOSE if until == Until::Secret => true,
                CLOSE => return Err(TemplateError::new(here, "`⟧` without its `⟦`")),
                _ => false,
            };
            if closes {
                self.push_literal(&mut pieces, literal..here);
                self.at += c.len_utf8();
                return Ok(pieces);
            }
            if let Some(piece) = self.piece_here(c)? {
                self.push_literal(&mut pieces, literal..here);
                pieces.push(piece);
                literal = self.at;
                continue;
            }
            match c {
                '{' => literal_braces += 1,
                '}' => literal_braces = literal_braces.saturating_sub(1),
                _ => {}
            }
            self.at += c.len_utf8();
        }
        self.push_literal(&mut pieces, literal..self.at);
        match until {
            Until::End => Ok(pieces),
            Until::Brace => Err(TemplateError::new(opened, "`{` without its `}`")),
            Until::Secret => Err(TemplateError::new(opened, "`⟦` without its `⟧`")),
        }
    }

    fn push_literal(&self, pieces: &mut Vec<Piece<'t>>, span: std::ops::Range<usize>) {
        if !span.is_empty() {
            let at = span.start;
            let text = &self.template[span];
            pieces.push(Piece::Literal { text, at });
        }
    }

    /// Reads the piece that begins here, if one does.
    fn piece_here(&mut self, c: char) -> Result<Option<Piece<'t>>, TemplateError> {
        let at = self.at;
        if c == OPEN {
            self.at += OPEN.len_utf8();
            let inside = self.nested(Until::Secret, at)?;
            return Ok(Some(Piece::Secret { inside, at }));
        }
        if c != '{' {
            return Ok(None);
        }
        let Some((head, length)) = head(&self.template[at..]) else {
            return Ok(None);
        };
        self.at += length;
        Ok(Some(match head {
            Head::Random(_, count) if count == 0 || count > MAX_DRAW => {
                let reason = format!("draw 1 to {MAX_DRAW} characters, not {count}");
                return Err(TemplateError::new(at, reason));
            }
            Head::Random(alphabet, count) => Piece::Random {
                alphabet,
                count,
                at,
            },
            Head::Recall(name) => Piece::Recall { name, at },
            Head::Remember(name) => Piece::Remember {
                name,
                inside: self.nested(Until::Brace, at)?,
                at,
            },
            Head::Transform(how) => Piece::Transformed {
                how,
                inside: self.nested(Until::Brace, at)?,
                at,
            },
        }))
    }

    fn nested(&mut self, until: Until, opened: usize) -> Result<Vec<Piece<'t>>, TemplateError> {
        if self.depth == MAX_DEPTH {
            let reason = format!("more than {MAX_DEPTH} brackets within brackets; use fewer");
            return Err(TemplateError::new(opened, reason));
        }
        self.depth += 1;
        let pieces = self.sequence(until, opened)?;
        self.depth -= 1;
        Ok(pieces)
    }
}

/// Reads `{class:n}`, `{@name}`, `{=name|` or `{transform|`; any other brace is text.
fn head(text: &str) -> Option<(Head<'_>, usize)> {
    let rest = text.strip_prefix('{')?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '=')?;
    let (word, after) = rest.split_at(end);
    let to_bar = 1 + end + 1;
    match (word.as_bytes().first()?, after.as_bytes().first()?) {
        (b'@', b'}') => Some((Head::Recall(name(&word[1..])?), to_bar)),
        (b'=', b'|') => Some((Head::Remember(name(&word[1..])?), to_bar)),
        (_, b'|') => Some((Head::Transform(Transform::named(word)?), to_bar)),
        (_, b':') => {
            let alphabet = random::alphabet(word)?;
            let digits = after[1..].split_once('}')?.0;
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let count = digits.parse().unwrap_or(usize::MAX);
            Some((Head::Random(alphabet, count), to_bar + digits.len() + 1))
        }
        _ => None,
    }
}

fn name(word: &str) -> Option<&str> {
    (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(word)
}
