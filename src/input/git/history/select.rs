//! From what a user asks for to commits, and from these to blobs.

use super::{NONE, Selection, Whole};
use crate::input::git::repository::Repository;

impl Whole {
    /// Decides what is read: numbers of commits in the graph, and blobs.
    pub(super) fn select(&self, selection: &Selection) -> Result<(Vec<usize>, Vec<u32>), String> {
        let count = self.store.len();
        let starts: Vec<u32> = self
            .tips
            .iter()
            .filter_map(|tip| self.store.find(&tip.id))
            .collect();
        let excluded = self.excluded(selection)?;
        let mut seen = excluded.clone();
        let mut commits = self.commits_from(starts.clone(), &mut seen);
        let is_limited = selection.since.is_some()
            || selection.max_commits.is_some()
            || selection.range.is_some()
            || selection.push.is_some();
        if let Some(since) = selection.since {
            commits.retain(|&at| self.graph.commits[at].committed >= since);
        }
        let newest = |&at: &usize| {
            let commit = &self.graph.commits[at];
            (std::cmp::Reverse(commit.committed), commit.object)
        };
        commits.sort_by_key(newest);
        commits.truncate(selection.max_commits.unwrap_or(usize::MAX));
        let mut reached = vec![false; count];
        if is_limited {
            // What the commits before those that are read had already is not theirs.
            let mut is_read = vec![false; self.graph.commits.len()];
            commits.iter().for_each(|&at| is_read[at] = true);
            let parents = commits
                .iter()
                .flat_map(|&at| &self.graph.commits[at].parents);
            let before = parents.filter_map(|&parent| self.graph.commit(parent));
            let before = before
                .filter(|&at| !is_read[at])
                .map(|at| self.graph.commits[at].tree);
            self.reach(before.collect(), &mut reached);
        }
        let known = reached.clone();
        let mut roots: Vec<u32> = commits
            .iter()
            .map(|&at| self.graph.commits[at].tree)
            .collect();
        if !is_limited || selection.push.is_some() {
            // A tag can name a tree or a blob.
            roots.extend(starts.iter().map(|&start| self.untagged(start)));
        }
        self.reach(roots, &mut reached);
        let is_new = |object: &u32| reached[*object as usize] && !known[*object as usize];
        let objects = 0..super::store::number(count);
        let blobs = if selection.unreachable {
            objects.collect()
        } else {
            objects.filter(is_new).collect()
        };
        Ok((commits, blobs))
    }

    /// By object: commits that are left out of a range.
    fn excluded(&self, selection: &Selection) -> Result<Vec<bool>, String> {
        let mut seen = vec![false; self.store.len()];
        if let Some((from, _)) = &selection.range {
            let from = self
                .repository
                .commit(if from.is_empty() { "HEAD" } else { from })?;
            let start = self.store.find(&from).into_iter().collect();
            self.commits_from(start, &mut seen);
        }
        if let Some(push) = &selection.push {
            let known = self.known(push)?;
            self.commits_from(known, &mut seen);
        }
        Ok(seen)
    }

    /// The commits that objects lead to, and that were not seen yet.
    fn commits_from(&self, mut waiting: Vec<u32>, seen: &mut [bool]) -> Vec<usize> {
        let mut found = Vec::new();
        while let Some(object) = waiting.pop() {
            let object = self.untagged(object);
            if object == NONE || std::mem::replace(&mut seen[object as usize], true) {
                continue;
            }
            if let Some(at) = self.graph.commit(object) {
                found.push(at);
                waiting.extend(&self.graph.commits[at].parents);
            }
        }
        found
    }

    /// Marks the objects that trees hold, and the trees.
    fn reach(&self, mut waiting: Vec<u32>, reached: &mut [bool]) {
        while let Some(object) = waiting.pop() {
            if object == NONE || std::mem::replace(&mut reached[object as usize], true) {
                continue;
            }
            waiting.extend(self.graph.entries(object).iter().map(|(object, _)| object));
        }
    }

    /// What a tag, and a tag of a tag, names.
    pub(super) fn untagged(&self, mut object: u32) -> u32 {
        for _ in 0..16 {
            match self.graph.tags.get(&object) {
                Some(&target) => object = target,
                None => break,
            }
        }
        object
    }

    /// For what has to ask git's objects one by one.
    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }
}
