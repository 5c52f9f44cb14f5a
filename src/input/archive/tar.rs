//! Tar, read from a stream.

use std::cell::Cell;
use std::io::{self, Read};

use ::tar::{Archive, Entry, EntryType};

use super::super::Sink;
use super::super::ledger::SkipReason;
use super::budget::Metered;
use super::name::Place;
use super::unpack::{Stop, Unpacker};

/// So many bytes may stand between two entries: their headers, with names and attributes of any length, which the
/// library reads into memory.
const MAX_HEADERS: u64 = 1 << 20;

/// A reader that gives only as much as is granted.
struct Granted<'g, R> {
    inner: R,
    left: &'g Cell<u64>,
}

impl<R: Read> Read for Granted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        let want = usize::try_from(left).map_or(buffer.len(), |left| buffer.len().min(left));
        if want == 0 && !buffer.is_empty() {
            return Err(io::Error::other(format!(
                "its headers take more than {MAX_HEADERS} bytes"
            )));
        }
        let read = self.inner.read(&mut buffer[..want])?;
        self.left.set(left - read as u64);
        Ok(read)
    }
}

/// Reads all entries.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    bytes: &mut dyn Read,
) -> Result<(), Stop> {
    let left = Cell::new(MAX_HEADERS);
    let mut archive = Archive::new(Granted {
        inner: bytes,
        left: &left,
    });
    let mut entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return unpacker.broken(place, &error),
    };
    loop {
        left.set(MAX_HEADERS);
        let entry = entries.next();
        left.set(u64::MAX);
        match entry {
            None => {
                unpacker.done();
                return Ok(());
            }
            Some(Err(error)) => return unpacker.broken(place, &error),
            Some(Ok(entry)) => {
                unpacker.enter(place)?;
                one(unpacker, place, entry)?;
            }
        }
    }
}

fn one<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    mut entry: Entry<'_, Granted<'_, &mut dyn Read>>,
) -> Result<(), Stop> {
    let inside = place.inside(&entry.path_bytes());
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous => unpacker.entry(&inside, &mut entry)?,
        // Holes are not in the archive: a small one can stand for any number of bytes.
        EntryType::GNUSparse => {
            let budget = unpacker.budget();
            let mut metered = Metered {
                inner: &mut entry,
                budget: &budget,
            };
            unpacker.entry(&inside, &mut metered)?;
        }
        EntryType::Symlink | EntryType::Link => {
            let target = entry.link_name_bytes();
            let target = target.map(|name| format!("to {}", String::from_utf8_lossy(&name)));
            unpacker.skip(&inside, SkipReason::Symlink, target);
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            unpacker.skip(&inside, SkipReason::Special, None);
        }
        // Directories, and headers that the library has read.
        _ => {}
    }
    // What is left of a file that is no text.
    match io::copy(&mut entry, &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(error) => unpacker.broken(place, &error),
    }
}
