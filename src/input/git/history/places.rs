//! Where some blobs lie: under which path, in how many commits, and which commits brought them there.

use std::collections::{BTreeMap, HashMap};

use super::condensed::{Condensed, Node};
use super::store::number;
use super::{NONE, Whole};

/// More places, or more commits that bring something to them, are not followed: a forged tree has billions of paths.
const MAX_PLACES: usize = 4_000_000;

/// A blob under one path.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) blob: u32,
    pub(super) path: String,
    pub(super) carried: Carried,
    /// Commits that have it and of whose parents none has it.
    pub(super) brought: Vec<u32>,
}

/// Commits that carry something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Carried {
    pub(super) count: u64,
    /// The newest, after the times when it was committed and written.
    pub(super) last: (i64, i64, u32),
    /// Whether the checked-out one is among them.
    pub(super) in_head: bool,
}

impl Carried {
    fn add(&mut self, other: Self) {
        self.last = if self.count == 0 {
            other.last
        } else {
            self.last.max(other.last)
        };
        self.count = self.count.saturating_add(other.count);
        self.in_head |= other.in_head;
    }
}

/// All places of some blobs, in the commits that are read.
pub(super) struct Places<'h> {
    history: &'h Whole,
    condensed: Condensed,
    paths: Paths,
    places: HashMap<(u32, u32), Place>,
    /// How much more may be followed.
    left: usize,
}

impl<'h> Places<'h> {
    pub(super) fn find(history: &'h Whole, blobs: &[u32]) -> (Vec<Place>, bool) {
        let graph = &history.graph;
        let tops = history.commits.iter().map(|&at| graph.commits[at].tree);
        let mut places = Self {
            history,
            condensed: Condensed::new(graph, history.store.len(), (blobs, tops)),
            paths: Paths::default(),
            places: HashMap::new(),
            left: MAX_PLACES,
        };
        places.carried();
        places.left += MAX_PLACES;
        places.brought();
        let is_capped = places.left < MAX_PLACES;
        let Self { paths, places, .. } = places;
        let named = places.into_iter().map(|((_, path), place)| Place {
            path: paths.text(history, path),
            ..place
        });
        let mut places: Vec<Place> = named.filter(|place| !place.brought.is_empty()).collect();
        places.sort_by(|a, b| (a.blob, &a.path).cmp(&(b.blob, &b.path)));
        (places, is_capped)
    }

    /// Counts, from the top of trees down. What lies at a path comes from as many steps above, so one step after the
    /// other is complete.
    fn carried(&mut self) {
        let graph = &self.history.graph;
        let head = self.history.repository().head().ok().flatten();
        let head = head.and_then(|id| graph.commit(self.history.store.find(&id)?));
        let mut level: BTreeMap<(u32, u32), Carried> = BTreeMap::new();
        for &at in &self.history.commits {
            let commit = &graph.commits[at];
            if let Some(node) = self.condensed.node(commit.tree) {
                level.entry((NONE, node)).or_default().add(Carried {
                    count: 1,
                    last: (commit.committed, commit.authored.0, number(at)),
                    in_head: head == Some(at),
                });
            }
        }
        while !level.is_empty() {
            let mut next = BTreeMap::<_, Carried>::new();
            for ((path, node), carried) in level {
                if let &Node::Blob(blob) = self.condensed.get(node) {
                    let place = self.places.entry((blob, path)).or_default();
                    place.blob = blob;
                    place.carried.add(carried);
                }
                for &(name, child) in self.condensed.children(node) {
                    let Some(left) = self.left.checked_sub(1) else {
                        return;
                    };
                    self.left = left;
                    let path = self.paths.number(path, name);
                    next.entry((path, child)).or_default().add(carried);
                }
            }
            level = next;
        }
    }

    /// Compares each commit with its parents.
    fn brought(&mut self) {
        let graph = &self.history.graph;
        let mut tops = vec![NONE; graph.commits.len()];
        for &at in &self.history.commits {
            let node = self.condensed.node(graph.commits[at].tree);
            tops[at] = node.unwrap_or(NONE);
        }
        for &at in &self.history.commits {
            let parents = graph.commits[at].parents.iter();
            let parents = parents.filter_map(|&parent| Some(tops[graph.commit(parent)?]));
            let parents: Vec<u32> = parents.filter(|&top| top != NONE).collect();
            if tops[at] != NONE && !parents.contains(&tops[at]) {
                self.compare(number(at), tops[at], parents);
            }
        }
    }

    fn compare(&mut self, commit: u32, top: u32, parents: Vec<u32>) {
        let mut open = vec![(NONE, top, parents)];
        while let Some((path, node, before)) = open.pop() {
            if let &Node::Blob(blob) = self.condensed.get(node)
                && let Some(place) = self.places.get_mut(&(blob, path))
            {
                place.brought.push(commit);
            }
            for &(name, child) in self.condensed.children(node) {
                let named = |&before: &u32| self.condensed.named(before, name);
                let before: Vec<u32> = before.iter().flat_map(named).collect();
                if before.contains(&child) {
                    continue;
                }
                let Some(left) = self.left.checked_sub(1) else {
                    return;
                };
                self.left = left;
                open.push((self.paths.number(path, name), child, before));
            }
        }
    }
}

/// Paths, each a shorter one and a name, by numbers; the empty one is [`NONE`].
#[derive(Default)]
struct Paths {
    list: Vec<(u32, u32)>,
    numbers: HashMap<(u32, u32), u32>,
}

impl Paths {
    fn number(&mut self, before: u32, name: u32) -> u32 {
        let list = &mut self.list;
        *self.numbers.entry((before, name)).or_insert_with(|| {
            list.push((before, name));
            number(list.len() - 1)
        })
    }

    fn text(&self, history: &Whole, mut path: u32) -> String {
        let mut names = Vec::new();
        while path != NONE {
            let (before, name) = self.list[path as usize];
            names.push(String::from_utf8_lossy(history.graph.name(name)));
            path = before;
        }
        names.reverse();
        names.join("/")
    }
}
