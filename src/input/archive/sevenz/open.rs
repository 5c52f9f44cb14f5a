//! From the start of an archive to its list of files.

use std::io::{self, Read};

use super::super::super::source::{Cursored, Source};
use super::super::budget::{Budget, Metered};
use super::coders::Folder;
use super::fields::broken;
use super::listing::{self, Listing};

/// The first header, which says where the list is.
const START_LEN: usize = 32;
/// So long may a list be, in bytes: one of 200,000 files takes less.
const MAX_LIST: u64 = 32 << 20;
/// A list is packed once, or twice where it is encrypted.
const MAX_PACKED: usize = 4;

/// The list of files, unpacked.
///
/// # Errors
/// It is broken, encrypted, or too long.
pub(super) fn list(source: &Source, budget: &Budget) -> io::Result<Vec<u8>> {
    let mut start = [0; START_LEN];
    if source.read_at(&mut start, 0)? < START_LEN {
        return Err(broken("it ends within its header"));
    }
    let at = long(&start[12..]).saturating_add(START_LEN as u64);
    let mut list = whole(long(&start[20..]), || {
        let mut cursor = Cursored::new(source);
        cursor.offset = at;
        Ok(Box::new(cursor))
    })?;
    let mut sum = flate2::Crc::new();
    sum.update(&list);
    if sum.sum().to_le_bytes() != start[28..] {
        return Err(broken("its list of files is damaged"));
    }
    // An archive of nothing.
    if list.is_empty() {
        list.extend(listing::NOTHING);
    }
    for _ in 0..MAX_PACKED {
        let Listing::Packed(streams) = listing::read(&list)? else {
            return Ok(list);
        };
        let folder = streams.folders.first();
        let folder = folder.ok_or_else(|| broken("its list of files is missing"))?;
        if folder.is_encrypted() {
            return Err(io::Error::other(ENCRYPTED));
        }
        list = whole(folder.size(), || {
            let inner = unpack(source, folder)?;
            Ok(Box::new(Metered { inner, budget }))
        })?;
    }
    Err(broken("its list of files is packed too often"))
}

/// What to do about what is encrypted.
pub(super) const ENCRYPTED: &str =
    "it is encrypted; unpack it with its password and scan what comes out";

/// The bytes of a folder.
///
/// # Errors
/// They are packed in a way that is not known.
pub(super) fn unpack<'s>(source: &'s Source, folder: &Folder) -> io::Result<Box<dyn Read + 's>> {
    let mut packed = Cursored::new(source);
    packed.offset = folder.start.saturating_add(START_LEN as u64);
    folder.unpack(packed.take(folder.packed))
}

/// Reads so many bytes.
fn whole<'r>(
    len: u64,
    bytes: impl FnOnce() -> io::Result<Box<dyn Read + 'r>>,
) -> io::Result<Vec<u8>> {
    if len > MAX_LIST {
        return Err(io::Error::other(format!(
            "its list of files takes more than {MAX_LIST} bytes"
        )));
    }
    let mut whole = Vec::new();
    bytes()?.take(len).read_to_end(&mut whole)?;
    if whole.len() as u64 == len {
        Ok(whole)
    } else {
        Err(broken("its list of files is missing"))
    }
}

/// Eight bytes as a number.
fn long(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
