//! Which commits carry a blob, and where.

use std::collections::{BTreeMap, HashMap};

use gix_hash::ObjectId;

use super::Whole;
use super::descent::Descent;
use super::places::{Place, Places};
use super::store::number;
use crate::finding::{Commit, Commits};
use crate::input::git::remotes::Remote;

/// By path, the commits that carry a blob there.
pub(super) type Carriers = BTreeMap<String, Commits>;

impl Whole {
    /// The carriers of some blobs, and whether there are more than were looked for.
    pub(super) fn carriers_of(&self, blobs: &[u32]) -> (HashMap<u32, Carriers>, bool) {
        let (places, is_capped) = Places::find(self, blobs);
        let graph = &self.graph;
        let at = |id: &ObjectId| {
            let object = self.untagged(self.store.find(id)?);
            graph.commit(object).map(number)
        };
        let parents = graph.commits.iter().map(|commit| {
            let parents = commit.parents.iter();
            let parents = parents.filter_map(|&parent| graph.commit(parent).map(number));
            parents.collect()
        });
        let mut descent = Descent::new(&self.tips, &at, parents);
        let brought: Vec<&[u32]> = places.iter().map(|place| &*place.brought).collect();
        let remotes = descent.remotes(&brought);
        let mut carriers: HashMap<u32, Carriers> = HashMap::new();
        for (place, remotes) in places.iter().zip(remotes) {
            let commits = self.commits(place, (descent.refs(&place.brought), &remotes));
            if let Some(commits) = commits {
                let carriers = carriers.entry(place.blob).or_default();
                carriers.insert(place.path.clone(), commits);
            }
        }
        let _: Result<(), Vec<Place>> = self.places.set(places);
        (carriers, is_capped)
    }

    fn commits(&self, place: &Place, (refs, remotes): (Vec<String>, &[&str])) -> Option<Commits> {
        let brought = place.brought.iter().copied();
        let graph = &self.graph;
        let first = brought.min_by_key(|&at| {
            let commit = &graph.commits[at as usize];
            (commit.committed, commit.authored.0, at)
        })?;
        let mut commits = Commits {
            first: self.commit(first),
            last: self.commit(place.carried.last.2),
            count: place.carried.count,
            in_head: place.carried.in_head,
            refs,
            remotes: remotes
                .iter()
                .map(|name| remote(&self.remotes, name))
                .collect(),
        };
        commits.tidy();
        Some(commits)
    }

    fn commit(&self, at: u32) -> Commit {
        let commit = &self.graph.commits[at as usize];
        Commit {
            committed: commit.committed,
            id: self.store.ids[commit.object as usize].to_string(),
            authored: commit.authored.to_string(),
        }
    }
}

/// A remote with its host.
pub(super) fn remote(remotes: &[Remote], name: &str) -> String {
    let known = remotes.iter().find(|remote| remote.name == name);
    match known.and_then(|remote| remote.host.as_deref()) {
        Some(host) => format!("{name} at {host}"),
        None => name.to_owned(),
    }
}
