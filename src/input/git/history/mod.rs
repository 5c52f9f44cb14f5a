//! Everything that was ever committed.
//!
//! All trees are read once, so that it is known which blob has which name; then all blobs, once. Both go through packs
//! along their deltas ([`visit`]), which decodes each object once. Who carries a blob is found out for those in which
//! something was found, from trees that are reduced to what leads to one.

mod aside;
mod blobs;
mod carriers;
mod condensed;
mod delta;
mod descent;
mod graph;
mod memory;
mod paths;
mod places;
mod push;
mod select;
mod store;
mod tips;
mod visit;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::layout::common_dir;
use super::remotes::Remote;
use super::repository::Repository;
use crate::input::ledger::{SkipReason, Skipped};

use self::graph::Graph;
pub use self::memory::{Cache, CacheKey};
use self::memory::{CleanBlob, Memory};
pub use self::push::Push;
use self::store::Store;
use self::tips::Tip;

/// No object, no entry, no pack.
const NONE: u32 = u32::MAX;
/// A longer object, in bytes, is not decoded.
const MAX_OBJECT: u64 = 1024 * 1024 * 1024;
/// What is said of one.
const TOO_LONG: &str = "it is longer than 1 GiB";

/// An object that was not read, by its number, and why.
type Missed = (u32, String);

/// Which part of a history to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only what this branch, tag or commit reaches; all references if there is none.
    pub branch: Option<String>,
    /// Only what the second reaches and the first does not: `A..B`.
    pub range: Option<(String, String)>,
    /// Only commits from this time on, in seconds since 1970.
    pub since: Option<i64>,
    /// Only so many commits, the newest.
    pub max_commits: Option<usize>,
    /// What reference logs remember as well: older stashes, branches as they were before they were rewritten.
    pub reflogs: bool,
    /// All objects, whether anything reaches them or not.
    pub unreachable: bool,
    /// Only what a push brings.
    pub push: Option<Push>,
}

/// The history of a repository, read as far as is needed to know its files.
pub struct History {
    repository: Repository,
    store: Store,
    graph: Graph,
    tips: Vec<Tip>,
    remotes: Vec<Remote>,
    /// Numbers of the commits, in the graph, that are to be read.
    commits: Vec<usize>,
    /// Blobs that are to be read.
    blobs: Vec<u32>,
    /// What cannot be said of the whole history.
    skipped: Vec<Skipped>,
    /// What earlier runs left, and this one is to add to.
    memory: Option<Memory>,
    /// Blobs that were read.
    seen: Mutex<Vec<(u32, CleanBlob)>>,
}

impl History {
    /// Reads commits and trees of the repository that a path is in: a work tree, or a bare repository itself. What a
    /// cache knows is not read again.
    ///
    /// # Errors
    /// There is no repository, or what was selected is not in it: a sentence for the user.
    pub(in crate::input) fn open(
        path: &Path,
        selection: &Selection,
        (jobs, cache): (usize, Option<&Cache>),
    ) -> Result<Self, String> {
        let repository = Repository::of_history(path)?;
        let common = common_dir(&repository.git_dir);
        let mut directories = vec![common.join("objects")];
        let apart = selection.push.iter().flat_map(|push| &push.objects);
        directories.extend(apart.cloned());
        let store = Store::open(&directories, repository.hash);
        let memory = cache.map(|cache| Memory::open(cache, &common, &store));
        let (memory, graph) = memory.unzip();
        let mut graph = graph.flatten().unwrap_or_else(|| Graph::empty(store.len()));
        graph.read(&store, &repository.objects, jobs);
        let tips = tips::all(&repository, selection)?;
        let mut history = Self {
            remotes: super::remotes::of(&common),
            repository,
            store,
            graph,
            tips,
            commits: Vec::new(),
            blobs: Vec::new(),
            skipped: Vec::new(),
            memory,
            seen: Mutex::default(),
        };
        history.say_what_is_not_there(&common);
        history.missing(selection)?;
        history.select(selection)?;
        Ok(history)
    }

    /// Keeps what was read and is clean: all but blobs with these ids. That it cannot be kept does no harm.
    pub fn remember(&mut self, but: &HashSet<&str>) {
        let seen = self.seen.get_mut().unwrap_or_else(PoisonError::into_inner);
        let ids = &self.store.ids;
        let is_clean = |object: u32| !but.contains(ids[object as usize].to_string().as_str());
        let new = seen.drain(..).filter(|(object, _)| is_clean(*object));
        let new = new.collect();
        if let Some(memory) = self.memory.take() {
            let _: std::io::Result<()> = memory.save((&self.store, &self.graph), new);
        }
    }

    /// How many commits are read.
    pub fn commit_count(&self) -> usize {
        self.commits.len()
    }

    fn say_what_is_not_there(&mut self, common: &Path) {
        let mut skip = |path: &str, reason, detail: &str| {
            self.skipped.push(Skipped {
                path: path.to_owned(),
                reason,
                detail: Some(detail.to_owned()),
            });
        };
        if common.join("shallow").is_file() {
            skip(
                "history",
                SkipReason::Capped,
                "this is a shallow clone: older commits are not here; `git fetch --unshallow` brings them",
            );
        }
        if self.store.is_partial {
            skip(
                "history",
                SkipReason::Capped,
                "this is a partial clone: objects that were never needed are not here; a clone without --filter has them",
            );
        }
        for (path, why) in &self.store.damaged {
            skip(path, SkipReason::Unreadable, why);
        }
        for (object, why) in &self.graph.missed {
            let id = self.store.ids[*object as usize];
            skip(&format!("object {id}"), SkipReason::Unreadable, why);
        }
    }
}
