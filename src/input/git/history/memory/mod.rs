//! What earlier runs left, so that the next one reads what is new: commits and trees, and blobs in which nothing was
//! found. Beside it, what the last run gave, for as long as nothing is new ([`last`]), and what is to be known to add what
//! is new to it ([`base`]).
//!
//! The files lie in the user's own cache, never in the repository, which may be hostile. They hold ids of objects and
//! names of files and references, and nothing of what is in files. They are written whole or not at all, end with a
//! checksum, and count for one program, and what they say of blobs for one set of rules; whatever else is there is as good
//! as nothing. Since an object never changes, it does not matter for the first which references there were, or which part
//! of the history was asked for.

mod base;
mod bytes;
mod clean;
mod graph;
mod last;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::finding::hex;
use crate::input::private_directory;

pub(super) use self::base::{Base, Kept, Parts, Rest};
use self::bytes::{Bytes, put_bytes};
use self::clean::Clean;
pub(super) use self::clean::CleanBlob;
pub use self::last::Shadow;
pub(super) use self::last::{Found, Last, LastFile};
use super::graph::Graph;
use super::paths::PathDigest;
use super::store::Store;

/// Tells which form the file has.
const HEAD: &[u8; 16] = b"spillcheck-ok-2\n";
/// A checksum, and a key, has so many bytes.
const DIGEST: usize = 32;
/// Of the hash that is the file's name, so many bytes are shown.
const NAME: usize = 16;
/// A longer file, in bytes, is neither read nor written.
const MAX_FILE: u64 = 1 << 30;

/// Stands for a program, or for rules: a hash.
pub type CacheKey = [u8; DIGEST];

/// Where things are kept between runs.
#[derive(Debug, Clone)]
pub struct Cache {
    /// A directory of the user's own, which need not be there yet.
    pub directory: PathBuf,
    /// What is known counts for this program only: another may understand objects otherwise.
    pub program: CacheKey,
    /// What is known of blobs counts for these rules only.
    pub rules: CacheKey,
}

/// What is known of one repository.
#[derive(Debug)]
pub(super) struct Memory {
    file: PathBuf,
    program: CacheKey,
    rules: CacheKey,
    clean: Clean,
}

impl Memory {
    /// What a cache has for a repository, by the numbers that objects have now, and the graph that goes with it. A file
    /// that is damaged is as none.
    pub(super) fn open(cache: &Cache, repository: &Path, store: &Store) -> (Self, Option<Graph>) {
        let mut memory = Self {
            file: file_of(cache, repository),
            program: cache.program,
            rules: cache.rules,
            clean: Clean::default(),
        };
        let told = read(&memory.file).unwrap_or_default();
        let mut graph = None;
        if let Some((clean, mut rest, now)) = memory.clean_in(&told, store) {
            graph = graph::decode(&mut rest, (&now, store.len()));
            // No need to look at them to know that they are no trees.
            let graph = graph.iter_mut();
            graph.for_each(|graph| clean.blobs().for_each(|blob| graph.keep(blob)));
            memory.clean = clean;
        }
        (memory, graph)
    }

    /// A blob, if it is known to be clean.
    pub(super) fn clean(&self, blob: u32, path: impl FnOnce() -> PathDigest) -> Option<&CleanBlob> {
        self.clean.get(blob, path)
    }

    /// Keeps what there is now, beside what other runs found clean in the meantime.
    ///
    /// # Errors
    /// The file cannot be written; the one that was there is as it was.
    pub(super) fn save(
        mut self,
        (store, graph): (&Store, &Graph),
        new: Vec<(u32, CleanBlob)>,
    ) -> io::Result<()> {
        if new.is_empty() && !graph.has_grown() {
            return Ok(());
        }
        let told = read(&self.file).unwrap_or_default();
        if let Some((clean, ..)) = self.clean_in(&told, store) {
            self.clean = clean;
        }
        self.clean.add(new);
        let mut bytes = Vec::new();
        bytes.extend_from_slice(HEAD);
        bytes.extend_from_slice(&self.program);
        bytes.extend_from_slice(&self.rules);
        let ids: Vec<u8> = store
            .ids
            .iter()
            .flat_map(|id| id.as_bytes())
            .copied()
            .collect();
        put_bytes(&mut bytes, &ids);
        self.clean.encode(&mut bytes);
        graph::encode(graph, &mut bytes);
        write(&self.file, bytes)
    }

    /// What a file says of blobs, the rest of it, and the numbers that the objects in it have now.
    fn clean_in<'t>(&self, told: &'t [u8], store: &Store) -> Option<(Clean, Bytes<'t>, Vec<u32>)> {
        let mut bytes = Bytes(told.strip_prefix(HEAD)?);
        if bytes.take(DIGEST)? != self.program {
            return None;
        }
        let is_ours = bytes.take(DIGEST)? == self.rules;
        let now = clean::places(bytes.bytes()?, &store.ids);
        let clean = Clean::decode(&mut bytes, &now)?;
        let clean = if is_ours { clean } else { Clean::default() };
        Some((clean, bytes, now))
    }
}

/// Where it is kept what is known of a repository.
fn file_of(cache: &Cache, repository: &Path) -> PathBuf {
    let name = Sha256::digest(repository.as_os_str().as_encoded_bytes());
    cache.directory.join(hex(&name[..NAME]))
}

/// Takes a file away, and tells whether there is none by then.
fn forget(file: &Path) -> bool {
    fs::remove_file(file).is_ok() || !file.exists()
}

/// Writes a file with a checksum, whole or not at all.
fn write(path: &Path, mut told: Vec<u8>) -> io::Result<()> {
    let checksum = Sha256::digest(&told);
    told.extend_from_slice(&checksum);
    if told.len() as u64 > MAX_FILE {
        return Ok(());
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    private_directory(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(&told)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// What a file says, if all of it is as it was written.
fn read(file: &Path) -> Option<Vec<u8>> {
    let metadata = fs::symlink_metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE {
        return None;
    }
    let mut bytes = fs::read(file).ok()?;
    let (told, checksum) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
    if Sha256::digest(told).as_slice() != checksum {
        return None;
    }
    bytes.truncate(told.len());
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_as_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/file");
        assert_eq!(read(&path), None);
        let told = [HEAD.as_slice(), b"what was said"].concat();
        write(&path, told.clone()).unwrap();
        let whole = fs::read(&path).unwrap();
        for len in 0..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            assert_eq!(read(&path), None, "{len}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            fs::write(&path, damaged).unwrap();
            assert_eq!(read(&path), None, "{at}");
        }
        fs::write(&path, &whole).unwrap();
        assert_eq!(read(&path), Some(told));
    }
}
