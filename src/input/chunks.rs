//! The chunks of a large text.

use std::io;
use std::ops::ControlFlow;

use super::Sink;
use super::run::{Limits, Run};
use super::source::{Reread, Source};
use super::text::{Chunk, Encoding, SourceFile};
use super::window::Window;
use super::worker::Worker;

/// A large text that is open.
pub(super) struct Ready {
    /// What is known of it.
    pub(super) file: SourceFile,
    /// Its bytes.
    pub(super) source: Source,
}

/// What one claim gave.
pub(super) struct Harvest<P> {
    /// With their offsets in the text.
    pub(super) parts: Vec<(u64, P)>,
    /// How many bytes were read that belong to no other claim.
    pub(super) bytes: u64,
    /// What ended it early.
    pub(super) error: Option<io::Error>,
}

impl<P> Harvest<P> {
    const NOTHING: Self = Self {
        parts: Vec::new(),
        bytes: 0,
        error: None,
    };
}

impl Ready {
    /// How many claims there are: one for each chunk, and an empty text is a chunk too. A text that
    /// has to be decoded is read in order, as one claim.
    pub(super) fn claims(&self, limits: Limits) -> u64 {
        match self.file.encoding {
            Encoding::Bytes => self.file.size.div_ceil(limits.owned as u64).max(1),
            Encoding::Utf16Le | Encoding::Utf16Be => 1,
        }
    }

    /// Works a claim off.
    pub(super) fn scan<S: Sink>(
        &self,
        claim: u64,
        run: &Run<'_, S>,
        worker: &mut Worker<'_, '_, S>,
    ) -> Harvest<S::Part> {
        let scanned = match self.file.encoding {
            Encoding::Bytes => self.scan_bytes(claim, run, worker),
            Encoding::Utf16Le | Encoding::Utf16Be => Ok(self.scan_decoded(run)),
        };
        scanned.unwrap_or_else(|error| Harvest {
            error: Some(error),
            ..Harvest::NOTHING
        })
    }

    fn scan_bytes<S: Sink>(
        &self,
        claim: u64,
        run: &Run<'_, S>,
        worker: &mut Worker<'_, '_, S>,
    ) -> io::Result<Harvest<S::Part>> {
        let Limits { owned, overlap, .. } = run.limits;
        let start = claim * owned as u64;
        let offset = start.saturating_sub(overlap as u64);
        let before = usize::try_from(start - offset).unwrap_or(overlap);
        let most = before + owned + overlap;
        let want = usize::try_from(self.file.size - offset).map_or(most, |rest| rest.min(most));
        let room = worker.room(want);
        let len = self.source.read_at(room, offset)?;
        let owned = before.min(len)..(before + owned).min(len);
        // The file has shrunk: nothing of this chunk is left.
        if owned.is_empty() && claim > 0 {
            return Ok(Harvest::NOTHING);
        }
        let bytes = owned.len() as u64;
        let text = &room[..len];
        let chunk = Chunk {
            text,
            offset,
            owned,
        };
        Ok(Harvest {
            parts: vec![(start, run.sink.scan(&self.file, chunk))],
            bytes,
            error: None,
        })
    }

    fn scan_decoded<S: Sink>(&self, run: &Run<'_, S>) -> Harvest<S::Part> {
        let mut window = Window::new(run, &self.file);
        let mut harvest = Harvest::NOTHING;
        let text = Reread {
            source: &self.source,
            file: &self.file,
            piece: run.limits.piece,
        };
        let read = text.visit(&mut |piece, read| {
            window.push(piece, &mut harvest.parts);
            harvest.bytes = read;
            ControlFlow::Continue(())
        });
        harvest.error = read.err();
        window.finish(&mut harvest.parts);
        harvest
    }
}
