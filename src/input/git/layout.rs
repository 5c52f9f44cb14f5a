//! Where the parts of a repository lie, and reading them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gix_hash::Kind;

use crate::input::open::{self, Refusal};

/// More than the index of the largest repositories there are.
pub(super) const MAX_INDEX: u64 = 512 * 1024 * 1024;
/// `.git` files, `commondir` and `config` are far shorter.
pub(super) const MAX_SMALL: u64 = 256 * 1024;

/// Follows `.git`, a directory or a file that names one:
/// <https://git-scm.com/docs/gitrepository-layout>.
pub(super) fn git_dir(root: &Path) -> Option<PathBuf> {
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
pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
    match read(&git_dir.join("commondir"), MAX_SMALL) {
        Ok(text) => git_dir.join(path(&text)),
        Err(_) => git_dir.to_owned(),
    }
}

/// The path in a line that git wrote into a file of its own.
pub(super) fn path(line: &[u8]) -> PathBuf {
    os_path(line.trim_ascii())
}

/// A path as git keeps it in indices and trees.
pub(super) fn os_path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(bytes).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(bytes).into_owned().into()
    }
}

/// `extensions.objectFormat`: <https://git-scm.com/docs/git-config>.
pub(super) fn hash_kind(common: &Path) -> Kind {
    let config = read(&common.join("config"), MAX_SMALL).unwrap_or_default();
    let is_sha256 = config.split(|&b| b == b'\n').any(|line| {
        let line = line.to_ascii_lowercase();
        let value = line.trim_ascii_start().strip_prefix(b"objectformat");
        value.is_some_and(|value| value.trim_ascii().ends_with(b"sha256"))
    });
    if is_sha256 { Kind::Sha256 } else { Kind::Sha1 }
}

/// A whole file, which is regular and not over long.
pub(super) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, size) = open::open(path).map_err(|refusal| match refusal {
        Refusal::Io(error) => error,
        Refusal::Special(kind) => io::Error::other(kind),
    })?;
    if size > limit {
        return Err(io::Error::other(format!("larger than {limit} bytes")));
    }
    // With room for all of it, and for noticing its end: git's index is large.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
