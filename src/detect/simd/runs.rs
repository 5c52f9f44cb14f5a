//! Long unbroken runs of bytes of one class: what base64 and hex blobs look like.
//!
//! The text is looked at in blocks of 64 bytes. A run of 32 fills at least two neighbouring eighths
//! of some block, so a block without such two is done with; nearly all are, by one comparison of
//! each byte with the smallest of its class.

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
const BLOCK: usize = u64::BITS as usize;
/// The lowest bit of each eighth of a block.
const EIGHTHS: u64 = 0x0101_0101_0101_0101;

/// Calls `on_run` with each maximal run of bytes of `class` that is at least `min_len` bytes long,
/// in ascending order. A `min_len` below 32 counts as 32.
pub fn runs(text: &[u8], class: RunClass, min_len: usize, on_run: &mut dyn FnMut(Range<usize>)) {
    let members = Members::of(class);
    let min_len = min_len.max(SHORTEST);
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: AVX2 and the bit instructions are there.
        return unsafe { members.runs_avx2(text, min_len, on_run) };
    }
    members.runs_scalar(text, min_len, on_run);
}

/// What a search knows between blocks.
struct Search<'s> {
    /// Everything before has been looked at.
    done: usize,
    min_len: usize,
    on_run: &'s mut dyn FnMut(Range<usize>),
}

impl Search<'_> {
    /// Looks closer at the block at `base`. `others` are the bytes in it that are no members;
    /// `end_of_run` gives the first offset from its argument on at which no member stands.
    #[inline(always)]
    fn block(
        &mut self,
        members: &Members,
        text: &[u8],
        (base, mut others): (usize, u64),
        end_of_run: impl Fn(usize) -> usize,
    ) {
        loop {
            let pairs = full_pairs(others);
            if pairs == 0 {
                return;
            }
            let bit = pairs.trailing_zeros();
            let end_bit = bit + (others >> bit).trailing_zeros();
            let start_bit = u64::BITS - (others & ((1 << bit) - 1)).leading_zeros();
            let is_cut = end_bit >= u64::BITS;
            let is_whole = start_bit > 0 && !is_cut;
            if !is_whole || (end_bit - start_bit) as usize >= self.min_len {
                let end = if is_cut {
                    end_of_run(base + BLOCK)
                } else {
                    base + end_bit as usize
                };
                let start = match start_bit {
                    0 => self.start_of_run(members, text, base),
                    _ => base + start_bit as usize,
                };
                if end - start >= self.min_len {
                    (self.on_run)(start..end);
                }
                self.done = end;
            }
            if is_cut {
                return;
            }
            // What came up to here is over.
            others |= (1 << end_bit) - 1;
        }
    }

    /// Where the run that reaches back to `at`, or farther, starts.
    fn start_of_run(&self, members: &Members, text: &[u8], at: usize) -> usize {
        let outside = text[self.done..at]
            .iter()
            .rposition(|&byte| !members.contains(byte));
        outside.map_or(self.done, |outside| self.done + outside + 1)
    }
}

/// The lowest bit of each eighth that is, as its upper neighbour is, without a bit. Seldom also of others, but
/// never of one below the first such.
#[inline(always)]
fn full_pairs(others: u64) -> u64 {
    // Borrows make a false zero above a true one only.
    let zeros = others.wrapping_sub(EIGHTHS) & !others & (EIGHTHS << 7);
    (zeros & (zeros >> 8)) >> 7
}

