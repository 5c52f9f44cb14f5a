//! A history to which something was added since it was read: only what is new is read, and what was known is taken from
//! what that run left.
//!
//! That is so as long as nothing that was known is otherwise by now: all objects are still here, every commit is still
//! reached, and no file is called otherwise. If any of this is not so, everything is looked at afresh.

mod carried;
mod held;
mod names;
mod objects;

use std::collections::{HashMap, HashSet};

use gix_object::{Find as _, FindHeader as _, Kind};

use super::NONE;
use super::graph::{Commit, Reader};
use super::memory::{Base, Kept, Shadow};
use super::outlook::Outlook;
use super::store::number;
use super::visit::Visitor as _;
use crate::input::ledger::Coverage;

use self::names::Names;
use self::objects::Objects;

/// What is known of a history, and what came since.
pub(super) struct Since {
    objects: Objects,
    /// All that are reached, sorted by id.
    commits: Vec<Commit>,
    /// By object, where in the list a commit stands, or [`NONE`].
    places: Vec<u32>,
    /// Those in the list that are new.
    added: Vec<u32>,
    tags: HashMap<u32, u32>,
    /// Blobs that are to be read: ids and paths.
    pub(super) blobs: Vec<(String, String)>,
}

impl Since {
    /// Adds what is new to what was known, if that is all that has to be done.
    pub(super) fn of(outlook: &Outlook, base: Base) -> Option<Self> {
        let repository = &outlook.repository;
        let is_whole = outlook.damaged.is_empty() && !outlook.is_shallow();
        let objects =
            is_whole.then(|| Objects::list(base, &outlook.directories, repository.hash))??;
        let find = |id: &gix_hash::oid| objects.find(id);
        let mut walk = Walk::new(&objects, &repository.objects, &find);
        for object in objects.fresh() {
            walk.load(object)?;
        }
        let mut places = vec![NONE; objects.len()];
        for (at, commit) in (0..).zip(&objects.base.commits) {
            places[commit.object as usize] = at;
        }
        let tips = outlook.tips.iter().filter_map(|tip| objects.find(&tip.id));
        let new = walk.commits(tips.collect(), &places)?;
        let tops = new.iter().map(|commit| commit.tree).collect();
        let blobs = walk.blobs(tops)?;
        let names = walk.names();
        // A blob that nothing led to was not read, whatever it was called.
        let matters = |object: u32| {
            let header = repository
                .objects
                .try_header(objects.id(object))
                .ok()
                .flatten();
            objects.base.is_reached(object) || header.is_none_or(|header| header.kind != Kind::Blob)
        };
        if names.changed().any(matters) {
            return None;
        }
        let named = |&blob: &u32| (objects.id(blob).to_string(), names.path(blob));
        let blobs = blobs.iter().map(named).collect();
        let tags = walk.tags;
        let added: HashSet<u32> = new.iter().map(|commit| commit.object).collect();
        let mut commits = objects.base.commits.clone();
        commits.extend(new);
        commits.sort_by(|a, b| objects.id(a.object).cmp(objects.id(b.object)));
        for (at, commit) in (0..).zip(&commits) {
            places[commit.object as usize] = at;
        }
        let is_added = |&at: &u32| added.contains(&commits[at as usize].object);
        let added = (0..number(commits.len())).filter(is_added).collect();
        Some(Self {
            commits,
            places,
            added,
            tags,
            blobs,
            objects,
        })
    }

    /// How many commits there are.
    pub(super) fn commit_count(&self) -> usize {
        self.commits.len()
    }

    /// Old blobs that are not known to be clean: ids and paths.
    pub(super) fn open(&self) -> &[(String, String)] {
        &self.objects.base.rest.open
    }

    /// Old blobs that need not be read.
    pub(super) fn shadows(&self) -> &[Shadow] {
        &self.objects.base.rest.shadows
    }

    /// What was read of all that is old.
    pub(super) fn coverage(&self) -> &Coverage {
        &self.objects.base.rest.coverage
    }

    fn old_places(&self) -> &[Kept] {
        &self.objects.base.rest.places
    }

    /// Where in the list the commit stands that an object is, or that a tag names.
    fn place(&self, object: u32) -> Option<u32> {
        let object = untagged(object, |tag| {
            self.tags
                .get(&tag)
                .or_else(|| self.objects.base.tags.get(&tag))
                .copied()
        });
        let at = *self.places.get(object as usize)?;
        (at != NONE).then_some(at)
    }
}

/// What a tag, and a tag of a tag, names.
fn untagged(mut object: u32, target: impl Fn(u32) -> Option<u32>) -> u32 {
    for _ in 0..16 {
        match target(object) {
            Some(next) => object = next,
            None => break,
        }
    }
    object
}

