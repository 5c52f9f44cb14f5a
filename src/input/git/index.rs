//! The entries of a git index.
//!
//! The format: <https://git-scm.com/docs/index-format>. The index of a scanned tree may be hostile,
//! so the extensions, whose nesting a general reader follows to any depth, are passed over, except
//! for the one that splits an index in two, and [`super::cache_tree`].

use gix_hash::{Kind, ObjectId};

use super::bitmap;

/// Linux refuses longer paths.
pub(super) const MAX_PATH: usize = 4096;
/// Prefix compression lets a small index stand for many long names.
pub(super) const MAX_NAMES: usize = 512 * 1024 * 1024;
/// Signature, version, number of entries.
const HEADER_LEN: usize = 12;
/// Times, device, inode, mode, owner and size, before the object's name.
const STAT_LEN: usize = 40;
/// In the flags of an entry: more flags follow.
const EXTENDED: u16 = 0x4000;
/// In the flags of an entry: which side of a conflict it is, 0 for none.
const STAGE: u16 = 0x3000;
/// In the flags that follow.
const INTENT_TO_ADD: u16 = 0x2000;

/// The paths that an index tracks, sorted. Directories of a sparse index end in a slash.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index(Vec<Box<[u8]>>);

impl Index {
    /// Reads the names out of an index. `shared` gives the bytes of the index that this one may be
    /// split from, by file name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(
        data: &[u8],
        hash: Kind,
        shared: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let (entries, _) = parse(data, hash, shared)?;
        Ok(Self(entries.into_iter().map(|entry| entry.name).collect()))
    }

    /// Whether a file is tracked.
    pub(super) fn contains(&self, path: &[u8]) -> bool {
        if self.has(path) {
            return true;
        }
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        slashes.map(|(at, _)| at).any(|at| self.has(&path[..=at]))
    }

    /// Whether anything in a directory is tracked. A submodule is tracked as a whole.
    pub(super) fn contains_below(&self, directory: &[u8]) -> bool {
        let prefix = [directory, b"/"].concat();
        let at = self.0.partition_point(|name| **name < *prefix);
        let next = self.0.get(at);
        next.is_some_and(|name| name.starts_with(&prefix)) || self.contains(directory)
    }

    fn has(&self, name: &[u8]) -> bool {
        self.0.binary_search_by(|known| (**known).cmp(name)).is_ok()
    }
}

/// What an index says of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// With forward slashes; a directory of a sparse index ends in one.
    pub(super) name: Box<[u8]>,
    /// As in a tree.
    pub(super) mode: u32,
    /// The object that holds its content.
    pub(super) id: ObjectId,
    /// Seconds and nanoseconds of its last change, when it was compared with the work tree.
    pub(super) modified: (u32, u32),
    /// Length in bytes in the work tree, cut to 32 bits.
    pub(super) size: u32,
    flags: u16,
    more_flags: u16,
}

impl Entry {
    /// Whether it stands for one side of a conflict.
    pub(super) fn is_unmerged(&self) -> bool {
        self.flags & STAGE != 0
    }

    /// Whether only its name was added: `git add --intent-to-add`.
    pub(super) fn is_intended(&self) -> bool {
        self.more_flags & INTENT_TO_ADD != 0
    }
}

/// All entries, sorted by name, and the bytes after the last one. `shared` is as for [`Index::parse`].
///
/// # Errors
/// What is wrong with the index.
pub(super) fn parse<'d>(
    data: &'d [u8],
    hash: Kind,
    shared: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<(Vec<Entry>, &'d [u8]), String> {
    let hash_len = hash.len_in_bytes();
    let (mut list, rest) = entries(data, hash_len)?;
    if let Some(link) = extension(rest, hash_len, *b"link") {
        let (base, bitmaps) = link
            .split_at_checked(hash_len)
            .ok_or("cut link extension")?;
        if base.iter().any(|&byte| byte != 0) {
            let name = format!("sharedindex.{}", ObjectId::from_bytes_or_panic(base));
            let (base, _) = entries(&shared(&name)?, hash_len)?;
            list = joined(base, list, bitmaps);
        }
    }
    list.retain(|entry| !entry.name.is_empty());
    list.sort_by(|a, b| (&a.name, a.flags & STAGE).cmp(&(&b.name, b.flags & STAGE)));
    Ok((list, rest))
}

/// The entries of both halves of a split index. Those without a name replace entries of the shared one.
fn joined(mut base: Vec<Entry>, own: Vec<Entry>, bitmaps: &[u8]) -> Vec<Entry> {
    let deleted = bitmap::marked(bitmaps, base.len());
    let replaced = bitmap::marked(bitmap::after(bitmaps), base.len());
    let (nameless, mut list): (Vec<Entry>, _) =
        own.into_iter().partition(|entry| entry.name.is_empty());
    for (at, new) in replaced.into_iter().zip(nameless) {
        base[at] = Entry {
            name: base[at].name.clone(),
            ..new
        };
    }
    let mut deleted = deleted.into_iter().peekable();
    let kept = base
        .into_iter()
        .enumerate()
        .filter(|(at, _)| deleted.next_if_eq(at).is_none());
    list.extend(kept.map(|(_, entry)| entry));
    list
}

