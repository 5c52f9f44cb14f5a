//! Which commits carry a blob, and where.

use std::collections::{BTreeMap, HashMap};

use super::Whole;
use super::descent::Descent;
use super::places::{Place, Places};
use crate::finding::{Commit, Commits};

/// By path, the commits that carry a blob there.
pub(super) type Carriers = BTreeMap<String, Commits>;

impl Whole {
    /// The carriers of some blobs, and whether there are more than were looked for.
    pub(super) fn carriers_of(&self, blobs: &[u32]) -> (HashMap<u32, Carriers>, bool) {
        let (places, is_capped) = Places::find(self, blobs);
        let mut descent = Descent::new(self);
        let brought: Vec<&[u32]> = places.iter().map(|place| &*place.brought).collect();
        let remotes = descent.remotes(&brought);
        let mut carriers: HashMap<u32, Carriers> = HashMap::new();
        for (place, remotes) in places.into_iter().zip(remotes) {
            let commits = self.commits(&place, (descent.refs(&place.brought), &remotes));
            if let Some(commits) = commits {
                let carriers = carriers.entry(place.blob).or_default();
                carriers.insert(place.path, commits);
            }
        }
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
            remotes: remotes.iter().map(|name| self.remote(name)).collect(),
        };
        commits.tidy();
        Some(commits)
    }

    /// A remote with its host.
    fn remote(&self, name: &str) -> String {
        let known = self.remotes.iter().find(|remote| remote.name == name);
        match known.and_then(|remote| remote.host.as_deref()) {
            Some(host) => format!("{name} at {host}"),
            None => name.to_owned(),
        }
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
