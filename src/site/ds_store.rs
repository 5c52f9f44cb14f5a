//! `.DS_Store`: what the Finder of macOS remembers of a folder. It names every file that was in it.
//!
//! The file is a B-tree in blocks that a buddy allocator hands out; described in
//! <https://metacpan.org/dist/Mac-Finder-DSStore/view/DSStoreFormat.pod>.

use std::collections::BTreeSet;

/// Offsets count from after the first four bytes.
const BASE: usize = 4;
/// How many nodes of the tree are read, so that a store whose nodes lead in circles ends.
const MAX_NODES: usize = 4096;
/// How many records are read of one store.
const MAX_RECORDS: usize = 100_000;
/// The longest file name of macOS in UTF-16 units.
const MAX_NAME: u32 = 255;

/// Bytes that are read from the front; none where they end.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?;
        Some(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn utf16(&mut self, units: u32) -> Option<String> {
        let bytes = self.take(usize::try_from(units).ok()?.checked_mul(2)?)?;
        let units = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        Some(
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )
    }

    /// Steps over the value of a record.
    fn skip_value(&mut self) -> Option<()> {
        let kind = self.take(4)?;
        let len = match kind {
            b"bool" => 1,
            b"long" | b"shor" | b"type" => 4,
            b"comp" | b"dutc" => 8,
            b"blob" => self.size()?,
            b"ustr" => self.size()?.checked_mul(2)?,
            _ => return None,
        };
        self.take(len).map(drop)
    }
}

/// The blocks of a store.
struct Blocks<'b> {
    bytes: &'b [u8],
    addresses: Vec<u32>,
}

impl<'b> Blocks<'b> {
    fn block(&self, number: u32) -> Option<Reader<'b>> {
        let address = *self.addresses.get(usize::try_from(number).ok()?)?;
        // The low five bits are the size, as a power of two.
        let start = usize::try_from(address & !0x1f).ok()?;
        let len = 1_usize.checked_shl(address & 0x1f)?;
        let rest = self.bytes.get(BASE.checked_add(start)?..)?;
        Some(Reader(&rest[..len.min(rest.len())]))
    }
}

/// The names of the files that a store remembers, sorted; `None` if it is no store. Of a broken one, the names up to
/// where it breaks.
pub fn names(bytes: &[u8]) -> Option<BTreeSet<String>> {
    let mut head = Reader(bytes.get(BASE..)?);
    if head.take(4)? != b"Bud1" {
        return None;
    }
    let root = head.size()?;
    let mut book = Reader(bytes.get(BASE.checked_add(root)?..)?);
    let count = book.size()?;
    book.number()?;
    let addresses = (0..count.min(book.0.len() / 4)).map_while(|_| book.number());
    let blocks = Blocks {
        addresses: addresses.collect(),
        bytes,
    };
    // The list of addresses is filled up to a multiple of 256.
    book.take(
        count
            .checked_next_multiple_of(256)?
            .checked_sub(blocks.addresses.len())?
            .checked_mul(4)?,
    )?;
    let tree = tree(&mut book)?;
    let mut found = BTreeSet::new();
    let first = blocks.block(tree)?.number()?;
    walk(&blocks, first, &mut found);
    Some(found)
}

/// The number of the block that says where the tree is.
fn tree(book: &mut Reader<'_>) -> Option<u32> {
    let entries = book.size()?;
    for _ in 0..entries.min(64) {
        let len = book.take(1)?[0];
        let name = book.take(usize::from(len))?;
        let number = book.number()?;
        if name == b"DSDB" {
            return Some(number);
        }
    }
    None
}

fn walk(blocks: &Blocks<'_>, first: u32, found: &mut BTreeSet<String>) {
    let mut waiting = vec![first];
    let mut seen = BTreeSet::new();
    let mut records = 0;
    while let Some(number) = waiting.pop() {
        if seen.len() >= MAX_NODES || !seen.insert(number) {
            continue;
        }
        let Some(mut node) = blocks.block(number) else {
            continue;
        };
        let _ = read_node(&mut node, &mut waiting, &mut records, found);
    }
}

fn read_node(
    node: &mut Reader<'_>,
    waiting: &mut Vec<u32>,
    records: &mut usize,
    found: &mut BTreeSet<String>,
) -> Option<()> {
    let last = node.number()?;
    let count = node.number()?;
    if last != 0 {
        waiting.push(last);
    }
    for _ in 0..count {
        *records += 1;
        if *records > MAX_RECORDS {
            return None;
        }
        if last != 0 {
            waiting.push(node.number()?);
        }
        let units = node.number().filter(|&units| units <= MAX_NAME)?;
        found.insert(node.utf16(units)?);
        node.take(4)?;
        node.skip_value()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(number: u32) -> [u8; 4] {
        number.to_be_bytes()
    }

    fn record(name: &str) -> Vec<u8> {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut bytes = word(u32::try_from(units.len() / 2).unwrap()).to_vec();
        bytes.extend(units);
        bytes.extend(b"Ilocblob");
        bytes.extend(word(4));
        bytes.extend([0; 4]);
        bytes
    }

    /// A store of two nodes, the second of which is the child of the first.
    fn store() -> Vec<u8> {
        let mut bytes = vec![0; 8192];
        let mut put = |at: usize, piece: &[u8]| bytes[at..at + piece.len()].copy_from_slice(piece);
        put(
            0,
            &[&word(1)[..], b"Bud1", &word(2048), &word(2048), &word(2048)].concat(),
        );
        // Blocks: the bookkeeping, the tree, two nodes.
        let addresses = [2048 | 11, 32 | 5, 4096 | 9, 4608 | 9].map(word).concat();
        put(BASE + 2048, &[&word(4)[..], &word(0), &addresses].concat());
        put(
            BASE + 2048 + 8 + 1024,
            &[&word(1)[..], &[4], b"DSDB", &word(1)].concat(),
        );
        put(BASE + 32, &word(2));
        let root = [&word(3)[..], &word(1), &word(9), &record(".env")].concat();
        put(BASE + 4096, &root);
        let leaf = [&word(0)[..], &word(2), &record("a"), &record("ümlaut.sql")].concat();
        put(BASE + 4608, &leaf);
        bytes
    }

    #[test]
    fn names_of_all_nodes() {
        let names: Vec<String> = names(&store()).unwrap().into_iter().collect();
        assert_eq!(names, [".env", "a", "ümlaut.sql"]);
    }

    #[test]
    fn what_is_no_store_gives_nothing() {
        assert_eq!(names(b""), None);
        assert_eq!(names(b"\0\0\0\x01Bud2"), None);
        assert_eq!(names(b"\0\0\0\x01Bud1\xff\xff\xff\xff"), None);
    }

    proptest! {
        #[test]
        fn broken_stores_end(changes in proptest::collection::vec((0..8192_usize, any::<u8>()), 1..30), cut in 0..8192_usize) {
            let mut bytes = store();
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            let _ = names(&bytes);
            let _ = names(&bytes[..cut]);
        }
    }
}
