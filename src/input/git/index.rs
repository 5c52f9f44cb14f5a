//! The names in a git index, and nothing else of it.
//!
//! The format: <https://git-scm.com/docs/index-format>. The index of a scanned tree may be hostile,
//! and all that is needed are names; so the extensions, whose nesting a general reader follows to
//! any depth, are passed over, except for the one that splits an index in two.

use super::bitmap;

/// Linux refuses longer paths.
const MAX_PATH: usize = 4096;
/// Prefix compression lets a small index stand for many long names.
const MAX_NAMES: usize = 512 * 1024 * 1024;
/// Signature, version, number of entries.
const HEADER_LEN: usize = 12;
/// Times, device, inode, mode, owner and size, before the object's name.
const STAT_LEN: usize = 40;
/// In the flags of an entry: more flags follow.
const EXTENDED: u16 = 0x4000;

/// How long the names of objects are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HashLen {
    Sha1 = 20,
    Sha256 = 32,
}

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
        hash_len: HashLen,
        shared: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let hash_len = hash_len as usize;
        let (mut names, rest) = entries(data, hash_len)?;
        if let Some(link) = extension(rest, hash_len, *b"link") {
            let (base, bitmap) = link
                .split_at_checked(hash_len)
                .ok_or("cut link extension")?;
            if base.iter().any(|&byte| byte != 0) {
                let name = format!("sharedindex.{}", hex(base));
                let (mut base, _) = entries(&shared(&name)?, hash_len)?;
                remove_deleted(&mut base, bitmap);
                names.append(&mut base);
            }
        }
        // Entries that replace one of the shared index have no name of their own.
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        Ok(Self(names))
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

type Names = Vec<Box<[u8]>>;

/// The names of all entries, and the bytes after the last one.
fn entries(data: &[u8], hash_len: usize) -> Result<(Names, &[u8]), String> {
    if !data.starts_with(b"DIRC") {
        return Err("not an index".to_owned());
    }
    let version = word(data, 4).ok_or("cut header")?;
    if !(2..=4).contains(&version) {
        return Err(format!("index version {version} is not supported"));
    }
    let count = word(data, 8).ok_or("cut header")?;
    let mut rest = data.get(HEADER_LEN..).unwrap_or_default();
    let mut names = Names::new();
    let mut name = Vec::new();
    let mut total = 0;
    for number in 1..=count {
        let entry = entry(rest, hash_len, version == 4, &mut name);
        rest = entry.ok_or_else(|| format!("entry {number} of {count} is damaged"))?;
        total += name.len();
        if name.len() > MAX_PATH || total > MAX_NAMES {
            return Err(format!("the names up to entry {number} are too long"));
        }
        names.push(name.as_slice().into());
    }
    Ok((names, rest))
}

/// Reads one entry's name over that of the entry before. Gives what comes after.
fn entry<'d>(
    data: &'d [u8],
    hash_len: usize,
    is_compressed: bool,
    name: &mut Vec<u8>,
) -> Option<&'d [u8]> {
    let flags_at = STAT_LEN + hash_len;
    let flags = u16::from_be_bytes(*data.get(flags_at..)?.first_chunk()?);
    let name_at = flags_at + if flags & EXTENDED == 0 { 2 } else { 4 };
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
    if is_compressed {
        return rest.get(len + 1..);
    }
    // One to eight NULs, up to a multiple of eight.
    let entry_len = (name_at + len + 8) & !7;
    data.get(entry_len..)
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
fn extension(mut rest: &[u8], hash_len: usize, wanted: [u8; 4]) -> Option<&[u8]> {
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

/// Takes the names out that a bitmap marks. A cut bitmap marks what it marks up to there.
fn remove_deleted(names: &mut Names, bitmap: &[u8]) {
    let mut deleted = bitmap::marked(bitmap, names.len()).into_iter().peekable();
    let mut at = 0;
    names.retain(|_| {
        let is_deleted = deleted.next_if_eq(&at).is_some();
        at += 1;
        !is_deleted
    });
}

/// The number at an offset.
pub(super) fn word(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
        Index::parse(data, HashLen::Sha1, &mut |_| {
            Err("no shared index".to_owned())
        })
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
            let _ = Index::parse(&data, HashLen::Sha1, &mut |_| Ok(base.clone()));
        }
    }
}
