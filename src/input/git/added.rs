//! Which bytes of a text are not in an older one.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Finds the lines of `new` that `old` does not have, as ranges of bytes in order. Lines end at a line feed, a
/// carriage return before it does not count, so that a change of line endings adds nothing.
pub(super) fn added(old: &[u8], new: &[u8]) -> Vec<Range<u64>> {
    let mut input = InternedInput::default();
    input.update_before(lines(old).map(trimmed));
    input.update_after(lines(new).map(trimmed));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut ranges: Vec<Range<u64>> = Vec::new();
    let mut start = 0;
    for (number, line) in (0..).zip(lines(new)) {
        let end = start + line.len() as u64;
        if diff.is_added(number) {
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        start = end;
    }
    ranges
}

/// The share of the bytes of `new` that stand in lines of `old`, in percent.
pub(super) fn similarity(old: &[u8], new: &[u8]) -> u64 {
    let added: u64 = added(old, new)
        .iter()
        .map(|range| range.end - range.start)
        .sum();
    let longer = old.len().max(new.len()).max(1) as u64;
    (new.len() as u64 - added) * 100 / longer
}

/// With their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&byte| byte == b'\n')
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changed_and_new_lines_are_added() {
        let new = b"a\r\nB\nc\nd";
        let ranges = added(b"a\nb\nc\n", new);
        let texts: Vec<&[u8]> = ranges
            .iter()
            .map(|range| {
                &new[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]
            })
            .collect();
        assert_eq!(texts, [&b"B\n"[..], b"d"]);
        assert_eq!(added(b"a\nb", b"a\r\nb\r\n"), []);
        assert_eq!(added(b"", b"a").first(), Some(&(0..1)));
        assert_eq!(added(b"a", b""), []);
        assert_eq!(similarity(b"a\nb\n", b"a\nb\n"), 100);
        assert_eq!(similarity(b"a\nb\n", b"a\nc\n"), 50);
    }

    proptest! {
        /// What is not in the old text at all is always among what was added.
        #[test]
        fn no_new_line_is_missed(old in "[ab\n]{0,40}", new in "[abc\n]{0,40}") {
            let ranges = added(old.as_bytes(), new.as_bytes());
            for (at, _) in new.match_indices('c') {
                prop_assert!(ranges.iter().any(|range| range.contains(&(at as u64))));
            }
        }
    }
}
