//! Reading files that users write by hand: rules and configuration.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// The longest file, in bytes. Checking one takes time in proportion to its text.
pub(super) const MAX_FILE: u64 = 1 << 20;

/// Reads a text file of at most 1 MiB. It may be anything that a hostile tree has under this name.
///
/// # Errors
/// It cannot be read, is no regular file, is no UTF-8, or is longer.
pub fn read_bounded(path: &Path) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    let file = fs::File::open(path)?;
    file.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_FILE {
        let reason = format!("it is longer than {MAX_FILE} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    Ok(text)
}
