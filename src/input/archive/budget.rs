//! What one file on disk may make us do.

use std::cell::Cell;
use std::io::{self, Read};

use super::Archives;

/// What is left of the limits. Readers of nested archives share it.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: Cell<u64>,
    entries: Cell<u64>,
    most_bytes: u64,
    most_entries: u64,
    hit: Cell<bool>,
}

impl Budget {
    /// For a file of this length on disk.
    pub(super) fn new(archives: &Archives, len: u64) -> Self {
        let bytes = archives.most(len);
        Self {
            bytes: Cell::new(bytes),
            entries: Cell::new(archives.entries),
            most_bytes: bytes,
            most_entries: archives.entries,
            hit: Cell::new(false),
        }
    }

    /// Whether one more entry may be read.
    pub(super) fn enter(&self) -> bool {
        let left = self.entries.get();
        self.entries.set(left.saturating_sub(1));
        self.hit.set(self.hit.get() || left == 0);
        !self.hit.get()
    }

    /// What was reached, if anything was.
    pub(super) fn hit(&self) -> Option<String> {
        self.hit.get().then(|| {
            if self.bytes.get() == 0 {
                format!("it unpacks to more than {} bytes", self.most_bytes)
            } else {
                format!("it holds more than {} entries", self.most_entries)
            }
        })
    }
}

/// Unpacked bytes, which are counted.
pub(super) struct Metered<'b, R> {
    /// Unpacks.
    pub(super) inner: R,
    /// Pays.
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let left = self.budget.bytes.get();
        // One byte more than is left tells an archive that has just been read to its end from one that goes on.
        let want = usize::try_from(left).map_or(buffer.len(), |left| {
            buffer.len().min(left.saturating_add(1))
        });
        let read = self.inner.read(&mut buffer[..want])?;
        self.budget.bytes.set(left.saturating_sub(read as u64));
        if read as u64 > left {
            self.budget.hit.set(true);
            return Err(io::Error::other("the limit is reached"));
        }
        Ok(read)
    }
}
