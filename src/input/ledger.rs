//! The coverage ledger: what was read, and every file that was not, with its reason.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Why a file, or a part of it, was not looked at.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It could not be opened or read. Makes the coverage incomplete.
    Unreadable,
    /// A limit was reached inside it. Makes the coverage incomplete.
    Capped,
    /// It holds no text.
    Binary,
    /// A symbolic link; these are not followed.
    Symlink,
    /// A FIFO, socket or device; these are never opened.
    Special,
    /// The user's configuration or command line left it out.
    Excluded,
    /// Internals of a version control system.
    VersionControl,
}

impl SkipReason {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Capped => "capped",
            Self::Binary => "binary",
            Self::Symlink => "symlink",
            Self::Special => "special",
            Self::Excluded => "excluded",
            Self::VersionControl => "version-control",
        }
    }

    /// Whether something that should have been read was not.
    pub fn is_incomplete(self) -> bool {
        matches!(self, Self::Unreadable | Self::Capped)
    }
}

/// One file or directory that was not, or not wholly, looked at.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Skipped {
    /// As in [`SourceFile::path`](super::SourceFile::path).
    pub path: String,
    /// Why.
    pub reason: SkipReason,
    /// The error, the glob and who gave it, the cap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What a scan looked at and what it did not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Files that were read to their end.
    pub files: u64,
    /// Bytes that were read, as they lie on disk.
    pub bytes: u64,
    /// Sorted by path.
    pub skipped: Vec<Skipped>,
    /// There was nothing to read, and rightly so: a commit that only deletes files, for one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_be_empty: bool,
}

impl Coverage {
    /// How many files were skipped for a reason.
    pub fn count(&self, reason: SkipReason) -> usize {
        self.skipped
            .iter()
            .filter(|skipped| skipped.reason == reason)
            .count()
    }

    /// Whether nothing was read, or something that should have been read was not.
    pub fn is_incomplete(&self) -> bool {
        (self.files == 0 && !self.may_be_empty)
            || self
                .skipped
                .iter()
                .any(|skipped| skipped.reason.is_incomplete())
    }
}

/// The ledger while it is being written, by several threads.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    files: AtomicU64,
    bytes: AtomicU64,
    skipped: Mutex<Vec<Skipped>>,
}

impl Ledger {
    /// A file was read to its end.
    pub(super) fn add_file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// So many bytes were read.
    pub(super) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Something was not read.
    pub(super) fn skip(&self, path: &str, reason: SkipReason, detail: impl Into<Option<String>>) {
        self.lock().push(Skipped {
            path: path.to_owned(),
            reason,
            detail: detail.into(),
        });
    }

    /// Closes the ledger.
    pub(super) fn close(&self) -> Coverage {
        let mut skipped = mem::take(&mut *self.lock());
        skipped.sort();
        Coverage {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            skipped,
            may_be_empty: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Skipped>> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
