//! Paths of reports in the terms of a directory: that of a file which names paths.

use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Occurrence;
use crate::input::{Root, shown};

/// How the paths of a scan are called from a directory.
#[derive(Debug)]
pub(super) struct Placement {
    /// Absolute, without symbolic links.
    pub(super) directory: PathBuf,
    /// What paths in reports start with, and what stands instead from here.
    roots: Vec<(String, String)>,
    /// The directory, from the top of its repository.
    below_top: String,
    /// Whether all of the directory is scanned.
    pub(super) whole: bool,
}

impl Placement {
    /// For a directory without symbolic links; nothing is scanned so far.
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            roots: Vec::new(),
            below_top: below(directory, top(directory)),
            whole: false,
        }
    }

    /// Adds a root that lies in the directory, or is it.
    pub(super) fn add(&mut self, root: &Path) {
        let real = real(root);
        let inside = below(&real, &self.directory);
        self.whole |= inside.is_empty() && real.is_dir();
        let root = shown(root).trim_end_matches('/').to_owned();
        self.roots.push((root, inside));
    }

    /// A place, if it lies in the directory.
    pub(super) fn inside(&self, place: &Occurrence) -> Option<String> {
        let path = place.location.path.as_str();
        if place.commits.is_none() {
            return self.inside_root(path);
        }
        let (_, path) = path.split_once(':')?;
        let inside = stripped(path, &self.below_top)?;
        Some(inside.to_owned())
    }

    /// A file on disk, as reports name it, if it lies in the directory.
    pub(super) fn inside_root(&self, path: &str) -> Option<String> {
        self.roots.iter().find_map(|(root, instead)| {
            let rest = stripped(path, root)?;
            let slash = if instead.is_empty() || rest.is_empty() || rest.starts_with('!') {
                ""
            } else {
                "/"
            };
            Some(format!("{instead}{slash}{rest}"))
        })
    }
}

/// The path of a root; of standard input, the name that it goes by.
pub(super) fn path_of(root: &Root) -> &Path {
    match root {
        Root::Path(path) => path,
        Root::Stdin { name } => Path::new(name),
    }
}

/// Absolute, without symbolic links where it exists.
pub(super) fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    fs::canonicalize(&absolute).unwrap_or(absolute)
}

/// The top of the work tree of git that an absolute path lies in.
pub(super) fn work_tree(path: &Path) -> Option<&Path> {
    path.ancestors().find(|above| above.join(".git").exists())
}

/// The top of the repository that a directory is in, or the directory itself.
pub(super) fn top(directory: &Path) -> &Path {
    work_tree(directory).unwrap_or(directory)
}

/// What follows a directory in a path; of an archive that is scanned itself, the `!` and what follows it.
fn stripped<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    if directory.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(directory)?;
    match rest.as_bytes().first() {
        Some(b'/') => Some(&rest[1..]),
        Some(b'!') | None => Some(rest),
        Some(_) => None,
    }
}

fn below(path: &Path, directory: &Path) -> String {
    path.strip_prefix(directory).map(shown).unwrap_or_default()
}
