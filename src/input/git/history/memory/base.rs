//! What a whole history was when it was read, so that a later run can add what came since without looking at the rest:
//! which objects there were and what they were called, commits, and where lies what was found.
//!
//! Ids and parents are most of it. They stay as they lie in the file, and are looked up there.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use gix_hash::{ObjectId, oid};
use serde::{Deserialize, Serialize};

use super::super::graph::Commit;
use super::super::store::number;
use super::bytes::{Bytes, put, put_bytes};
use super::last::Shadow;
use super::{Cache, DIGEST, file_of, forget, read, write};
use crate::finding::Moment;
use crate::input::ledger::Coverage;

/// Tells which form the file has.
const HEAD: &[u8; 18] = b"spillcheck-base-1\n";
/// What the file's name ends with.
const ENDING: &str = "base";
/// A tree and the number of a name, in bytes.
const PARENT: usize = 8;

/// A history as it was.
pub(in super::super) struct Base {
    told: Vec<u8>,
    count: usize,
    /// Bytes of an id.
    width: usize,
    /// Where in the file ids start, what they are called, and which are reached.
    ids: usize,
    parents: usize,
    reached: usize,
    pub(in super::super) names: Vec<Box<[u8]>>,
    /// By tag object, what it points at.
    pub(in super::super) tags: HashMap<u32, u32>,
    /// Those that were read, sorted by object.
    pub(in super::super) commits: Vec<Commit>,
    /// Objects that something refers to and that were not here, sorted.
    pub(in super::super) absent: Vec<ObjectId>,
    pub(in super::super) rest: Rest,
}

/// What was read and found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Rest {
    pub(in super::super) coverage: Coverage,
    /// Blobs that are not known to be clean, and no shadows: ids, and paths under which they were read.
    pub(in super::super) open: Vec<(String, String)>,
    pub(in super::super) shadows: Vec<Shadow>,
    /// Where blobs lie in which something was found.
    pub(in super::super) places: Vec<Kept>,
    /// Whether it was a partial clone.
    pub(in super::super) is_partial: bool,
}

/// A blob under one path. Commits are objects' numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in super::super) struct Kept {
    pub(in super::super) blob: String,
    pub(in super::super) path: String,
    pub(in super::super) count: u64,
    /// The newest that has it.
    pub(in super::super) last: u32,
    /// Those that have it and of whose parents none has it.
    pub(in super::super) brought: Vec<u32>,
}

/// What is to be kept.
pub(in super::super) struct Parts<'p> {
    /// All that are here, sorted.
    pub(in super::super) ids: &'p [ObjectId],
    /// By object, a tree that holds it, and the number of its name there.
    pub(in super::super) parents: &'p [(u32, u32)],
    pub(in super::super) reached: &'p [u32],
    pub(in super::super) names: &'p [Box<[u8]>],
    pub(in super::super) tags: Vec<(u32, u32)>,
    pub(in super::super) commits: Vec<&'p Commit>,
    pub(in super::super) absent: Vec<ObjectId>,
    pub(in super::super) rest: Rest,
}

impl Base {
    /// Keeps a history.
    ///
    /// # Errors
    /// The file cannot be written; the one that was there is as it was.
    pub(in super::super) fn write(
        cache: &Cache,
        repository: &Path,
        parts: &Parts<'_>,
    ) -> io::Result<()> {
        let told = encode(cache, parts)?;
        write(&file_of(cache, repository).with_extension(ENDING), told)
    }

    /// Takes away what was kept.
    pub(in super::super) fn forget(cache: &Cache, repository: &Path) -> bool {
        forget(&file_of(cache, repository).with_extension(ENDING))
    }

    /// What was kept for this program and these rules.
    pub(in super::super) fn read(cache: &Cache, repository: &Path) -> Option<Self> {
        let told = read(&file_of(cache, repository).with_extension(ENDING))?;
        decode(cache, told)
    }

    /// How many objects there were.
    pub(in super::super) fn count(&self) -> usize {
        self.count
    }

    pub(in super::super) fn id(&self, object: u32) -> &[u8] {
        let start = self.ids + object as usize * self.width;
        &self.told[start..start + self.width]
    }