/// All entries, and the bytes after the last one.
fn entries(data: &[u8], hash_len: usize) -> Result<(Vec<Entry>, &[u8]), String> {
    if !data.starts_with(b"DIRC") {
        return Err("not an index".to_owned());
    }
    let version = word(data, 4).ok_or("cut header")?;
    if !(2..=4).contains(&version) {
        return Err(format!("index version {version} is not supported"));
    }
    let count = word(data, 8).ok_or("cut header")?;
    let mut rest = data.get(HEADER_LEN..).unwrap_or_default();
    // A count may claim anything.
    let most = rest.len() / STAT_LEN;
    let mut list = Vec::with_capacity(most.min(usize::try_from(count).unwrap_or(most)));
    let mut name = Vec::new();
    let mut total = 0;
    for number in 1..=count {
        let (entry, after) = entry(rest, hash_len, version == 4, &mut name)
            .ok_or_else(|| format!("entry {number} of {count} is damaged"))?;
        rest = after;
        total += name.len();
        if name.len() > MAX_PATH || total > MAX_NAMES {
            return Err(format!("the names up to entry {number} are too long"));
        }
        list.push(entry);
    }
    Ok((list, rest))
}

/// Reads one entry, its name over that of the entry before. Gives what comes after as well.
fn entry<'d>(
    data: &'d [u8],
    hash_len: usize,
    is_compressed: bool,
    name: &mut Vec<u8>,
) -> Option<(Entry, &'d [u8])> {
    let flags_at = STAT_LEN + hash_len;
    let flags = half(data, flags_at)?;
    let is_extended = flags & EXTENDED != 0;
    let name_at = flags_at + if is_extended { 4 } else { 2 };
    let mut rest = data.get(name_at..)?;
    if is_compressed {
        let (dropped, after) = offset_varint(rest)?;
        name.truncate(name.len().checked_sub(dropped)?);
        rest = after;
    } else {
        name.clear();
    }
    let len = memchr::memchr(0, rest)?;
    name.extend_from_slice(&rest[..len]);
    let entry = Entry {
        name: name.as_slice().into(),
        mode: word(data, 24)?,
        id: ObjectId::from_bytes_or_panic(&data[STAT_LEN..flags_at]),
        modified: (word(data, 8)?, word(data, 12)?),
        size: word(data, 36)?,
        flags,
        more_flags: if is_extended {
            half(data, flags_at + 2)?
        } else {
            0
        },
    };
    let after = if is_compressed {
        rest.get(len + 1..)?
    } else {
        // One to eight NULs, up to a multiple of eight.
        data.get((name_at + len + 8) & !7..)?
    };
    Some((entry, after))
}

/// A number in groups of seven bits, most significant first, as in pack files' offsets:
/// <https://git-scm.com/docs/gitformat-pack>.
fn offset_varint(data: &[u8]) -> Option<(usize, &[u8])> {
    let mut value: usize = 0;
    for (at, &byte) in data.iter().enumerate() {
        value |= usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &data[at + 1..]));
        }
        value = value.checked_add(1)?.checked_mul(128)?;
    }
    None
}

/// The content of one of the extensions between the entries and the checksum.
pub(super) fn extension(mut rest: &[u8], hash_len: usize, wanted: [u8; 4]) -> Option<&[u8]> {
    while rest.len() > hash_len {
        let signature = rest.get(..4)?;
        let len = usize::try_from(word(rest, 4)?).ok()?;
        let content = rest.get(8..)?.get(..len)?;
        if signature == wanted {
            return Some(content);
        }
        rest = &rest[8 + len..];
    }
    None
}

/// The number at an offset.
pub(super) fn word(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

fn half(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An index as git writes it, with an extension and a checksum of zeros.
    fn index(version: u32, names: &[&str], extension: &[u8]) -> Vec<u8> {
        let mut data = b"DIRC".to_vec();
        data.extend(version.to_be_bytes());
        data.extend(u32::try_from(names.len()).unwrap().to_be_bytes());
        for name in names {
            let start = data.len();
            data.extend([1; STAT_LEN + 20]);
            data.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
            data.extend(name.as_bytes());
            let padding = 8 - (data.len() - start) % 8;
            data.extend(vec![0; padding]);
        }
        data.extend(extension);
        data.extend([0; 20]);
        data
    }

    fn parse(data: &[u8]) -> Result<Index, String> {
        Index::parse(data, Kind::Sha1, &mut |_| Err("no shared index".to_owned()))
    }

    #[test]
    fn names_are_found_again() {
        let data = index(
            2,
            &["a", "d/file", "sparse/", "seventeen/letters"],
            b"TREE\0\0\0\x01x",
        );
        let index = parse(&data).unwrap();
        for name in ["a", "d/file", "sparse/x/y", "seventeen/letters"] {
            assert!(index.contains(name.as_bytes()), "{name}");
        }
        for name in ["", "b", "d", "d/files", "sparse"] {
            assert!(!index.contains(name.as_bytes()), "{name}");
        }
        assert!(index.contains_below(b"d"));
        assert!(index.contains_below(b"sparse/x"));
        assert!(!index.contains_below(b"spars"));
        assert!(!index.contains_below(b"b"));
    }

    #[test]
    fn damage_is_told() {
        let data = index(2, &["a", "b"], b"");
        assert_eq!(parse(b"").unwrap_err(), "not an index");
        assert_eq!(parse(&data[..10]).unwrap_err(), "cut header");
        assert_eq!(parse(&data[..100]).unwrap_err(), "entry 2 of 2 is damaged");
        let long = "x".repeat(MAX_PATH + 1);
        let told = parse(&index(2, &[&long], b"")).unwrap_err();
        assert_eq!(told, "the names up to entry 1 are too long");
    }

    proptest! {
        #[test]
        fn any_damage_is_survived(
            version in 2..5_u32,
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let link = [&b"link\0\0\0\x3c"[..], &[7; 20], &[0xff; 40]].concat();
            let mut data = index(version, &["a", "b/c", "b/d"], &link);
            let at = at.index(data.len());
            data[at] = byte;
            data.truncate(cut.index(data.len()) + 1);
            let base = index(2, &["x", "y"], b"");
            let _ = Index::parse(&data, Kind::Sha1, &mut |_| Ok(base.clone()));
        }
    }
}
