//! What an earlier run left is given again. Of what it read, only the blobs that are not clean are read, since nothing of
//! what is in them is kept; and what came since.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use gix_hash::ObjectId;

use super::carriers::Carriers;
use super::memory::{Found, Kept, Last, Parts, Rest};
use super::outlook::Outlook;
use super::since::Since;
use super::visit::on_threads;
use super::whole::Whole;
use super::{Given, MAX_OBJECT, NONE, TOO_LONG};
use crate::input::Sink;
use crate::input::git::repository::{BlobError, Repository};
use crate::input::ledger::{Coverage, Ledger, SkipReason, Skipped};
use crate::input::run::Run;
use crate::input::worker::scan_blob;

/// If commits brought what was found more often than this, that is not kept.
const MAX_BROUGHT: usize = 200_000;

/// Hands blobs to the sink, by their ids and paths.
fn read<S: Sink>(
    blobs: &[(String, String)],
    (repository, failed): (&Repository, &Ledger),
    run: &Run<'_, S>,
) {
    let next = AtomicUsize::new(0);
    let threads = (0..run.jobs).map(|_| (repository.clone(), String::new()));
    on_threads(threads.collect(), |(repository, decoded)| {
        while let Some((id, path)) = blobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            match bytes(repository, id) {
                Ok(bytes) => {
                    scan_blob(run, (id.clone(), path.clone()), &bytes, decoded);
                }
                Err((reason, why)) => failed.skip(&format!("object {id} ({path})"), reason, why),
            }
        }
    });
}

fn bytes(repository: &Repository, id: &str) -> Result<Vec<u8>, (SkipReason, String)> {
    let unreadable = |why| (SkipReason::Unreadable, why);
    let id = ObjectId::from_hex(id.as_bytes()).map_err(|error| unreadable(error.to_string()))?;
    repository
        .blob(id, MAX_OBJECT)
        .map_err(|error| match error {
            BlobError::Unreadable(why) => unreadable(why),
            BlobError::TooLong(_) => (SkipReason::Capped, TOO_LONG.to_owned()),
        })
}

impl Last {
    /// Hands the blobs that are not clean to the sink.
    pub(super) fn read<S: Sink>(&self, repository: &Repository, run: &Run<'_, S>) -> Coverage {
        let failed = Ledger::default();
        read(&self.open, (repository, &failed), run);
        let mut coverage = self.coverage.clone();
        coverage.skipped.extend(failed.close().skipped);
        coverage.skipped.sort();
        coverage
    }

    pub(super) fn carriers(&self, blobs: &[&str]) -> (Vec<Carriers>, Option<Skipped>) {
        let of = |id: &&str| self.found.get(*id).map(|found| found.carriers.clone());
        let carriers = blobs.iter().map(|id| of(id).unwrap_or_default());
        (carriers.collect(), self.more.clone())
    }

    pub(super) fn aside(&self, id: &str) -> String {
        let found = self.found.get(id);
        found.map_or_else(|| unreachable(id), |found| found.aside.clone())
    }
}

impl Since {
    /// Hands the old blobs that are not clean to the sink, and all new ones.
    pub(super) fn read<S: Sink>(&self, outlook: &Outlook, run: &Run<'_, S>) -> Coverage {
        let failed = Ledger::default();
        read(self.open(), (&outlook.repository, &failed), run);
        // They were counted when they were new.
        let old = run.ledger.close();
        read(&self.blobs, (&outlook.repository, &run.ledger), run);
        let new = run.ledger.close();
        let mut coverage = self.coverage().clone();
        coverage.files += new.files - old.files;
        coverage.bytes += new.bytes - old.bytes;
        coverage.skipped.extend(new.skipped);
        coverage.skipped.extend(failed.close().skipped);
        coverage.skipped.sort();
        coverage
    }

    /// What the next run is to know if nothing changes until then.
    pub(super) fn last(&self, given: &Given<'_>) -> Last {
        let blobs = self.open().iter().chain(&self.blobs);
        let open = blobs.filter(|(id, _)| given.is_open(id));
        let mut open: Vec<(String, String)> = open.cloned().collect();
        open.sort();
        last((self.commit_count(), open), given, unreachable)
    }
}

