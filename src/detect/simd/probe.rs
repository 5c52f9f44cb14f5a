//! The first stages of the 4-gram prefilter: which even positions of a text hold a known gram.
//!
//! A bitmap small enough for a first-level cache is asked about every even position; what passes
//! is asked again in a second table, without a branch. A positive is then almost always true.

/// Number of rows in each table; with 32 bits a row it fills 16 KiB.
pub(in crate::detect) const ROWS: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 12;

/// The bit that stands for a byte whose low five bits are zero.
const FIRST_BIT: u32 = 1 << 31;
/// Keeps of each byte what is the same for a letter in either case.
const FOLD: u32 = 0xdfdf_dfdf;
const FIRST_THREE: u32 = 0x00ff_ffff;
/// Odd, with its bits well spread: 2^32 divided by the golden ratio.
const MULTIPLIER: u32 = 0x9e37_79b1;
/// Where in the product the bits stand that tell apart grams of one row.
const TAG_SHIFT: u32 = 32 - ROW_BITS - 5;

/// Bytes of text that one mask stands for.
const MASK_BITS: usize = u32::BITS as usize;
/// The gram at the last even position of a mask ends this many bytes behind it.
const LOOK_AHEAD: usize = 2;
/// Positions that are written out for each mask without counting them first.
const AT_ONCE: usize = 4;
const MASKS: usize = 16;

/// How much text one probe looks at, in bytes.
pub(in crate::detect) const STEP: usize = MASKS * MASK_BITS;

/// A set of 4-grams, with letters of either case taken as one.
#[derive(Clone)]
pub(in crate::detect) struct GramSet {
    /// By the hash of its first three bytes: a bit for the last.
    last_bytes: Box<[u32; ROWS]>,
    /// In the same row: a bit for another hash of the first three.
    tags: Box<[u32; ROWS]>,
    /// Asked once, as a probe takes little longer than the answer.
    #[cfg(target_arch = "x86_64")]
    has_avx2: bool,
}

/// The positions that a probe has found, in ascending order.
pub(in crate::detect) struct Positions {
    /// Relative to the start of the text that was probed.
    found: [u16; STEP / 2 + AT_ONCE],
    count: usize,
}

/// The gram as the set sees it: letters of either case are one, and so are a few signs.
pub(in crate::detect) fn fold(gram: u32) -> u32 {
    gram & FOLD
}

/// The row of a gram, whose first byte is the lowest.
pub(in crate::detect) fn row_of(gram: u32) -> usize {
    (mix(gram) >> (32 - ROW_BITS)) as usize
}

/// The four bytes at offset `at`, with zeros for those behind the end.
#[inline]
pub(in crate::detect) fn gram_at(text: &[u8], at: usize) -> u32 {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(&gram) = rest.first_chunk() {
        return u32::from_le_bytes(gram);
    }
    rest.iter()
        .rev()
        .fold(0, |gram, &byte| gram << 8 | u32::from(byte))
}

#[inline]
fn mix(gram: u32) -> u32 {
    (gram & FOLD & FIRST_THREE).wrapping_mul(MULTIPLIER)
}

impl Positions {
    pub(in crate::detect) fn new() -> Self {
        Self {
            found: [0; STEP / 2 + AT_ONCE],
            count: 0,
        }
    }

    pub(in crate::detect) fn as_slice(&self) -> &[u16] {
        &self.found[..self.count]
    }

    /// Takes those that the masks say.
    #[inline(always)]
    fn take(&mut self, masks: &[u32]) {
        self.count = 0;
        for (index, &mask) in masks.iter().enumerate() {
            let (base, mut rest, mut end) = ((index * MASK_BITS) as u16, mask, self.count);
            // Few masks have more bits than this: one branch a mask, and nearly always the same.
            loop {
                for place in &mut self.found[end..end + AT_ONCE] {
                    *place = base + rest.trailing_zeros() as u16;
                    rest &= rest.wrapping_sub(1);
                }
                if rest == 0 {
                    break;
                }
                end += AT_ONCE;
            }
            self.count += mask.count_ones() as usize;
        }
    }

    /// Keeps those whose gram also has its tag.
    #[inline(always)]
    fn retain_tagged(&mut self, set: &GramSet, text: &[u8]) {
        let mut kept = 0;
        for index in 0..self.count {
            let at = self.found[index];
            let mixed = mix(gram_at(text, usize::from(at)));
            let tags = set.tags[(mixed >> (32 - ROW_BITS)) as usize];
            self.found[kept] = at;
            kept += (tags.wrapping_shl(mixed >> TAG_SHIFT) >> 31) as usize;
        }
        self.count = kept;
    }
}

