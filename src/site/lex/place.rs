//! A path that a script puts together.

use crate::site::path;

/// What a path is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// The directory that the process was started in.
    Working,
    /// The directory of the script.
    Script,
    /// Nothing: the path is absolute.
    Root,
}

/// A path, without `.` and with `..` at its start only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// What it is relative to.
    pub base: Base,
    /// The path, without a slash at either end; empty for the base itself.
    pub path: String,
}

/// Stands for the script's own name.
pub(super) const FILE_NAME: &str = "__filename";

/// A longer path is none.
const MAX_PATH: usize = 4096;

impl Place {
    pub(super) fn of(base: Base) -> Self {
        Self {
            base,
            path: String::new(),
        }
    }

    /// As `path.resolve` takes a string.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let base = if text.starts_with('/') {
            Base::Root
        } else {
            Base::Working
        };
        Self::of(base).join(text)
    }

    /// What follows it, slash at the start or not.
    pub(crate) fn join(&self, text: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        for part in text.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                ".." if self.base == Base::Root => {}
                _ => parts.push(part),
            }
        }
        let path = parts.join("/");
        (path.len() <= MAX_PATH).then_some(Self {
            base: self.base,
            path,
        })
    }

    /// The same for a script that stands elsewhere, if that can be said: both are names in one tree.
    pub fn moved(self, from: &str, to: &str) -> Option<Self> {
        if self.base != Base::Script {
            return Some(self);
        }
        let directory = |script: &str| path::parent(script).to_owned();
        let ups = directory(to)
            .split('/')
            .filter(|part| !part.is_empty())
            .count();
        let top = Self {
            base: Base::Script,
            path: vec![".."; ups].join("/"),
        };
        top.join(&path::join(&directory(from), &self.path)?)
    }

    /// The tree's name of it, if the script of this name is started in this directory. `None` if it is absolute, or
    /// outside of the tree.
    pub fn in_tree(&self, script: &str, working: &str) -> Option<String> {
        let base = match self.base {
            Base::Working => working,
            Base::Script => script
                .rsplit_once('/')
                .map_or("", |(directory, _)| directory),
            Base::Root => return None,
        };
        let whole = path::join(base, &self.path)?;
        (!whole.starts_with("..")).then_some(whole)
    }
}
