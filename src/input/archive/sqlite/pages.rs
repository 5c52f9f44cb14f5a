//! The pages of a database, each of which belongs to one thing and is read once.

use std::io;

use super::super::super::source::Source;

/// 1.3: the header of the database, at the start of its first page.
const HEADER_LEN: usize = 100;
const PAGE_SIZE: usize = 16;
const RESERVED: usize = 20;
const CHANGES: usize = 24;
const COUNT: usize = 28;
const FREE_COUNT: usize = 36;
const ENCODING: usize = 56;
const COUNT_IS_FOR: usize = 92;
/// 1.3.4: no page has less room than this.
const LEAST_USABLE: usize = 480;

/// How text is written (1.3.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextEncoding {
    /// Number 1, and any other.
    Utf8,
    /// Number 2.
    Utf16Le,
    /// Number 3.
    Utf16Be,
}

/// An open database.
pub(super) struct Pages<'s> {
    source: &'s Source,
    size: usize,
    /// What a page has room for.
    pub(super) usable: usize,
    /// How its text is written.
    pub(super) encoding: TextEncoding,
    /// Pages that nothing uses any more.
    pub(super) free: u32,
    /// Whether there are fewer pages than the header says.
    pub(super) is_cut: bool,
    /// A bit for each page.
    seen: Vec<u64>,
    count: u64,
}

impl<'s> Pages<'s> {
    /// Reads the header.
    ///
    /// # Errors
    /// It says nothing that can be.
    pub(super) fn open(source: &'s Source, len: u64) -> io::Result<Self> {
        let mut header = [0; HEADER_LEN];
        if source.read_at(&mut header, 0)? < HEADER_LEN {
            return Err(broken("it ends within its header"));
        }
        let size = match u16_at(&header, PAGE_SIZE) {
            1 => 65536,
            size => usize::from(size),
        };
        let usable = size.saturating_sub(usize::from(header[RESERVED]));
        if !size.is_power_of_two() || usable < LEAST_USABLE {
            return Err(broken("its header gives pages a size that none can have"));
        }
        let count = len.div_ceil(size as u64).min(u64::from(u32::MAX));
        Ok(Self {
            source,
            size,
            usable,
            encoding: match u32_at(&header, ENCODING) {
                2 => TextEncoding::Utf16Le,
                3 => TextEncoding::Utf16Be,
                _ => TextEncoding::Utf8,
            },
            free: u32_at(&header, FREE_COUNT),
            // 1.3.9: old programs do not set the count.
            is_cut: u32_at(&header, CHANGES) == u32_at(&header, COUNT_IS_FOR)
                && u64::from(u32_at(&header, COUNT)) * size as u64 > len,
            seen: vec![0; usize::try_from(count / 64 + 1).unwrap_or(usize::MAX)],
            count,
        })
    }

    /// Pages may be read once more.
    pub(super) fn forget(&mut self) {
        self.seen.fill(0);
    }

    /// A page by its number, which counts from one, as far as it has room, and where it starts in there.
    ///
    /// # Errors
    /// It is not there, or was read before.
    pub(super) fn take(&mut self, number: u32) -> io::Result<(Vec<u8>, usize)> {
        if number == 0 || u64::from(number) > self.count {
            return Err(broken("a page is missing"));
        }
        let index = number - 1;
        let (word, bit) = ((index / 64) as usize, 1 << (index % 64));
        if self.seen[word] & bit != 0 {
            return Err(broken("a page is used twice"));
        }
        self.seen[word] |= bit;
        let mut page = vec![0; self.usable];
        let at = u64::from(index) * self.size as u64;
        if self.source.read_at(&mut page, at)? < self.usable {
            return Err(broken("its last page is cut off"));
        }
        Ok((page, if index == 0 { HEADER_LEN } else { 0 }))
    }
}

/// What is wrong with it.
pub(super) fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Two bytes as a number, zero where they are not.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let part = bytes.get(at..).and_then(<[u8]>::first_chunk);
    u16::from_be_bytes(*part.unwrap_or(&[0; 2]))
}

/// Four bytes as a number, zero where they are not.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let part = bytes.get(at..).and_then(<[u8]>::first_chunk);
    u32::from_be_bytes(*part.unwrap_or(&[0; 4]))
}
