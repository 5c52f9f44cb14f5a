//! Long unbroken runs of bytes of one class: what base64 and hex blobs look like.
//!
//! A run of `n` bytes covers a whole block of 16 wherever blocks are looked at every `n - 15`
//! bytes. So most of a text that has no runs is never looked at.

use std::ops::Range;

/// Which bytes make up a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunClass {
    /// `A-Z a-z 0-9 + / - _`: base64 in both alphabets, without the padding.
    Base64,
    /// `0-9 A-F a-f`.
    Hex,
}

/// The shortest run that can be asked for.
const SHORTEST: usize = 32;
const BLOCK: usize = 16;

/// Calls `on_run` with each maximal run of bytes of `class` that is at least `min_len` bytes long,
/// in ascending order. A `min_len` below 32 counts as 32.
pub fn runs(text: &[u8], class: RunClass, min_len: usize, on_run: &mut dyn FnMut(Range<usize>)) {
    let min_len = min_len.max(SHORTEST);
    let stride = min_len - (BLOCK - 1);
    let members = Members::of(class);
    let mut from = 0;
    while let Some(block) = members.full_block(text, from, stride) {
        let end = members.end_of_run(text, block + BLOCK);
        let outside = text[from..block]
            .iter()
            .rposition(|&byte| !members.contains(byte));
        let start = outside.map_or(from, |at| from + at + 1);
        if end - start >= min_len {
            on_run(start..end);
        }
        // No run starts on the byte that ended this one.
        from = end + 1;
    }
}

/// A set of ASCII bytes, by low half: bit `h` of `by_low[l]` says that byte `16 * h + l` is in it.
struct Members {
    by_low: [u8; 16],
}

const BASE64: Members = Members::new(b"+/-_0123456789", b'z');
const HEX: Members = Members::new(b"0123456789", b'f');