/// Reading objects one by one.
struct Walk<'w> {
    objects: &'w Objects,
    odb: &'w gix_odb::Handle,
    reader: Reader<'w>,
    kinds: HashMap<u32, Kind>,
    /// By tree, where its entries start, and how many.
    trees: HashMap<u32, (usize, usize)>,
    /// By object, where among the reader's commits one is.
    commits: HashMap<u32, usize>,
    tags: HashMap<u32, u32>,
    buffer: Vec<u8>,
}

impl<'w> Walk<'w> {
    fn new(
        objects: &'w Objects,
        odb: &'w gix_odb::Handle,
        find: &'w (dyn Fn(&gix_hash::oid) -> Option<u32> + Sync),
    ) -> Self {
        Self {
            objects,
            odb,
            reader: Reader::new(find, odb.store_ref().object_hash()),
            kinds: HashMap::new(),
            trees: HashMap::new(),
            commits: HashMap::new(),
            tags: HashMap::new(),
            buffer: Vec::new(),
        }
    }

    /// Reads an object, unless it is a blob, and tells what it is. `None` if it cannot be read.
    fn load(&mut self, object: u32) -> Option<Kind> {
        if let Some(&kind) = self.kinds.get(&object) {
            return Some(kind);
        }
        let id = self.objects.id(object);
        let kind = self.odb.try_header(id).ok()??.kind;
        if kind != Kind::Blob {
            let found = self.odb.try_find(id, &mut self.buffer).ok()??;
            self.reader.see(object, kind, found.data);
        }
        if !self.reader.missed.is_empty() {
            return None;
        }
        match kind {
            Kind::Tree => {
                let &(tree, start, len) = self.reader.trees.last()?;
                self.trees.insert(tree, (start, len));
            }
            Kind::Commit => {
                let at = self.reader.commits.len().checked_sub(1)?;
                self.commits.insert(object, at);
            }
            Kind::Tag => self.tags.extend(self.reader.tags.last().copied()),
            Kind::Blob => {}
        }
        self.kinds.insert(object, kind);
        Some(kind)
    }

    /// The commits that tips lead to and that were not known; `None` if any that were are not reached.
    fn commits(&mut self, mut waiting: Vec<u32>, places: &[u32]) -> Option<Vec<Commit>> {
        let old = &self.objects.base.commits;
        let mut left = old.len();
        let mut seen = vec![false; self.objects.len()];
        let mut new = Vec::new();
        while let Some(object) = waiting.pop() {
            let target = |tag| {
                self.tags
                    .get(&tag)
                    .or_else(|| self.objects.base.tags.get(&tag))
                    .copied()
            };
            let object = untagged(object, target);
            if std::mem::replace(seen.get_mut(object as usize)?, true) {
                continue;
            }
            let place = places[object as usize];
            if place != NONE {
                left -= 1;
                waiting.extend(&old[place as usize].parents);
                continue;
            }
            // A tree or a blob that is named by itself is nothing that was known by commits.
            if self.load(object)? != Kind::Commit {
                return None;
            }
            let commit = self.reader.commits[*self.commits.get(&object)?].clone();
            waiting.extend(&commit.parents);
            new.push(commit);
        }
        (left == 0).then_some(new)
    }

    /// The blobs that trees lead to and that were not reached before, sorted.
    fn blobs(&mut self, mut waiting: Vec<u32>) -> Option<Vec<u32>> {
        let old = self.objects.fresh().start;
        let mut seen = HashSet::new();
        let mut blobs = Vec::new();
        while let Some(object) = waiting.pop() {
            let is_known = |object| object < old && self.objects.base.is_reached(object);
            if object == NONE || is_known(object) || !seen.insert(object) {
                continue;
            }
            match self.load(object)? {
                Kind::Tree => {
                    let &(start, len) = self.trees.get(&object)?;
                    let entries = &self.reader.entries[start..start + len];
                    waiting.extend(entries.iter().map(|(object, _)| object));
                }
                Kind::Blob => blobs.push(object),
                Kind::Commit | Kind::Tag => {}
            }
        }
        blobs.sort_unstable();
        Some(blobs)
    }

    /// What objects are called now that there are new trees.
    fn names(&self) -> Names<'_> {
        let mut names = Names::new(self.objects);
        for &(tree, start, len) in &self.reader.trees {
            for &(object, name) in &self.reader.entries[start..start + len] {
                names.add((object, tree), &self.reader.names[name as usize]);
            }
        }
        names
    }
}
