//! The first stage of the 4-gram prefilter: which even positions of a text could hold a known gram.

/// Number of rows in the bitmap. With 32 bits a row it fills 32 KiB, so that it stays in a
/// first-level cache.
pub(in crate::detect) const ROWS: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 13;

/// Which 4-grams are known: a row for (the hash of) the first three bytes, in it a bit for the
/// last. The bit of last byte `b` is `LAST_BIT >> (b & 31)`.
pub(in crate::detect) type Rows = [u32; ROWS];

/// The bit that stands for a last byte whose low five bits are zero.
pub(in crate::detect) const LAST_BIT: u32 = 1 << 31;

/// Keeps of each byte what is the same for a letter in either case.
const FOLD: u32 = 0xdfdf_dfdf;
const FIRST_THREE: u32 = 0x00ff_ffff;
/// Odd, with its bits well spread: 2^32 divided by the golden ratio.
const MULTIPLIER: u32 = 0x9e37_79b1;

/// Bytes of text that one mask stands for.
const BLOCK: usize = u32::BITS as usize;
/// The gram at the last even position of a block ends this many bytes behind the block.
const LOOK_AHEAD: usize = 2;

/// The gram as the bitmap sees it: letters of either case are one, and so are a few signs.
pub(in crate::detect) fn fold(gram: u32) -> u32 {
    gram & FOLD
}

/// The row of a gram, whose first byte is the lowest.
pub(in crate::detect) fn row_of(gram: u32) -> usize {
    ((gram & FOLD & FIRST_THREE).wrapping_mul(MULTIPLIER) >> (32 - ROW_BITS)) as usize
}

/// Sets bit `b` of `masks[m]` where the gram at offset `32 * m + b` of `text` may be a known one.
///
/// Only even offsets are looked at. A gram that reaches over the end of `text` is filled up with
/// zeros. What lies behind the last mask is looked at only as the end of a gram.
pub(in crate::detect) fn probe(rows: &Rows, text: &[u8], masks: &mut [u32]) {
    let whole = (text.len().saturating_sub(LOOK_AHEAD) / BLOCK).min(masks.len());
    let (whole_masks, rest_masks) = masks.split_at_mut(whole);
    if whole > 0 {
        probe_blocks(rows, text, whole_masks);
    }
    let mut rest = &text[whole * BLOCK..];
    for mask in rest_masks {
        let mut padded = [0; BLOCK + LOOK_AHEAD];
        let here = rest.len().min(padded.len());
        padded[..here].copy_from_slice(&rest[..here]);
        probe_blocks(rows, &padded, std::slice::from_mut(mask));
        if rest.len() < BLOCK {
            *mask &= (1 << rest.len()) - 1;
        }
        rest = &rest[rest.len().min(BLOCK)..];
    }
}

/// `text` must hold [`BLOCK`] bytes for each mask, and [`LOOK_AHEAD`] more.
fn probe_blocks(rows: &Rows, text: &[u8], masks: &mut [u32]) {
    assert!(text.len() >= masks.len() * BLOCK + LOOK_AHEAD);
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: AVX2 is there, and the text is long enough by the assertion.
        return unsafe { probe_blocks_avx2(rows, text, masks) };
    }
    probe_blocks_scalar(rows, text, masks);
}

fn probe_blocks_scalar(rows: &Rows, text: &[u8], masks: &mut [u32]) {
    for (block, mask) in masks.iter_mut().enumerate() {
        let bytes = &text[block * BLOCK..(block + 1) * BLOCK + LOOK_AHEAD];
        *mask = 0;
        for (index, gram) in bytes.windows(4).step_by(2).enumerate() {
            let gram = u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]);
            let known = rows[row_of(gram)].wrapping_shl(gram >> 24) & LAST_BIT;
            *mask |= known >> 31 << (2 * index);
        }
    }
}

