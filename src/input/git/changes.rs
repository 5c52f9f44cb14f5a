//! What a commit would change, or what changed since another one.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{env, fs};

use gix_hash::ObjectId;

use super::added::{added, similarity};
use super::cache_tree::{self, CacheTree};
use super::compare::{Changed, Comparison, Odd, compare};
use super::index::{self, Entry};
use super::layout::{MAX_INDEX, os_path, read};
use super::repository::Repository;
use crate::input::ledger::{SkipReason, Skipped};
use crate::input::roots::{Directory, Plan};
use crate::input::worker::Name;

/// A text longer than this, in bytes, is not compared: all of it counts as added.
const MAX_COMPARED: u64 = 64 * 1024 * 1024;
/// So many removed files are compared with each new one, to see whether it is one of them under a new name.
const MAX_RENAMES: usize = 64;
/// A new file is a removed one if so much of it is the same, in percent, as for git's `--find-renames`.
const MIN_SIMILARITY: u64 = 50;

/// Files that changed, and how to tell what is new in them.
pub struct Changes {
    repository: Repository,
    /// Read from the index, not from the work tree.
    is_staged: bool,
    files: Vec<ChangedFile>,
    removed: Vec<(Vec<u8>, ObjectId)>,
    /// Something changed, whether there is anything to read in it or not.
    any: bool,
    pub(in crate::input) skipped: Vec<Skipped>,
}

/// One of them.
pub(in crate::input) struct ChangedFile {
    pub(in crate::input) name: Name,
    pub(in crate::input) id: ObjectId,
    old: Option<ObjectId>,
}

impl Changes {
    /// What `git commit` would record: the index, of which `GIT_INDEX_FILE` may name another one, beside `HEAD`.
    pub(in crate::input) fn staged(plan: &Plan) -> Result<Self, String> {
        let repository = one_repository(plan)?;
        let (entries, cache) = read_index(&repository)?;
        let head = repository.head()?;
        let tree = head.map(|head| repository.tree_of(head)).transpose()?;
        let comparison = compare(&repository, tree, (&entries, &cache))?;
        Ok(Self::new(repository, plan, (true, comparison)))
    }

    /// What the files that git tracks have in the work tree and did not have where `HEAD` and `base` part.
    pub(in crate::input) fn since(plan: &Plan, base: &str) -> Result<Self, String> {
        let repository = one_repository(plan)?;
        let (entries, cache) = read_index(&repository)?;
        let base = repository.commit(base)?;
        let base = match repository.head()? {
            Some(head) => repository.merge_base(base, head)?,
            None => base,
        };
        let tree = repository.tree_of(base)?;
        let mut comparison = compare(&repository, Some(tree), (&entries, &cache))?;
        add_modified(&repository, &entries, &mut comparison);
        Ok(Self::new(repository, plan, (false, comparison)))
    }

    fn new(repository: Repository, plan: &Plan, (is_staged, found): (bool, Comparison)) -> Self {
        let name = |path: &[u8]| name(&repository.top, plan, path);
        let any = !found.changed.is_empty() || !found.removed.is_empty() || !found.odd.is_empty();
        let mut skipped = Vec::new();
        for (path, odd) in &found.odd {
            skipped.extend(name(path).and_then(|name| odd.skipped(name.path, is_staged)));
        }
        let files = found.changed.iter().filter_map(|changed| {
            Some(ChangedFile {
                name: name(&changed.path)?,
                id: changed.new,
                old: changed.old,
            })
        });
        Self {
            files: files.collect(),
            is_staged,
            removed: found.removed,
            any,
            skipped,
            repository,
        }
    }

    /// Whether nothing changed at all.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// Whether something changed, and no file has new content.
    pub fn only_removes(&self) -> bool {
        self.any && self.files.is_empty() && self.skipped.is_empty()
    }

    /// The ranges of bytes, in order, that are new in a file, by the name that reports have for it. Nothing for a
    /// file that is not among those that changed, or cannot be compared: all of it may be new.
    pub fn added(&self, path: &str) -> Option<Vec<Range<u64>>> {
        let file = self.files.iter().find(|file| file.name.path == path)?;
        let new = self.content(file)?;
        let old = match file.old {
            Some(old) => self.repository.blob(old, MAX_COMPARED).ok()?,
            None => self.renamed_from(&new, file)?,
        };
        Some(added(&old, &new))
    }

    pub(in crate::input) fn is_staged(&self) -> bool {
        self.is_staged
    }

    pub(in crate::input) fn top(&self) -> &Path {
        &self.repository.top
    }

    pub(in crate::input) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Sorted by path.
    pub(in crate::input) fn files(&self) -> &[ChangedFile] {
        &self.files
    }

    fn content(&self, file: &ChangedFile) -> Option<Vec<u8>> {
        if self.is_staged {
            self.repository.blob(file.id, MAX_COMPARED).ok()
        } else {
            read(&file.name.real, MAX_COMPARED).ok()
        }
    }

    /// The content that a new file had under another name.
    fn renamed_from(&self, new: &[u8], file: &ChangedFile) -> Option<Vec<u8>> {
        if self.removed.iter().any(|(_, id)| *id == file.id) {
            return self.repository.blob(file.id, MAX_COMPARED).ok();
        }
        let is_alike = |old: &Vec<u8>| {
            let (short, long) = (old.len().min(new.len()), old.len().max(new.len()));
            short as u64 * 100 >= long as u64 * MIN_SIMILARITY
        };
        let candidates = self.removed.iter().take(MAX_RENAMES);
        let texts = candidates.filter_map(|(_, id)| self.repository.blob(*id, MAX_COMPARED).ok());
        let rated = texts
            .filter(is_alike)
            .map(|old| (similarity(&old, new), old));
        let best = rated.max_by_key(|(similarity, _)| *similarity)?;
        (best.0 >= MIN_SIMILARITY).then_some(best.1)
    }
}