    /// The number of an object.
    pub(in super::super) fn find(&self, id: &oid) -> Option<u32> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            match self.id(number(middle)).cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(number(middle)),
            }
        }
        None
    }

    /// A tree that holds an object, and the number of its name there.
    pub(in super::super) fn parent(&self, object: u32) -> (u32, u32) {
        let start = self.parents + object as usize * PARENT;
        let word = |at: usize| {
            let bytes = self.told[at..at + PARENT / 2].try_into();
            bytes.map_or(0, u32::from_le_bytes)
        };
        (word(start), word(start + PARENT / 2))
    }

    /// Whether any reference led to a tree or blob.
    pub(in super::super) fn is_reached(&self, object: u32) -> bool {
        let object = object as usize;
        self.told[self.reached + object / 8] >> (object % 8) & 1 == 1
    }
}

fn encode(cache: &Cache, parts: &Parts<'_>) -> io::Result<Vec<u8>> {
    let count = parts.ids.len();
    let width = parts.ids.first().map_or(0, |id| id.as_bytes().len());
    let mut out = Vec::with_capacity(count * (width + PARENT + 1));
    out.extend_from_slice(HEAD);
    out.extend_from_slice(&cache.program);
    out.extend_from_slice(&cache.rules);
    put(&mut out, count as u64);
    put(&mut out, width as u64);
    parts
        .ids
        .iter()
        .for_each(|id| out.extend_from_slice(id.as_bytes()));
    for (tree, name) in parts.parents {
        out.extend(tree.to_le_bytes());
        out.extend(name.to_le_bytes());
    }
    let reached = out.len();
    out.resize(reached + count.div_ceil(8), 0);
    for &object in parts.reached {
        out[reached + object as usize / 8] |= 1 << (object % 8);
    }
    put(&mut out, parts.names.len() as u64);
    parts
        .names
        .iter()
        .for_each(|name| put_bytes(&mut out, name));
    put(&mut out, parts.tags.len() as u64);
    for &(tag, to) in &parts.tags {
        put(&mut out, tag);
        put(&mut out, to);
    }
    put(&mut out, parts.commits.len() as u64);
    for commit in &parts.commits {
        put(&mut out, commit.object);
        put(&mut out, commit.tree);
        put(&mut out, commit.parents.len() as u64);
        commit
            .parents
            .iter()
            .for_each(|&parent| put(&mut out, parent));
        out.extend(commit.authored.0.to_le_bytes());
        out.extend(commit.committed.to_le_bytes());
    }
    put(&mut out, parts.absent.len() as u64);
    parts
        .absent
        .iter()
        .for_each(|id| out.extend_from_slice(id.as_bytes()));
    serde_json::to_writer(&mut out, &parts.rest)?;
    Ok(out)
}

fn decode(cache: &Cache, told: Vec<u8>) -> Option<Base> {
    let len = told.len();
    let mut bytes = Bytes(told.strip_prefix(HEAD)?);
    if bytes.take(DIGEST)? != cache.program || bytes.take(DIGEST)? != cache.rules {
        return None;
    }
    let (count, width) = (bytes.count()?, bytes.count()?);
    let ids = len - bytes.0.len();
    bytes.take(count.checked_mul(width)?)?;
    let parents = len - bytes.0.len();
    bytes.take(count.checked_mul(PARENT)?)?;
    let reached = len - bytes.0.len();
    bytes.take(count.div_ceil(8))?;
    let here = |object: u32| ((object as usize) < count).then_some(object);
    let names = (0..bytes.count()?).map(|_| Some(bytes.bytes()?.into()));
    let names = names.collect::<Option<_>>()?;
    let tags = (0..bytes.count()?).map(|_| Some((here(bytes.small()?)?, bytes.small()?)));
    let tags = tags.collect::<Option<_>>()?;
    let commits = (0..bytes.count()?).map(|_| {
        let (object, tree) = (here(bytes.small()?)?, bytes.small()?);
        let parents = (0..bytes.count()?).map(|_| here(bytes.small()?));
        Some(Commit {
            object,
            tree,
            parents: parents.collect::<Option<_>>()?,
            authored: Moment(bytes.whole()?),
            committed: bytes.whole()?,
        })
    });
    let commits = commits.collect::<Option<_>>()?;
    let absent = (0..bytes.count()?).map(|_| ObjectId::try_from(bytes.take(width)?).ok());
    let absent = absent.collect::<Option<_>>()?;
    let rest = serde_json::from_slice(bytes.0).ok()?;
    Some(Base {
        count,
        width,
        ids,
        parents,
        reached,
        names,
        tags,
        commits,
        absent,
        rest,
        told,
    })
}
