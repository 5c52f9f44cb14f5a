//! Reading the blobs of a history.

use std::sync::PoisonError;

use gix_hash::ObjectId;
use gix_object::Kind;

use super::carriers::Carriers;
use super::graph::Graph;
use super::memory::CleanBlob;
use super::paths::Paths;
use super::store::Store;
use super::visit::{Visitor, Wanted, visit};
use super::{TOO_LONG, Whole};
use crate::input::Sink;
use crate::input::ledger::{SkipReason, Skipped};
use crate::input::run::Run;
use crate::input::worker::scan_blob;

impl Whole {
    /// Hands every blob that is to be read to the sink, each once. As its path it has its id, as its relative path one
    /// of those that it has in the history.
    pub(super) fn read<S: Sink>(&self, run: &Run<'_, S>) {
        for skipped in &self.skipped {
            run.ledger
                .skip(&skipped.path, skipped.reason, skipped.detail.clone());
        }
        let paths = &self.named;
        let mut is_wanted = vec![false; self.store.len()];
        for &blob in &self.blobs {
            let memory = self.memory.as_ref();
            let known =
                memory.and_then(|memory| memory.clean(blob, || paths.digest(&self.graph, blob)));
            match known {
                None => is_wanted[blob as usize] = true,
                Some(CleanBlob {
                    binary: Some(kind), ..
                }) => {
                    let id = self.store.ids[blob as usize].to_string();
                    run.ledger.skip(&id, SkipReason::Binary, kind.to_string());
                }
                Some(known) => {
                    run.ledger.add_file();
                    run.ledger.add_bytes(known.size);
                }
            }
        }
        let readers = (0..run.jobs).map(|_| Reader {
            run,
            store: &self.store,
            graph: &self.graph,
            paths,
            decoded: String::new(),
            is_remembering: self.memory.is_some(),
            seen: Vec::new(),
        });
        let wanted = Wanted {
            kinds: &[Kind::Blob],
            objects: &|object| is_wanted[object as usize],
        };
        let odb = &self.repository().objects;
        let done = visit((&self.store, odb), &wanted, readers.collect());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(done.into_iter().flat_map(|reader| reader.seen));
    }

    /// For each of some blobs, by the ids that reports have for them, its paths and the commits that carry it there; and
    /// what is to be said where there are too many of these.
    pub(super) fn carriers(&self, blobs: &[&str]) -> (Vec<Carriers>, Option<Skipped>) {
        if blobs.is_empty() {
            return (Vec::new(), None);
        }
        let find = |id: &&str| {
            let id = ObjectId::from_hex(id.as_bytes()).ok();
            id.and_then(|id| self.store.find(&id))
        };
        let numbers: Vec<Option<u32>> = blobs.iter().map(find).collect();
        let known: Vec<u32> = numbers.iter().flatten().copied().collect();
        let (mut carriers, is_capped) = self.carriers_of(&known);
        let mut of = |number: &Option<u32>| carriers.remove(&(*number)?);
        let all = numbers.iter().map(|number| of(number).unwrap_or_default());
        let skipped = is_capped.then(capped);
        (all.collect(), skipped)
    }
}

/// What is said where there are more carriers than were looked for.
pub(super) fn capped() -> Skipped {
    Skipped {
        path: "history".to_owned(),
        reason: SkipReason::Capped,
        detail: Some(
            "what was found lies at more paths than were looked at: its commits are not all told"
                .to_owned(),
        ),
    }
}

struct Reader<'r, 's, S> {
    run: &'r Run<'s, S>,
    store: &'r Store,
    graph: &'r Graph,
    paths: &'r Paths,
    decoded: String,
    /// Whether the next run is to know what was seen.
    is_remembering: bool,
    seen: Vec<(u32, CleanBlob)>,
}

impl<S: Sink> Reader<'_, '_, S> {
    fn name(&self, blob: u32) -> (String, String) {
        let path = self.paths.path(self.graph, blob);
        (self.store.ids[blob as usize].to_string(), path)
    }
}

impl<S: Sink> Visitor for Reader<'_, '_, S> {
    fn see(&mut self, object: u32, _: Kind, data: &[u8]) {
        let name = self.name(object);
        let known = self
            .is_remembering
            .then(|| CleanBlob::new(self.paths.digest(self.graph, object), data.len() as u64));
        let binary = scan_blob(self.run, name, data, &mut self.decoded);
        self.seen
            .extend(known.map(|known| (object, known.of_kind(binary))));
    }

    fn miss(&mut self, object: u32, why: &str) {
        let (id, path) = self.name(object);
        let reason = if why == TOO_LONG {
            SkipReason::Capped
        } else {
            SkipReason::Unreadable
        };
        let name = if path.is_empty() {
            format!("object {id}")
        } else {
            format!("object {id} ({path})")
        };
        self.run.ledger.skip(&name, reason, why.to_owned());
    }
}
