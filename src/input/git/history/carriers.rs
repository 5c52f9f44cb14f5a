//! Which commits carry a blob, and where.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::store::number;
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
    descent: Descent,
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
            .map(|&at| (graph.commits[at].tree, number(at)))
            .collect();
        tops.sort_unstable();
        let head = history.repository().head().ok().flatten();
        let head = head.and_then(|id| graph.commit(history.store.find(&id)?));
        Self {
            history,
            starts,
            holders,
            tops,
            descent: Descent::new(history),
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
            !parents.any(|parent| all.contains(&number(parent)))
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
        for tip in self.descent.tips(&bringing) {
            let tip = &self.history.tips[tip as usize];
            refs.push(tip.name.clone());
            remotes.extend(tip.remote.clone());
        }
        remotes.sort();
        remotes.dedup();
        let mut commits = Commits {
            first,
            last: self.commit(*last as usize),
            count: carrying.len() as u64,
            in_head: self.head.iter().any(|&head| all.contains(&number(head))),
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
            number(list.len() - 1)
        })
    }
}

/// Which tips lead to a commit: those of its descendants.
struct Descent {
    /// By commit, where in `children` its own start.
    starts: Vec<u32>,
    children: Vec<u32>,
    /// Commits and the tips that name them, sorted.
    tips: Vec<(u32, u32)>,
}

impl Descent {
    fn new(history: &History) -> Self {
        let graph = &history.graph;
        let count = graph.commits.len();
        let pairs = || {
            let commits = graph.commits.iter().enumerate();
            commits.flat_map(|(child, commit)| {
                let parents = commit.parents.iter();
                parents.filter_map(move |&parent| Some((graph.commit(parent)?, number(child))))
            })
        };
        let mut starts = vec![0_u32; count + 1];
        pairs().for_each(|(parent, _)| starts[parent + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut ends = starts.clone();
        let mut children = vec![0; starts[count] as usize];
        for (parent, child) in pairs() {
            let end = &mut ends[parent];
            children[*end as usize] = child;
            *end += 1;
        }
        let named = history.tips.iter().enumerate().filter_map(|(tip, known)| {
            let object = history.untagged(history.store.find(&known.id)?);
            Some((number(graph.commit(object)?), number(tip)))
        });
        let mut tips: Vec<(u32, u32)> = named.collect();
        tips.sort_unstable();
        Self {
            starts,
            children,
            tips,
        }
    }

    /// The tips that lead to any of some commits.
    fn tips(&self, commits: &[usize]) -> Vec<u32> {
        let mut seen = vec![false; self.starts.len()];
        let mut waiting = commits.to_vec();
        let mut tips = Vec::new();
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let commit = number(at);
            let from = self.tips.partition_point(|tip| tip.0 < commit);
            let own = self.tips[from..].iter().take_while(|tip| tip.0 == commit);
            tips.extend(own.map(|tip| tip.1));
            let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
            waiting.extend(
                self.children[start..end]
                    .iter()
                    .map(|&child| child as usize),
            );
        }
        tips.sort_unstable();
        tips
    }
}
