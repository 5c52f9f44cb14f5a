//! Blobs in which nothing was found before, kept between runs, so that the next one reads what is new.
//!
//! The file lies in the user's own cache, never in the repository, which may be hostile. It holds no names and no
//! content: hashes of ids and paths, since a path decides how a blob is read. It is written whole or not at all, ends
//! with a checksum, and counts for one engine with one set of rules; whatever else is there is as good as nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gix_hash::oid;
use sha2::{Digest as _, Sha256};

use crate::finding::hex;
use crate::input::private_directory;

/// Of a hash, so many bytes are kept.
const HASH: usize = 16;
/// A hash, and the length of the blob.
const ENTRY: usize = HASH + 8;
/// Tells which form the file has.
const HEAD: &[u8; 16] = b"spillcheck-ok-1\n";
/// A checksum and a key have so many bytes.
const DIGEST: usize = 32;
/// A longer file, in bytes, is neither read nor written.
const MAX_FILE: u64 = 1 << 30;

/// Which engine with which rules something was found clean by.
pub type CleanKey = [u8; DIGEST];

/// What is known to be clean.
#[derive(Debug)]
pub struct Clean {
    file: PathBuf,
    key: CleanKey,
    /// Sorted by hash.
    entries: Vec<CleanBlob>,
}

/// A blob under one of its paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CleanBlob {
    hash: [u8; HASH],
    /// In bytes.
    pub(super) size: u64,
}

impl CleanBlob {
    pub(super) fn new(id: &oid, path: &str, size: u64) -> Self {
        let mut digest = Sha256::new();
        digest.update(id.as_bytes());
        digest.update(path.as_bytes());
        let mut hash = [0; HASH];
        hash.copy_from_slice(&digest.finalize()[..HASH]);
        Self { hash, size }
    }
}

impl Clean {
    /// What a directory has for a repository. A file that is damaged or of another key is as none.
    pub fn open(directory: &Path, repository: &Path, key: CleanKey) -> Self {
        let name = Sha256::digest(repository.as_os_str().as_encoded_bytes());
        let file = directory.join(hex(&name[..HASH]));
        let entries = read(&file, &key).unwrap_or_default();
        Self { file, key, entries }
    }

    /// How long a blob is, if it is known to be clean.
    pub(super) fn size(&self, id: &oid, path: &str) -> Option<u64> {
        let wanted = CleanBlob::new(id, path, 0).hash;
        let at = self
            .entries
            .binary_search_by(|entry| entry.hash.cmp(&wanted));
        at.ok().map(|at| self.entries[at].size)
    }

    /// Adds what was found clean now, beside what other runs have written since.
    ///
    /// # Errors
    /// The file cannot be written; the one that was there is as it was.
    pub(super) fn save(mut self, new: Vec<CleanBlob>) -> io::Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        self.entries = read(&self.file, &self.key).unwrap_or_default();
        self.entries.extend(new);
        self.entries.sort_unstable();
        self.entries.dedup_by_key(|entry| entry.hash);
        let len = HEAD.len() + DIGEST + self.entries.len() * ENTRY;
        if len as u64 + DIGEST as u64 > MAX_FILE {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(len + DIGEST);
        bytes.extend_from_slice(HEAD);
        bytes.extend_from_slice(&self.key);
        for entry in &self.entries {
            bytes.extend_from_slice(&entry.hash);
            bytes.extend_from_slice(&entry.size.to_le_bytes());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        let directory = self.file.parent().unwrap_or(Path::new("."));
        private_directory(directory)?;
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(&bytes)?;
        file.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

/// What a file has for a key, if all of it is as it was written.
fn read(file: &Path, key: &CleanKey) -> Option<Vec<CleanBlob>> {
    let metadata = fs::symlink_metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE {
        return None;
    }
    let bytes = fs::read(file).ok()?;
    let (told, checksum) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
    let entries = told.strip_prefix(HEAD)?.strip_prefix(key)?;
    if Sha256::digest(told).as_slice() != checksum || entries.len() % ENTRY != 0 {
        return None;
    }
    let entry = |bytes: &[u8]| {
        let (hash, size) = bytes.split_at_checked(HASH)?;
        Some(CleanBlob {
            hash: hash.try_into().ok()?,
            size: u64::from_le_bytes(size.try_into().ok()?),
        })
    };
    entries.chunks_exact(ENTRY).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use gix_hash::ObjectId;

    use super::*;

    fn blob(path: &str, size: u64) -> CleanBlob {
        CleanBlob::new(&ObjectId::null(gix_hash::Kind::Sha1), path, size)
    }

    fn size(clean: &Clean, path: &str) -> Option<u64> {
        clean.size(&ObjectId::null(gix_hash::Kind::Sha1), path)
    }

    #[test]
    fn what_is_saved_is_known_again_by_the_same_key_only() {
        let directory = tempfile::tempdir().unwrap();
        let open = |key| Clean::open(&directory.path().join("new"), Path::new("/r"), key);
        let (first, second) = (open([1; 32]), open([1; 32]));
        first.save(vec![blob("a", 3)]).unwrap();
        second.save(vec![blob("b", 4), blob("b", 4)]).unwrap();
        let known = open([1; 32]);
        assert_eq!(size(&known, "a"), Some(3));
        assert_eq!(size(&known, "b"), Some(4));
        assert_eq!(size(&known, "c"), None);
        assert_eq!(size(&open([2; 32]), "a"), None);
        open([2; 32]).save(vec![blob("c", 5)]).unwrap();
        assert_eq!(size(&open([2; 32]), "a"), None);
        assert_eq!(size(&open([2; 32]), "c"), Some(5));
    }

    #[test]
    fn a_damaged_file_is_as_none() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Clean::open(directory.path(), Path::new("/r"), [1; 32]);
        open().save(vec![blob("a", 3), blob("b", 4)]).unwrap();
        let whole = fs::read(open().file).unwrap();
        for len in 0..whole.len() {
            fs::write(open().file, &whole[..len]).unwrap();
            assert_eq!(size(&open(), "a"), None, "{len}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            fs::write(open().file, damaged).unwrap();
            assert_eq!(size(&open(), "a"), None, "{at}");
        }
        fs::write(open().file, &whole).unwrap();
        assert_eq!(size(&open(), "a"), Some(3));
    }
}