/// A set of ASCII bytes, by low half: bit `h` of `by_low[l]` says that byte `16 * h + l` is in it.
struct Members {
    by_low: [u8; 16],
    /// No member is smaller.
    smallest: u8,
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
        let mut members = Self {
            by_low: [0; 16],
            smallest: b'A',
        };
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
        if byte < self.smallest {
            self.smallest = byte;
        }
    }

    #[inline]
    fn contains(&self, byte: u8) -> bool {
        byte.is_ascii() && self.by_low[usize::from(byte & 15)] >> (byte >> 4) & 1 == 1
    }

    /// The bytes of a block, or of what is left of the text, that are no members. Behind the end there are none.
    fn others(&self, text: &[u8]) -> u64 {
        let block = &text[..text.len().min(BLOCK)];
        let bits = block.iter().zip(0..);
        let others = bits.fold(0, |mask, (&byte, bit)| {
            mask | u64::from(!self.contains(byte)) << bit
        });
        others | u64::MAX.checked_shl(block.len() as u32).unwrap_or(0)
    }

    fn runs_scalar(&self, text: &[u8], min_len: usize, on_run: &mut dyn FnMut(Range<usize>)) {
        let mut search = Search {
            done: 0,
            min_len,
            on_run,
        };
        let mut base = 0;
        while base < text.len() {
            let others = self.others(&text[base..]);
            search.block(self, text, (base, others), |from| {
                self.end_of_run(text, from)
            });
            base = search.done.max(base + BLOCK);
        }
    }

    /// The first offset not before `from` at which no member stands; the text's length at most.
    fn end_of_run(&self, text: &[u8], from: usize) -> usize {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.iter().position(|&byte| !self.contains(byte));
        length.map_or(text.len(), |length| from + length)
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{BLOCK, Members, Search, full_pairs};
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
        _mm256_shuffle_epi8, _mm256_srli_epi16,
    };
    use std::ops::Range;

    /// Bit `h` for each high half `h` of an ASCII byte; for others what no low half has.
    const HIGH_BIT: [u8; 16] = [
        1, 2, 4, 8, 16, 32, 64, 128, 255, 255, 255, 255, 255, 255, 255, 255,
    ];

    /// A class, ready to be compared with.
    #[derive(Clone, Copy)]
    struct Tables {
        by_low: __m256i,
        by_high: __m256i,
        below: __m256i,
    }

    impl Members {
        /// The same as [`Members::runs_scalar`].
        #[target_feature(enable = "avx2,bmi1,bmi2")]
        pub(super) fn runs_avx2(
            &self,
            text: &[u8],
            min_len: usize,
            on_run: &mut dyn FnMut(Range<usize>),
        ) {
            let tables = self.tables();
            let mut search = Search {
                done: 0,
                min_len,
                on_run,
            };
            let mut base = 0;
            while let Some(block) = text.get(base..).and_then(|rest| rest.first_chunk()) {
                base += BLOCK;
                if full_pairs(tables.smaller(block)) == 0 {
                    continue;
                }
                let others = tables.others(block);
                if full_pairs(others) == 0 {
                    continue;
                }
                search.block(self, text, (base - BLOCK, others), |from| {
                    self.end_of_run_avx2(text, from)
                });
                base = base.max(search.done);
            }
            if base < text.len() {
                let others = self.others(&text[base..]);
                search.block(self, text, (base, others), |from| {
                    self.end_of_run(text, from)
                });
            }
        }

        /// The same as [`Members::end_of_run`].
        #[target_feature(enable = "avx2,bmi1,bmi2")]
        pub(super) fn end_of_run_avx2(&self, text: &[u8], from: usize) -> usize {
            let tables = self.tables();
            let mut at = from;
            while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk()) {
                let others = tables.others(block);
                if others != 0 {
                    return at + others.trailing_zeros() as usize;
                }
                at += BLOCK;
            }
            self.end_of_run(text, at)
        }

        #[target_feature(enable = "avx2")]
        fn tables(&self) -> Tables {
            Tables {
                by_low: spread(&self.by_low),
                by_high: spread(&HIGH_BIT),
                below: _mm256_set1_epi8(self.smallest.wrapping_sub(1).cast_signed()),
            }
        }
    }

    impl Tables {
        /// The bytes that are smaller than every member, or not ASCII.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn smaller(&self, block: &[u8; BLOCK]) -> u64 {
            let (low, high) = halves(block);
            let low = _mm256_movemask_epi8(_mm256_cmpgt_epi8(low, self.below));
            let high = _mm256_movemask_epi8(_mm256_cmpgt_epi8(high, self.below));
            !(u64::from(high.cast_unsigned()) << 32 | u64::from(low.cast_unsigned()))
        }

        /// The bytes that are no members.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn others(&self, block: &[u8; BLOCK]) -> u64 {
            let (low, high) = halves(block);
            let (low, high) = (self.member_mask(low), self.member_mask(high));
            !(u64::from(high) << 32 | u64::from(low))
        }

        /// Bit `i`: whether byte `i` is a member. The shuffles look up the low and the high half of all
        /// bytes at once; the first gives zero for a byte that is not ASCII.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn member_mask(&self, bytes: __m256i) -> u32 {
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15));
            let wanted = _mm256_shuffle_epi8(self.by_high, high);
            let found = _mm256_and_si256(_mm256_shuffle_epi8(self.by_low, bytes), wanted);
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, wanted)).cast_unsigned()
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn halves(block: &[u8; BLOCK]) -> (__m256i, __m256i) {
        // SAFETY: the block has the 64 bytes that are read; no alignment is needed.
        unsafe {
            (
                _mm256_loadu_si256(block.as_ptr().cast()),
                _mm256_loadu_si256(block.as_ptr().add(32).cast()),
            )
        }
    }

    /// The table in both halves of a register.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn spread(table: &[u8; 16]) -> __m256i {
        // SAFETY: the table has the 16 bytes that are read.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
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

        #[test]
        fn the_scalar_version_finds_the_same(text in stretches(), min_len in 32usize..100) {
            for (members, is_member) in [(&BASE64, is_base64 as fn(u8) -> bool), (&HEX, is_hex)] {
                let mut found = Vec::new();
                members.runs_scalar(&text, min_len, &mut |run| found.push(run));
                prop_assert_eq!(found, naive(&text, is_member, min_len));
            }
        }
    }
}