impl Members {
    fn of(class: RunClass) -> &'static Self {
        match class {
            RunClass::Base64 => &BASE64,
            RunClass::Hex => &HEX,
        }
    }

    /// The bytes of `signs`, and the letters up to `last_letter` in both cases.
    const fn new(signs: &[u8], last_letter: u8) -> Self {
        let mut members = Self { by_low: [0; 16] };
        let mut index = 0;
        while index < signs.len() {
            members.insert(signs[index]);
            index += 1;
        }
        let mut letter = b'a';
        while letter <= last_letter {
            members.insert(letter);
            members.insert(letter.to_ascii_uppercase());
            letter += 1;
        }
        members
    }

    const fn insert(&mut self, byte: u8) {
        self.by_low[(byte & 15) as usize] |= 1 << (byte >> 4);
    }

    fn contains(&self, byte: u8) -> bool {
        byte.is_ascii() && self.by_low[usize::from(byte & 15)] >> (byte >> 4) & 1 == 1
    }

    /// The first of `from`, `from + stride`, … at which a whole block of members stands.
    fn full_block(&self, text: &[u8], from: usize, stride: usize) -> Option<usize> {
        #[cfg(target_arch = "x86_64")]
        if super::has_avx2() {
            // SAFETY: AVX2 is there.
            return unsafe { self.full_block_avx2(text, from, stride) };
        }
        self.full_block_scalar(text, from, stride)
    }

    fn full_block_scalar(&self, text: &[u8], from: usize, stride: usize) -> Option<usize> {
        (from..=text.len().checked_sub(BLOCK)?)
            .step_by(stride)
            .find(|&at| text[at..at + BLOCK].iter().all(|&byte| self.contains(byte)))
    }

    /// The first offset not before `from` at which no member stands; the text's length at most.
    fn end_of_run(&self, text: &[u8], from: usize) -> usize {
        #[cfg(target_arch = "x86_64")]
        if super::has_avx2() {
            // SAFETY: AVX2 is there.
            return unsafe { self.end_of_run_avx2(text, from) };
        }
        self.end_of_run_scalar(text, from)
    }

    fn end_of_run_scalar(&self, text: &[u8], from: usize) -> usize {
        let length = text[from..].iter().position(|&byte| !self.contains(byte));
        length.map_or(text.len(), |length| from + length)
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{BLOCK, Members};
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set_m128i, _mm256_set1_epi8,
        _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    /// Bit `h` for each high half `h` of an ASCII byte; for others what no low half has.
    const HIGH_BIT: [u8; 16] = [
        1, 2, 4, 8, 16, 32, 64, 128, 255, 255, 255, 255, 255, 255, 255, 255,
    ];
    const WHOLE: u32 = (1 << BLOCK) - 1;

    impl Members {
        /// The same as [`Members::full_block_scalar`].
        #[target_feature(enable = "avx2")]
        pub(super) fn full_block_avx2(
            &self,
            text: &[u8],
            from: usize,
            stride: usize,
        ) -> Option<usize> {
            let (by_low, by_high) = (spread(&self.by_low), spread(&HIGH_BIT));
            let mut at = from;
            while at + stride + BLOCK <= text.len() {
                // SAFETY: the second block ends inside the text; no alignment is needed.
                let blocks = unsafe {
                    let first = text.as_ptr().add(at);
                    _mm256_set_m128i(
                        _mm_loadu_si128(first.add(stride).cast()),
                        _mm_loadu_si128(first.cast()),
                    )
                };
                let mask = member_mask(blocks, by_low, by_high);
                if mask & WHOLE == WHOLE {
                    return Some(at);
                }
                if mask >> BLOCK == WHOLE {
                    return Some(at + stride);
                }
                at += 2 * stride;
            }
            self.full_block_scalar(text, at, stride)
        }

        /// The same as [`Members::end_of_run_scalar`].
        #[target_feature(enable = "avx2")]
        pub(super) fn end_of_run_avx2(&self, text: &[u8], from: usize) -> usize {
            let (by_low, by_high) = (spread(&self.by_low), spread(&HIGH_BIT));
            let mut at = from;
            while at + 32 <= text.len() {
                // SAFETY: the 32 bytes end inside the text; no alignment is needed.
                let block = unsafe { _mm256_loadu_si256(text.as_ptr().add(at).cast()) };
                let others = !member_mask(block, by_low, by_high);
                if others != 0 {
                    return at + others.trailing_zeros() as usize;
                }
                at += 32;
            }
            self.end_of_run_scalar(text, at)
        }
    }

    /// The table in both halves of a register.
    #[target_feature(enable = "avx2")]
    fn spread(table: &[u8; 16]) -> __m256i {
        // SAFETY: the table has the 16 bytes that are read.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    }

    /// Bit `i`: whether byte `i` is a member. The shuffles look up the low and the high half of all
    /// bytes at once; the first gives zero for a byte that is not ASCII.
    #[target_feature(enable = "avx2")]
    fn member_mask(bytes: __m256i, by_low: __m256i, by_high: __m256i) -> u32 {
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15));
        let wanted = _mm256_shuffle_epi8(by_high, high);
        let found = _mm256_and_si256(_mm256_shuffle_epi8(by_low, bytes), wanted);
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, wanted)).cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &[u8], is_member: fn(u8) -> bool, min_len: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for end in 0..=text.len() {
            if text.get(end).is_some_and(|&byte| is_member(byte)) {
                continue;
            }
            if end - start >= min_len {
                found.push(start..end);
            }
            start = end + 1;
        }
        found
    }

    fn is_base64(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
    }

    fn is_hex(byte: u8) -> bool {
        byte.is_ascii_hexdigit()
    }

    #[test]
    fn the_classes_hold_the_bytes_that_they_name() {
        for byte in 0..=255 {
            assert_eq!(BASE64.contains(byte), is_base64(byte), "base64, {byte}");
            assert_eq!(HEX.contains(byte), is_hex(byte), "hex, {byte}");
        }
    }

    #[test]
    fn every_byte_that_is_not_a_member_breaks_a_run() {
        for byte in 0..=255 {
            let text = [&[b'a'; 40][..], &[byte], &[b'7'; 40]].concat();
            for (class, is_member) in [
                (RunClass::Base64, is_base64 as fn(u8) -> bool),
                (RunClass::Hex, is_hex),
            ] {
                let mut found = Vec::new();
                runs(&text, class, 32, &mut |run| found.push(run));
                assert_eq!(found, naive(&text, is_member, 32), "{class:?}, {byte}");
            }
        }
    }

    /// Stretches of members, some long enough, apart by one to three others.
    fn stretches() -> impl Strategy<Value = Vec<u8>> {
        let stretch = (
            0usize..150,
            prop::sample::select(b"aF0zQ/".to_vec()),
            0usize..4,
        );
        prop::collection::vec(stretch, 0..12).prop_map(|parts| {
            let mut text = Vec::new();
            for (length, byte, others) in parts {
                text.extend(vec![byte; length]);
                text.extend(&b"=\xe1 "[..others.min(3)]);
            }
            text
        })
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_loop_finds(text in stretches(), min_len in 32usize..100) {
            for (class, is_member) in
                [(RunClass::Base64, is_base64 as fn(u8) -> bool), (RunClass::Hex, is_hex)]
            {
                let mut found = Vec::new();
                runs(&text, class, min_len, &mut |run| found.push(run));
                prop_assert_eq!(found, naive(&text, is_member, min_len));
            }
        }

        #[cfg(target_arch = "x86_64")]
        #[test]
        fn avx2_agrees_with_scalar(text in stretches(), from in 0usize..200, stride in 17usize..90) {
            let from = from.min(text.len());
            if !super::super::has_avx2() {
                return Ok(());
            }
            for members in [&BASE64, &HEX] {
                // SAFETY: AVX2 is there.
                let vector = unsafe {
                    (members.full_block_avx2(&text, from, stride), members.end_of_run_avx2(&text, from))
                };
                let scalar =
                    (members.full_block_scalar(&text, from, stride), members.end_of_run_scalar(&text, from));
                prop_assert_eq!(vector, scalar);
            }
        }
    }
}
