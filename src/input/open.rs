//! Opening a file without being led to another one, and without waiting for it.

use std::fs::{DirBuilder, File, FileType, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Why a file was not opened.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is no regular file; what it is instead.
    Special(&'static str),
    /// The operating system refused.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Makes a directory, and those above it that are missing, for this user alone. One that is there stays as it is.
///
/// # Errors
/// It cannot be made.
pub fn private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Opens a regular file for reading, and tells its length in bytes.
///
/// What the directory said about it may be out of date by now, so the last component is not
/// followed if it is a symbolic link, a FIFO does not block, and the type is checked once more on
/// what was opened.
///
/// # Errors
/// It cannot be opened, or is no regular file.
pub(super) fn open(path: &Path) -> Result<(File, u64), Refusal> {
    let mut options = OpenOptions::new();
    options.read(true);
    harden(&mut options);
    let file = options.open(path)?;
    let metadata: Metadata = file.metadata()?;
    if metadata.is_file() {
        Ok((file, metadata.len()))
    } else {
        Err(Refusal::Special(kind(metadata.file_type())))
    }
}

#[cfg(unix)]
fn harden(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

#[cfg(not(unix))]
fn harden(_: &mut OpenOptions) {}

/// What something is that is no regular file.
#[cfg(unix)]
pub(super) fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_fifo() {
        "FIFO"
    } else if file_type.is_socket() {
        "socket"
    } else if file_type.is_block_device() {
        "block device"
    } else if file_type.is_char_device() {
        "character device"
    } else if file_type.is_dir() {
        "directory"
    } else {
        "not a regular file"
    }
}

/// What something is that is no regular file.
#[cfg(not(unix))]
pub(super) fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() {
        "directory"
    } else {
        "not a regular file"
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_regular_file_opens_with_its_length() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(open(&path).unwrap().1, 5);
    }

    #[test]
    fn a_symbolic_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "12345").unwrap();
        symlink("a", dir.path().join("link")).unwrap();
        assert!(matches!(
            open(&dir.path().join("link")),
            Err(Refusal::Io(_))
        ));
    }

    #[test]
    fn a_fifo_without_a_writer_does_not_block() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fifo");
        assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        assert!(matches!(open(&path), Err(Refusal::Special("FIFO"))));
    }

    #[test]
    fn devices_and_directories_are_named() {
        let null = open(Path::new("/dev/null"));
        assert!(matches!(null, Err(Refusal::Special("character device"))));
        let dir = open(Path::new("/"));
        assert!(matches!(dir, Err(Refusal::Special("directory"))));
    }
}