/// The same as [`probe_blocks_scalar`].
///
/// # Safety
/// The processor must have AVX2, and `text` must be as long as [`probe_blocks`] says.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn probe_blocks_avx2(rows: &Rows, text: &[u8], masks: &mut [u32]) {
    use std::arch::x86_64::{_mm256_blend_epi16, _mm256_movemask_epi8, _mm256_srli_epi32};

    for (block, mask) in masks.iter_mut().enumerate() {
        // SAFETY: the last load ends LOOK_AHEAD bytes behind the block, and the text reaches there.
        let (fours, between) = unsafe {
            let start = text.as_ptr().add(block * BLOCK);
            (known_avx2(rows, start), known_avx2(rows, start.add(2)))
        };
        // The sign of each lane says yes; give the four-byte steps the lower half of a lane.
        let both = _mm256_blend_epi16::<0b1010_1010>(_mm256_srli_epi32::<16>(fours), between);
        // A half's sign is its odd byte: one to the right is the even position it stands for.
        *mask = (_mm256_movemask_epi8(both).cast_unsigned() >> 1) & 0x5555_5555;
    }
}

/// In the sign of lane `i`: whether the gram at `start + 4 * i` may be a known one.
///
/// # Safety
/// The processor must have AVX2, and 32 bytes must be readable at `start`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn known_avx2(rows: &Rows, start: *const u8) -> std::arch::x86_64::__m256i {
    use std::arch::x86_64::{
        _mm256_and_si256, _mm256_i32gather_epi32, _mm256_loadu_si256, _mm256_mullo_epi32,
        _mm256_set1_epi32, _mm256_sllv_epi32, _mm256_srli_epi32,
    };

    // SAFETY: the caller says that 32 bytes can be read; the load needs no alignment.
    let grams = unsafe { _mm256_loadu_si256(start.cast()) };
    let first_three = _mm256_set1_epi32((FOLD & FIRST_THREE).cast_signed());
    let multiplier = _mm256_set1_epi32(MULTIPLIER.cast_signed());
    let product = _mm256_mullo_epi32(_mm256_and_si256(grams, first_three), multiplier);
    let row = _mm256_srli_epi32::<{ 32 - ROW_BITS as i32 }>(product);
    // SAFETY: a row number has ROW_BITS bits, so that each lane reads inside the table.
    let bits = unsafe { _mm256_i32gather_epi32::<4>(rows.as_ptr().cast(), row) };
    let last = _mm256_and_si256(_mm256_srli_epi32::<24>(grams), _mm256_set1_epi32(31));
    _mm256_sllv_epi32(bits, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows_with(grams: &[[u8; 4]]) -> Box<Rows> {
        let mut rows = Box::new([0; ROWS]);
        for &gram in grams {
            rows[row_of(u32::from_le_bytes(gram))] |= LAST_BIT >> (gram[3] & 31);
        }
        rows
    }

    #[test]
    fn finds_a_gram_at_every_even_offset_and_at_no_odd_one() {
        let rows = rows_with(&[*b"Pass"]);
        for offset in 0..100 {
            let mut text = vec![b'.'; 104];
            text[offset..offset + 4].copy_from_slice(b"pASS");
            let mut masks = [0; 4];
            probe(&rows, &text, &mut masks);
            let mut expected = [0; 4];
            if offset % 2 == 0 {
                expected[offset / 32] = 1 << (offset % 32);
            }
            assert_eq!(masks, expected, "at {offset}");
        }
    }

    #[test]
    fn fills_a_gram_up_with_zeros_at_the_end() {
        let rows = rows_with(&[*b"ab\0\0"]);
        let mut masks = [0; 2];
        probe(&rows, b"xxab", &mut masks);
        assert_eq!(masks, [4, 0]);
    }

    #[cfg(target_arch = "x86_64")]
    proptest! {
        #[test]
        fn avx2_agrees_with_scalar(
            text in prop::collection::vec(any::<u8>(), 2..400),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            if !super::super::has_avx2() {
                return Ok(());
            }
            let grams: Vec<[u8; 4]> = picks
                .iter()
                .filter(|_| text.len() >= 4)
                .map(|pick| {
                    let at = pick.index(text.len() - 3);
                    [text[at], text[at + 1], text[at + 2], text[at + 3]]
                })
                .collect();
            let rows = rows_with(&grams);
            let count = (text.len() - LOOK_AHEAD) / BLOCK;
            let (mut vector, mut scalar) = (vec![7; count], vec![9; count]);
            // SAFETY: AVX2 is there, and `count` leaves out what the text does not reach.
            unsafe { probe_blocks_avx2(&rows, &text, &mut vector) };
            probe_blocks_scalar(&rows, &text, &mut scalar);
            prop_assert_eq!(vector, scalar);
        }
    }
}
