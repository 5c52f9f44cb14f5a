//! What objects are called, old ones and new ones, by the same rule as [`super::super::paths`]: of the trees that hold an
//! object, the first by its id whose name for it tells what is in a file, or else the first.

use std::collections::HashMap;

use super::objects::Objects;
use crate::input::git::history::NONE;
use crate::input::git::history::paths::{MAX_DEPTH, tells};

/// What new trees call objects, where it is what these are called from now on.
pub(super) struct Names<'n> {
    objects: &'n Objects,
    chosen: HashMap<u32, (u32, &'n [u8])>,
}

impl<'n> Names<'n> {
    pub(super) fn new(objects: &'n Objects) -> Self {
        Self {
            objects,
            chosen: HashMap::new(),
        }
    }

    /// Takes up an entry of a new tree.
    pub(super) fn add(&mut self, (object, tree): (u32, u32), name: &'n [u8]) {
        let key = |(tree, name): (u32, &[u8])| (!tells(name), self.objects.id(tree).as_bytes());
        let is_better = match self.parent(object, true) {
            Some(now) => key((tree, name)) < key(now),
            None => true,
        };
        if is_better {
            self.chosen.insert(object, (tree, name));
        }
    }

    /// Old objects that are called otherwise by now.
    pub(super) fn changed(&self) -> impl Iterator<Item = u32> + '_ {
        let old = self.objects.fresh().start;
        let objects = self.chosen.keys().copied();
        let objects = objects.filter(move |&object| object < old);
        objects.filter(|&object| self.names(object, true) != self.names(object, false))
    }

    /// A path of an object from the top, with forward slashes.
    pub(super) fn path(&self, object: u32) -> String {
        let names = self.names(object, true);
        let names: Vec<_> = names
            .into_iter()
            .rev()
            .map(String::from_utf8_lossy)
            .collect();
        names.join("/")
    }

    /// The names of an object and of the trees around it, the outermost last; with new trees or without.
    fn names(&self, object: u32, is_new: bool) -> Vec<&[u8]> {
        let parents = std::iter::successors(self.parent(object, is_new), |(tree, _)| {
            self.parent(*tree, is_new)
        });
        parents.take(MAX_DEPTH).map(|(_, name)| name).collect()
    }

    fn parent(&self, object: u32, is_new: bool) -> Option<(u32, &[u8])> {
        let chosen = self.chosen.get(&object).filter(|_| is_new);
        if let Some(&(tree, name)) = chosen {
            return Some((tree, name));
        }
        let base = &self.objects.base;
        if object >= self.objects.fresh().start {
            return None;
        }
        let (tree, name) = base.parent(object);
        let name = base.names.get(name as usize)?;
        (tree != NONE).then_some((tree, name))
    }
}
