//! From what a user calls a commit to its id.

use std::collections::HashSet;

use gix_hash::ObjectId;
use gix_object::{FindExt as _, Kind};
use gix_ref::file::ReferenceExt as _;

use super::repository::{Repository, damaged};

/// Steps up from a commit: more than any history has merges in a row.
const MAX_STEPS: u32 = 1_000_000;

impl Repository {
    /// The commit that `HEAD` names; none before the first.
    ///
    /// # Errors
    /// It cannot be read: a sentence for the user.
    pub(super) fn head(&self) -> Result<Option<ObjectId>, String> {
        let head = self
            .refs
            .try_find("HEAD")
            .map_err(|error| damaged(&error))?;
        let Some(mut head) = head else {
            return Ok(None);
        };
        let is_unborn = match head.follow(&self.refs) {
            Some(Err(_)) => {
                let target = head.target.try_name().map(|name| self.refs.try_find(name));
                matches!(target, Some(Ok(None)))
            }
            _ => false,
        };
        if is_unborn {
            return Ok(None);
        }
        let commit = head.peel_to_id(&self.refs, &self.objects);
        commit.map(Some).map_err(|error| damaged(&error))
    }

    /// The commit that a branch, a tag, or an id that may be cut short names, with `~2` and `^2` after it.
    ///
    /// # Errors
    /// There is none, or more than one: a sentence for the user.
    pub(super) fn commit(&self, revision: &str) -> Result<ObjectId, String> {
        let base = revision.find(['~', '^']).unwrap_or(revision.len());
        let (name, steps) = revision.split_at(base);
        let mut commit = self.named(if name == "@" { "HEAD" } else { name })?;
        let mut rest = steps;
        while let Some(kind) = rest.chars().next() {
            rest = &rest[1..];
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = rest.split_at(digits);
            rest = after;
            let number: u32 = if number.is_empty() {
                Ok(1)
            } else {
                number.parse()
            }
            .map_err(|_| not_understood(revision))?;
            commit = match kind {
                '~' if number <= MAX_STEPS => {
                    (0..number).try_fold(commit, |commit, _| self.parent(commit, 1, revision))?
                }
                '^' if number == 0 => commit,
                '^' => self.parent(commit, number, revision)?,
                _ => return Err(not_understood(revision)),
            };
        }
        Ok(commit)
    }

    /// Where two histories part.
    ///
    /// # Errors
    /// They have nothing in common, or cannot be read: a sentence for the user.
    pub(super) fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<ObjectId, String> {
        let mut graph = gix_revwalk::Graph::new(&self.objects, None);
        let bases =
            gix_revision::merge_base(one, &[other], &mut graph).map_err(|error| damaged(&error))?;
        let base = bases.map(|bases| bases.head);
        base.ok_or_else(|| {
            format!(
                "the histories of {} and {} have no commit in common; in a shallow clone, fetch more of it",
                one.to_hex_with_len(10),
                other.to_hex_with_len(10)
            )
        })
    }

    fn parent(&self, commit: ObjectId, number: u32, revision: &str) -> Result<ObjectId, String> {
        let mut buffer = Vec::new();
        let commit = self
            .objects
            .find_commit(&commit, &mut buffer)
            .map_err(|error| damaged(&error))?;
        let parent = commit.parents().nth(number as usize - 1);
        parent.ok_or_else(|| format!("`{revision}` goes back to before the first commit"))
    }

    fn named(&self, name: &str) -> Result<ObjectId, String> {
        let found = self.refs.try_find(name).ok().flatten();
        let id = match found {
            Some(mut reference) => reference
                .peel_to_id(&self.refs, &self.objects)
                .map_err(|error| format!("`{name}`: {}", damaged(&error)))?,
            None => self.abbreviated(name)?,
        };
        self.peeled(id, name)
    }

    fn abbreviated(&self, digits: &str) -> Result<ObjectId, String> {
        let prefix = gix_hash::Prefix::from_hex(digits).map_err(|_| not_understood(digits))?;
        let mut all = HashSet::new();
        let found = self.objects.lookup_prefix(prefix, Some(&mut all));
        found.map_err(|error| damaged(&error))?;
        let mut all = all.into_iter();
        match (all.next(), all.next()) {
            (Some(id), None) => Ok(id),
            (None, _) => Err(not_understood(digits)),
            (Some(_), Some(_)) => Err(format!(
                "more than one object's id starts with `{digits}`: write more of it"
            )),
        }
    }

    /// The commit behind annotated tags.
    fn peeled(&self, mut id: ObjectId, name: &str) -> Result<ObjectId, String> {
        let mut buffer = Vec::new();
        for _ in 0..16 {
            let object = self
                .objects
                .find(&id, &mut buffer)
                .map_err(|error| damaged(&error))?;
            match object.kind {
                Kind::Commit => return Ok(id),
                Kind::Tag => {
                    let tag = gix_object::TagRef::from_bytes(object.data, self.hash);
                    id = tag.map_err(|error| damaged(&error))?.target();
                }
                Kind::Tree | Kind::Blob => break,
            }
        }
        Err(format!("`{name}` names no commit"))
    }
}

fn not_understood(revision: &str) -> String {
    format!(
        "`{revision}` names no commit here; write a branch, a tag or a commit's id, and fetch it first where only the \
         server has it"
    )
}