impl GramSet {
    pub(in crate::detect) fn new() -> Self {
        Self {
            last_bytes: Box::new([0; ROWS]),
            tags: Box::new([0; ROWS]),
            #[cfg(target_arch = "x86_64")]
            has_avx2: super::has_avx2(),
        }
    }

    /// Puts in a gram; with `any_last`, all grams that begin with its first three bytes.
    pub(in crate::detect) fn insert(&mut self, gram: u32, any_last: bool) {
        let row = row_of(gram);
        self.last_bytes[row] |= if any_last {
            u32::MAX
        } else {
            FIRST_BIT >> (gram >> 24 & 31)
        };
        self.tags[row] |= FIRST_BIT >> (mix(gram) >> TAG_SHIFT & 31);
    }

    /// Finds the even offsets in the first [`STEP`] bytes of `text` at which a known gram stands,
    /// and, seldom, others. A gram that reaches over the end of `text` is filled up with zeros.
    pub(in crate::detect) fn probe(&self, text: &[u8], positions: &mut Positions) {
        #[cfg(target_arch = "x86_64")]
        if self.has_avx2 {
            // SAFETY: AVX2 and the bit instructions are there.
            return unsafe { self.probe_avx2(text, positions) };
        }
        self.probe_with(text, positions, |text, masks| {
            self.masks_scalar(text, masks);
        });
    }

    /// `fill` sets bit `b` of mask `m` where the last byte is right for offset `32 * m + b`. The
    /// text that it gets reaches [`LOOK_AHEAD`] bytes farther than the masks.
    #[inline(always)]
    fn probe_with(&self, text: &[u8], positions: &mut Positions, fill: impl Fn(&[u8], &mut [u32])) {
        let mut masks = [0; MASKS];
        let count = text.len().div_ceil(MASK_BITS).min(MASKS);
        let whole = (text.len().saturating_sub(LOOK_AHEAD) / MASK_BITS).min(count);
        let (whole_masks, rest_masks) = masks[..count].split_at_mut(whole);
        fill(text, whole_masks);
        // At most two: the last may begin in the last bytes of the text.
        for (index, mask) in rest_masks.iter_mut().enumerate() {
            let rest = &text[(whole + index) * MASK_BITS..];
            let mut padded = [0; MASK_BITS + LOOK_AHEAD];
            let here = rest.len().min(padded.len());
            padded[..here].copy_from_slice(&rest[..here]);
            fill(&padded, std::slice::from_mut(mask));
            if rest.len() < MASK_BITS {
                *mask &= (1 << rest.len()) - 1;
            }
        }
        positions.take(&masks[..count]);
        positions.retain_tagged(self, text);
    }

    fn masks_scalar(&self, text: &[u8], masks: &mut [u32]) {
        for (index, mask) in masks.iter_mut().enumerate() {
            *mask = 0;
            let bytes = &text[index * MASK_BITS..][..MASK_BITS + LOOK_AHEAD];
            for (gram, offset) in bytes.windows(4).step_by(2).zip((0..).step_by(2)) {
                let gram = u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]);
                let bits = self.last_bytes[row_of(gram)];
                *mask |= bits.wrapping_shl(gram >> 24) >> 31 << offset;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{
        FIRST_THREE, FOLD, GramSet, LOOK_AHEAD, MASK_BITS, MULTIPLIER, Positions, ROW_BITS, ROWS,
    };
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_blend_epi16, _mm256_loadu_si256, _mm256_movemask_epi8,
        _mm256_mullo_epi32, _mm256_set1_epi32, _mm256_setr_epi32, _mm256_sllv_epi32,
        _mm256_srli_epi32, _mm256_storeu_si256,
    };

    impl GramSet {
        /// The same as [`GramSet::probe`] without vectors.
        #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
        pub(super) fn probe_avx2(&self, text: &[u8], positions: &mut Positions) {
            self.probe_with(text, positions, |text, masks| {
                assert!(masks.is_empty() || text.len() >= masks.len() * MASK_BITS + LOOK_AHEAD);
                // SAFETY: AVX2 is there, and the text is long enough.
                unsafe { self.masks_avx2(text, masks) };
            });
        }

        /// The same as [`GramSet::masks_scalar`].
        ///
        /// # Safety
        /// `text` must reach [`LOOK_AHEAD`] bytes farther than the masks.
        #[target_feature(enable = "avx2")]
        pub(super) unsafe fn masks_avx2(&self, text: &[u8], masks: &mut [u32]) {
            for (index, mask) in masks.iter_mut().enumerate() {
                // SAFETY: the last load ends LOOK_AHEAD bytes behind what the mask stands for.
                let (fours, between) = unsafe {
                    let start = text.as_ptr().add(index * MASK_BITS);
                    (
                        self.last_bytes_of(_mm256_loadu_si256(start.cast())),
                        self.last_bytes_of(_mm256_loadu_si256(start.add(2).cast())),
                    )
                };
                // The sign of each lane says yes; the steps of four get the lower half of a lane.
                let both =
                    _mm256_blend_epi16::<0b1010_1010>(_mm256_srli_epi32::<16>(fours), between);
                // A half's sign is in its odd byte, one behind the even position it stands for.
                *mask = (_mm256_movemask_epi8(both).cast_unsigned() >> 1) & 0x5555_5555;
            }
        }

