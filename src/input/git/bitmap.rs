//! Compressed bitmaps, as a split index holds them.

use super::index::word;

/// The bits below `limit` that are set in a bitmap compressed with EWAH:
/// <https://git-scm.com/docs/bitmap-format> (appendix A).
pub(super) fn marked(bitmap: &[u8], limit: usize) -> Vec<usize> {
    let count = word(bitmap, 4).and_then(|count| usize::try_from(count).ok());
    let (words, _) = bitmap.get(8..).unwrap_or_default().as_chunks::<8>();
    let words = words.iter().take(count.unwrap_or(0));
    let mut words = words.copied().map(u64::from_be_bytes);
    let mut set = Vec::new();
    let mut at: usize = 0;
    while let Some(run) = words.next().filter(|_| at < limit) {
        let run_len = usize::try_from(run >> 1 & 0xffff_ffff).unwrap_or(limit);
        let end = at.saturating_add(run_len.saturating_mul(64));
        if run & 1 == 1 {
            set.extend(at..end.min(limit));
        }
        at = end;
        for literal in words.by_ref().take(usize::try_from(run >> 33).unwrap_or(0)) {
            let bits = (0..64).filter(|bit| literal >> bit & 1 == 1);
            set.extend(
                bits.map(|bit| at.saturating_add(bit))
                    .filter(|&bit| bit < limit),
            );
            at = at.saturating_add(64);
        }
    }
    set
}

/// What follows a bitmap: its length in bits, the number of its words, the words, and one number more.
pub(super) fn after(bitmap: &[u8]) -> &[u8] {
    let count = word(bitmap, 4).and_then(|count| usize::try_from(count).ok());
    let len = count.and_then(|count| count.checked_mul(8)?.checked_add(12));
    len.and_then(|len| bitmap.get(len..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_marks_runs_and_literals() {
        let words = [1 | 1 << 1 | 1 << 33, 0b101, 1 << 1 | 1 << 33, 1 << 63_u64];
        let mut bitmap = [0, 0, 1, 0, 0, 0, 0, 4].to_vec();
        bitmap.extend(words.iter().flat_map(|word: &u64| word.to_be_bytes()));
        let expected: Vec<usize> = (0..64).chain([64, 66, 255]).collect();
        assert_eq!(marked(&bitmap, 1000), expected);
        assert_eq!(marked(&bitmap, 65), (0..65).collect::<Vec<_>>());
    }

    #[test]
    fn a_bitmap_cannot_mark_more_than_there_is() {
        let mut bitmap = [0, 0, 0, 0, 0, 0, 0, 2].to_vec();
        bitmap.extend([0xff; 16]);
        assert_eq!(marked(&bitmap, 3), [0, 1, 2]);
    }
}
