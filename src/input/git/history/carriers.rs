//! Which commits carry a blob, and where.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{History, NONE};
use crate::finding::{Commit, Commits};

/// From one blob upwards, so many places in trees are visited.
const MAX_PLACES: usize = 4_000_000;

/// Who holds what.
pub(super) struct Carriers<'h> {
    history: &'h History,
    /// By object, where in `holders` its own start.
    starts: Vec<u32>,
    /// Trees and names.
    holders: Vec<(u32, u32)>,
    /// By tree, the commits of which it is the top, as pairs that are sorted.
    tops: Vec<(u32, u32)>,
    /// By commit, the tips that lead to it, sixty-four at a time.
    reaching: Vec<Vec<u64>>,
    head: HashSet<usize>,
}

impl<'h> Carriers<'h> {
    /// Turns the graph around.
    pub(super) fn new(history: &'h History) -> Self {
        let graph = &history.graph;
        let count = history.store.len();
        let mut starts = vec![0_u32; count + 1];
        for tree in graph.trees() {
            for &(object, _) in graph.entries(tree) {
                starts[object as usize + 1] += 1;
            }
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut ends = starts.clone();
        let mut holders = vec![(NONE, 0); starts[count] as usize];
        for tree in graph.trees() {
            for &(object, name) in graph.entries(tree) {
                let end = &mut ends[object as usize];
                holders[*end as usize] = (tree, name);
                *end += 1;
            }
        }
        let commits = history.commits.iter();
        let mut tops: Vec<(u32, u32)> = commits
            .map(|&at| (graph.commits[at].tree, super::store::number(at)))
            .collect();
        tops.sort_unstable();
        let head = history.repository().head().ok().flatten();
        let head = head.and_then(|id| graph.commit(history.store.find(&id)?));
        Self {
            history,
            starts,
            holders,
            tops,
            reaching: history.reaching(),
            head: head.into_iter().collect(),
        }
    }

    /// By path, the commits that carry a blob there.
    pub(super) fn of(&self, blob: u32) -> BTreeMap<String, Commits> {
        let mut suffixes = Suffixes::default();
        let mut seen = HashSet::new();
        let mut waiting = vec![(blob, NONE)];
        let mut carrying: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        while let Some((object, suffix)) = waiting.pop() {
            if seen.len() > MAX_PLACES || !seen.insert((object, suffix)) {
                continue;
            }
            let from = self.tops.partition_point(|top| top.0 < object);
            let tops = self.tops[from..].iter().take_while(|top| top.0 == object);
            let commits = carrying.entry(suffix).or_default();
            commits.extend(tops.map(|top| top.1));
            let object = object as usize;
            let holders =
                &self.holders[self.starts[object] as usize..self.starts[object + 1] as usize];
            for &(tree, name) in holders {
                waiting.push((tree, suffixes.number(name, suffix)));
            }
        }
        let carrying = carrying
            .into_iter()
            .filter(|(_, commits)| !commits.is_empty());
        carrying
            .filter_map(|(suffix, commits)| {
                Some((self.path(&suffixes, suffix), self.commits(&commits)?))
            })
            .collect()
    }

    fn path(&self, suffixes: &Suffixes, mut suffix: u32) -> String {
        let mut path = String::new();
        while suffix != NONE {
            let (name, rest) = suffixes.list[suffix as usize];
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&String::from_utf8_lossy(self.history.graph.name(name)));
            suffix = rest;
        }
        path
    }

    fn commits(&self, carrying: &[u32]) -> Option<Commits> {
        let graph = &self.history.graph;
        let all: HashSet<u32> = carrying.iter().copied().collect();
        let brings = |&&at: &&u32| {
            let parents = &graph.commits[at as usize].parents;
            let mut parents = parents.iter().filter_map(|&parent| graph.commit(parent));
            !parents.any(|parent| all.contains(&super::store::number(parent)))
        };
        let bringing: Vec<usize> = carrying
            .iter()
            .filter(brings)
            .map(|&at| at as usize)
            .collect();
        let first = bringing.iter().map(|&at| self.commit(at)).min()?;
        let last = carrying.iter().max_by_key(|&&at| {
            let commit = &graph.commits[at as usize];
            (commit.committed, commit.object)
        })?;
        let mut refs = Vec::new();
        let mut remotes = Vec::new();
        for (number, tip) in self.history.tips.iter().enumerate() {
            let leads = |&at: &usize| self.reaching[number / 64][at] >> (number % 64) & 1 == 1;
            if bringing.iter().any(leads) {
                refs.push(tip.name.clone());
                remotes.extend(tip.remote.clone());
            }
        }
        remotes.dedup();
        let mut commits = Commits {
            first,
            last: self.commit(*last as usize),
            count: carrying.len() as u64,
            in_head: self
                .head
                .iter()
                .any(|&head| all.contains(&super::store::number(head))),
            refs,
            remotes: remotes.iter().map(|name| self.remote(name)).collect(),
        };
        commits.tidy();
        Some(commits)
    }

    /// A remote with its host.
    fn remote(&self, name: &str) -> String {
        let known = self
            .history
            .remotes
            .iter()
            .find(|remote| remote.name == name);
        match known.and_then(|remote| remote.host.as_deref()) {
            Some(host) => format!("{name} at {host}"),
            None => name.to_owned(),
        }
    }

    fn commit(&self, at: usize) -> Commit {
        let commit = &self.history.graph.commits[at];
        Commit {
            committed: commit.committed,
            id: self.history.store.ids[commit.object as usize].to_string(),
            authored: commit.authored.to_string(),
        }
    }
}

/// Ends of paths, each a name and a shorter one, by numbers.
#[derive(Default)]
struct Suffixes {
    list: Vec<(u32, u32)>,
    numbers: HashMap<(u32, u32), u32>,
}

impl Suffixes {
    fn number(&mut self, name: u32, rest: u32) -> u32 {
        let list = &mut self.list;
        *self.numbers.entry((name, rest)).or_insert_with(|| {
            list.push((name, rest));
            super::store::number(list.len() - 1)
        })
    }
}

impl History {
    /// By sixty-four tips and by commit, which of the tips lead to it.
    fn reaching(&self) -> Vec<Vec<u64>> {
        let order = self.children_first();
        let groups = self.tips.chunks(64).map(|tips| {
            let mut masks = vec![0_u64; self.graph.commits.len()];
            for (number, tip) in tips.iter().enumerate() {
                let object = self.store.find(&tip.id).map(|object| self.untagged(object));
                if let Some(at) = object.and_then(|object| self.graph.commit(object)) {
                    masks[at] |= 1 << number;
                }
            }
            for &at in &order {
                let mask = masks[at];
                for parent in &self.graph.commits[at].parents {
                    if let Some(parent) = self.graph.commit(*parent) {
                        masks[parent] |= mask;
                    }
                }
            }
            masks
        });
        groups.collect()
    }

    /// All commits, each after those that it is a parent of.
    fn children_first(&self) -> Vec<usize> {
        let commits = &self.graph.commits;
        let parents = |at: usize| {
            commits[at]
                .parents
                .iter()
                .filter_map(|&parent| self.graph.commit(parent))
        };
        let mut children = vec![0_u32; commits.len()];
        for at in 0..commits.len() {
            parents(at).for_each(|parent| children[parent] += 1);
        }
        let mut order: Vec<usize> = (0..commits.len()).filter(|&at| children[at] == 0).collect();
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            for parent in parents(at) {
                children[parent] -= 1;
                if children[parent] == 0 {
                    order.push(parent);
                }
            }
        }
        order
    }
}
