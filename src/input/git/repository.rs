//! The objects and references of one repository.

use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId};
use gix_object::{FindExt as _, FindHeader as _};

use super::layout::{common_dir, git_dir, hash_kind};

/// A repository that is open for reading. One for each thread: it is cheap to clone.
#[derive(Clone)]
pub(in crate::input) struct Repository {
    /// What belongs to this work tree alone: `HEAD`, the index.
    pub(super) git_dir: PathBuf,
    /// The top of the work tree, absolute, without symbolic links.
    pub(super) top: PathBuf,
    /// How objects are named.
    pub(super) hash: Kind,
    /// Loose objects and packs, those of alternates as well.
    pub(super) objects: gix_odb::Handle,
    /// Branches, tags and `HEAD`.
    pub(super) refs: gix_ref::file::Store,
}

impl Repository {
    /// The repository whose work tree holds an absolute path without symbolic links.
    ///
    /// # Errors
    /// There is none, or it cannot be opened: a sentence for the user.
    pub(in crate::input) fn around(path: &Path) -> Result<Self, String> {
        let found = path
            .ancestors()
            .find_map(|top| Some((top, git_dir(top)?)))
            .ok_or_else(|| {
                format!(
                    "{} is in no git work tree; name a directory that is, or scan it without --staged, --tracked, --diff \
                     and --history",
                    path.to_string_lossy()
                )
            })?;
        let (top, git_dir) = found;
        Self::open(top, git_dir)
    }

    /// The repository that a path is in, or that it is: a bare one has no work tree.
    ///
    /// # Errors
    /// There is none, or it cannot be opened: a sentence for the user.
    pub(super) fn of_history(path: &Path) -> Result<Self, String> {
        if path.join("objects").is_dir() && path.join("HEAD").is_file() {
            return Self::open(path, path.to_owned());
        }
        Self::around(path)
    }

    fn open(top: &Path, git_dir: PathBuf) -> Result<Self, String> {
        let common = common_dir(&git_dir);
        let hash = hash_kind(&common);
        let objects = gix_odb::at(common.join("objects"), hash).map_err(|error| {
            let objects = common.join("objects");
            format!("{}: {error}", objects.to_string_lossy())
        })?;
        let refs = if fs::symlink_metadata(git_dir.join("commondir")).is_ok() {
            gix_ref::file::Store::for_linked_worktree(git_dir.clone(), common, hash)
        } else {
            gix_ref::file::Store::at(git_dir.clone(), hash)
        };
        Ok(Self {
            git_dir,
            top: top.to_owned(),
            hash,
            objects,
            refs,
        })
    }

    /// The content of a blob that is not longer than so many bytes.
    ///
    /// # Errors
    /// It is missing, damaged or too long: what a ledger says of it.
    pub(in crate::input) fn blob(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>, BlobError> {
        let unreadable =
            |error: gix_error::Error| BlobError::Unreadable(format!("blob {id}: {error}"));
        let header = self.objects.try_header(&id).map_err(unreadable)?;
        let size = header.map_or(0, |header| header.size);
        if size > limit {
            return Err(BlobError::TooLong(size));
        }
        let mut bytes = Vec::new();
        self.objects
            .find_blob(&id, &mut bytes)
            .map_err(unreadable)?;
        Ok(bytes)
    }

    /// Whether the checked-out commit has a file, by its path from the top.
    ///
    /// # Errors
    /// It cannot be read: a sentence for the user.
    pub(super) fn has_at_head(&self, path: &[u8]) -> Result<bool, String> {
        let Some(head) = self.head()? else {
            return Ok(false);
        };
        let mut at = self.tree_of(head)?;
        let mut buffer = Vec::new();
        for part in path.split(|&byte| byte == b'/') {
            let tree = self.objects.find_tree_iter(&at, &mut buffer);
            let mut next = None;
            for entry in tree.map_err(|error| damaged(&error))? {
                let entry = entry.map_err(|error| damaged(&error))?;
                if entry.filename == part {
                    next = Some(entry.oid.to_owned());
                    break;
                }
            }
            match next {
                Some(id) => at = id,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// It cannot be read: a sentence for the user.
    pub(super) fn tree_of(&self, commit: ObjectId) -> Result<ObjectId, String> {
        let mut buffer = Vec::new();
        let commit = self.objects.find_commit(&commit, &mut buffer);
        Ok(commit.map_err(|error| damaged(&error))?.tree())
    }
}

/// Why a blob was not read.
#[derive(Debug)]
pub(in crate::input) enum BlobError {
    /// What went wrong.
    Unreadable(String),
    /// Its length in bytes.
    TooLong(u64),
}

/// For an object that cannot be read.
pub(super) fn damaged(error: &dyn std::fmt::Display) -> String {
    format!("{error}; `git fsck` may say more")
}
