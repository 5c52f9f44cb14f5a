//! What a history gave when it was read the last time: as long as nothing changed, nothing has to be read again but the
//! blobs in which something was found.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::carriers::Carriers;
use super::{Cache, CacheKey, DIGEST, file_of, forget, read, write};
use crate::input::ledger::{Coverage, Skipped};

/// Tells which form the file has.
const HEAD: &[u8; 18] = b"spillcheck-last-1\n";
/// What the file's name ends with.
const ENDING: &str = "last";

/// What a history gave, without anything that its blobs hold.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Last {
    /// How many commits were read.
    pub(in super::super) commits: usize,
    /// What was read.
    pub(in super::super) coverage: Coverage,
    /// Blobs that are not known to be clean, and no shadows: ids, and paths under which they were read.
    pub(in super::super) open: Vec<(String, String)>,
    pub(in super::super) shadows: Vec<Shadow>,
    /// By id, the blobs in which something was found.
    pub(in super::super) found: BTreeMap<String, Found>,
    /// What is to be said of all these.
    pub(in super::super) more: Option<Skipped>,
}

/// A blob that holds nothing but what others hold as well, at older places: from these it is known what it holds, as
/// often as that is asked, and nothing of it has to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// Its id.
    pub blob: String,
    /// In bytes.
    pub size: u64,
    /// For each thing found in it, another blob's id, and which of the things found there is the same.
    pub of: Vec<(String, usize)>,
}

/// A blob in which something was found.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(in super::super) struct Found {
    /// What to call it if no commit carries it.
    pub(in super::super) aside: String,
    pub(in super::super) carriers: Carriers,
}

/// Where it is kept what a history gave, and for which state of the repository that counts.
#[derive(Debug)]
pub(in super::super) struct LastFile {
    file: PathBuf,
    fingerprint: CacheKey,
}

impl LastFile {
    pub(in super::super) fn new(
        cache: &Cache,
        repository: &std::path::Path,
        fingerprint: CacheKey,
    ) -> Self {
        Self {
            file: file_of(cache, repository).with_extension(ENDING),
            fingerprint,
        }
    }

    /// What the last run left, if it saw the same.
    pub(in super::super) fn read(&self) -> Option<Last> {
        let told = read(&self.file)?;
        let told = told.strip_prefix(HEAD)?;
        let (fingerprint, told) = told.split_at_checked(DIGEST)?;
        if fingerprint != self.fingerprint {
            return None;
        }
        serde_json::from_slice(told).ok()
    }

    /// Takes away what was kept.
    pub(in super::super) fn forget(&self) -> bool {
        forget(&self.file)
    }

    /// Keeps what there is to be known.
    ///
    /// # Errors
    /// The file cannot be written; the one that was there is as it was.
    pub(in super::super) fn write(&self, last: &Last) -> io::Result<()> {
        let mut told = [HEAD.as_slice(), &self.fingerprint].concat();
        serde_json::to_writer(&mut told, last)?;
        write(&self.file, told)
    }
}
