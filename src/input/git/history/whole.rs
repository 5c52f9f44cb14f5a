//! A history that was read as far as is needed to know its files.

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use super::Selection;
use super::graph::Graph;
use super::memory::{Cache, CleanBlob, Memory};
use super::outlook::Outlook;
use super::paths::Paths;
use super::places::Place;
use super::store::Store;
use super::tips::Tip;
use crate::input::git::layout::common_dir;
use crate::input::git::remotes::Remote;
use crate::input::git::repository::Repository;
use crate::input::ledger::{SkipReason, Skipped};

/// The history of a repository, read as far as is needed to know its files.
pub(super) struct Whole {
    pub(super) repository: Repository,
    pub(super) store: Store,
    pub(super) graph: Graph,
    pub(super) tips: Vec<Tip>,
    pub(super) remotes: Vec<Remote>,
    /// Numbers of the commits, in the graph, that are to be read.
    pub(super) commits: Vec<usize>,
    /// Blobs that are to be read.
    pub(super) blobs: Vec<u32>,
    /// What cannot be said of the whole history.
    pub(super) skipped: Vec<Skipped>,
    /// What earlier runs left, and this one is to add to.
    pub(super) memory: Option<Memory>,
    /// How objects are called.
    pub(super) named: Paths,
    /// Where blobs lie in which something was found, once that was asked.
    pub(super) places: OnceLock<Vec<Place>>,
    /// Blobs that were read.
    pub(super) seen: Mutex<Vec<(u32, CleanBlob)>>,
}

impl Whole {
    /// Reads commits and trees. What a cache knows is not read again.
    ///
    /// # Errors
    /// What was selected is not there: a sentence for the user.
    pub(super) fn open(
        outlook: Outlook,
        selection: &Selection,
        (jobs, cache): (usize, Option<&Cache>),
    ) -> Result<Self, String> {
        let Outlook {
            repository,
            directories,
            damaged,
            tips,
            remotes,
        } = outlook;
        let common = common_dir(&repository.git_dir);
        let store = Store::open((&directories, damaged), repository.hash);
        let memory = cache.map(|cache| Memory::open(cache, &common, &store));
        let (memory, graph) = memory.unzip();
        let mut graph = graph.flatten().unwrap_or_else(|| Graph::empty(store.len()));
        graph.read(&store, &repository.objects, jobs);
        let mut history = Self {
            remotes,
            repository,
            store,
            graph,
            tips,
            commits: Vec::new(),
            blobs: Vec::new(),
            skipped: Vec::new(),
            memory,
            named: Paths::default(),
            places: OnceLock::new(),
            seen: Mutex::default(),
        };
        history.say_what_is_not_there(&common);
        history.missing(selection)?;
        let (graph, count) = (&history.graph, history.store.len());
        let (named, selected) = thread::scope(|scope| {
            let named = scope.spawn(|| Paths::new(graph, count));
            let selected = history.select(selection);
            let named = named.join();
            (named.unwrap_or_else(|panic| resume_unwind(panic)), selected)
        });
        history.named = named;
        (history.commits, history.blobs) = selected?;
        Ok(history)
    }

    /// Keeps what was read and is clean: all but blobs with these ids. That it cannot be kept does no harm.
    pub(super) fn remember(&mut self, but: &HashSet<&str>) {
        let seen = self.seen.get_mut().unwrap_or_else(PoisonError::into_inner);
        let ids = &self.store.ids;
        let is_clean = |object: u32| !but.contains(ids[object as usize].to_string().as_str());
        let new = seen.drain(..).filter(|(object, _)| is_clean(*object));
        let new = new.collect();
        if let Some(memory) = self.memory.take() {
            let _: std::io::Result<()> = memory.save((&self.store, &self.graph), new);
        }
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
