//! From what the user named to what is read.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::ledger::{Ledger, SkipReason};
use super::open;
use super::worker::Name;
use super::{InputError, Root};

/// A directory to walk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directory {
    /// Absolute, without symbolic links.
    pub(super) real: PathBuf,
    /// As reports show it: empty for the current directory.
    pub(super) path: String,
}

impl Directory {
    /// How reports show what lies at `relative` inside.
    pub(super) fn path_of(&self, relative: &str) -> String {
        match self.path.as_str() {
            "" if relative.is_empty() => ".".to_owned(),
            "" => relative.to_owned(),
            path if relative.is_empty() => path.to_owned(),
            path if path.ends_with('/') => format!("{path}{relative}"),
            path => format!("{path}/{relative}"),
        }
    }
}

/// What to read, each thing once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// In the order given.
    pub(super) files: Vec<Name>,
    /// In the order given.
    pub(super) directories: Vec<Directory>,
    /// The name of standard input, if it is to be read.
    pub(super) stdin: Option<String>,
}

/// Looks at every root. What exists and cannot be read goes into the ledger.
///
/// # Errors
/// A root does not exist.
pub(super) fn resolve(roots: &[Root], ledger: &Ledger) -> Result<Plan, InputError> {
    let mut plan = Plan::default();
    let mut seen = HashSet::new();
    for root in roots {
        match root {
            Root::Stdin { name } => {
                plan.stdin.get_or_insert_with(|| name.clone());
            }
            Root::Path(given) => match real(given) {
                Ok((real, _)) if !seen.insert(real.clone()) => {}
                Ok((real, file_type)) => plan.add(given, real, file_type, ledger),
                Err(error) if is_missing(&error) => {
                    return Err(InputError::Missing {
                        root: given.clone(),
                    });
                }
                Err(error) => {
                    ledger.skip(
                        &shown_root(given),
                        SkipReason::Unreadable,
                        error.to_string(),
                    );
                }
            },
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(&mut self, given: &Path, real: PathBuf, file_type: fs::FileType, ledger: &Ledger) {
        if file_type.is_dir() {
            let path = shown(given);
            self.directories.push(Directory { real, path });
        } else if file_type.is_file() {
            let path = shown(given);
            self.files.push(Name {
                relative: path.clone(),
                path,
                real,
            });
        } else {
            let kind = open::kind(file_type);
            let detail = format!("{kind}; pipe what it gives to standard input");
            ledger.skip(&shown_root(given), SkipReason::Special, detail);
        }
    }
}

fn real(given: &Path) -> io::Result<(PathBuf, fs::FileType)> {
    let real = fs::canonicalize(given)?;
    let file_type = fs::metadata(&real)?.file_type();
    Ok((real, file_type))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn shown_root(given: &Path) -> String {
    Directory {
        real: PathBuf::new(),
        path: shown(given),
    }
    .path_of("")
}

/// A path as reports show it: forward slashes, no `.` components, U+FFFD for what is not UTF-8.
pub fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => shown.push('/'),
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {
                if !shown.is_empty() && !shown.ends_with('/') {
                    shown.push('/');
                }
                let name = component.as_os_str().to_string_lossy();
                if cfg!(windows) {
                    shown.push_str(&name.replace('\\', "/"));
                } else {
                    shown.push_str(&name);
                }
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(root: &str, relative: &str) -> String {
        let directory = Directory {
            real: PathBuf::new(),
            path: shown(Path::new(root)),
        };
        directory.path_of(relative)
    }

    #[test]
    fn paths_are_shown_as_given_without_noise() {
        assert_eq!(path_of(".", "a/b"), "a/b");
        assert_eq!(path_of("./", ""), ".");
        assert_eq!(path_of("./src//", "a"), "src/a");
        assert_eq!(path_of("src/.", "a"), "src/a");
        assert_eq!(path_of("../x", "a"), "../x/a");
        assert_eq!(path_of("/", "a"), "/a");
        assert_eq!(path_of("/var/www", "a"), "/var/www/a");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_are_replaced() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(OsStr::from_bytes(b"a/\xff\\b"));
        assert_eq!(shown(path), "a/\u{fffd}\\b");
    }

    #[test]
    fn the_first_of_two_names_counts() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, "").unwrap();
        let again = dir
            .path()
            .join("../")
            .join(dir.path().file_name().unwrap())
            .join("a");
        let roots = [file.clone(), again].map(Root::Path);
        let plan = resolve(&roots, &Ledger::default()).unwrap();
        assert_eq!(plan.files.len(), 1);
        assert_eq!(plan.files[0].path, shown(&file));
    }

    #[test]
    fn a_missing_root_is_an_error_that_names_it() {
        for name in ["/nonexistent/a\nb", "/dev/null/x"] {
            let roots = [Root::Path(name.into())];
            let error = resolve(&roots, &Ledger::default()).unwrap_err().to_string();
            assert!(error.starts_with(&name.replace('\n', "\\n")), "{error}");
        }
    }
}
