//! What a push brings: objects that one side has and the other is not known to have.

use std::path::PathBuf;

use gix_hash::ObjectId;

use super::tips::Tip;
use super::{Selection, Whole};
use crate::input::git::repository::Repository;

/// A push: only what its tips reach, and what is known does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Push {
    /// What is pushed: the name of each reference, and an object's id in hexadecimal digits.
    pub tips: Vec<(String, String)>,
    /// Ids of what the other side has; those that are not here do not matter.
    pub known: Vec<String>,
    /// Whatever references under this prefix reach is known as well.
    pub known_refs: Option<String>,
    /// Directories of objects beside the repository's own, where a server keeps what it has not taken yet.
    pub objects: Vec<PathBuf>,
}

impl Push {
    /// Adds what a reference becomes, and what it was. Zeros stand for nothing.
    pub fn add(&mut self, name: &str, new: &str, old: &str) {
        let is_something = |id: &str| id.bytes().any(|digit| digit != b'0');
        if is_something(new) {
            self.tips.push((name.to_owned(), new.to_owned()));
        }
        if is_something(old) {
            self.known.push(old.to_owned());
        }
    }

    /// Where the history is entered.
    pub(super) fn tips(&self, repository: &Repository) -> Result<Vec<Tip>, String> {
        let tip = |(name, id): &(String, String)| {
            let parsed = ObjectId::from_hex(id.as_bytes()).ok();
            let parsed = parsed.filter(|parsed| parsed.kind() == repository.hash);
            let id = parsed.ok_or_else(|| {
                format!("{name} is to become `{id}`, which is no object's id in this repository")
            })?;
            let short = ["refs/heads/", "refs/tags/", "refs/"];
            let short = short.iter().find_map(|prefix| name.strip_prefix(prefix));
            Ok(Tip {
                name: short.unwrap_or(name).to_owned(),
                remote: None,
                id,
            })
        };
        self.tips.iter().map(tip).collect()
    }
}

impl Whole {
    /// The objects that the other side of a push has, as far as they are here.
    pub(super) fn known(&self, push: &Push) -> Result<Vec<u32>, String> {
        let ids = push.known.iter();
        let ids = ids.filter_map(|id| ObjectId::from_hex(id.as_bytes()).ok());
        let mut known: Vec<ObjectId> = ids.collect();
        if let Some(prefix) = &push.known_refs {
            let references = super::tips::references(self.repository())?.into_iter();
            let own = references.filter(|(name, _)| name.starts_with(prefix.as_str()));
            known.extend(own.map(|(_, id)| id));
        }
        Ok(known.iter().filter_map(|id| self.store.find(id)).collect())
    }

    /// The tips of a push that are not here: nothing can be said of what they bring.
    pub(super) fn missing(&self, selection: &Selection) -> Result<(), String> {
        let tips = selection.push.iter().flat_map(|_| &self.tips);
        let mut missing = tips.filter(|tip| self.store.find(&tip.id).is_none());
        match missing.next() {
            None => Ok(()),
            Some(tip) => Err(format!(
                "{} is to become {}, and this object is not here",
                tip.name, tip.id
            )),
        }
    }
}
