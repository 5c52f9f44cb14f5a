//! One byte twice, a fixed distance apart: the two dashes of `hex32-hex8-hex8`.

/// Calls `on_hit` with each offset at which `byte` stands and stands again `distance` bytes later,
/// in ascending order.
pub fn byte_pairs(text: &[u8], byte: u8, distance: usize, on_hit: &mut dyn FnMut(usize)) {
    let Some(later) = text.get(distance..) else {
        return;
    };
    let earlier = &text[..later.len()];
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: AVX2 is there, and both slices have the same length.
        return unsafe { pairs_avx2(earlier, later, byte, on_hit) };
    }
    pairs_scalar(earlier, later, byte, 0, on_hit);
}

/// Looks from offset `from` on; both slices have the same length.
fn pairs_scalar(
    earlier: &[u8],
    later: &[u8],
    byte: u8,
    from: usize,
    on_hit: &mut dyn FnMut(usize),
) {
    for offset in memchr::memchr_iter(byte, &earlier[from..]) {
        if later[from + offset] == byte {
            on_hit(from + offset);
        }
    }
}

/// The same as [`pairs_scalar`] from the start.
///
/// # Safety
/// The processor must have AVX2, and both slices must have the same length.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn pairs_avx2(earlier: &[u8], later: &[u8], byte: u8, on_hit: &mut dyn FnMut(usize)) {
    use std::arch::x86_64::{
        _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_set1_epi8,
    };
    const LANES: usize = 32;
    const AT_ONCE: usize = 4;
    const BLOCK: usize = LANES * AT_ONCE;

    let wanted = _mm256_set1_epi8(byte.cast_signed());
    let whole = earlier.len() / BLOCK * BLOCK;
    for start in (0..whole).step_by(BLOCK) {
        let mut both = [wanted; AT_ONCE];
        for (index, both) in both.iter_mut().enumerate() {
            let at = start + index * LANES;
            // SAFETY: `start + BLOCK` is at most the length of both slices; no alignment is needed.
            let (first, second) = unsafe {
                (
                    _mm256_loadu_si256(earlier.as_ptr().add(at).cast()),
                    _mm256_loadu_si256(later.as_ptr().add(at).cast()),
                )
            };
            *both = _mm256_and_si256(
                _mm256_cmpeq_epi8(first, wanted),
                _mm256_cmpeq_epi8(second, wanted),
            );
        }
        let any = _mm256_or_si256(
            _mm256_or_si256(both[0], both[1]),
            _mm256_or_si256(both[2], both[3]),
        );
        // Nearly no block has a pair.
        if _mm256_movemask_epi8(any) == 0 {
            continue;
        }
        for (index, both) in both.into_iter().enumerate() {
            let mut mask = _mm256_movemask_epi8(both).cast_unsigned();
            while mask != 0 {
                on_hit(start + index * LANES + mask.trailing_zeros() as usize);
                mask &= mask - 1;
            }
        }
    }
    pairs_scalar(earlier, later, byte, whole, on_hit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &[u8], byte: u8, distance: usize) -> Vec<usize> {
        (0..text.len().saturating_sub(distance))
            .filter(|&at| text[at] == byte && text[at + distance] == byte)
            .collect()
    }

    #[test]
    fn a_text_shorter_than_the_distance_has_none() {
        byte_pairs(b"--------", b'-', 9, &mut |_| panic!("no room for a pair"));
        byte_pairs(b"---------", b'-', 9, &mut |_| panic!("no room for a pair"));
    }

    proptest! {
        #[test]
        fn every_version_finds_what_a_plain_loop_finds(
            text in prop::collection::vec(prop::sample::select(b"-a\xad".to_vec()), 0..600),
            distance in 0usize..40,
        ) {
            let expected = naive(&text, b'-', distance);
            let mut chosen = Vec::new();
            byte_pairs(&text, b'-', distance, &mut |at| chosen.push(at));
            prop_assert_eq!(&chosen, &expected);

            let Some(later) = text.get(distance..) else { return Ok(()) };
            let mut scalar = Vec::new();
            pairs_scalar(&text[..later.len()], later, b'-', 0, &mut |at| scalar.push(at));
            prop_assert_eq!(&scalar, &expected);
        }
    }
}
