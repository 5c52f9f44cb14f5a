//! A set of 4-grams says where to look closer; a table of the same grams says for what.

use super::probes::{FARTHEST, Known, Probe, choose};
use super::reorder::Reorder;
use super::{Hit, Literal, Prefilter};
use crate::detect::simd::{GramSet, Positions, ROWS, STEP, fold, gram_at, row_of};

/// Looks up the 4-gram at every second position of the text in a small bitmap, and only where that
/// has it, in the table of literals.
pub struct Bitmap {
    set: GramSet,
    /// Where in `entries` those of each row begin; one more says where the last row's end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    literals: Vec<Literal>,
}

/// A probe of one literal.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// Folded; zero where unknown.
    gram: u32,
    known: u32,
    offset: i32,
    literal: u32,
}

impl Bitmap {
    /// Builds the tables. `None` when a literal has fewer than three bytes.
    pub fn new(literals: &[Literal]) -> Option<Self> {
        let mut probes = Vec::with_capacity(2 * literals.len());
        for (literal, index) in literals.iter().zip(0..) {
            probes.extend(choose(&literal.bytes)?.map(|probe| (probe, index)));
        }
        let mut set = GramSet::new();
        let mut starts = vec![0; ROWS + 1];
        for (probe, _) in &probes {
            let any_last = probe.known == Known::FirstThree;
            grams(probe).for_each(|gram| set.insert(gram, any_last));
        }
        in_rows(&probes, |row, _| starts[row + 1] += 1);
        for row in 0..ROWS {
            starts[row + 1] += starts[row];
        }
        let mut ends = starts.clone();
        let mut entries = vec![Entry::default(); starts[ROWS] as usize];
        in_rows(&probes, |row, &(probe, literal)| {
            let known = fold(probe.known.mask());
            entries[ends[row] as usize] = Entry {
                gram: probe.gram & known,
                known,
                offset: probe.offset,
                literal,
            };
            ends[row] += 1;
        });
        Some(Self {
            set,
            starts,
            entries,
            literals: literals.to_vec(),
        })
    }

    /// Pushes the hits whose probe stands at offset `at`.
    fn look(&self, text: &[u8], at: usize, reorder: &mut Reorder) {
        let gram = gram_at(text, at);
        let row = row_of(gram);
        let entries = self.starts[row] as usize..self.starts[row + 1] as usize;
        for entry in &self.entries[entries] {
            if gram & entry.known != entry.gram {
                continue;
            }
            let Some(start) = at.checked_add_signed(-entry.offset as isize) else {
                continue;
            };
            if self.literals[entry.literal as usize].stands_at(text, start) {
                reorder.push(Hit {
                    start,
                    literal: entry.literal,
                });
            }
        }
    }
}

impl Prefilter for Bitmap {
    fn find(&self, text: &[u8], on_hit: &mut dyn FnMut(Hit)) {
        let mut reorder = Reorder::default();
        let mut positions = Positions::new();
        for base in (0..text.len()).step_by(STEP) {
            self.set.probe(&text[base..], &mut positions);
            for &position in positions.as_slice() {
                let at = base + usize::from(position);
                // What is found here and later starts no farther back than this.
                reorder.settle(at.saturating_sub(FARTHEST), on_hit);
                self.look(text, at, &mut reorder);
            }
        }
        reorder.finish(on_hit);
    }
}

/// Calls `place` with each row that a probe has grams in, once.
fn in_rows(probes: &[(Probe, u32)], mut place: impl FnMut(usize, &(Probe, u32))) {
    let mut last = vec![usize::MAX; ROWS];
    for (number, probe) in probes.iter().enumerate() {
        for gram in grams(&probe.0) {
            let row = row_of(gram);
            if last[row] != number {
                last[row] = number;
                place(row, probe);
            }
        }
    }
}

/// One gram for each first byte that the probe may have, as far as they differ when folded.
fn grams(probe: &Probe) -> impl Iterator<Item = u32> {
    let (gram, last) = (
        probe.gram,
        if probe.known == Known::LastThree {
            255
        } else {
            0
        },
    );
    (0..=last)
        .filter(|first| fold(*first) == *first)
        .map(move |first| gram | first)
}
