//! What refers to what: commits to trees and commits, trees to trees and blobs.

use std::collections::HashMap;
use std::ops::Range;

use gix_hash::{Kind, ObjectId, oid};
use gix_object::{Kind as ObjectKind, TagRef, TreeRefIter};

use super::store::{Store, number};
use super::visit::{Visitor, Wanted, visit};
use super::{Missed, NONE};
use crate::finding::Moment;

/// A commit, with objects by their numbers.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    pub(super) object: u32,
    /// [`NONE`] if it is not here.
    pub(super) tree: u32,
    /// Objects. Those that are not here are left out.
    pub(super) parents: Vec<u32>,
    pub(super) authored: Moment,
    /// Seconds since 1970.
    pub(super) committed: i64,
}

/// Everything that is needed to find one's way.
pub(super) struct Graph {
    /// Sorted by object.
    pub(super) commits: Vec<Commit>,
    /// By object, where in the list a commit stands, or [`NONE`].
    places: Vec<u32>,
    /// By object, where in `entries` the entries of a tree start and how many there are.
    spans: Vec<(u64, u32)>,
    /// Objects and names.
    pub(super) entries: Vec<(u32, u32)>,
    pub(super) names: Vec<Box<[u8]>>,
    /// By tag object, what it points at.
    pub(super) tags: HashMap<u32, u32>,
    pub(super) missed: Vec<Missed>,
    /// Objects that something refers to and that are not here.
    pub(super) absent: Vec<ObjectId>,
    /// By object, whether all that it refers to is here, so that there is nothing more to be read of it, ever.
    kept: Vec<bool>,
    /// Whether more is kept than was known before.
    has_grown: bool,
}

impl Graph {
    /// Without anything, for so many objects.
    pub(super) fn empty(count: usize) -> Self {
        Self {
            commits: Vec::new(),
            places: vec![NONE; count],
            spans: vec![(0, 0); count],
            entries: Vec::new(),
            names: Vec::new(),
            tags: HashMap::new(),
            missed: Vec::new(),
            absent: Vec::new(),
            kept: vec![false; count],
            has_grown: false,
        }
    }

    /// Reads all commits, trees and tags that are not known.
    pub(super) fn read(&mut self, store: &Store, odb: &gix_odb::Handle, jobs: usize) {
        let hash = store.ids.first().map_or(Kind::Sha1, ObjectId::kind);
        let find = |id: &oid| store.find(id);
        let readers = (0..jobs).map(|_| Reader::new(&find, hash)).collect();
        let wanted = Wanted {
            kinds: &[ObjectKind::Commit, ObjectKind::Tree, ObjectKind::Tag],
            objects: &|object| !self.is_kept(object),
        };
        let readers = visit((store, odb), &wanted, readers);
        let known = (0..).zip(&self.names);
        let mut numbers: HashMap<Box<[u8]>, u32> =
            known.map(|(number, name)| (name.clone(), number)).collect();
        for reader in readers {
            let start = self.entries.len();
            for (tree, at, len) in reader.trees {
                self.add_tree(tree, start + at..start + at + len);
            }
            let names = reader.names.into_iter().map(|name| {
                let next = number(self.names.len());
                *numbers.entry(name.clone()).or_insert_with(|| {
                    self.names.push(name);
                    next
                })
            });
            let own: Vec<u32> = names.collect();
            let entries = reader.entries.into_iter();
            self.entries
                .extend(entries.map(|(object, name)| (object, own[name as usize])));
            self.commits.extend(reader.commits);
            self.tags.extend(reader.tags);
            self.missed.extend(reader.missed);
            self.absent.extend(reader.absent);
            self.has_grown |= !reader.whole.is_empty();
            reader.whole.iter().for_each(|&object| self.keep(object));
        }
        self.commits.sort_by_key(|commit| commit.object);
        for (at, commit) in (0..).zip(&self.commits) {
            self.places[commit.object as usize] = at;
        }
    }

    /// Says where in `entries` those of a tree are.
    pub(super) fn add_tree(&mut self, tree: u32, entries: Range<usize>) {
        self.spans[tree as usize] = (entries.start as u64, number(entries.len()));
    }

    /// Takes an object to be known for good.
    pub(super) fn keep(&mut self, object: u32) {
        self.kept[object as usize] = true;
    }

    /// Whether an object was read, and all that it refers to is here.
    pub(super) fn is_kept(&self, object: u32) -> bool {
        self.kept[object as usize]
    }

    /// Whether anything was read that was not known.
    pub(super) fn has_grown(&self) -> bool {
        self.has_grown
    }

    /// Trees that are kept, in the order in which they were read: there, like follows like.
    pub(super) fn trees_as_read(&self) -> Vec<u32> {
        let mut trees: Vec<u32> = self.trees().filter(|&tree| self.is_kept(tree)).collect();
        trees.sort_by_key(|&tree| self.spans[tree as usize].0);
        trees
    }

    /// Where in the list a commit stands.
    pub(super) fn commit(&self, object: u32) -> Option<usize> {
        let at = self.places.get(object as usize)?;
        (*at != NONE).then_some(*at as usize)
    }

    /// What a tree holds: objects and the numbers of their names.
    pub(super) fn entries(&self, tree: u32) -> &[(u32, u32)] {
        let (start, len) = self.spans[tree as usize];
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        self.entries
            .get(start..start + len as usize)
            .unwrap_or_default()
    }

