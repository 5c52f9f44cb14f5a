//! All literals in one Aho-Corasick automaton.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

use super::reorder::Reorder;
use super::{Hit, Literal, Prefilter};

/// A deterministic automaton: one table look-up a byte, on any processor, for literals of any
/// length. It ignores case; a literal that must not is compared again where it was found.
pub struct Automaton {
    automaton: AhoCorasick,
    literals: Vec<Literal>,
    longest: usize,
}

impl Automaton {
    /// Builds the tables; 500 literals take some milliseconds and a megabyte.
    ///
    /// # Errors
    /// When the literals are so many that their states cannot be numbered.
    pub fn new(literals: &[Literal]) -> Result<Self, BuildError> {
        let automaton = AhoCorasickBuilder::new()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(literals.iter().map(|literal| &literal.bytes))?;
        let longest = literals
            .iter()
            .map(|literal| literal.bytes.len())
            .max()
            .unwrap_or(0);
        Ok(Self {
            automaton,
            literals: literals.to_vec(),
            longest,
        })
    }
}

impl Prefilter for Automaton {
    fn find(&self, text: &[u8], on_hit: &mut dyn FnMut(Hit)) {
        let mut reorder = Reorder::default();
        for found in self.automaton.find_overlapping_iter(text) {
            // Matches come in order of their ends.
            reorder.settle(found.end().saturating_sub(self.longest), on_hit);
            let literal = found.pattern().as_u32();
            if self.literals[found.pattern()].stands_at(text, found.start()) {
                reorder.push(Hit {
                    start: found.start(),
                    literal,
                });
            }
        }
        reorder.finish(on_hit);
    }
}
