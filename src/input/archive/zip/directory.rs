//! The list of entries at the end of an archive, read from a stream: one entry is in memory at a time.

use std::io::{self, BufReader, Read};

use super::super::super::source::{Cursored, Source};
use super::header::{Entry, u16_at, u32_at, u64_at};

/// 4.3.12, 4.3.14, 4.3.15, 4.3.16.
const HEADER: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_LEN: usize = 22;
const LONG_END: [u8; 4] = *b"PK\x06\x06";
const LONG_END_LEN: usize = 56;
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;
/// A comment is the last thing in an archive, and its length two bytes.
const MAX_TAIL: usize = END_LEN + LOCATOR_LEN + u16::MAX as usize;

/// The list, and how far it has been read.
pub(super) struct Directory<'s> {
    bytes: BufReader<io::Take<Cursored<'s>>>,
    /// Entries that are still to come, as the archive says. 16 bits of it count, where it is no long archive.
    left: u64,
    /// What was put before the archive, such as a program that unpacks it: offsets do not know of it.
    shift: u64,
}

/// What the end of an archive says of its directory.
struct End {
    start: u64,
    len: u64,
    count: u64,
    /// Where the end record stands, which is where the directory ends.
    at: u64,
}

impl<'s> Directory<'s> {
    /// Nothing where the archive has no end.
    pub(super) fn find(source: &'s Source, size: u64) -> io::Result<Option<Self>> {
        let Some(end) = find_end(source, size)? else {
            return Ok(None);
        };
        let mut magic = [0; 4];
        let mut is_there = |at: u64| -> io::Result<bool> {
            Ok(source.read_at(&mut magic, at)? == 4 && magic == HEADER)
        };
        let real = end.at.saturating_sub(end.len);
        let shift = match end.count {
            0 => 0,
            _ if is_there(real)? => real.saturating_sub(end.start),
            _ if is_there(end.start)? => 0,
            _ => return Ok(None),
        };
        let mut cursor = Cursored::new(source);
        cursor.offset = end.start + shift;
        let bytes = BufReader::new(cursor.take(end.at.saturating_sub(end.start + shift)));
        Ok(Some(Self {
            bytes,
            left: end.count,
            shift,
        }))
    }

    /// The next entry.
    ///
    /// # Errors
    /// The list is broken.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut magic = [0; 4];
        match self.bytes.read_exact(&mut magic) {
            Ok(()) if magic == HEADER => {}
            // Archives of more than 65535 entries that are not long say too few.
            Ok(()) | Err(_) if self.left == 0 => return Ok(None),
            Ok(()) => return Err(broken()),
            Err(error) => return Err(error),
        }
        let mut fixed = [0; 42];
        self.bytes.read_exact(&mut fixed)?;
        let mut part = |at: usize| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; usize::from(u16_at(&fixed, at))];
            self.bytes.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let (name, extra) = (part(24)?, part(26)?);
        part(28)?;
        self.left = self.left.saturating_sub(1);
        let mut entry = Entry::listed(&fixed, name, &extra);
        entry.header = entry.header.saturating_add(self.shift);
        Ok(Some(entry))
    }
}

fn broken() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the archive's directory lists fewer entries than it says",
    )
}

fn find_end(source: &Source, size: u64) -> io::Result<Option<End>> {
    let tail_len = usize::try_from(size).map_or(MAX_TAIL, |size| size.min(MAX_TAIL));
    let tail_at = size - tail_len as u64;
    let mut tail = vec![0; tail_len];
    let len = source.read_at(&mut tail, tail_at)?;
    let tail = &tail[..len];
    // The record whose comment ends with the file, or else the last one: something may follow the archive.
    let mut candidates =
        memchr::memmem::rfind_iter(tail, &END).filter(|at| tail.len() - at >= END_LEN);
    let fits = |at: &usize| at + END_LEN + usize::from(u16_at(tail, at + 20)) == tail.len();
    let last = candidates.clone().next();
    let Some(at) = candidates.find(fits).or(last) else {
        return Ok(None);
    };
    let end = End {
        start: u64::from(u32_at(tail, at + 16)),
        len: u64::from(u32_at(tail, at + 12)),
        count: u64::from(u16_at(tail, at + 10)),
        at: tail_at + at as u64,
    };
    let locator = at.checked_sub(LOCATOR_LEN).map(|start| &tail[start..at]);
    match locator {
        Some(locator) if locator.starts_with(&LOCATOR) => {
            Ok(Some(long_end(source, u64_at(locator, 8), end)?))
        }
        _ => Ok(Some(end)),
    }
}

/// The record that stands in for one whose numbers are too small, where it is there.
fn long_end(source: &Source, said: u64, short: End) -> io::Result<End> {
    let mut record = [0; LONG_END_LEN];
    // Right before its locator, where it stands in nearly all archives, also where something was put before them.
    let before = short.at.saturating_sub((LOCATOR_LEN + LONG_END_LEN) as u64);
    for at in [before, said] {
        let len = source.read_at(&mut record, at)?;
        if len == LONG_END_LEN && record.starts_with(&LONG_END) {
            return Ok(End {
                start: u64_at(&record, 48),
                len: u64_at(&record, 40),
                count: u64_at(&record, 32),
                at,
            });
        }
    }
    Ok(short)
}
