//! One work tree: where it starts, and what its repository says.

use std::io;
use std::path::{Path, PathBuf};

use super::ignores::Ignores;
use super::index::Index;
use super::layout::{MAX_INDEX, common_dir, git_dir, hash_kind, read};
use super::remotes::{self, Remote};
use super::repository::Repository;

/// A directory under version control, read.
#[derive(Debug)]
pub(super) struct WorkTree {
    root: PathBuf,
    index: Index,
    ignores: Ignores,
    remotes: Vec<Remote>,
}

impl WorkTree {
    /// The work tree that starts at this directory, if one does.
    ///
    /// # Errors
    /// Its index cannot be read: a sentence for the user.
    pub(super) fn at(root: &Path) -> Option<Result<Self, String>> {
        let git_dir = git_dir(root)?;
        let common = common_dir(&git_dir);
        let index = read_index(&git_dir, &common).map_err(|why| {
            format!(
                "{}: {why}; its files are shown as outside of a repository; `git status` there \
                 may say more",
                git_dir.join("index").to_string_lossy()
            )
        });
        Some(index.map(|index| Self {
            root: root.to_owned(),
            index,
            ignores: Ignores::new(root, &common.join("info").join("exclude")),
            remotes: remotes::of(&common),
        }))
    }

    /// Where it starts.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What is tracked.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Where it is pushed to.
    pub(super) fn remotes(&self) -> &[Remote] {
        &self.remotes
    }

    /// Whether the checked-out commit has a file, by its path from here. Where that cannot be told, it may.
    pub(super) fn may_be_committed(&self, path: &[u8]) -> bool {
        let repository = Repository::around(&self.root);
        let has = repository.and_then(|repository| repository.has_at_head(path));
        has.unwrap_or(true)
    }

    /// What is ignored.
    pub(super) fn ignores(&self) -> &Ignores {
        &self.ignores
    }
}

/// The index, together with the shared one that it may be split from. None at all is an empty one.
fn read_index(git_dir: &Path, common: &Path) -> Result<Index, String> {
    let data = match read(&git_dir.join("index"), MAX_INDEX) {
        Ok(data) => data,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Index::default()),
        Err(error) => return Err(error.to_string()),
    };
    let hash_kind = hash_kind(common);
    Index::parse(&data, hash_kind, &mut |name| {
        read(&git_dir.join(name), MAX_INDEX).map_err(|error| format!("{name}: {error}"))
    })
}
