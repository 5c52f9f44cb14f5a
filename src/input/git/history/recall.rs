//! A history in which nothing changed: what an earlier run left is given again, and only the blobs that are not clean are
//! read, since nothing of what is in them is kept.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use gix_hash::ObjectId;

use super::carriers::Carriers;
use super::memory::{Found, Last};
use super::visit::on_threads;
use super::whole::Whole;
use super::{Given, MAX_OBJECT};
use crate::input::Sink;
use crate::input::git::repository::{BlobError, Repository};
use crate::input::ledger::{Coverage, Ledger, SkipReason, Skipped};
use crate::input::run::Run;
use crate::input::worker::scan_blob;

impl Last {
    /// Hands the blobs that are not clean to the sink.
    pub(super) fn read_again<S: Sink>(
        &self,
        repository: &Repository,
        run: &Run<'_, S>,
    ) -> Coverage {
        let failed = Ledger::default();
        let next = AtomicUsize::new(0);
        let threads = (0..run.jobs).map(|_| (repository.clone(), String::new()));
        on_threads(threads.collect(), |(repository, decoded)| {
            while let Some((id, path)) = self.open.get(next.fetch_add(1, Ordering::Relaxed)) {
                match bytes(repository, id) {
                    Ok(bytes) => {
                        scan_blob(run, (id.clone(), path.clone()), &bytes, decoded);
                    }
                    Err(why) => {
                        let name = format!("object {id} ({path})");
                        failed.skip(&name, SkipReason::Unreadable, why);
                    }
                }
            }
        });
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
        found.map_or_else(|| format!("unreachable:{id}"), |found| found.aside.clone())
    }
}

fn bytes(repository: &Repository, id: &str) -> Result<Vec<u8>, String> {
    let id = ObjectId::from_hex(id.as_bytes()).map_err(|error| error.to_string())?;
    repository
        .blob(id, MAX_OBJECT)
        .map_err(|error| match error {
            BlobError::Unreadable(why) => why,
            BlobError::TooLong(_) => super::TOO_LONG.to_owned(),
        })
}

impl Whole {
    /// What the next run is to know if nothing changes until then.
    pub(super) fn last(&self, given: &Given<'_>) -> Last {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let paths = self.paths();
        let named = seen.iter().map(|(blob, _)| *blob).filter_map(|blob| {
            let id = self.store.ids[blob as usize].to_string();
            let is_open = given.open.contains(id.as_str());
            is_open.then(|| (id, paths.path(&self.graph, blob)))
        });
        let mut open: Vec<(String, String)> = named.collect();
        open.sort();
        let (carriers, more) = given.carriers;
        let found = given.found.iter().zip(carriers).map(|(id, carriers)| {
            let aside = if carriers.is_empty() {
                self.aside(id)
            } else {
                String::new()
            };
            let carriers = carriers.clone();
            ((*id).to_owned(), Found { aside, carriers })
        });
        Last {
            commits: self.commits.len(),
            coverage: given.coverage.clone(),
            open,
            found: found.collect(),
            more: more.cloned(),
        }
    }
}
