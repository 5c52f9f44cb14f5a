//! PHP's own archives: a program, a list of files, and the files one behind the other.
//!
//! Format: <https://www.php.net/manual/en/phar.fileformat.phar.php>. Phars that are a tar or a zip are read as such.

use std::io::{self, Cursor, Read};

use super::super::Sink;
use super::super::ledger::SkipReason;
use super::budget::Metered;
use super::name::Place;
use super::packing::Packing;
use super::unpack::{Stop, Unpacker};

/// Ends the program.
const HALT: &[u8] = b"__HALT_COMPILER();";
/// The list up to the name of the archive: its length, the number of files, version, flags, length of that name.
const FIXED: usize = 18;
/// What a file takes in the list beside its name.
const ENTRY: u64 = 24;
/// A list longer than this is not read: PHP refuses those over 100 MB, in files that are about as long.
const MAX_LIST: u32 = 16 << 20;
/// How a file is packed, and what is none.
const GZIP: u32 = 0x1000;
const BZIP2: u32 = 0x2000;

/// Where the list starts, if this is the head of a phar.
pub(super) fn list_start(head: &[u8]) -> Option<usize> {
    let halt = memchr::memmem::find(head, HALT)?;
    let mut start = halt + HALT.len();
    for optional in [&b" "[..], b"?>", b"\r", b"\n"] {
        if head[start..].starts_with(optional) {
            start += optional.len();
        }
    }
    let fixed = head.get(start..start + FIXED)?;
    let (len, count, alias) = (u32_at(fixed, 0), u32_at(fixed, 4), u32_at(fixed, 14));
    let least = (FIXED - 4) as u64 + u64::from(alias) + 4 + u64::from(count) * ENTRY;
    (count > 0 && least <= u64::from(len)).then_some(start)
}

struct Entry {
    name: Vec<u8>,
    packed: u64,
    flags: u32,
}

/// Reads the program, and all entries. The list starts so many bytes from the start.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    list_start: usize,
    bytes: &mut dyn Read,
) -> Result<(), Stop> {
    let program = place.inside(b".phar/stub.php");
    unpacker.enter(place)?;
    if !unpacker.stretch(place, &program, list_start as u64, bytes)? {
        return Ok(());
    }
    let entries = match list(bytes) {
        Ok(entries) => entries,
        Err(error) => return unpacker.broken(place, &error),
    };
    for entry in entries {
        unpacker.enter(place)?;
        let inside = place.inside(&entry.name);
        let packing = match entry.flags & (GZIP | BZIP2) {
            0 => None,
            GZIP => Some(Packing::Deflate),
            _ => Some(Packing::Bzip2),
        };
        let Some(packing) = packing else {
            if !unpacker.stretch(place, &inside, entry.packed, bytes)? {
                return Ok(());
            }
            continue;
        };
        let mut packed = bytes.take(entry.packed);
        let budget = unpacker.budget();
        let mut metered = Metered {
            inner: packing.unpack(&mut packed),
            budget: &budget,
        };
        unpacker.entry(&inside, &mut metered)?;
        drop(metered);
        if let Err(error) = io::copy(&mut packed, &mut io::sink()) {
            return unpacker.broken(place, &error);
        }
        if packed.limit() > 0 {
            unpacker.skip(place, SkipReason::Unreadable, "it ends early".to_owned());
            return Ok(());
        }
    }
    unpacker.done();
    Ok(())
}

fn list(bytes: &mut dyn Read) -> io::Result<Vec<Entry>> {
    let mut len = [0; 4];
    bytes.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len);
    if len > MAX_LIST {
        return Err(broken("the list of its files is too long"));
    }
    let mut list = Vec::new();
    bytes.take(u64::from(len)).read_to_end(&mut list)?;
    let mut list = Cursor::new(list);
    let count = number(&mut list)?;
    let _version_and_flags = take(&mut list, 6)?;
    // The archive's name, and what the program says of it.
    field(&mut list)?;
    field(&mut list)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let name = field(&mut list)?;
        let [_size, _time, packed, _crc, flags] = numbers(&mut list)?;
        field(&mut list)?;
        // Directories are listed too.
        if !name.ends_with(b"/") {
            entries.push(Entry {
                name,
                packed: u64::from(packed),
                flags,
            });
        }
    }
    Ok(entries)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn take(list: &mut Cursor<Vec<u8>>, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    list.take(len as u64).read_to_end(&mut bytes)?;
    if bytes.len() < len {
        return Err(broken("the list of its files ends early"));
    }
    Ok(bytes)
}

fn number(list: &mut Cursor<Vec<u8>>) -> io::Result<u32> {
    Ok(u32_at(&take(list, 4)?, 0))
}

fn numbers<const N: usize>(list: &mut Cursor<Vec<u8>>) -> io::Result<[u32; N]> {
    let mut numbers = [0; N];
    for place in &mut numbers {
        *place = number(list)?;
    }
    Ok(numbers)
}

/// A length, and so many bytes.
fn field(list: &mut Cursor<Vec<u8>>) -> io::Result<Vec<u8>> {
    let len = number(list)?;
    take(list, len as usize)
}

/// `at` lies inside.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
