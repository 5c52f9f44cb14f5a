//! The objects of a history that was read before, and those that came since.

use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId, oid};

use super::super::memory::Base;
use super::super::store::{has_extension, number};

/// If more objects are new, all are read: it takes no longer.
const MAX_FRESH: usize = 50_000;

/// Old objects have the numbers that they had; new ones follow, sorted.
pub(super) struct Objects {
    pub(super) base: Base,
    fresh: Vec<ObjectId>,
}

impl Objects {
    /// Lists what is here by now. `None` if something that was here is not, if something is here now that was missed, or
    /// if something cannot be opened.
    pub(super) fn list(base: Base, directories: &[PathBuf], hash: Kind) -> Option<Self> {
        let mut known = Known {
            seen: vec![false; base.count()],
            fresh: Vec::new(),
            base: &base,
        };
        let mut is_partial = false;
        for directory in directories {
            is_partial |= packs(&directory.join("pack"), hash, &mut known)?;
            for id in gix_odb::loose::Store::at(directory, hash).iter() {
                known.take(&id.ok()?);
            }
        }
        let Known {
            seen, mut fresh, ..
        } = known;
        fresh.sort_unstable();
        fresh.dedup();
        let is_absent = |id: &ObjectId| base.absent.binary_search(id).is_ok();
        let is_as_it_was = seen.iter().all(|&seen| seen)
            && is_partial == base.rest.is_partial
            && fresh.len() <= MAX_FRESH
            && !fresh.iter().any(is_absent);
        is_as_it_was.then_some(Self { base, fresh })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.base.count() + self.fresh.len()
    }

    /// The numbers of those that are new.
    pub(super) fn fresh(&self) -> std::ops::Range<u32> {
        number(self.base.count())..number(self.len())
    }

    pub(super) fn id(&self, object: u32) -> &oid {
        match (object as usize).checked_sub(self.base.count()) {
            Some(at) => &self.fresh[at],
            None => oid::from_bytes_unchecked(self.base.id(object)),
        }
    }

    pub(super) fn find(&self, id: &oid) -> Option<u32> {
        let fresh = || self.fresh.binary_search_by(|known| (**known).cmp(id)).ok();
        let fresh = || Some(number(self.base.count() + fresh()?));
        self.base.find(id).or_else(fresh)
    }
}

/// What was met so far.
struct Known<'b> {
    base: &'b Base,
    seen: Vec<bool>,
    fresh: Vec<ObjectId>,
}

impl Known<'_> {
    fn take(&mut self, id: &oid) {
        match self.base.find(id) {
            Some(at) => self.seen[at as usize] = true,
            None => self.fresh.push(id.to_owned()),
        }
    }

    /// The same for many, which are sorted.
    fn take_all<'i>(&mut self, ids: impl Iterator<Item = &'i oid>) {
        let (mut at, count) = (0, self.base.count());
        for id in ids {
            while at < count && self.base.id(number(at)) < id.as_bytes() {
                at += 1;
            }
            if at < count && self.base.id(number(at)) == id.as_bytes() {
                self.seen[at] = true;
            } else {
                self.fresh.push(id.to_owned());
            }
        }
    }
}

/// Takes up the packs of a directory, and tells whether any may lack what it refers to.
fn packs(directory: &Path, hash: Kind, known: &mut Known<'_>) -> Option<bool> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    for path in &paths {
        if has_extension(path, "idx") {
            let index = gix_pack::index::File::at(path, hash).ok()?;
            gix_pack::data::File::at(path.with_extension("pack"), hash).ok()?;
            known.take_all((0..index.num_objects()).map(|at| index.oid_at_index(at)));
        } else if has_extension(path, "pack") && !paths.contains(&path.with_extension("idx")) {
            return None;
        }
    }
    Some(paths.iter().any(|path| has_extension(path, "promisor")))
}
