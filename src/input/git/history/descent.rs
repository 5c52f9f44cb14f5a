//! Which branches, tags and remotes lead to commits: those that name any of their descendants.

use std::collections::HashMap;

use gix_hash::ObjectId;

use super::store::number;
use super::tips::Tip;
use crate::finding::Commits;

/// A commit that nothing leads to has the first of the sets.
const EMPTY: u32 = 0;

/// Commits with the tips that lead to them.
pub(super) struct Descent<'h> {
    /// By rank, as [`Commits::tidy`] sorts them, each but once.
    names: Vec<&'h str>,
    /// Ranks, sorted, not more of them than are shown: of several sets together, no others count.
    sets: Vec<Box<[u32]>>,
    numbers: HashMap<Box<[u32]>, u32>,
    merged: HashMap<(u32, u32), u32>,
    /// By commit, its set.
    of: Vec<u32>,
    lineage: Lineage,
    /// Remotes, and the commits that their branches name.
    remotes: Vec<(&'h str, u32)>,
}

impl<'h> Descent<'h> {
    /// `at` finds the commit that an object is, or that a tag names; `parents` has those of each commit.
    pub(super) fn new(
        tips: &'h [Tip],
        at: &dyn Fn(&ObjectId) -> Option<u32>,
        parents: impl Iterator<Item = Vec<u32>>,
    ) -> Self {
        let lineage = Lineage::new(parents);
        let mut descent = Self {
            names: Vec::new(),
            sets: vec![Box::default()],
            numbers: HashMap::from([(Box::default(), EMPTY)]),
            merged: HashMap::new(),
            of: vec![EMPTY; lineage.starts.len() - 1],
            lineage: Lineage::default(),
            remotes: Vec::new(),
        };
        descent.name(tips, at);
        for &commit in &lineage.order {
            for &parent in lineage.parents(commit) {
                let parent = parent as usize;
                descent.of[parent] = descent.merge(descent.of[parent], descent.of[commit as usize]);
            }
        }
        descent.lineage = lineage;
        descent
    }

    /// Gives the commits that tips name sets of these.
    fn name(&mut self, tips: &'h [Tip], at: &dyn Fn(&ObjectId) -> Option<u32>) {
        let tips = tips.iter();
        let mut named: Vec<(&str, u32)> = Vec::new();
        for (tip, commit) in tips.filter_map(|tip| Some((tip, at(&tip.id)?))) {
            named.push((&tip.name, commit));
            let remote = tip.remote.as_deref();
            self.remotes.extend(remote.map(|remote| (remote, commit)));
        }
        named.sort_by_cached_key(|&(name, commit)| (Commits::order(name), commit));
        for (name, commit) in named {
            if self.names.last() != Some(&name) {
                self.names.push(name);
            }
            let own = self.number(vec![number(self.names.len() - 1)]);
            let commit = commit as usize;
            self.of[commit] = self.merge(self.of[commit], own);
        }
        self.remotes.sort_unstable();
    }

    fn number(&mut self, set: Vec<u32>) -> u32 {
        let set = set.into_boxed_slice();
        if let Some(&known) = self.numbers.get(&set) {
            return known;
        }
        let new = number(self.sets.len());
        self.sets.push(set.clone());
        self.numbers.insert(set, new);
        new
    }

    fn merge(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == EMPTY {
            return a;
        }
        if a == EMPTY {
            return b;
        }
        let pair = (a.min(b), a.max(b));
        if let Some(&known) = self.merged.get(&pair) {
            return known;
        }
        let mut both = [&*self.sets[a as usize], &*self.sets[b as usize]].concat();
        both.sort_unstable();
        both.dedup();
        both.truncate(Commits::MAX_REFS);
        let merged = self.number(both);
        self.merged.insert(pair, merged);
        merged
    }

    /// The names of what leads to any of some commits, as many as are shown.
    pub(super) fn refs(&mut self, commits: &[u32]) -> Vec<String> {
        let sets = commits.iter().map(|&commit| self.of[commit as usize]);
        let sets: Vec<u32> = sets.collect();
        let set = sets.into_iter().fold(EMPTY, |a, b| self.merge(a, b));
        let ranks = self.sets[set as usize].iter();
        ranks
            .map(|&rank| self.names[rank as usize].to_owned())
            .collect()
    }

    /// For each of some lists of commits, the names of the remotes that were seen to have any of them, sorted.
    pub(super) fn remotes(&self, lists: &[&[u32]]) -> Vec<Vec<&'h str>> {
        let mut found = vec![Vec::new(); lists.len()];
        let mut names: Vec<&str> = self.remotes.iter().map(|remote| remote.0).collect();
        names.dedup();
        // As many at once as a number has bits.
        for group in names.chunks(u64::BITS as usize) {
            let mut seen = vec![0_u64; self.of.len()];
            for (name, commit) in &self.remotes {
                if let Ok(bit) = group.binary_search(name) {
                    seen[*commit as usize] |= 1 << bit;
                }
            }
            for &commit in &self.lineage.order {
                for &parent in self.lineage.parents(commit) {
                    seen[parent as usize] |= seen[commit as usize];
                }
            }
            for (found, list) in found.iter_mut().zip(lists) {
                let bits = list.iter().fold(0, |bits, &at| bits | seen[at as usize]);
                let group = group.iter().enumerate();
                let group = group.filter(|(bit, _)| bits >> bit & 1 == 1);
                found.extend(group.map(|(_, name)| *name));
            }
        }
        found
    }
}

/// All commits in order.
#[derive(Default)]
struct Lineage {
    /// Children before parents. Commits that are their own ancestors are forged, and left out.
    order: Vec<u32>,
    /// By commit, where in `parents` its own start.
    starts: Vec<u32>,
    parents: Vec<u32>,
}

impl Lineage {
    fn new(all: impl Iterator<Item = Vec<u32>>) -> Self {
        let mut lineage = Self {
            starts: vec![0],
            ..Self::default()
        };
        for parents in all {
            lineage.parents.extend(parents);
            lineage.starts.push(number(lineage.parents.len()));
        }
        let count = lineage.starts.len() - 1;
        let mut children = vec![0_u32; count];
        for &parent in &lineage.parents {
            children[parent as usize] += 1;
        }
        let childless = (0..count).filter(|&at| children[at] == 0);
        let mut order: Vec<u32> = childless.map(number).collect();
        let mut at = 0;
        while let Some(&commit) = order.get(at) {
            at += 1;
            for &parent in lineage.parents(commit) {
                let left = &mut children[parent as usize];
                *left -= 1;
                if *left == 0 {
                    order.push(parent);
                }
            }
        }
        lineage.order = order;
        lineage
    }

    fn parents(&self, commit: u32) -> &[u32] {
        let commit = commit as usize;
        let (start, end) = (self.starts[commit], self.starts[commit + 1]);
        &self.parents[start as usize..end as usize]
    }
}
