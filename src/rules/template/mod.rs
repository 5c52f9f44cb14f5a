//! Examples that hold no live-looking credential: a template is rendered when it is needed.
//!
//! | in the template | becomes |
//! | --- | --- |
//! | `{hex:32}` | that many random characters of a class |
//! | `{b64\|…}`, `{b64url\|…}`, `{hexenc\|…}`, `{pct\|…}` | the rendered inside, encoded |
//! | `{crc62\|…}` | the rendered inside, and its CRC-32 in base 62, six characters |
//! | `{len\|…}` | the length of the rendered inside in bytes, nothing else |
//! | `{=a\|…}` | the rendered inside, remembered as `a` |
//! | `{@a}` | what `a` is |
//! | `⟦…⟧` | the inside; it is the secret |
//!
//! Any other brace is itself, so that JSON and code read as they are; inside of `{b64|…}` and its like
//! literal braces have to be balanced.
//!
//! Where `⟦…⟧` stands inside an encoding, the secret is all that the outermost such encoding
//! writes, since that is what has to be masked in the file. `{crc62|…}` and `{=a|…}` keep the bytes of
//! their inside and are no encodings in this sense. What `{@a}` repeats is not marked again.
//!
//! Classes: `hex`, `HEX`, `digit`, `lower`, `upper`, `base36` (`0-9a-z`), `BASE36` (`0-9A-Z`), `base62`,
//! `base64` (`+/`), `base64url` (`-_`), `base58`, `base32` (`A-Z2-7`).
//! A first line `@path` is the path of the example; without it the file is `example.txt`.

mod encode;
mod parse;
mod random;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use encode::Transform;
use parse::{Parser, Piece};
use random::SplitMix64;

/// Longest example, in bytes. Remembered texts can be doubled over and over.
const MAX_RENDERED: usize = 1 << 20;

/// A rendered template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Forward slashes, relative.
    pub path: String,
    /// What the file holds.
    pub text: Vec<u8>,
    /// Where in `text` the secret stands; `None` when the template marks none.
    pub secret: Option<Range<usize>>,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Offset in the template, in bytes.
    pub at: usize,
    /// What is wrong, and how to mend it.
    pub reason: String,
}

impl TemplateError {
    fn new(at: usize, reason: impl Into<String>) -> Self {
        Self {
            at,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {} of the template)", self.reason, self.at)
    }
}

impl std::error::Error for TemplateError {}

/// Renders a template; the same seed gives the same text.
///
/// # Errors
/// The template is malformed: a bracket without its counterpart, a name that was not remembered
/// before, a second secret, more than 1 MiB of text.
pub fn render(template: &str, seed: u64) -> Result<Example, TemplateError> {
    let (path, body) = split_path(template);
    let pieces = Parser::new(template, template.len() - body.len()).pieces()?;
    let mut renderer = Renderer {
        random: SplitMix64::new(seed),
        remembered: BTreeMap::new(),
    };
    let rendered = renderer.render(&pieces)?;
    Ok(Example {
        path: path.unwrap_or("example.txt").to_owned(),
        text: rendered.text,
        secret: rendered.secret,
    })
}

fn split_path(template: &str) -> (Option<&str>, &str) {
    match template
        .strip_prefix('@')
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((path, body)) => (Some(path.trim_end()), body),
        None => (None, template),
    }
}

#[derive(Default)]
struct Rendered {
    text: Vec<u8>,
    secret: Option<Range<usize>>,
}

impl Rendered {
    fn append(&mut self, part: &Self, at: usize) -> Result<(), TemplateError> {
        if self.text.len() + part.text.len() > MAX_RENDERED {
            let reason = format!("the example is longer than {MAX_RENDERED} bytes; shorten it");
            return Err(TemplateError::new(at, reason));
        }
        if let Some(secret) = &part.secret {
            let shift = self.text.len();
            self.mark(secret.start + shift..secret.end + shift, at)?;
        }
        self.text.extend_from_slice(&part.text);
        Ok(())
    }

    fn mark(&mut self, secret: Range<usize>, at: usize) -> Result<(), TemplateError> {
        if self.secret.replace(secret).is_some() {
            let reason = "a second `⟦…⟧`; an example marks one secret, so write two examples";
            return Err(TemplateError::new(at, reason));
        }
        Ok(())
    }
}

struct Renderer<'t> {
    random: SplitMix64,
    remembered: BTreeMap<&'t str, Vec<u8>>,
}

impl<'t> Renderer<'t> {
    fn render(&mut self, pieces: &[Piece<'t>]) -> Result<Rendered, TemplateError> {
        let mut whole = Rendered::default();
        for piece in pieces {
            let part = self.piece(piece)?;
            whole.append(&part, piece.at())?;
        }
        Ok(whole)
    }

    fn piece(&mut self, piece: &Piece<'t>) -> Result<Rendered, TemplateError> {
        match piece {
            Piece::Literal { text, .. } => Ok(plain(text.as_bytes().to_vec())),
            Piece::Random {
                alphabet, count, ..
            } => Ok(plain(self.random.draw(alphabet, *count))),
            Piece::Recall { name, at } => match self.remembered.get(name) {
                Some(text) => Ok(plain(text.clone())),
                None => Err(TemplateError::new(
                    *at,
                    format!("`{{@{name}}}` comes before any `{{={name}|…}}`; remember it first"),
                )),
            },
            Piece::Remember { name, inside, .. } => {
                let rendered = self.render(inside)?;
                self.remembered.insert(name, rendered.text.clone());
                Ok(rendered)
            }
            Piece::Secret { inside, at } => {
                let mut rendered = self.render(inside)?;
                rendered.mark(0..rendered.text.len(), *at)?;
                Ok(rendered)
            }
            Piece::Transformed { how, inside, .. } => {
                let rendered = self.render(inside)?;
                Ok(transformed(*how, rendered))
            }
        }
    }
}

fn plain(text: Vec<u8>) -> Rendered {
    Rendered { text, secret: None }
}

fn transformed(how: Transform, inside: Rendered) -> Rendered {
    let text = how.apply(&inside.text);
    let secret = match inside.secret {
        Some(secret) if how.keeps_bytes() => Some(secret),
        Some(_) => Some(0..text.len()),
        None => None,
    };
    Rendered { text, secret }
}