/// What to call a blob that nothing leads to.
pub(super) fn unreachable(id: &str) -> String {
    format!("unreachable:{id}")
}

fn last(
    (commits, open): (usize, Vec<(String, String)>),
    given: &Given<'_>,
    aside: impl Fn(&str) -> String,
) -> Last {
    let (carriers, more) = given.carriers;
    let found = given.found.iter().zip(carriers).map(|(id, carriers)| {
        let is_alone = carriers.is_empty();
        let aside = if is_alone { aside(id) } else { String::new() };
        let carriers = carriers.clone();
        ((*id).to_owned(), Found { aside, carriers })
    });
    Last {
        commits,
        coverage: given.coverage.clone(),
        open,
        shadows: given.shadows.to_vec(),
        found: found.collect::<BTreeMap<_, _>>(),
        more: more.cloned(),
    }
}

impl Whole {
    /// What the next run is to know if nothing changes until then.
    pub(super) fn last(&self, given: &Given<'_>) -> Last {
        let aside = |id: &str| self.aside(id);
        last((self.commits.len(), self.not_clean(given)), given, aside)
    }

    /// Blobs that are not clean and no shadows, and their paths.
    fn not_clean(&self, given: &Given<'_>) -> Vec<(String, String)> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let named = seen.iter().filter_map(|(blob, _)| {
            let id = self.store.ids[*blob as usize].to_string();
            let is_open = given.is_open(&id);
            is_open.then(|| (id, self.named.path(&self.graph, *blob)))
        });
        let mut open: Vec<(String, String)> = named.collect();
        open.sort();
        open
    }

    /// What the next run is to know if something is added until then. Nothing, if not all was read as it should be: what
    /// was missed may be there by then.
    pub(super) fn parts(&self, given: &Given<'_>, last: &Last) -> Option<Parts<'_>> {
        let (store, graph) = (&self.store, &self.graph);
        let (carriers, more) = given.carriers;
        let is_as_it_should_be = |skipped: &Skipped| {
            skipped.reason != SkipReason::Unreadable && !skipped.path.starts_with("object ")
        };
        let tips = self.tips.iter().filter_map(|tip| store.find(&tip.id));
        let mut tips = tips.map(|tip| self.untagged(tip));
        let is_whole = more.is_none()
            && graph.missed.is_empty()
            && store.damaged.is_empty()
            && self.skipped.len() == usize::from(store.is_partial)
            && given.coverage.skipped.iter().all(is_as_it_should_be)
            && !carriers.iter().any(Carriers::is_empty)
            && tips.all(|tip| graph.commit(tip).is_some());
        let places = self.places.get().map_or(&[][..], |places| places);
        let brought: usize = places.iter().map(|place| place.brought.len()).sum();
        if !is_whole || brought > MAX_BROUGHT {
            return None;
        }
        let object = |commit: u32| graph.commits[commit as usize].object;
        let places = places.iter().map(|place| Kept {
            blob: store.ids[place.blob as usize].to_string(),
            path: place.path.clone(),
            count: place.carried.count,
            last: object(place.carried.last.2),
            brought: place.brought.iter().map(|&commit| object(commit)).collect(),
        });
        let mut commits = self.commits.clone();
        commits.sort_unstable();
        let commits = commits.iter().map(|&at| &graph.commits[at]);
        let mut tags: Vec<(u32, u32)> = graph.tags.iter().map(|(&tag, &to)| (tag, to)).collect();
        tags.retain(|&(_, to)| to != NONE);
        tags.sort_unstable();
        let mut absent = graph.absent.clone();
        absent.sort_unstable();
        absent.dedup();
        Some(Parts {
            ids: &store.ids,
            parents: self.named.parents(),
            reached: &self.blobs,
            names: &graph.names,
            tags,
            commits: commits.collect(),
            absent,
            rest: Rest {
                coverage: given.coverage.clone(),
                open: last.open.clone(),
                shadows: given.shadows.to_vec(),
                places: places.collect(),
                is_partial: store.is_partial,
            },
        })
    }
}
