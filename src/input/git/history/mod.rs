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
mod outlook;
mod paths;
mod places;
mod push;
mod recall;
mod select;
mod since;
mod store;
mod tips;
mod visit;
mod whole;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use self::carriers::Carriers;
use self::memory::{Base, Last, LastFile};
pub use self::memory::{Cache, CacheKey, Shadow};
use self::outlook::Outlook;
pub use self::push::Push;
use self::since::Since;
use self::whole::Whole;
use super::layout::common_dir;
use super::repository::Repository;
use crate::input::Sink;
use crate::input::ledger::{Coverage, Skipped};
use crate::input::run::Run;

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

/// What a history holds: as it was read, or as an earlier run left it, with what came since.
pub struct History {
    state: State,
    notes: Option<Notes>,
}

enum State {
    Read(Box<Whole>),
    Kept(Box<Repository>, Box<Last>),
    Grown(Box<Outlook>, Box<Since>),
}

/// Where it is to be kept what a history gives.
struct Notes {
    last: LastFile,
    /// For a history that is read as a whole: where its base is kept.
    base: Option<(Cache, PathBuf)>,
}

impl Notes {
    fn of(outlook: &Outlook, selection: &Selection, cache: &Cache) -> Option<Self> {
        let fingerprint = outlook.fingerprint(selection, cache).ok()?;
        let common = common_dir(&outlook.repository.git_dir);
        let is_whole = *selection == Selection::default();
        Some(Self {
            last: LastFile::new(cache, &common, fingerprint),
            base: is_whole.then(|| (cache.clone(), common)),
        })
    }

    /// What an earlier run left, if it can be used.
    fn state(&self, outlook: Outlook) -> Result<State, Box<Outlook>> {
        if let Some(last) = self.last.read() {
            return Ok(State::Kept(Box::new(outlook.repository), Box::new(last)));
        }
        let base = self.base.as_ref();
        let base = base.and_then(|(cache, common)| Base::read(cache, common));
        match base.and_then(|base| Since::of(&outlook, base)) {
            Some(since) => Ok(State::Grown(Box::new(outlook), Box::new(since))),
            None => Err(Box::new(outlook)),
        }
    }
}

/// What was found in a history, for the next run to know.
#[derive(Debug)]
pub struct Given<'g> {
    /// What was read.
    pub coverage: &'g Coverage,
    /// Ids of blobs that are not clean.
    pub open: &'g HashSet<&'g str>,
    /// Ids of blobs in which something was found.
    pub found: &'g [&'g str],
    /// What [`History::carriers`] said of these.
    pub carriers: (&'g [Carriers], Option<&'g Skipped>),
    /// Of these, those that the next run need not read; sorted by id.
    pub shadows: &'g [Shadow],
}

impl Given<'_> {
    /// Whether the next run has to read a blob.
    fn is_open(&self, id: &str) -> bool {
        let is_shadow = self
            .shadows
            .binary_search_by(|shadow| shadow.blob.as_str().cmp(id));
        self.open.contains(id) && is_shadow.is_err()
    }
}

impl History {
    /// Opens the repository that a path is in: a work tree, or a bare repository itself. What a cache knows is not read
    /// again.
    ///
    /// # Errors
    /// There is no repository, or what was selected is not in it: a sentence for the user.
    pub(in crate::input) fn open(
        path: &Path,
        selection: &Selection,
        (jobs, cache): (usize, Option<&Cache>),
    ) -> Result<Self, String> {
        let outlook = Outlook::of(path, selection)?;
        let notes = cache.and_then(|cache| Notes::of(&outlook, selection, cache));
        let state = match &notes {
            Some(notes) => notes.state(outlook),
            None => Err(Box::new(outlook)),
        };
        let state = match state {
            Ok(state) => state,
            Err(outlook) => State::Read(Box::new(Whole::open(*outlook, selection, (jobs, cache))?)),
        };
        Ok(Self { state, notes })
    }

    /// Hands every blob that is to be read to the sink, each once. As its path it has its id, as its relative path one
    /// of those that it has in the history.
    pub(in crate::input) fn read<S: Sink>(&self, run: &Run<'_, S>) -> Coverage {
        match &self.state {
            State::Read(whole) => {
                whole.read(run);
                run.ledger.close()
            }
            State::Kept(repository, last) => last.read(repository, run),
            State::Grown(outlook, since) => since.read(outlook, run),
        }
    }

    /// For each of some blobs, by the ids that reports have for them, its paths and the commits that carry it there; and
    /// what is to be said where there are too many of these.
    pub fn carriers(&self, blobs: &[&str]) -> (Vec<Carriers>, Option<Skipped>) {
        match &self.state {
            State::Read(whole) => whole.carriers(blobs),
            State::Kept(_, last) => last.carriers(blobs),
            State::Grown(outlook, since) => {
                let (carriers, is_capped) = since.carriers(outlook, blobs);
                (carriers, is_capped.then(blobs::capped))
            }
        }
    }

    /// What to call a blob that no commit carries, by the id that reports have for it: `TAG:PATH`, or `TAG:ID` where
    /// the tag names the blob itself; `unreachable:ID` if nothing leads to it.
    pub fn aside(&self, id: &str) -> String {
        match &self.state {
            State::Read(whole) => whole.aside(id),
            State::Kept(_, last) => last.aside(id),
            State::Grown(..) => recall::unreachable(id),
        }
    }

    /// Blobs that are not handed to the sink, since it is known where else is what they hold.
    pub fn shadows(&self) -> &[Shadow] {
        match &self.state {
            State::Read(_) => &[],
            State::Kept(_, last) => &last.shadows,
            State::Grown(_, since) => since.shadows(),
        }
    }

    /// Takes away what earlier runs left of the history as it was; tells whether nothing of it is there by then.
    pub fn forget(&self) -> bool {
        self.notes.as_ref().is_none_or(|notes| {
            let base = notes.base.as_ref();
            let is_gone = base.is_none_or(|(cache, common)| Base::forget(cache, common));
            notes.last.forget() && is_gone
        })
    }

    /// How many commits are read.
    pub fn commit_count(&self) -> usize {
        match &self.state {
            State::Read(whole) => whole.commits.len(),
            State::Kept(_, last) => last.commits,
            State::Grown(_, since) => since.commit_count(),
        }
    }

    /// Keeps for the next run what was read. That it cannot be kept does no harm.
    pub fn remember(&mut self, given: &Given<'_>) {
        let Some(notes) = &self.notes else {
            return;
        };
        let last = match &mut self.state {
            State::Kept(..) => return,
            State::Grown(_, since) => since.last(given),
            State::Read(whole) => {
                let last = whole.last(given);
                if let Some((cache, common)) = &notes.base
                    && let Some(parts) = whole.parts(given, &last)
                {
                    let _: std::io::Result<()> = Base::write(cache, common, &parts);
                }
                whole.remember(given.open);
                last
            }
        };
        let _: std::io::Result<()> = notes.last.write(&last);
    }
}
