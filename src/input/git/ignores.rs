//! Ignore rules, from the root of a work tree down to a file.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::input::open;
use crate::input::roots;

/// Of a longer `.gitignore` only so many bytes count: compiling globs takes time and memory, and
/// the tree may be hostile.
const MAX_LEN: u64 = 256 * 1024;

/// The ignore rules of one work tree, read as they are needed.
#[derive(Debug)]
pub(super) struct Ignores {
    root: PathBuf,
    /// `info/exclude`, which every `.gitignore` overrules.
    exclude: Gitignore,
    directories: Mutex<HashMap<PathBuf, Directory>>,
}

/// What is known of a directory.
#[derive(Debug, Clone)]
struct Directory {
    /// Its own `.gitignore`, if that has rules.
    rules: Option<Arc<Gitignore>>,
    /// Which rule ignores the directory or one around it.
    reason: Option<Arc<str>>,
}

impl Ignores {
    /// The rules of the work tree at `root`, whose own exclude file is `exclude`.
    pub(super) fn new(root: &Path, exclude: &Path) -> Self {
        Self {
            root: root.to_owned(),
            exclude: load(root, exclude).unwrap_or_else(Gitignore::empty),
            directories: Mutex::default(),
        }
    }

    /// Which rule ignores a path below the root, or a directory around it; in words.
    ///
    /// As git does, from the outermost directory inwards: what lies in an ignored directory cannot
    /// be named back (<https://git-scm.com/docs/gitignore>).
    pub(super) fn reason(&self, path: &Path, is_dir: bool) -> Option<String> {
        let around = path.parent()?.strip_prefix(&self.root).ok()?;
        let mut current = self.root.clone();
        let mut rules = Vec::new();
        rules.extend(self.directory(&current, &rules).rules);
        for component in around.components() {
            current.push(component);
            let directory = self.directory(&current, &rules);
            if let Some(reason) = directory.reason {
                return Some(reason.to_string());
            }
            rules.extend(directory.rules);
        }
        self.judge(path, is_dir, &rules)
    }

    /// What is known of a directory below the rules of those around it.
    fn directory(&self, path: &Path, rules: &[Arc<Gitignore>]) -> Directory {
        let known = self.directories.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(directory) = known.get(path) {
            return directory.clone();
        }
        let directory = Directory {
            rules: load(path, &path.join(".gitignore")).map(Arc::new),
            reason: self.judge(path, true, rules).map(Into::into),
        };
        known.insert(path.to_owned(), directory.clone());
        directory
    }

    /// The innermost rules that say anything about a path decide.
    fn judge(&self, path: &Path, is_dir: bool, rules: &[Arc<Gitignore>]) -> Option<String> {
        let inwards = rules.iter().rev().map(|rules| &**rules);
        let verdict = inwards
            .chain([&self.exclude])
            .map(|rules| rules.matched(path, is_dir))
            .find(|verdict| !verdict.is_none())?;
        let Match::Ignore(glob) = verdict else {
            return None;
        };
        let from = glob.from()?.strip_prefix(&self.root).ok();
        let from = from.map_or_else(|| "info/exclude".to_owned(), roots::shown);
        Some(format!("`{}` of {from}", glob.original()))
    }
}

/// Lines that are no globs are passed over, as git does.
fn load(directory: &Path, path: &Path) -> Option<Gitignore> {
    let (file, _) = open::open(path).ok()?;
    let mut bytes = Vec::new();
    file.take(MAX_LEN).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(Some(path.to_owned()), line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
