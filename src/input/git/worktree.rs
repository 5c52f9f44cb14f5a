//! One work tree: where it starts, and what its repository says.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::ignores::Ignores;
use super::index::{HashLen, Index};
use super::remotes::{Remote, remotes};
use crate::input::open::{self, Refusal};

/// More than the index of the largest repositories there are.
const MAX_INDEX: u64 = 512 * 1024 * 1024;
/// `.git` files, `commondir` and `config` are far shorter.
const MAX_SMALL: u64 = 256 * 1024;

/// A directory under version control, read.
#[derive(Debug)]
pub(super) struct WorkTree {
    root: PathBuf,
    index: Index,
    ignores: Ignores,
    remotes: Vec<Remote>,
}

impl WorkTree {
    /// The work tree that starts at this directory, if one does.
    ///
    /// # Errors
    /// Its index cannot be read: a sentence for the user.
    pub(super) fn at(root: &Path) -> Option<Result<Self, String>> {
        let git_dir = git_dir(root)?;
        let common = common_dir(&git_dir);
        let index = read_index(&git_dir, &common).map_err(|why| {
            format!(
                "{}: {why}; its files are shown as outside of a repository; `git status` there \
                 may say more",
                git_dir.join("index").to_string_lossy()
            )
        });
        Some(index.map(|index| Self {
            root: root.to_owned(),
            index,
            ignores: Ignores::new(root, &common.join("info").join("exclude")),
            remotes: remotes(&read(&common.join("config"), MAX_SMALL).unwrap_or_default()),
        }))
    }

    /// Where it starts.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What is tracked.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Where it is pushed to.
    pub(super) fn remotes(&self) -> &[Remote] {
        &self.remotes
    }

    /// What is ignored.
    pub(super) fn ignores(&self) -> &Ignores {
        &self.ignores
    }
}

/// Follows `.git`, a directory or a file that names one:
/// <https://git-scm.com/docs/gitrepository-layout>.
fn git_dir(root: &Path) -> Option<PathBuf> {
    let dot_git = root.join(".git");
    let metadata = fs::metadata(&dot_git).ok()?;
    let git_dir = if metadata.is_dir() {
        dot_git
    } else {
        let text = read(&dot_git, MAX_SMALL).ok()?;
        root.join(path(text.strip_prefix(b"gitdir:")?))
    };
    fs::symlink_metadata(git_dir.join("HEAD")).ok()?;
    Some(git_dir)
}

/// What the work trees of one repository share.
fn common_dir(git_dir: &Path) -> PathBuf {
    match read(&git_dir.join("commondir"), MAX_SMALL) {
        Ok(text) => git_dir.join(path(&text)),
        Err(_) => git_dir.to_owned(),
    }
}

fn path(line: &[u8]) -> PathBuf {
    let line = line.trim_ascii();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(line).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(line).into_owned().into()
    }
}

/// The index, together with the shared one that it may be split from. None at all is an empty one.
fn read_index(git_dir: &Path, common: &Path) -> Result<Index, String> {
    let data = match read(&git_dir.join("index"), MAX_INDEX) {
        Ok(data) => data,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Index::default()),
        Err(error) => return Err(error.to_string()),
    };
    let hash_len = hash_len(common);
    Index::parse(&data, hash_len, &mut |name| {
        read(&git_dir.join(name), MAX_INDEX).map_err(|error| format!("{name}: {error}"))
    })
}

/// `extensions.objectFormat`: <https://git-scm.com/docs/git-config>.
fn hash_len(common: &Path) -> HashLen {
    let config = read(&common.join("config"), MAX_SMALL).unwrap_or_default();
    let is_sha256 = config.split(|&b| b == b'\n').any(|line| {
        let line = line.to_ascii_lowercase();
        let value = line.trim_ascii_start().strip_prefix(b"objectformat");
        value.is_some_and(|value| value.trim_ascii().ends_with(b"sha256"))
    });
    if is_sha256 {
        HashLen::Sha256
    } else {
        HashLen::Sha1
    }
}

/// A whole file, which is regular and not over long.
fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, size) = open::open(path).map_err(|refusal| match refusal {
        Refusal::Io(error) => error,
        Refusal::Special(kind) => io::Error::other(kind),
    })?;
    if size > limit {
        return Err(io::Error::other(format!("larger than {limit} bytes")));
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
