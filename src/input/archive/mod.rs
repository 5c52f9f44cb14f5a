//! Archives: every entry is a file of its own, named `outer.zip!inner/.env`.
//!
//! Nothing is unpacked to a name that the archive chooses, so names that lead out of it do no harm. What an archive
//! makes us do is bounded in depth, entries and bytes, for each file on disk with all that is nested in it.

mod budget;
mod entry;
mod name;
mod office;
mod packing;
mod phar;
mod sevenz;
mod sqlite;
mod tar;
mod unpack;
mod wpress;
mod zip;

use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use super::Sink;
use super::large::Large;
use super::run::Run;
use packing::Packing;
use unpack::Unpacker;

/// How far into archives a scan goes. All but the depth are for one file on disk and what is nested in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archives {
    /// Archives within archives: 1 opens those that lie on disk only.
    pub depth: usize,
    /// So many entries are read.
    pub entries: u64,
    /// So many unpacked bytes are read.
    pub bytes: u64,
    /// And no more than this many for each byte on disk, above [`Archives::FREE`].
    pub ratio: u64,
}

impl Archives {
    /// So many bytes may come out of the smallest file: zeros and logs pack well.
    pub const FREE: u64 = 256 << 20;

    /// The bytes that may be unpacked from a file of this length.
    fn most(&self, len: u64) -> u64 {
        let free = self.bytes.min(Self::FREE);
        len.saturating_mul(self.ratio).clamp(free, self.bytes)
    }
}

impl Default for Archives {
    fn default() -> Self {
        Self {
            depth: 4,
            entries: 200_000,
            bytes: 16 << 30,
            ratio: 250,
        }
    }
}

/// What is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Also jar, war, apk and the documents of office programs.
    Zip,
    /// Of any age.
    Tar,
    /// One file that is packed; often a tar.
    Packed(Packing),
    /// PHP's own, with where its list starts.
    Phar(usize),
    /// A backup of All-in-One WP Migration.
    Wpress,
    /// .7z
    SevenZip,
    /// A database of SQLite.
    Sqlite,
}

/// Where the checksum of a tar header stands, and how long it is.
/// <https://www.gnu.org/software/tar/manual/html_node/Standard.html>
const TAR_SUM: std::ops::Range<usize> = 148..156;
const TAR_BLOCK: usize = 512;

/// Judges by the first bytes of a file, never by its name.
pub(super) fn recognise(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Format::Zip),
        [0x1f, 0x8b, 8, ..] => Some(Format::Packed(Packing::Gzip)),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Format::Packed(Packing::Xz)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Format::Packed(Packing::Zstd)),
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_bzip2(rest) => {
            Some(Format::Packed(Packing::Bzip2))
        }
        [b'7', b'z', ..] if head.starts_with(sevenz::MAGIC) => Some(Format::SevenZip),
        [b'S', b'Q', ..] if head.starts_with(sqlite::MAGIC) => Some(Format::Sqlite),
        [b'<' | b'#', ..] => phar::list_start(head).map(Format::Phar),
        _ if is_tar(head) => Some(Format::Tar),
        _ => wpress::is_block(head).then_some(Format::Wpress),
    }
}

/// What may stand behind the first four bytes of bzip2: a block, or the end of an empty file.
/// <https://en.wikipedia.org/wiki/Bzip2#File_format>
fn is_bzip2(rest: &[u8]) -> bool {
    let magics: [&[u8]; 2] = [b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"];
    magics.iter().any(|magic| rest.starts_with(magic))
}

/// Tar has no signature in its older forms; its checksum is one.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..TAR_BLOCK) else {
        return false;
    };
    let digits = block[TAR_SUM].iter().filter(|b| !b" \0".contains(b));
    let mut said = 0_u32;
    for &digit in digits {
        if !(b'0'..=b'7').contains(&digit) {
            return false;
        }
        said = (said << 3) | u32::from(digit - b'0');
    }
    let blank = TAR_SUM.len() as u32 * u32::from(b' ');
    let sum = |part: &[u8]| part.iter().map(|&byte| u32::from(byte)).sum::<u32>();
    block[0] != 0 && said == sum(&block[..TAR_SUM.start]) + blank + sum(&block[TAR_SUM.end..])
}

/// A file that is read beside the scan, without its packing.
pub struct Plain {
    /// What is in it.
    pub bytes: Box<dyn Read>,
    /// So many bytes may come out of it: as many as out of an archive of its length.
    pub most: u64,
}

/// Opens a file that may be packed as a whole, such as a log of last year. Its first bytes tell, not its name.
///
/// # Errors
/// It cannot be opened, or is no regular file.
pub fn open_plain(path: &Path) -> io::Result<Plain> {
    let file = super::open_regular(path)?;
    let archives = Archives::default();
    let most = archives.most(file.metadata()?.len());
    let mut file = BufReader::new(file);
    match recognise(file.fill_buf()?) {
        Some(Format::Packed(packing)) => Ok(Plain {
            bytes: packing.unpack(file),
            most,
        }),
        _ => Ok(Plain {
            bytes: Box::new(file),
            most: u64::MAX,
        }),
    }
}

/// Reads every archive that was put aside: each on one thread, several at once.
pub(super) fn read_all<S: Sink>(run: &Run<'_, S>) {
    let Some(archives) = run.archives else { return };
    let waiting = Mutex::new(run.take_archives().into_iter());
    let next = || -> Option<(Format, Large)> {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    thread::scope(|scope| {
        for _ in 0..run.jobs {
            scope.spawn(|| {
                while let Some((format, large)) = next() {
                    match large.open() {
                        Ok(ready) => Unpacker::new(run, &archives, &ready).read(format),
                        Err((path, refusal)) => run.refuse(&path, &refusal),
                    }
                }
            });
        }
    });
}

#[cfg(test)]
mod tests;
