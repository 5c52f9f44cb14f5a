//! Version control: whose internals are left alone, and the few files inside that hold credentials.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Submodules nest no deeper than this, and neither do the slashes in their names.
const MAX_DEPTH: usize = 16;

/// A version control system, by the directory that it keeps its internals in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct System {
    directory: &'static str,
    /// Text files, relative to the directory, that hold addresses and so passwords.
    files: &'static [&'static str],
}

const SYSTEMS: &[System] = &[
    System {
        directory: ".git",
        files: GIT_FILES,
    },
    System {
        directory: ".hg",
        files: &["hgrc", "hgrc-not-shared"],
    },
    System {
        directory: ".svn",
        files: &["entries", "all-wcprops", "dir-props"],
    },
    System {
        directory: ".bzr",
        files: &["branch/branch.conf", "branch/location", "branch/parent"],
    },
    System {
        directory: ".jj",
        files: &["repo/config.toml"],
    },
];

/// `config` and `FETCH_HEAD` hold the addresses of remotes; `credentials` is a place for
/// `credential.helper store`; tools leave the rest.
const GIT_FILES: &[&str] = &[
    "config",
    "config.worktree",
    "credentials",
    ".git-credentials",
    "FETCH_HEAD",
    "COMMIT_EDITMSG",
    "description",
    "info/exclude",
    "logs/HEAD",
    "sourcetreeconfig",
];

/// The system whose internals a directory of this name holds.
pub(super) fn system(name: &OsStr) -> Option<System> {
    let mut systems = SYSTEMS.iter().copied();
    systems.find(|system| name == system.directory)
}

impl System {
    /// The files inside its directory that are read all the same, sorted.
    pub(super) fn readable(self, directory: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        add_existing(directory, self.files, &mut found);
        if self.files == GIT_FILES {
            add_hooks(directory, &mut found);
            add_submodules(&directory.join("modules"), MAX_DEPTH, &mut found);
        }
        found.sort();
        found
    }
}

fn add_existing(directory: &Path, names: &[&str], found: &mut Vec<PathBuf>) {
    let paths = names.iter().map(|name| directory.join(name));
    found.extend(paths.filter(|path| fs::symlink_metadata(path).is_ok_and(|m| !m.is_dir())));
}

/// Scripts that the user wrote, not the samples that git brings.
fn add_hooks(directory: &Path, found: &mut Vec<PathBuf>) {
    for path in entries(&directory.join("hooks")) {
        if path.extension() != Some("sample".as_ref()) && !path.is_dir() {
            found.push(path);
        }
    }
}

fn add_submodules(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if depth == 0 {
        return;
    }
    for path in entries(directory) {
        if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            continue;
        }
        if path.join("HEAD").is_file() {
            add_existing(&path, GIT_FILES, found);
            add_submodules(&path.join("modules"), depth - 1, found);
        } else {
            add_submodules(&path, depth - 1, found);
        }
    }
}

/// What a directory holds. One that cannot be listed is covered by the ledger entry of the whole.
fn entries(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let is_real = fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.is_dir());
    let listing = is_real.then(|| fs::read_dir(directory).ok()).flatten();
    let entries = listing.into_iter().flatten();
    entries.filter_map(Result::ok).map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }

    #[test]
    fn git_gives_its_configuration_and_that_of_submodules() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let wanted = [
            "FETCH_HEAD",
            "config",
            "hooks/pre-push",
            "modules/lib/a/config",
            "modules/lib/a/modules/b/config",
        ];
        let unwanted = [
            "HEAD",
            "hooks/pre-push.sample",
            "modules/lib/a/HEAD",
            "modules/lib/a/modules/b/HEAD",
            "modules/lib/a/objects/ab/cd",
            "objects/ab/cd",
            "packed-refs",
        ];
        for name in wanted.iter().chain(&unwanted) {
            write(root, name);
        }
        let found = system(OsStr::new(".git")).unwrap().readable(root);
        assert_eq!(found, wanted.map(|name| root.join(name)));
    }

    #[test]
    fn the_others_give_theirs() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "hgrc");
        write(dir.path(), "store/data");
        let found = system(OsStr::new(".hg")).unwrap().readable(dir.path());
        assert_eq!(found, [dir.path().join("hgrc")]);
        assert!(system(OsStr::new(".github")).is_none());
        assert!(system(OsStr::new("git")).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "m/HEAD");
        write(outside.path(), "m/config");
        std::os::unix::fs::symlink(outside.path(), dir.path().join("modules")).unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("hooks")).unwrap();
        let found = system(OsStr::new(".git")).unwrap().readable(dir.path());
        assert!(found.is_empty(), "{found:?}");
    }
}
