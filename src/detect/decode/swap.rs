//! Swap files of Vim: the lines of the text that was being edited.
//!
//! Blocks of data hold the lines from their end to their front, each ended by NUL, so that what belongs to a section
//! stands before its head. Here they are put back in order. <https://github.com/vim/vim/blob/master/src/memline.c>
//! (`struct block0`, `struct data_block`)

use super::{Decoded, span::Builder};
use crate::finding::Decoder;

/// What a swap file starts with; an encrypted one has another second letter.
pub(super) const MAGIC: &[u8] = b"b0VIM ";
/// Where the size of a page stands.
const PAGE_SIZE_AT: usize = 12;
const MIN_PAGE: usize = 512;
const MAX_PAGE: usize = 1 << 16;
/// What a block of data starts with, as a little-endian machine writes it.
const DATA_ID: &[u8] = b"ad";
/// Where the offsets of a block's lines start: after a count of eight bytes, or of four.
const INDEX_AT: [usize; 2] = [24, 20];
/// The highest bit of an offset marks lines of a `:global` command.
const OFFSET_BITS: u32 = 0x7fff_ffff;
/// How many lines are read.
const MAX_LINES: usize = 1 << 20;

/// The text that a swap file holds; `None` if it is none, or holds no line.
pub(super) fn decode(text: &[u8]) -> Option<Decoded> {
    if !text.starts_with(MAGIC) {
        return None;
    }
    let page = number(text, PAGE_SIZE_AT).filter(|page| (MIN_PAGE..=MAX_PAGE).contains(page))?;
    let mut out = Builder::new();
    let mut lines = 0;
    let mut at = page;
    while at < text.len() && lines < MAX_LINES {
        match read_block(text, at, page, &mut out) {
            Some((pages, read)) => {
                lines += read;
                at += pages * page;
            }
            None => at += page,
        }
    }
    out.finish(Decoder::VimSwap, 0..text.len())
}

/// Writes the lines of the block at `at`. Tells how many pages it takes, and how many lines it holds.
fn read_block(text: &[u8], at: usize, page: usize, out: &mut Builder) -> Option<(usize, usize)> {
    let block = text.get(at..)?;
    if !block.starts_with(DATA_ID) {
        return None;
    }
    let (start, end) = (number(block, 8)?, number(block, 12)?);
    let count = number(block, 16)?;
    let fits = start <= end && end <= block.len() && end.is_multiple_of(page) && end > 0;
    let index = INDEX_AT
        .into_iter()
        .find(|&index| starts_last(block, index, end))
        .filter(|_| fits)?;
    let mut line_end = end;
    let mut read = 0;
    for line in 0..count.min(MAX_LINES) {
        let Some(line_start) = offset(block, index + 4 * line) else {
            break;
        };
        if line_start < start || line_start >= line_end {
            break;
        }
        let body = &block[line_start..line_end];
        let len = memchr::memchr(0, body).unwrap_or(body.len());
        out.copy(text, at + line_start..at + line_start + len);
        out.replace(at + line_start + len, b"\n");
        line_end = line_start;
        read += 1;
    }
    Some((end / page, read))
}

/// Whether the first line, which stands last, is where the offset says: in the block and ended by NUL at its end.
fn starts_last(block: &[u8], index: usize, end: usize) -> bool {
    let ended = end.checked_sub(1).and_then(|last| block.get(last)) == Some(&0);
    ended && offset(block, index).is_some_and(|start| start >= index && start < end)
}

fn offset(block: &[u8], at: usize) -> Option<usize> {
    let bytes = block.get(at..at.checked_add(4)?)?;
    let number = u32::from_le_bytes(bytes.try_into().ok()?);
    usize::try_from(number & OFFSET_BITS).ok()
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: usize = 512;

    /// A swap file with one block of data.
    fn swap(lines: &[&str]) -> Vec<u8> {
        let mut bytes = vec![0; PAGE];
        bytes[..8].copy_from_slice(b"b0VIM 9.");
        bytes[12..16].copy_from_slice(&512_u32.to_le_bytes());
        let mut block = vec![0; PAGE];
        let mut start = PAGE;
        for (number, line) in lines.iter().enumerate() {
            start -= line.len() + 1;
            block[start..start + line.len()].copy_from_slice(line.as_bytes());
            let offset = u32::try_from(start).unwrap().to_le_bytes();
            block[24 + 4 * number..28 + 4 * number].copy_from_slice(&offset);
        }
        block[..2].copy_from_slice(DATA_ID);
        block[8..12].copy_from_slice(&u32::try_from(start).unwrap().to_le_bytes());
        block[12..16].copy_from_slice(&512_u32.to_le_bytes());
        block[16..20].copy_from_slice(&u32::try_from(lines.len()).unwrap().to_le_bytes());
        bytes.extend(block);
        bytes
    }

    #[test]
    fn lines_come_in_the_order_of_the_text() {
        let bytes = swap(&["mail:", "  password: abc", "", "end"]);
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.bytes, b"mail:\n  password: abc\n\nend\n");
        let at = decoded.source_span(18..21);
        assert_eq!(&bytes[at], b"abc");
    }

    #[test]
    fn a_stretch_of_several_lines_takes_in_all_of_them() {
        let bytes = swap(&["one", "two", "three"]);
        let span = decode(&bytes).unwrap().source_span(0..7);
        assert_eq!(&bytes[span], b"two\0one");
    }

    #[test]
    fn what_is_no_swap_file_gives_nothing() {
        assert_eq!(decode(b"b0VIM"), None);
        assert_eq!(decode(&swap(&["x"])[..PAGE]), None);
    }

    proptest! {
        #[test]
        fn broken_ones_end(changes in proptest::collection::vec((0..1024_usize, any::<u8>()), 1..20), cut in 0..1024_usize) {
            let mut bytes = swap(&["a", "bb", "ccc", "dddd"]);
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            for bytes in [&bytes[..], &bytes[..cut]] {
                if let Some(decoded) = decode(bytes) {
                    let end = decoded.bytes.len();
                    for start in 0..end {
                        let span = decoded.source_span(start..end);
                        prop_assert!(span.start <= span.end && span.end <= bytes.len());
                    }
                }
            }
        }
    }
}
