//! From an archive on disk to the files in it, however nested.

use std::collections::HashSet;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use super::super::Sink;
use super::super::chunks::Ready;
use super::super::large;
use super::super::ledger::SkipReason;
use super::super::run::Run;
use super::super::sniff::{self, Content};
use super::super::source::{Cursored, Source};
use super::super::text::SourceFile;
use super::super::worker::{Worker, scan_whole};
use super::budget::{Budget, Metered};
use super::entry::{self, Held};
use super::name::Place;
use super::office::{self, Paragraphs};
use super::{Archives, Format, phar, recognise, sevenz, sqlite, tar, wpress, zip};

/// The whole file on disk is given up: a limit is reached, which has been noted.
#[derive(Debug)]
pub(super) struct Stop;

/// Reads one archive on disk.
pub(super) struct Unpacker<'u, 's, S> {
    run: &'u Run<'s, S>,
    disk: &'u Ready,
    depth: usize,
    budget: Rc<Budget>,
    /// For texts of more than one chunk, which are rare: it has a large buffer.
    worker: Option<Worker<'u, 's, S>>,
    decoded: String,
    /// What the user left out of it, as the ledger has it.
    left_out: HashSet<String>,
}

impl<'u, 's, S: Sink> Unpacker<'u, 's, S> {
    /// With all limits untouched.
    pub(super) fn new(run: &'u Run<'s, S>, archives: &Archives, disk: &'u Ready) -> Self {
        Self {
            run,
            disk,
            depth: archives.depth,
            budget: Rc::new(Budget::new(archives, disk.file.size)),
            worker: None,
            decoded: String::new(),
            left_out: HashSet::new(),
        }
    }

    /// Reads everything in it.
    pub(super) fn read(mut self, format: Format) {
        let place = Place::on_disk(&self.disk.file);
        let Ready { file, source } = self.disk;
        // That it stopped has been noted.
        let _: Result<(), Stop> = match format {
            Format::Zip => zip::read(&mut self, &place, source, file.size),
            Format::SevenZip => sevenz::read(&mut self, &place, source),
            Format::Sqlite => sqlite::read(&mut self, &place, source, file.size),
            _ => self.archive(&place, format, &mut BufReader::new(Cursored::new(source))),
        };
    }

    /// The limits, for a reader that unpacks.
    pub(super) fn budget(&self) -> Rc<Budget> {
        Rc::clone(&self.budget)
    }

    /// One more entry of an archive.
    pub(super) fn enter(&self, archive: &Place) -> Result<(), Stop> {
        if self.budget.enter() {
            Ok(())
        } else {
            Err(self.stop(archive))
        }
    }

    /// A file in an archive, which may be one itself.
    pub(super) fn entry(&mut self, place: &Place, bytes: &mut dyn Read) -> Result<(), Stop> {
        if self.is_left_out(place) {
            return Ok(());
        }
        let mut head = Vec::new();
        let read = entry::fill(bytes, &mut head, sniff::HEAD_LEN);
        if let Err(error) = read {
            self.text(
                place,
                Held {
                    size: head.len() as u64,
                    source: Source::Memory(head),
                    error: Some(error),
                },
            )
        } else {
            self.known(place, head, bytes)
        }
    }

    /// Whether the user left an entry out. Of a directory this is noted once.
    fn is_left_out(&mut self, place: &Place) -> bool {
        let on_disk = self.disk.file.relative.len();
        let excludes = self.run.excludes;
        let found = excludes.and_then(|all| all.detail_inside(&place.relative, on_disk));
        let Some((len, detail)) = found else {
            return false;
        };
        // Both names end alike.
        let rest = place.relative.len() - len;
        let end = place.path.len().saturating_sub(rest);
        let name = place.path.get(..end).unwrap_or(&place.path);
        if self.left_out.insert(name.to_owned()) {
            self.run.ledger.skip(name, SkipReason::Excluded, detail);
        }
        true
    }

    /// An entry that stands as it is in an archive that is read in order, up to its end. False if there is less of it
    /// than the archive says, which is noted.
    pub(super) fn stretch(
        &mut self,
        archive: &Place,
        place: &Place,
        len: u64,
        bytes: &mut dyn Read,
    ) -> Result<bool, Stop> {
        let mut bytes = bytes.take(len);
        self.entry(place, &mut bytes)?;
        if let Err(error) = io::copy(&mut bytes, &mut io::sink()) {
            self.broken(archive, &error)?;
            return Ok(false);
        }
        let is_whole = bytes.limit() == 0;
        if !is_whole {
            self.skip(archive, SkipReason::Unreadable, "it ends early".to_owned());
        }
        Ok(is_whole)
    }

