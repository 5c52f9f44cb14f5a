//! Files on disk by the names that reports give them.

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Root;
use super::files::{Files, Kind, MAX_READ};
use super::open;
use super::roots;

/// The files below the scanned roots, and nothing else: no symbolic link is followed, and no name leads out.
#[derive(Debug, Default)]
pub struct Disk {
    /// As reports name them, with their real paths; longest names first.
    roots: Vec<(String, PathBuf)>,
    /// Directories that are known to be reached without a symbolic link.
    directories: Mutex<HashMap<String, bool>>,
    /// What names were found to be: an evaluator asks for each directory on the way to a file, for every request.
    kinds: Mutex<HashMap<String, Kind>>,
    /// What short files hold: a server reads the `.htaccess` files on the way to a file for every request.
    texts: Mutex<HashMap<String, Vec<u8>>>,
}

/// So many are remembered.
const MAX_KINDS: usize = 100_000;
/// So many, of at most so many bytes each.
const MAX_TEXTS: usize = 1000;
const MAX_TEXT: usize = 8 * 1024;

impl Disk {
    /// The files below these roots. What cannot be found is left out: reading it has said so.
    pub fn new(given: &[Root]) -> Self {
        let mut disk = Self::default();
        for root in given {
            if let Root::Path(path) = root
                && let Ok(real) = fs::canonicalize(path)
            {
                disk.roots.push((roots::shown(path), real));
            }
        }
        disk.roots
            .sort_by(|a, b| (b.0.len(), &b.0).cmp(&(a.0.len(), &a.0)));
        disk
    }

    /// The directories among the roots, as reports name them; the empty name is the current directory.
    pub fn directories(&self) -> Vec<&str> {
        let directories = self.roots.iter().filter(|(_, real)| real.is_dir());
        directories.map(|(name, _)| name.as_str()).collect()
    }

    /// Where a name lies on disk, if it is below a root.
    pub fn real(&self, name: &str) -> Option<PathBuf> {
        if name.split('/').any(|part| part == "..")
            && !self.roots.iter().any(|(root, _)| root == name)
        {
            let inside = self.roots.iter().find_map(|(root, _)| below(root, name))?;
            if inside.split('/').any(|part| part == "..") {
                return None;
            }
        }
        self.roots.iter().find_map(|(root, real)| {
            let inside = below(root, name)?;
            Some(if inside.is_empty() {
                real.clone()
            } else {
                real.join(inside)
            })
        })
    }

    /// Whether the directory that holds a name is reached without a symbolic link.
    fn is_direct(&self, name: &str) -> bool {
        if self.roots.iter().any(|(root, _)| root == name) {
            return true;
        }
        let Some((parent, _)) = name.rsplit_once('/') else {
            return true;
        };
        if self.roots.iter().any(|(root, _)| root == parent) {
            return true;
        }
        let known = lock(&self.directories).get(parent).copied();
        known.unwrap_or_else(|| {
            let direct = self.is_direct(parent)
                && self
                    .real(parent)
                    .and_then(|real| fs::symlink_metadata(real).ok())
                    .is_some_and(|metadata| metadata.is_dir());
            lock(&self.directories).insert(parent.to_owned(), direct);
            direct
        })
    }

    fn look_up(&self, name: &str) -> Kind {
        if self.real(name).is_none() {
            return Kind::Unmapped;
        }
        match self.metadata(name) {
            Some(metadata) if metadata.is_dir() => Kind::Directory,
            Some(metadata) if metadata.is_symlink() => Kind::Link,
            Some(metadata) if metadata.is_file() => Kind::File,
            None | Some(_) => Kind::Missing,
        }
    }

    fn read_whole(&self, name: &str) -> Option<Vec<u8>> {
        let real = self.real(name)?;
        if !self.is_direct(name) {
            return None;
        }
        let (file, len) = open::open(&real).ok()?;
        if len > MAX_READ {
            return None;
        }
        // One byte more tells the end apart without another round.
        let mut bytes = Vec::with_capacity(usize::try_from(len).ok()? + 1);
        file.take(MAX_READ + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= MAX_READ).then_some(bytes)
    }

    fn metadata(&self, name: &str) -> Option<fs::Metadata> {
        let real = self.real(name)?;
        self.is_direct(name)
            .then(|| fs::symlink_metadata(real).ok())?
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What follows a root in a name.
fn below<'n>(root: &str, name: &'n str) -> Option<&'n str> {
    match root {
        "" => (!name.starts_with('/') && name != ".." && !name.starts_with("../")).then_some(name),
        _ if name == root => Some(""),
        _ if root.ends_with('/') => name.strip_prefix(root),
        _ => name.strip_prefix(root)?.strip_prefix('/'),
    }
}

impl Files for Disk {
    fn kind(&self, name: &str) -> Kind {
        if let Some(known) = lock(&self.kinds).get(name) {
            return *known;
        }
        let kind = self.look_up(name);
        let mut kinds = lock(&self.kinds);
        if kinds.len() < MAX_KINDS {
            kinds.insert(name.to_owned(), kind);
        }
        kind
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        if let Some(known) = lock(&self.texts).get(name) {
            return Some(known.clone());
        }
        let bytes = self.read_whole(name)?;
        if bytes.len() <= MAX_TEXT {
            let mut texts = lock(&self.texts);
            if texts.len() < MAX_TEXTS {
                texts.insert(name.to_owned(), bytes.clone());
            }
        }
        Some(bytes)
    }

    fn list(&self, name: &str) -> Vec<String> {
        let Some(real) = self
            .real(name)
            .filter(|_| self.kind(name) == Kind::Directory)
        else {
            return Vec::new();
        };
        let entries = fs::read_dir(real).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| roots::shown(Path::new(&entry.file_name())))
            .collect();
        names.sort();
        names
    }

    fn target(&self, name: &str) -> Option<String> {
        let real = self.real(name)?;
        let target = fs::read_link(real).ok().filter(|_| self.is_direct(name))?;
        Some(roots::shown(&target))
    }

    fn len(&self, name: &str) -> Option<u64> {
        self.metadata(name)
            .filter(fs::Metadata::is_file)
            .map(|metadata| metadata.len())
    }

    #[cfg(unix)]
    fn mode(&self, name: &str) -> Option<u32> {
        use std::os::unix::fs::PermissionsExt as _;
        self.metadata(name)
            .map(|metadata| metadata.permissions().mode() & 0o7777)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_files_below_the_roots_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/c"), "12").unwrap();
        fs::write(dir.path().join("outside"), "secret").unwrap();
        std::os::unix::fs::symlink(dir.path(), root.join("up")).unwrap();
        std::os::unix::fs::symlink("a", root.join("same")).unwrap();
        let disk = Disk::new(&[Root::Path(root.clone())]);
        let name = |inside: &str| format!("{}/{inside}", root.display());
        assert_eq!(disk.kind(&name("a/b/c")), Kind::File);
        assert_eq!(disk.len(&name("a/b/c")), Some(2));
        assert_eq!(disk.list(&name("a")), ["b"]);
        assert_eq!(disk.kind(&name("up")), Kind::Link);
        assert_eq!(disk.target(&name("same")).as_deref(), Some("a"));
        assert_eq!(disk.kind(&name("up/outside")), Kind::Missing);
        assert_eq!(disk.read(&name("up/outside")), None);
        assert_eq!(disk.read(&name("same/b/c")), None);
        assert_eq!(disk.kind(&name("../outside")), Kind::Unmapped);
        assert_eq!(disk.read(&name("../outside")), None);
        assert_eq!(disk.kind("/etc/passwd"), Kind::Unmapped);
    }
}
