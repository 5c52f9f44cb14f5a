//! A bitmap of 4-grams says where to look closer; a table of the same grams says for what.

use super::probes::{FARTHEST, Probe, rarest};
use super::reorder::Reorder;
use super::{Hit, Literal, Prefilter};
use crate::detect::simd::{LAST_BIT, ROWS, Rows, fold, probe, row_of};

/// Looks up the 4-gram at every second position of the text in a 32 KiB bitmap, and only where
/// that has it, in the table of literals.
pub struct Bitmap {
    rows: Box<Rows>,
    /// Where the entries of each row begin in `entries`, and where the last row's end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    literals: Vec<Literal>,
}

/// A probe of one literal, folded.
#[derive(Clone, Copy, Default)]
struct Entry {
    gram: u32,
    known: u32,
    offset: i32,
    literal: u32,
}

/// How many masks are made at a time: 4 KiB of text, which is still near when it is looked at again.
const MASKS: usize = 128;
const MASK_BITS: usize = u32::BITS as usize;
const LAST_BYTE: u32 = 0xff00_0000;

impl Bitmap {
    /// Builds the tables, in about a tenth of a millisecond for 500 literals.
    pub fn new(literals: &[Literal]) -> Self {
        let mut placed = Vec::new();
        for (index, literal) in literals.iter().enumerate() {
            for probe in rarest(literal).into_iter().flatten() {
                let entry = Entry {
                    gram: fold(probe.gram),
                    known: fold(probe.known),
                    offset: probe.offset,
                    literal: index as u32,
                };
                placed.extend(grams(&probe).map(|gram| (row_of(gram) as u32, entry)));
            }
        }
        placed.sort_unstable_by_key(|&(row, entry)| (row, entry.literal, entry.offset));
        placed.dedup_by_key(|&mut (row, entry)| (row, entry.literal, entry.offset));
        let mut rows: Box<Rows> = Box::new([0; ROWS]);
        let mut starts = vec![0; ROWS + 1];
        for &(row, entry) in &placed {
            rows[row as usize] |= entry.last_bits();
            starts[row as usize + 1] += 1;
        }
        for row in 0..ROWS {
            starts[row + 1] += starts[row];
        }
        let entries = placed.into_iter().map(|(_, entry)| entry).collect();
        Self {
            rows,
            starts,
            entries,
            literals: literals.to_vec(),
        }
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
        let mut masks = [0; MASKS];
        for base in (0..text.len()).step_by(MASKS * MASK_BITS) {
            let count = (text.len() - base).div_ceil(MASK_BITS).min(MASKS);
            let masks = &mut masks[..count];
            probe(&self.rows, &text[base..], masks);
            for (index, &mut mut mask) in masks.iter_mut().enumerate() {
                while mask != 0 {
                    let at = base + index * MASK_BITS + mask.trailing_zeros() as usize;
                    mask &= mask - 1;
                    // What is found here and later starts no farther back than this.
                    reorder.settle(at.saturating_sub(FARTHEST), on_hit);
                    self.look(text, at, &mut reorder);
                }
            }
        }
        reorder.finish(on_hit);
    }
}

impl Entry {
    /// The bits of a row that the last byte of the gram may have.
    fn last_bits(&self) -> u32 {
        if self.known & LAST_BYTE == 0 {
            u32::MAX
        } else {
            LAST_BIT >> (self.gram >> 24 & 31)
        }
    }
}

/// One gram for each first byte that the probe may have, as far as they differ when folded.
fn grams(probe: &Probe) -> impl Iterator<Item = u32> {
    let gram = probe.gram;
    let count = if probe.known & 0xff == 0 { 256 } else { 1 };
    (0..count)
        .map(move |first| gram | first)
        .filter(move |&gram| gram & 0x20 == 0 || count == 1)
}

/// The four bytes at offset `at`, with zeros for those behind the end.
fn gram_at(text: &[u8], at: usize) -> u32 {
    let mut bytes = [0; 4];
    let rest = &text[at..];
    let here = rest.len().min(4);
    bytes[..here].copy_from_slice(&rest[..here]);
    u32::from_le_bytes(bytes)
}
