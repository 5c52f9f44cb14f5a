//! The backups of All-in-One WP Migration: files one behind the other, each with a block in front of it.
//!
//! Format: <https://github.com/yani-/wpress> (`wpress.go`, `header.go`).

use std::io::{self, Read};
use std::ops::Range;

use super::super::Sink;
use super::name::Place;
use super::unpack::{Stop, Unpacker};

/// A block: the name of a file, its length and time as digits, and its directory, each filled up with zeros.
const NAME: Range<usize> = 0..255;
const LENGTH: Range<usize> = 255..269;
const TIME: Range<usize> = 269..281;
const DIRECTORY: Range<usize> = 281..4377;
const BLOCK: usize = 4377;

/// Whether the first block of an archive stands there.
pub(super) fn is_block(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK) else {
        return false;
    };
    let name = text(&block[NAME]);
    let is_filled = |part: &[u8]| part[text(part).len()..].iter().all(|&byte| byte == 0);
    !name.is_empty()
        && length(block).is_some()
        && text(&block[TIME]).iter().all(u8::is_ascii_digit)
        && [NAME, LENGTH, TIME].into_iter().all(|part| is_filled(&block[part]))
        // Text holds no zeros at all, and these are many.
        && block[DIRECTORY].ends_with(&[0; 64])
}

/// What stands before the zeros.
fn text(part: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, part).unwrap_or(part.len());
    &part[..end]
}

fn length(block: &[u8]) -> Option<u64> {
    std::str::from_utf8(text(&block[LENGTH])).ok()?.parse().ok()
}

/// Reads all entries.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    bytes: &mut dyn Read,
) -> Result<(), Stop> {
    let mut block = vec![0; BLOCK];
    loop {
        if let Err(error) = bytes.read_exact(&mut block) {
            return unpacker.broken(place, &error);
        }
        if block.iter().all(|&byte| byte == 0) {
            unpacker.done();
            return Ok(());
        }
        let Some(length) = length(&block) else {
            let error = io::Error::new(io::ErrorKind::InvalidData, "an entry has no length");
            return unpacker.broken(place, &error);
        };
        unpacker.enter(place)?;
        let name = [text(&block[DIRECTORY]), b"/", text(&block[NAME])].concat();
        if !unpacker.stretch(place, &place.inside(&name), length, bytes)? {
            return Ok(());
        }
    }
}
