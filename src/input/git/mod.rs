//! How git sees a file, found out without running git.

mod added;
mod bitmap;
mod cache_tree;
mod changes;
mod compare;
mod history;
mod ignores;
mod index;
mod layout;
mod remotes;
mod repository;
mod revision;
mod worktree;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) use self::changes::ChangedFile;
pub use self::changes::Changes;
pub use self::history::{Cache, CacheKey, Given, History, Push, Selection, Shadow};
pub use self::remotes::Remote;
pub(super) use self::repository::{BlobError, Repository};
use self::worktree::WorkTree;
use crate::finding::GitState;

/// Answers how git sees files. Repositories are looked for and read when they are first asked about,
/// and once; it may be asked from several threads.
///
/// The index, `.gitignore` files and `info/exclude` count. The user's own `core.excludesFile` does
/// not: the answer depends on the files alone, not on who asks.
#[derive(Debug, Default)]
pub struct GitStates(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By directory; `None` where there is no repository.
    trees: HashMap<PathBuf, Option<Arc<WorkTree>>>,
    notes: BTreeSet<String>,
}

impl GitStates {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How git sees a file, given by its absolute path without symbolic links
    /// ([`SourceFile::real`](super::SourceFile::real)).
    ///
    /// A file of a repository whose index cannot be read counts as outside of any repository; see
    /// [`Self::notes`].
    pub fn state(&self, file: &Path) -> GitState {
        let Some((tree, inside)) = self.tree_around(file) else {
            return GitState::NoRepository;
        };
        if tree.index().contains(&inside) {
            return GitState::Tracked;
        }
        let reason = tree.ignores().reason(file, false);
        self.lock().notes.extend(tree.ignores().note());
        match reason {
            Some(_) => GitState::Ignored,
            None => GitState::Untracked,
        }
    }

    /// The remotes of the repository that tracks a file, given as for [`Self::state`]; none for a file that is not
    /// tracked, or that no commit has yet.
    pub fn remotes(&self, file: &Path) -> Vec<Remote> {
        let Some((tree, inside)) = self.tree_around(file) else {
            return Vec::new();
        };
        let remotes = tree.remotes();
        let may_be_there =
            !remotes.is_empty() && tree.index().contains(&inside) && tree.may_be_committed(&inside);
        if may_be_there {
            remotes.to_vec()
        } else {
            Vec::new()
        }
    }

    /// What went wrong so far, sorted: repositories whose index could not be read, or whose
    /// ignore rules are too many.
    pub fn notes(&self) -> Vec<String> {
        self.lock().notes.iter().cloned().collect()
    }

    /// Which ignore rule names this file or directory, unless git tracks it or something in it.
    pub(super) fn ignored(&self, path: &Path, is_dir: bool) -> Option<String> {
        let (tree, inside) = self.tree_around(path)?;
        let index = tree.index();
        let is_tracked = if is_dir {
            index.contains_below(&inside)
        } else {
            index.contains(&inside)
        };
        if is_tracked {
            return None;
        }
        tree.ignores().reason(path, is_dir)
    }

    /// Why a file or directory is left out where only what git tracks is read.
    pub(super) fn untracked(&self, path: &Path, is_dir: bool) -> Option<String> {
        let is_tracked = self.tree_around(path).is_some_and(|(tree, inside)| {
            if is_dir {
                tree.index().contains_below(&inside)
            } else {
                tree.index().contains(&inside)
            }
        });
        (!is_tracked).then(|| "git does not track it".to_owned())
    }

    /// The repository that a path belongs to, and its path inside, with forward slashes.
    fn tree_around(&self, path: &Path) -> Option<(Arc<WorkTree>, Vec<u8>)> {
        let tree = self.tree_of(path.parent()?)?;
        let inside = path.strip_prefix(tree.root()).ok()?;
        if inside.starts_with(".git") {
            return None;
        }
        let mut bytes = inside.as_os_str().as_encoded_bytes().to_vec();
        if cfg!(windows) {
            bytes
                .iter_mut()
                .filter(|b| **b == b'\\')
                .for_each(|b| *b = b'/');
        }
        Some((tree, bytes))
    }

    fn tree_of(&self, directory: &Path) -> Option<Arc<WorkTree>> {
        let mut known = self.lock();
        let mut found = None;
        let mut new = Vec::new();
        for ancestor in directory.ancestors() {
            if let Some(tree) = known.trees.get(ancestor) {
                found.clone_from(tree);
                break;
            }
            new.push(ancestor.to_owned());
            match WorkTree::at(ancestor) {
                None => {}
                Some(Ok(tree)) => {
                    found = Some(Arc::new(tree));
                    break;
                }
                Some(Err(note)) => {
                    known.notes.insert(note);
                    break;
                }
            }
        }
        for ancestor in new {
            known.trees.insert(ancestor, found.clone());
        }
        found
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