        /// In the sign of each lane: whether its last byte is one for its row.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn last_bytes_of(&self, grams: __m256i) -> __m256i {
            let first_three = _mm256_set1_epi32((FOLD & FIRST_THREE).cast_signed());
            let multiplier = _mm256_set1_epi32(MULTIPLIER.cast_signed());
            let mixed = _mm256_mullo_epi32(_mm256_and_si256(grams, first_three), multiplier);
            let bits = self.rows_of(_mm256_srli_epi32::<{ 32 - ROW_BITS as i32 }>(mixed));
            let last = _mm256_and_si256(_mm256_srli_epi32::<24>(grams), _mm256_set1_epi32(31));
            _mm256_sllv_epi32(bits, last)
        }

        /// Looks up eight rows. One load each is a third faster than one gather for all on the processors of one
        /// maker, and on those of the other where their microcode mends Downfall:
        /// <https://www.intel.com/content/www/us/en/developer/articles/technical/software-security-guidance/advisory-guidance/gather-data-sampling.html>.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn rows_of(&self, numbers: __m256i) -> __m256i {
            let mut rows = [0; 8];
            // SAFETY: the array has the 32 bytes that are written; no alignment is needed.
            unsafe { _mm256_storeu_si256(rows.as_mut_ptr().cast(), numbers) };
            let row = |index: usize| {
                let number: u32 = rows[index];
                self.last_bytes[number as usize % ROWS].cast_signed()
            };
            _mm256_setr_epi32(
                row(0),
                row(1),
                row(2),
                row(3),
                row(4),
                row(5),
                row(6),
                row(7),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set_of(grams: &[[u8; 4]]) -> GramSet {
        let mut set = GramSet::new();
        for &gram in grams {
            set.insert(u32::from_le_bytes(gram), false);
        }
        set
    }

    fn probed(set: &GramSet, text: &[u8]) -> Vec<u16> {
        let mut positions = Positions::new();
        set.probe(text, &mut positions);
        positions.as_slice().to_vec()
    }

    #[test]
    fn finds_a_gram_at_every_even_offset_and_at_no_odd_one() {
        let set = set_of(&[*b"Pass"]);
        for offset in 0..100 {
            let mut text = vec![b'.'; 104];
            text[offset..offset + 4].copy_from_slice(b"pASS");
            let expected = if offset % 2 == 0 {
                vec![offset as u16]
            } else {
                vec![]
            };
            assert_eq!(probed(&set, &text), expected);
        }
    }

    #[test]
    fn finds_as_many_as_there_can_be_and_nothing_behind_its_step() {
        let text = [b'a'; STEP + 100];
        let expected: Vec<_> = (0..STEP as u16).step_by(2).collect();
        assert_eq!(probed(&set_of(&[*b"aaaa"]), &text), expected);
    }

    #[test]
    fn fills_a_gram_up_with_zeros_at_the_end() {
        assert_eq!(probed(&set_of(&[*b"ab\0\0"]), b"xxab"), [2]);
        assert_eq!(probed(&set_of(&[*b"b\0\0\0"]), b"xxab"), [0; 0]);
        assert_eq!(probed(&set_of(&[*b"\0\0\0\0"]), b""), [0; 0]);
    }

    proptest! {
        #[test]
        fn both_versions_find_every_gram(
            text in prop::collection::vec(any::<u8>(), 4..2 * STEP),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        ) {
            let starts: Vec<_> = picks.iter().map(|pick| pick.index(text.len() - 3)).collect();
            let mut set = GramSet::new();
            for &start in &starts {
                set.insert(gram_at(&text, start), start % 7 == 0);
            }
            let mut scalar = Positions::new();
            set.probe_with(&text, &mut scalar, |text, masks| set.masks_scalar(text, masks));
            for start in starts {
                let found = scalar.as_slice().binary_search(&(start as u16)).is_ok();
                prop_assert_eq!(found || start >= STEP, start % 2 == 0 || start >= STEP);
            }
            #[cfg(target_arch = "x86_64")]
            if super::super::has_avx2() {
                let mut vector = Positions::new();
                // SAFETY: the instructions are there.
                unsafe { set.probe_avx2(&text, &mut vector) };
                prop_assert_eq!(vector.as_slice(), scalar.as_slice());
            }
        }
    }
}