impl Odd {
    /// What the ledger says of it, where there is anything to say.
    fn skipped(self, path: String, is_staged: bool) -> Option<Skipped> {
        let (reason, detail) = match self {
            Self::Unmerged => (
                SkipReason::Unreadable,
                "it has conflicts: resolve them and scan again",
            ),
            Self::Intended if is_staged => (
                SkipReason::Excluded,
                "only its name is staged, by `git add --intent-to-add`",
            ),
            Self::Intended => return None,
            Self::Link => (SkipReason::Symlink, "a symbolic link"),
            Self::Submodule => (SkipReason::VersionControl, "a submodule"),
            Self::Directory => (
                SkipReason::Unreadable,
                "the index is sparse and holds it as one: scan after `git sparse-checkout disable`",
            ),
        };
        Some(Skipped {
            path,
            reason,
            detail: Some(detail.to_owned()),
        })
    }
}

fn one_repository(plan: &Plan) -> Result<Repository, String> {
    if plan.stdin.is_some() {
        return Err("standard input is in no repository: name files and directories".to_owned());
    }
    let directories = plan
        .directories
        .iter()
        .map(|directory| directory.real.as_path());
    let files = plan.files.iter().filter_map(|name| name.real.parent());
    let mut repositories = Vec::new();
    let mut tops = BTreeSet::new();
    for root in directories.chain(files).collect::<BTreeSet<&Path>>() {
        if tops.iter().any(|top| *top == root) {
            continue;
        }
        let repository = Repository::around(root)?;
        if tops.insert(repository.top.clone()) {
            repositories.push(repository);
        }
    }
    match <[Repository; 1]>::try_from(repositories) {
        Ok([repository]) => Ok(repository),
        Err(_) => {
            Err("the paths are in more than one repository: scan one after the other".to_owned())
        }
    }
}

fn read_index(repository: &Repository) -> Result<(Vec<Entry>, CacheTree), String> {
    let path = match env::var_os("GIT_INDEX_FILE") {
        Some(path) => PathBuf::from(path),
        None => repository.git_dir.join("index"),
    };
    if fs::symlink_metadata(&path).is_err() {
        return Ok((Vec::new(), CacheTree::new()));
    }
    let complain = |why: String| format!("{}: {why}", path.to_string_lossy());
    let data = read(&path, MAX_INDEX).map_err(|error| complain(error.to_string()))?;
    let (entries, rest) = index::parse(&data, repository.hash, &mut |name| {
        read(&repository.git_dir.join(name), MAX_INDEX).map_err(|error| error.to_string())
    })
    .map_err(complain)?;
    Ok((entries, cache_tree::parse(rest, repository.hash)))
}

/// Adds what is in the index as it is in the tree, and not so in the work tree.
fn add_modified(repository: &Repository, entries: &[Entry], comparison: &mut Comparison) {
    let known: BTreeSet<Box<[u8]>> = comparison
        .changed
        .iter()
        .map(|changed| changed.path.clone())
        .chain(comparison.odd.iter().map(|(path, _)| path.clone()))
        .collect();
    for entry in entries {
        if !known.contains(&entry.name) && is_modified(&repository.top, entry) {
            comparison.changed.push(Changed {
                path: entry.name.clone(),
                new: entry.id,
                old: Some(entry.id),
            });
        }
    }
    comparison.changed.sort_by(|a, b| a.path.cmp(&b.path));
    // What was deleted in the work tree has nothing to read.
    let exists = |changed: &Changed| {
        let path = repository.top.join(os_path(&changed.path));
        fs::symlink_metadata(path).is_ok()
    };
    comparison.changed.retain(exists);
}

/// Whether a file may be another one than when git compared it with the index.
fn is_modified(top: &Path, entry: &Entry) -> bool {
    let Ok(metadata) = fs::symlink_metadata(top.join(os_path(&entry.name))) else {
        return false;
    };
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let time = modified.map(|time| (time.as_secs() & 0xffff_ffff, time.subsec_nanos()));
    let known = (u64::from(entry.modified.0), entry.modified.1);
    let same_time =
        time == Some(known) || (known.1 == 0 && time.is_some_and(|time| time.0 == known.0));
    metadata.is_file() && (!same_time || metadata.len() & 0xffff_ffff != u64::from(entry.size))
}

/// The name of a path of the repository, if it is below what was named.
fn name(top: &Path, plan: &Plan, path: &[u8]) -> Option<Name> {
    let real = top.join(os_path(path));
    let relative = String::from_utf8_lossy(path).into_owned();
    if let Some(file) = plan.files.iter().find(|file| file.real == real) {
        return Some(Name {
            path: file.path.clone(),
            relative,
            real,
        });
    }
    let directories = plan.directories.iter();
    let (directory, inside): (&Directory, String) = directories
        .filter_map(|directory| {
            let inside = real.strip_prefix(&directory.real).ok()?;
            Some((directory, crate::input::roots::shown(inside)))
        })
        .next()?;
    Some(Name {
        path: directory.path_of(&inside),
        relative,
        real,
    })
}
