//! Ignore rules, from the root of a work tree down to a file.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::input::open;
use crate::input::roots;

/// So many bytes of ignore files count in one work tree. Compiling globs takes a thousand times
/// their length in memory, and the tree may be hostile.
const MAX_LEN: u64 = 512 * 1024;

/// The ignore rules of one work tree, read as they are needed.
#[derive(Debug)]
pub(super) struct Ignores {
    root: PathBuf,
    /// `info/exclude`, which every `.gitignore` overrules.
    exclude: Gitignore,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    directories: HashMap<PathBuf, Directory>,
    /// So many more bytes of ignore files may be read.
    budget: u64,
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
        let mut budget = MAX_LEN;
        let rules = load(root, exclude, &mut budget);
        Self {
            root: root.to_owned(),
            exclude: rules.unwrap_or_else(Gitignore::empty),
            known: Mutex::new(Known {
                directories: HashMap::new(),
                budget,
            }),
        }
    }

    /// What the user should know: that there are too many rules.
    pub(super) fn note(&self) -> Option<String> {
        (self.lock().budget == 0).then(|| {
            format!(
                "{}: its .gitignore files are longer than {MAX_LEN} bytes; what comes after them \
                 was passed over, so ignored files may be shown as untracked",
                self.root.to_string_lossy()
            )
        })
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
        let mut known = self.lock();
        if let Some(directory) = known.directories.get(path) {
            return directory.clone();
        }
        let directory = Directory {
            rules: load(path, &path.join(".gitignore"), &mut known.budget).map(Arc::new),
            reason: self.judge(path, true, rules).map(Into::into),
        };
        known.directories.insert(path.to_owned(), directory.clone());
        directory
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
fn load(directory: &Path, path: &Path, budget: &mut u64) -> Option<Gitignore> {
    let (file, _) = open::open(path).ok()?;
    let mut bytes = Vec::new();
    let len = file.take(*budget).read_to_end(&mut bytes).ok()?;
    *budget -= (len as u64).min(*budget);
    let text = String::from_utf8_lossy(&bytes);
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(Some(path.to_owned()), line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