    /// A file of which the head has been read.
    fn known(&mut self, place: &Place, head: Vec<u8>, rest: &mut dyn Read) -> Result<(), Stop> {
        if let Some(format) = recognise(&head) {
            return self.archive(place, format, &mut Cursor::new(head).chain(rest));
        }
        if let Content::Binary(kind) = sniff::sniff(&head) {
            self.skip(place, SkipReason::Binary, kind.to_owned());
            return Ok(());
        }
        let is_office = office::is_text(&head);
        let mut bytes = Cursor::new(head).chain(rest);
        let memory = self.run.limits.one_chunk;
        let held = if is_office {
            entry::hold(&mut Paragraphs::new(bytes), memory)
        } else {
            entry::hold(&mut bytes, memory)
        };
        self.text(place, held)
    }

    /// An archive, on disk or in another one.
    fn archive(&mut self, place: &Place, format: Format, bytes: &mut dyn Read) -> Result<(), Stop> {
        if place.depth >= self.depth {
            let detail = format!(
                "archives that lie more than {} deep in others are not opened; --archive-depth opens them",
                self.depth
            );
            self.skip(place, SkipReason::Capped, detail);
            return Ok(());
        }
        let place = &place.opened();
        match format {
            Format::Tar => tar::read(self, place, bytes),
            Format::Packed(packing) => self.packed(place, &mut packing.unpack(bytes)),
            Format::Phar(list) => phar::read(self, place, list, bytes),
            Format::Wpress => wpress::read(self, place, bytes),
            Format::Zip | Format::SevenZip | Format::Sqlite => {
                let Held {
                    source,
                    size,
                    error,
                } = entry::hold(bytes, self.run.limits.one_chunk);
                if let Some(error) = error {
                    self.broken(place, &error)?;
                }
                match format {
                    Format::SevenZip => sevenz::read(self, place, &source),
                    Format::Sqlite => sqlite::read(self, place, &source, size),
                    _ => zip::read(self, place, &source, size),
                }
            }
        }
    }

    /// A packed file: a tar, which is then what the packed file is taken for, or any other.
    fn packed(&mut self, place: &Place, unpacks: &mut dyn Read) -> Result<(), Stop> {
        let budget = self.budget();
        let mut bytes = Metered {
            inner: unpacks,
            budget: &budget,
        };
        let mut head = Vec::new();
        if let Err(error) = entry::fill(&mut bytes, &mut head, sniff::HEAD_LEN) {
            self.broken(place, &error)?;
        }
        if recognise(&head) == Some(Format::Tar) {
            let mut bytes = Cursor::new(head).chain(bytes);
            tar::read(self, place, &mut bytes)?;
            // What stands behind a tar is zeros, and the packer's own sum of everything.
            let rest = io::copy(&mut bytes, &mut io::sink());
            return rest.map_or_else(|error| self.broken(place, &error), |_| Ok(()));
        }
        self.done();
        self.enter(place)?;
        self.known(&place.unpacked(), head, &mut bytes)
    }

    /// Hands a text to the sink.
    fn text(&mut self, place: &Place, held: Held) -> Result<(), Stop> {
        let Held {
            source,
            size,
            error,
        } = held;
        let mut head = vec![0; sniff::HEAD_LEN.min(usize::try_from(size).unwrap_or(usize::MAX))];
        let len = source.read_at(&mut head, 0).unwrap_or_default();
        let Content::Text(encoding, text_start) = sniff::sniff(&head[..len]) else {
            return error.map_or(Ok(()), |error| self.broken(place, &error));
        };
        let file = SourceFile {
            path: place.path.clone(),
            relative: place.relative.clone(),
            size,
            encoding,
            text_start,
            real: self.disk.file.real.clone(),
            archive: Some(self.disk.file.path.clone()),
        };
        match source {
            Source::Memory(bytes) if bytes.len() <= self.run.limits.one_chunk => {
                scan_whole(self.run, &file, &bytes, &mut self.decoded);
            }
            source => {
                let worker = self.worker.get_or_insert_with(|| Worker::new(self.run));
                large::read_one(self.run, &Ready { file, source }, worker);
            }
        }
        match error {
            Some(error) => self.broken(place, &error),
            None => {
                self.done();
                Ok(())
            }
        }
    }

    /// Something was read to its end.
    pub(super) fn done(&self) {
        self.run.ledger.add_file();
    }

    /// Something could not be read, because it is broken or because a limit was reached.
    pub(super) fn broken(&self, place: &Place, error: &io::Error) -> Result<(), Stop> {
        if self.budget.hit().is_some() {
            return Err(self.stop(place));
        }
        self.skip(place, SkipReason::Unreadable, error.to_string());
        Ok(())
    }

    fn stop(&self, place: &Place) -> Stop {
        let what = self.budget.hit().unwrap_or_default();
        let detail = format!("{what}; unpacking stopped there: unpack it and scan what comes out");
        self.skip(place, SkipReason::Capped, detail);
        Stop
    }

    /// Notes what was not read.
    pub(super) fn skip(
        &self,
        place: &Place,
        reason: SkipReason,
        detail: impl Into<Option<String>>,
    ) {
        self.run.ledger.skip(&place.path, reason, detail);
    }
}
