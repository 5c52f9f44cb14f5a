//! 7z: one stream for many files, and a list of them at the end, which is packed as well.
//!
//! Read by code of our own over the reference library for LZMA: the readers that there are make room for as many
//! entries, and for dictionaries as large, as a header claims, and end the program where there is no such room.
//! Format: `DOC/7zFormat.txt` and `DOC/Methods.txt` of <https://www.7-zip.org/sdk.html>.

mod coders;
mod fields;
mod listing;
mod open;

use std::io::{self, Read};

use super::super::Sink;
use super::super::ledger::SkipReason;
use super::super::source::Source;
use super::budget::Metered;
use super::name::Place;
use super::unpack::{Stop, Unpacker};
use listing::{Files, Listing, Streams};

/// What every archive starts with.
pub(super) const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";

/// Reads all entries.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    source: &Source,
) -> Result<(), Stop> {
    let list = match open::list(source, &unpacker.budget()) {
        Ok(list) => list,
        Err(error) => return unpacker.broken(place, &error),
    };
    match listing::read(&list) {
        Ok(Listing::Plain(streams, files)) => entries(unpacker, (place, source), &streams, &files),
        Ok(Listing::Packed(_)) => Ok(()),
        Err(error) => unpacker.broken(place, &error),
    }
}

fn entries<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    (place, source): (&Place, &Source),
    streams: &Streams,
    files: &Files<'_>,
) -> Result<(), Stop> {
    let budget = unpacker.budget();
    let mut stretches = streams.files();
    let mut open: Option<(usize, Block<'_>)> = None;
    for file in files.iter() {
        unpacker.enter(place)?;
        if !file.has_bytes {
            continue;
        }
        let Some((folder, size)) = stretches.next() else {
            let detail = "its list names more files than it holds";
            unpacker.skip(place, SkipReason::Unreadable, detail.to_owned());
            return Ok(());
        };
        let (_, block) = match &mut open {
            Some(block) if block.0 == folder => block,
            _ => open.insert((folder, Block::new(source, streams, folder))),
        };
        let inside = place.inside(file.name.as_bytes());
        let mut bytes = match block {
            Block::Open(inner) => Metered {
                inner,
                budget: &budget,
            },
            Block::Closed(why) => {
                unpacker.skip(&inside, SkipReason::Unreadable, why.clone());
                continue;
            }
            Block::Over => continue,
        };
        let is_whole = if file.is_link {
            unpacker.skip(&inside, SkipReason::Symlink, None);
            io::copy(&mut (&mut bytes).take(size), &mut io::sink()).is_ok()
        } else {
            unpacker.stretch(place, &inside, size, &mut bytes)?
        };
        if !is_whole {
            *block = Block::Over;
        }
    }
    unpacker.done();
    Ok(())
}

/// Files that are packed as one.
enum Block<'s> {
    Open(Box<dyn Read + 's>),
    /// It cannot be unpacked; why.
    Closed(String),
    /// It broke off, which has been noted.
    Over,
}

impl<'s> Block<'s> {
    fn new(source: &'s Source, streams: &Streams, folder: usize) -> Self {
        let folder = &streams.folders[folder];
        if folder.is_encrypted() {
            return Self::Closed(open::ENCRYPTED.to_owned());
        }
        match open::unpack(source, folder) {
            Ok(bytes) => Self::Open(bytes),
            Err(error) => Self::Closed(error.to_string()),
        }
    }
}
