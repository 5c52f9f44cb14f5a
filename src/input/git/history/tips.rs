//! Where a history is entered: branches, tags, `HEAD`, and what reference logs remember.

use std::fs;
use std::path::Path;

use gix_hash::ObjectId;
use gix_ref::file::ReferenceExt as _;

use super::Selection;
use crate::input::git::layout::{common_dir, read};
use crate::input::git::repository::{Repository, damaged};

/// A longer reference log, in bytes, is not read.
const MAX_LOG: u64 = 64 * 1024 * 1024;

/// An object with a name.
#[derive(Debug, Clone)]
pub(super) struct Tip {
    /// As git shortens it: `main`, `origin/main`, `v1.0`.
    pub(super) name: String,
    /// The remote whose branch this is.
    pub(super) remote: Option<String>,
    pub(super) id: ObjectId,
}

/// The tips that a selection asks for.
pub(super) fn all(repository: &Repository, selection: &Selection) -> Result<Vec<Tip>, String> {
    let named = |name: &str| -> Result<Vec<Tip>, String> {
        let id = repository.commit(name)?;
        let remote = None;
        let name = name.to_owned();
        Ok(vec![Tip { name, remote, id }])
    };
    if let Some(push) = &selection.push {
        return push.tips(repository);
    }
    if let Some((_, to)) = &selection.range {
        return named(if to.is_empty() { "HEAD" } else { to });
    }
    if let Some(branch) = &selection.branch {
        return named(branch);
    }
    let mut tips = Vec::new();
    if let Some(id) = repository.head()? {
        tips.push(tip("HEAD", id));
    }
    let references = references(repository)?.into_iter();
    tips.extend(references.map(|(name, id)| tip(&name, id)));
    let common = common_dir(&repository.git_dir);
    for worktree in entries(&common.join("worktrees")) {
        add_head(&worktree, repository, &mut tips);
    }
    if selection.reflogs {
        let mut logs = vec![common.join("logs"), repository.git_dir.join("logs")];
        logs.dedup();
        while let Some(path) = logs.pop() {
            if path.is_dir() {
                logs.extend(entries(&path));
            } else {
                add_log(&path, &mut tips);
            }
        }
    }
    tips.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    tips.dedup_by(|a, b| a.name == b.name && a.id == b.id);
    Ok(tips)
}

/// All references and what they name, with symbolic ones followed. Of tags it is known already where they lead, so none
/// is read here: there may be a hundred thousand.
pub(super) fn references(repository: &Repository) -> Result<Vec<(String, ObjectId)>, String> {
    let refs = &repository.refs;
    let packed = refs.cached_packed_buffer();
    let packed = packed.map_err(|error| damaged(&error))?;
    let packed = packed.as_ref().map(|packed| &***packed);
    let references = refs.iter().map_err(|error| damaged(&error))?;
    let references = references.all().map_err(|error| damaged(&error))?;
    let followed = references.filter_map(|reference| {
        let mut reference = reference.ok()?;
        let name = reference.name.to_string();
        let id = reference.follow_to_object_packed(refs, packed).ok()?;
        Some((name, id))
    });
    Ok(followed.collect())
}

fn tip(full: &str, id: ObjectId) -> Tip {
    let remote = full.strip_prefix("refs/remotes/");
    let short = ["refs/heads/", "refs/tags/", "refs/remotes/", "refs/"]
        .iter()
        .find_map(|prefix| full.strip_prefix(prefix));
    Tip {
        name: short.unwrap_or(full).to_owned(),
        remote: remote.and_then(|name| Some(name.split_once('/')?.0.to_owned())),
        id,
    }
}

/// The checked-out commit of another work tree, if it is on no branch.
fn add_head(worktree: &Path, repository: &Repository, tips: &mut Vec<Tip>) {
    let head = read(&worktree.join("HEAD"), MAX_LOG).unwrap_or_default();
    if let Ok(id) = ObjectId::from_hex(head.trim_ascii())
        && id.kind() == repository.hash
    {
        let name = worktree.file_name().unwrap_or_default().to_string_lossy();
        tips.push(tip(&format!("refs/HEAD of {name}"), id));
    }
}

/// Both ids of each line: what a reference was and what it became.
fn add_log(path: &Path, tips: &mut Vec<Tip>) {
    let log = read(path, MAX_LOG).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for line in log.split(|&byte| byte == b'\n') {
        for id in line.split(|&byte| byte == b' ').take(2) {
            if let Ok(id) = ObjectId::from_hex(id)
                && !id.is_null()
            {
                tips.push(tip(&format!("refs/log of {name}"), id));
            }
        }
    }
}

fn entries(directory: &Path) -> Vec<std::path::PathBuf> {
    let listing = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<_> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    paths
}
