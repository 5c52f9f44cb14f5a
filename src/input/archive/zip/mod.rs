//! Zip, and everything that is one: jar, war, office documents.
//!
//! Format: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>; section numbers below are its.

mod directory;
mod header;

use std::io::{self, BufReader, Read};

use flate2::bufread::DeflateDecoder;

use super::super::Sink;
use super::super::ledger::SkipReason;
use super::super::source::{Cursored, Source};
use super::budget::Metered;
use super::name::Place;
use super::unpack::{Stop, Unpacker};
use directory::Directory;
use header::{Entry, Method};

/// Reads all entries: those of the directory, or, where an archive has lost it, those that follow each other from the
/// start.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    source: &Source,
    size: u64,
) -> Result<(), Stop> {
    match Directory::find(source, size) {
        Ok(Some(directory)) => listed(unpacker, place, source, directory),
        Ok(None) => {
            unpacker.skip(
                place,
                SkipReason::Unreadable,
                "the end of it is missing; the entries before that were read".to_owned(),
            );
            unlisted(unpacker, place, source)
        }
        Err(error) => unpacker.broken(place, &error),
    }
}

fn listed<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    source: &Source,
    mut directory: Directory<'_>,
) -> Result<(), Stop> {
    loop {
        match directory.next() {
            Ok(Some(entry)) => {
                unpacker.enter(place)?;
                let start = header::data_start(source, entry.header);
                let inside = place.inside(&entry.name);
                match start {
                    Ok(start) => {
                        one(unpacker, &inside, &entry, (source, start))?;
                    }
                    Err(error) => unpacker.broken(&inside, &error)?,
                }
            }
            Ok(None) => {
                unpacker.done();
                return Ok(());
            }
            Err(error) => return unpacker.broken(place, &error),
        }
    }
}

/// Goes from one local header to the next.
fn unlisted<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    source: &Source,
) -> Result<(), Stop> {
    let mut at = 0;
    while let Ok(Some((entry, start))) = header::local(source, at) {
        unpacker.enter(place)?;
        let read = one(
            unpacker,
            &place.inside(&entry.name),
            &entry,
            (source, start),
        )?;
        at = match entry.packed {
            Some(packed) => start.saturating_add(packed),
            // The length stands behind it, so what was read is what there is. What follows may have a signature.
            None => header::after_descriptor(source, start + read),
        };
    }
    Ok(())
}

/// Hands an entry on. Gives how many packed bytes it takes.
fn one<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    entry: &Entry,
    (source, start): (&Source, u64),
) -> Result<u64, Stop> {
    if entry.is_directory() {
        return Ok(0);
    }
    if entry.is_link() {
        unpacker.skip(place, SkipReason::Symlink, None);
        return Ok(0);
    }
    if entry.is_encrypted() {
        let detail = "it is encrypted; unpack it with its password and scan what comes out";
        unpacker.skip(place, SkipReason::Unreadable, detail.to_owned());
        return Ok(0);
    }
    let mut packed = Cursored::new(source);
    packed.offset = start;
    let packed = BufReader::new(packed.take(entry.packed.unwrap_or(u64::MAX)));
    let budget = unpacker.budget();
    match entry.method {
        Method::Stored => {
            let mut bytes = Metered {
                inner: packed,
                budget: &budget,
            };
            unpacker.entry(place, &mut bytes)?;
            Ok(0)
        }
        Method::Deflated => {
            let mut bytes = Metered {
                inner: DeflateDecoder::new(packed),
                budget: &budget,
            };
            unpacker.entry(place, &mut bytes)?;
            if entry.packed.is_none() {
                // Its end tells where the next entry starts.
                let _ = io::copy(&mut bytes, &mut io::sink());
            }
            Ok(bytes.inner.total_in())
        }
        Method::Packed(packing) => {
            let mut bytes = Metered {
                inner: packing.unpack(packed),
                budget: &budget,
            };
            unpacker.entry(place, &mut bytes)?;
            Ok(0)
        }
        Method::Other(number) => {
            let detail = format!("it is packed by method {number}, which is not known");
            unpacker.skip(place, SkipReason::Unreadable, detail);
            Ok(0)
        }
    }
}
