//! Which commits carry a blob, and where: those that were known, and those that came since.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use gix_hash::ObjectId;

use super::Since;
use super::held::{Held, Places};
use crate::finding;
use crate::input::git::history::NONE;
use crate::input::git::history::carriers::{Carriers, remote};
use crate::input::git::history::descent::Descent;
use crate::input::git::history::graph::Commit;
use crate::input::git::history::outlook::Outlook;

/// A blob at a path, in commits by their places in the list.
#[derive(Default)]
struct Carried {
    count: u64,
    last: u32,
    brought: Vec<u32>,
    in_head: bool,
}

impl Since {
    /// The carriers of some blobs, by the ids that reports have for them, and whether there are more than were looked for.
    pub(in super::super) fn carriers(
        &self,
        outlook: &Outlook,
        blobs: &[&str],
    ) -> (Vec<Carriers>, bool) {
        let ids = blobs
            .iter()
            .filter_map(|id| ObjectId::from_hex(id.as_bytes()).ok());
        let wanted: HashSet<ObjectId> = ids.collect();
        let mut held = Held::new(&outlook.repository.objects, &wanted);
        let all = self.carried(outlook, &mut held);
        let at = |id: &ObjectId| self.place(self.objects.find(id)?);
        let parents = self.commits.iter().map(|commit| {
            let parents = commit.parents.iter();
            parents.filter_map(|&parent| self.place(parent)).collect()
        });
        let mut descent = Descent::new(&outlook.tips, &at, parents);
        let brought: Vec<&[u32]> = all.values().map(|carried| &*carried.brought).collect();
        let remotes = descent.remotes(&brought);
        let mut carriers: HashMap<String, Carriers> = HashMap::new();
        for (((blob, path), carried), remotes) in all.iter().zip(remotes) {
            let first = carried
                .brought
                .iter()
                .copied()
                .min_by_key(|&at| self.age(at));
            let Some(first) = first else {
                continue;
            };
            let remotes = remotes.iter().map(|name| remote(&outlook.remotes, name));
            let mut commits = finding::Commits {
                first: self.commit(first),
                last: self.commit(carried.last),
                count: carried.count,
                in_head: carried.in_head,
                refs: descent.refs(&carried.brought),
                remotes: remotes.collect(),
            };
            commits.tidy();
            let of = carriers.entry(blob.to_string()).or_default();
            of.insert(path.clone(), commits);
        }
        let carriers = blobs
            .iter()
            .map(|id| carriers.remove(*id).unwrap_or_default());
        (carriers.collect(), held.is_capped)
    }

    /// All places.
    fn carried(
        &self,
        outlook: &Outlook,
        held: &mut Held<'_>,
    ) -> BTreeMap<(ObjectId, String), Carried> {
        let mut all: BTreeMap<(ObjectId, String), Carried> = BTreeMap::new();
        for kept in self.old_places() {
            let brought = kept.brought.iter().filter_map(|&commit| self.place(commit));
            let carried = Carried {
                count: kept.count,
                last: self.place(kept.last).unwrap_or_default(),
                brought: brought.collect(),
                in_head: false,
            };
            if let Ok(blob) = ObjectId::from_hex(kept.blob.as_bytes()) {
                all.insert((blob, kept.path.clone()), carried);
            }
        }
        for &at in &self.added {
            let commit = &self.commits[at as usize];
            let here = self.held(commit, held);
            let parents = commit
                .parents
                .iter()
                .filter_map(|&parent| self.place(parent));
            let parents: Vec<Places> = parents
                .map(|parent| self.held(&self.commits[parent as usize], held))
                .collect();
            let before: HashSet<&(String, ObjectId)> =
                if parents.iter().any(|held| Rc::ptr_eq(held, &here)) {
                    here.iter().collect()
                } else {
                    parents.iter().flat_map(|held| held.iter()).collect()
                };
            for place in here.iter() {
                let carried = all.entry((place.1, place.0.clone())).or_default();
                if carried.count == 0 || self.age(at) > self.age(carried.last) {
                    carried.last = at;
                }
                carried.count += 1;
                if !before.contains(place) {
                    carried.brought.push(at);
                }
            }
        }
        let head = outlook.repository.head().ok().flatten();
        let head = head.and_then(|id| self.place(self.objects.find(&id)?));
        if let Some(head) = head {
            for (path, blob) in self.held(&self.commits[head as usize], held).iter() {
                if let Some(carried) = all.get_mut(&(*blob, path.clone())) {
                    carried.in_head = true;
                }
            }
        }
        all
    }

    fn held(&self, commit: &Commit, held: &mut Held<'_>) -> Places {
        if commit.tree == NONE {
            return Places::from([]);
        }
        held.of(self.objects.id(commit.tree).to_owned())
    }

    /// Commits by when they were made.
    fn age(&self, at: u32) -> (i64, i64, u32) {
        let commit = &self.commits[at as usize];
        (commit.committed, commit.authored.0, at)
    }

    fn commit(&self, at: u32) -> finding::Commit {
        let commit = &self.commits[at as usize];
        finding::Commit {
            committed: commit.committed,
            id: self.objects.id(commit.object).to_string(),
            authored: commit.authored.to_string(),
        }
    }
}
