//! Where in a text a rule could match at all.
//!
//! Two implementations of [`Prefilter`] give the same hits: a portable Aho-Corasick automaton, and a
//! bitmap of 4-grams that reads most text several times faster.

mod automaton;
mod bitmap;
mod probes;
mod rarity;
mod reorder;
#[cfg(test)]
mod tests;

pub use aho_corasick::BuildError;
pub use automaton::Automaton;
pub use bitmap::Bitmap;

/// A literal to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// At least three bytes.
    pub bytes: Vec<u8>,
    /// Whether ASCII letters match in either case.
    pub ignore_case: bool,
}

impl Literal {
    /// Whether it stands at offset `start` of `text`.
    fn stands_at(&self, text: &[u8], start: usize) -> bool {
        let Some(there) = text
            .get(start..)
            .and_then(|rest| rest.get(..self.bytes.len()))
        else {
            return false;
        };
        if self.ignore_case {
            there.eq_ignore_ascii_case(&self.bytes)
        } else {
            there == self.bytes
        }
    }
}

/// Where a literal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Offset of its first byte.
    pub start: usize,
    /// Index into the literals that the prefilter was made from.
    pub literal: u32,
}

/// Finds every occurrence of every literal, overlapping ones too, in order of [`Hit`].
pub trait Prefilter: Send + Sync {
    /// Calls `on_hit` for each.
    fn find(&self, text: &[u8], on_hit: &mut dyn FnMut(Hit));
}

/// The fastest prefilter for these literals: the bitmap, unless one is too short for it.
///
/// # Errors
/// When there is a literal of fewer than three bytes, and the literals are also too many for the
/// automaton.
pub fn best(literals: &[Literal]) -> Result<Box<dyn Prefilter>, BuildError> {
    match Bitmap::new(literals) {
        Some(bitmap) => Ok(Box::new(bitmap)),
        None => Ok(Box::new(Automaton::new(literals)?)),
    }
}
