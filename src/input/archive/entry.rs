//! The bytes of one entry, in memory or, where they are many, in a file without a name.

use std::fs::File;
use std::io::{self, Read, Write as _};

use super::super::source::Source;

/// What came out of an entry, and why no more did.
pub(super) struct Held {
    /// The bytes.
    pub(super) source: Source,
    /// How many.
    pub(super) size: u64,
    /// What ended them early.
    pub(super) error: Option<io::Error>,
}

/// Reads an entry to its end. What was read before an error counts. More than `memory` bytes go to the temporary
/// directory.
pub(super) fn hold(bytes: &mut dyn Read, memory: usize) -> Held {
    let mut start = Vec::new();
    let error = bytes.take(memory as u64 + 1).read_to_end(&mut start).err();
    if error.is_some() || start.len() <= memory {
        return Held {
            size: start.len() as u64,
            source: Source::Memory(start),
            error,
        };
    }
    match spooled(&start, bytes) {
        Ok((file, size, error)) => Held {
            source: Source::File(file),
            size,
            error,
        },
        Err(error) => Held {
            size: start.len() as u64,
            source: Source::Memory(start),
            error: Some(io::Error::new(
                error.kind(),
                format!(
                    "it cannot be unpacked to the temporary directory; make room there or set TMPDIR to a \
                     directory with room: {error}"
                ),
            )),
        },
    }
}

/// The inner error is the entry's, the outer one that of the temporary file.
fn spooled(start: &[u8], rest: &mut dyn Read) -> io::Result<(File, u64, Option<io::Error>)> {
    let mut file = tempfile::tempfile()?;
    file.write_all(start)?;
    let mut size = start.len() as u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match rest.read(&mut buffer) {
            Ok(0) => return Ok((file, size, None)),
            Ok(read) => {
                file.write_all(&buffer[..read])?;
                size += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok((file, size, Some(error))),
        }
    }
}

/// Fills `head` as far as the bytes reach.
pub(super) fn fill(bytes: &mut dyn Read, head: &mut Vec<u8>, most: usize) -> io::Result<()> {
    bytes.take(most as u64).read_to_end(head)?;
    Ok(())
}
