//! What an index holds that a tree does not.

use std::collections::BTreeMap;

use gix_hash::ObjectId;
use gix_object::FindExt as _;

use super::cache_tree::{CacheTree, below};
use super::index::{Entry, MAX_PATH};
use super::repository::{Repository, damaged};

/// Modes of files, links and submodules in trees and indices.
const TYPE: u32 = 0o170_000;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;
const DIRECTORY: u32 = 0o040_000;

/// A file whose content is not that of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    /// From the top of the work tree, with forward slashes.
    pub(super) path: Box<[u8]>,
    /// In the index.
    pub(super) new: ObjectId,
    /// In the tree.
    pub(super) old: Option<ObjectId>,
}

/// What is in the index and holds no file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    Unmerged,
    Intended,
    Link,
    Submodule,
    Directory,
}

/// An index beside a tree. All lists are sorted by path.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) changed: Vec<Changed>,
    /// Files that the index no longer has.
    pub(super) removed: Vec<(Vec<u8>, ObjectId)>,
    pub(super) odd: Vec<(Box<[u8]>, Odd)>,
}

/// The files of a tree, without the directories that the index has just the same.
#[derive(Default)]
struct Tree {
    files: BTreeMap<Vec<u8>, (u32, ObjectId)>,
    /// Sorted, each with a slash at its end.
    same: Vec<Vec<u8>>,
}

/// Compares. Of directories whose tree the index remembers nothing is read, so that this does not take longer in a
/// large repository.
///
/// # Errors
/// The tree cannot be read: a sentence for the user.
pub(super) fn compare(
    repository: &Repository,
    tree: Option<ObjectId>,
    (entries, cache): (&[Entry], &CacheTree),
) -> Result<Comparison, String> {
    let mut tree = read(repository, tree, cache)?;
    let mut comparison = Comparison::default();
    let mut passed = 0;
    for entry in entries {
        if tree.has_the_same(&entry.name, &mut passed) {
            continue;
        }
        let old = tree.files.remove(&*entry.name);
        let is_same = old.is_some_and(|(_, id)| id == entry.id);
        if let Some(odd) = odd(entry) {
            let known = (odd, &entry.name);
            let is_known = comparison
                .odd
                .last()
                .is_some_and(|(name, odd)| (*odd, name) == known);
            if !is_known && (!is_same || odd == Odd::Intended) {
                comparison.odd.push((entry.name.clone(), odd));
            }
        } else if !is_same {
            let is_file = |mode: u32| !matches!(mode & TYPE, LINK | SUBMODULE);
            comparison.changed.push(Changed {
                path: entry.name.clone(),
                new: entry.id,
                old: old.filter(|(mode, _)| is_file(*mode)).map(|(_, id)| id),
            });
        }
    }
    let removed = tree.files.into_iter();
    comparison.removed = removed.map(|(path, (_, id))| (path, id)).collect();
    Ok(comparison)
}

impl Tree {
    /// `passed` counts the directories that stand before the path: paths come sorted, and a search for each would take
    /// longer than all the rest.
    fn has_the_same(&self, path: &[u8], passed: &mut usize) -> bool {
        let before = |directory: &&Vec<u8>| directory.as_slice() <= path;
        *passed += self.same[*passed..].iter().take_while(before).count();
        *passed > 0 && path.starts_with(&self.same[*passed - 1])
    }
}

fn odd(entry: &Entry) -> Option<Odd> {
    if entry.is_unmerged() {
        return Some(Odd::Unmerged);
    }
    if entry.is_intended() {
        return Some(Odd::Intended);
    }
    match entry.mode & TYPE {
        LINK => Some(Odd::Link),
        SUBMODULE => Some(Odd::Submodule),
        DIRECTORY => Some(Odd::Directory),
        _ => None,
    }
}

fn read(repository: &Repository, top: Option<ObjectId>, cache: &CacheTree) -> Result<Tree, String> {
    let mut tree = Tree::default();
    let mut waiting: Vec<(Vec<u8>, ObjectId)> =
        top.map(|id| (Vec::new(), id)).into_iter().collect();
    let mut buffer = Vec::new();
    while let Some((directory, id)) = waiting.pop() {
        if cache.get(directory.as_slice()) == Some(&id) {
            if directory.is_empty() {
                tree.same.push(Vec::new());
            } else {
                tree.same.push([&directory[..], b"/"].concat());
            }
            continue;
        }
        let read = repository
            .objects
            .find_tree_iter(&id, &mut buffer)
            .map_err(|error| damaged(&error))?;
        for entry in read {
            let entry = entry.map_err(|error| format!("tree {id}: {}", damaged(&error)))?;
            let path = below(&directory, entry.filename);
            if path.len() > MAX_PATH {
                return Err(format!("tree {id}: a path in it is too long"));
            }
            if entry.mode.is_tree() {
                waiting.push((path, entry.oid.to_owned()));
            } else {
                let mode = u32::from(entry.mode.value());
                tree.files.insert(path, (mode, entry.oid.to_owned()));
            }
        }
    }
    tree.same.sort();
    Ok(tree)
}