    /// All trees that hold anything.
    pub(super) fn trees(&self) -> impl Iterator<Item = u32> + '_ {
        let spans = (0..).zip(&self.spans);
        spans
            .filter(|(_, span)| span.1 > 0)
            .map(|(object, _)| object)
    }

    /// A name by its number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        &self.names[number as usize]
    }
}

/// Finds the number of an object.
type Find<'f> = dyn Fn(&oid) -> Option<u32> + Sync + 'f;

/// One thread's share.
pub(super) struct Reader<'s> {
    known: &'s Find<'s>,
    hash: Kind,
    pub(super) commits: Vec<Commit>,
    /// Trees, where in `entries` theirs start, and how many.
    pub(super) trees: Vec<(u32, usize, usize)>,
    pub(super) entries: Vec<(u32, u32)>,
    pub(super) names: Vec<Box<[u8]>>,
    numbers: HashMap<Box<[u8]>, u32>,
    pub(super) tags: Vec<(u32, u32)>,
    pub(super) missed: Vec<Missed>,
    absent: Vec<ObjectId>,
    /// Objects that refer to nothing that is not here.
    whole: Vec<u32>,
    /// Objects met of late, by some bits of their ids: trees are mostly like the ones before them.
    recent: Vec<(ObjectId, u32)>,
}

const RECENT: usize = 1 << 14;

impl<'s> Reader<'s> {
    pub(super) fn new(known: &'s Find<'s>, hash: Kind) -> Self {
        Self {
            known,
            hash,
            commits: Vec::new(),
            trees: Vec::new(),
            entries: Vec::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            tags: Vec::new(),
            missed: Vec::new(),
            absent: Vec::new(),
            whole: Vec::new(),
            recent: vec![(hash.null(), NONE); RECENT],
        }
    }

    fn tree(&mut self, tree: u32, data: &[u8]) {
        let start = self.entries.len();
        let mut is_whole = true;
        for entry in TreeRefIter::from_bytes(data, self.hash) {
            let Ok(entry) = entry else {
                self.missed.push((tree, "its tree is damaged".to_owned()));
                is_whole = false;
                break;
            };
            if entry.mode.is_commit() {
                continue;
            }
            let object = self.find(entry.oid);
            if object == NONE {
                is_whole = false;
                continue;
            }
            let name = match self.numbers.get::<[u8]>(entry.filename) {
                Some(&name) => name,
                None => {
                    let next = number(self.names.len());
                    let name: Box<[u8]> = entry.filename.to_vec().into();
                    self.names.push(name.clone());
                    self.numbers.insert(name, next);
                    next
                }
            };
            self.entries.push((object, name));
        }
        self.trees.push((tree, start, self.entries.len() - start));
        let is_worth_keeping = is_whole && self.entries.len() > start;
        self.whole.extend(is_worth_keeping.then_some(tree));
    }

    fn find(&mut self, id: &oid) -> u32 {
        let bytes = id.as_bytes();
        let slot = (usize::from(bytes[2]) << 8 | usize::from(bytes[3])) % RECENT;
        let recent = &mut self.recent[slot];
        if *recent.0 != *id {
            let known = (self.known)(id);
            self.absent.extend(known.is_none().then(|| id.to_owned()));
            *recent = (id.to_owned(), known.unwrap_or(NONE));
        }
        recent.1
    }

    fn commit(&mut self, object: u32, data: &[u8]) -> Option<()> {
        let mut tree = NONE;
        let mut parents = Vec::new();
        let mut is_whole = true;
        let mut authored = 0;
        let mut committed = 0;
        for line in data
            .split(|&byte| byte == b'\n')
            .take_while(|line| !line.is_empty())
        {
            if let Some(id) = line.strip_prefix(b"tree ") {
                tree = self.find(&ObjectId::from_hex(id).ok()?);
            } else if let Some(id) = line.strip_prefix(b"parent ") {
                let parent = self.find(&ObjectId::from_hex(id).ok()?);
                parents.extend((parent != NONE).then_some(parent));
                is_whole &= parent != NONE;
            } else if let Some(who) = line.strip_prefix(b"author ") {
                authored = time(who).unwrap_or(0);
            } else if let Some(who) = line.strip_prefix(b"committer ") {
                committed = time(who).unwrap_or(0);
                break;
            }
        }
        let is_whole = is_whole && tree != NONE;
        self.whole.extend(is_whole.then_some(object));
        self.commits.push(Commit {
            object,
            tree,
            parents,
            authored: Moment(authored),
            committed,
        });
        Some(())
    }
}

impl Visitor for Reader<'_> {
    fn see(&mut self, object: u32, kind: ObjectKind, data: &[u8]) {
        match kind {
            ObjectKind::Tree => self.tree(object, data),
            ObjectKind::Commit => {
                if self.commit(object, data).is_none() {
                    self.missed
                        .push((object, "its commit is damaged".to_owned()));
                }
            }
            ObjectKind::Tag => match TagRef::from_bytes(data, self.hash) {
                Ok(tag) => {
                    let target = self.find(&tag.target());
                    self.tags.push((object, target));
                    self.whole.extend((target != NONE).then_some(object));
                }
                Err(error) => self.missed.push((object, error.to_string())),
            },
            ObjectKind::Blob => {}
        }
    }

    fn miss(&mut self, object: u32, why: &str) {
        self.missed.push((object, why.to_owned()));
    }
}

/// The seconds since 1970 at the end of a line that names an author, with the zone behind them.
fn time(who: &[u8]) -> Option<i64> {
    let after = who.iter().rposition(|&byte| byte == b'>')? + 1;
    let text = std::str::from_utf8(&who[after..]).ok()?;
    text.split_whitespace().next()?.parse().ok()
}
