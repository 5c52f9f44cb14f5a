//! What stands before an entry, and about it in the directory.

use std::io;

use super::super::super::source::Source;
use super::super::packing::Packing;

/// 4.3.7, 4.3.9, 4.3.12.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const LOCAL_LEN: usize = 30;
/// 4.4.4: bit 0 says that it is encrypted, bit 3 that the lengths stand behind it.
const ENCRYPTED: u16 = 1;
const LENGTHS_BEHIND: u16 = 1 << 3;
/// 4.5.3: what does not fit into 32 bits.
const EXTRA_LONG: u16 = 1;
const LONG: u64 = 0xffff_ffff;
/// 4.4.2: 3 is Unix, and the upper half of the attributes then a mode.
const UNIX: u8 = 3;
const TYPE_MASK: u32 = 0o170_000;
const TYPE_LINK: u32 = 0o120_000;

/// How an entry is packed (4.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Not at all.
    Stored,
    /// As in gzip.
    Deflated,
    /// As in these files.
    Packed(Packing),
    /// By a method of this number.
    Other(u16),
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// As it stands in the archive, in whatever encoding.
    pub(super) name: Vec<u8>,
    /// How it is packed.
    pub(super) method: Method,
    /// Length in the archive, if that is known before it is read.
    pub(super) packed: Option<u64>,
    /// Where its local header stands.
    pub(super) header: u64,
    flags: u16,
    /// Zero where it is not known.
    mode: u32,
}

impl Entry {
    pub(super) fn is_directory(&self) -> bool {
        self.name.ends_with(b"/")
    }

    pub(super) fn is_link(&self) -> bool {
        self.mode & TYPE_MASK == TYPE_LINK
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    /// From a header of the directory, without its signature, and the name and extra fields that follow it.
    pub(super) fn listed(fixed: &[u8; 42], name: Vec<u8>, extra: &[u8]) -> Self {
        let long = long(
            extra,
            u32_at(fixed, 20),
            [u32_at(fixed, 16), u32_at(fixed, 38)],
        );
        let mode = if fixed[1] == UNIX {
            u32_at(fixed, 34) >> 16
        } else {
            0
        };
        Self {
            name,
            method: method(u16_at(fixed, 6)),
            packed: Some(long[0]),
            header: long[1],
            flags: u16_at(fixed, 4),
            mode,
        }
    }
}

fn method(number: u16) -> Method {
    match number {
        0 => Method::Stored,
        8 => Method::Deflated,
        12 => Method::Packed(Packing::Bzip2),
        93 => Method::Packed(Packing::Zstd),
        95 => Method::Packed(Packing::Xz),
        other => Method::Other(other),
    }
}

/// The lengths and the offset, those from the extra field that did not fit: they stand there in this order, and only
/// those that did not fit.
fn long(extra: &[u8], unpacked: u32, short: [u32; 2]) -> [u64; 2] {
    let mut field = extra_field(extra, EXTRA_LONG).unwrap_or_default();
    let mut take = |short: u32| -> u64 {
        match field.split_first_chunk::<8>() {
            Some((bytes, rest)) if u64::from(short) == LONG => {
                field = rest;
                u64::from_le_bytes(*bytes)
            }
            _ => u64::from(short),
        }
    };
    take(unpacked);
    short.map(take)
}

/// 4.5.1: a number, a length, and so many bytes.
fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    while let Some((start, rest)) = extra.split_first_chunk::<4>() {
        let len = usize::from(u16_at(start, 2)).min(rest.len());
        let (field, next) = rest.split_at(len);
        if u16_at(start, 0) == wanted {
            return Some(field);
        }
        extra = next;
    }
    None
}

/// Where the bytes of an entry start, whose local header stands there.
pub(super) fn data_start(source: &Source, header: u64) -> io::Result<u64> {
    let mut fixed = [0; LOCAL_LEN];
    let read = source.read_at(&mut fixed, header)?;
    if read < LOCAL_LEN || !fixed.starts_with(&LOCAL) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the archive's directory leads to a place where this entry is not",
        ));
    }
    Ok(header + LOCAL_LEN as u64 + u64::from(u16_at(&fixed, 26)) + u64::from(u16_at(&fixed, 28)))
}

/// The entry whose local header stands there, and where its bytes start; nothing where no local header stands.
pub(super) fn local(source: &Source, at: u64) -> io::Result<Option<(Entry, u64)>> {
    let mut fixed = [0; LOCAL_LEN];
    let read = source.read_at(&mut fixed, at)?;
    if read < LOCAL_LEN || !fixed.starts_with(&LOCAL) {
        return Ok(None);
    }
    let name_len = usize::from(u16_at(&fixed, 26));
    let extra_len = usize::from(u16_at(&fixed, 28));
    let mut rest = vec![0; name_len + extra_len];
    let len = source.read_at(&mut rest, at + LOCAL_LEN as u64)?;
    if len < rest.len() {
        return Ok(None);
    }
    let extra = rest.split_off(name_len);
    let flags = u16_at(&fixed, 6);
    let [packed, _] = long(&extra, u32_at(&fixed, 22), [u32_at(&fixed, 18), 0]);
    let entry = Entry {
        name: rest,
        method: method(u16_at(&fixed, 8)),
        packed: (flags & LENGTHS_BEHIND == 0 || packed != 0).then_some(packed),
        header: at,
        flags,
        mode: 0,
    };
    let start = at + (LOCAL_LEN + name_len + extra_len) as u64;
    Ok(Some((entry, start)))
}

/// Where the next header stands after the bytes of an entry: 4.3.9 leaves open how long what lies between is.
pub(super) fn after_descriptor(source: &Source, at: u64) -> u64 {
    let mut bytes = [0; 28];
    let len = source.read_at(&mut bytes, at).unwrap_or_default();
    let signed = if bytes.starts_with(&DESCRIPTOR) { 4 } else { 0 };
    let places = [12, 20].map(|lengths| signed + lengths);
    let next = places
        .into_iter()
        .find(|&place| bytes[..len][place.min(len)..].starts_with(b"PK"));
    at + next.unwrap_or(places[0]) as u64
}

/// Two bytes as a number. `at` is a constant that lies inside.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Four bytes as a number. `at` is a constant that lies inside.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Eight bytes as a number. `at` is a constant that lies inside.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
