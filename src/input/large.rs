//! Files that are too large for one chunk: all threads work on the chunks of one file, then on
//! those of the next.

use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Sink;
use super::ledger::SkipReason;
use super::open;
use super::run::{Limits, Run};
use super::source::{Reread, Source};
use super::text::{Chunk, Encoding, SourceFile};
use super::worker::Worker;

/// A large text that waits to be read.
#[derive(Debug)]
pub(super) struct Large {
    file: SourceFile,
    given: Option<Source>,
}

impl Large {
    /// It will be opened again: thousands of open files are more than a process may have.
    pub(super) fn on_disk(file: SourceFile) -> Self {
        Self { file, given: None }
    }

    /// Its bytes are at hand.
    pub(super) fn at_hand(file: SourceFile, source: Source) -> Self {
        Self {
            file,
            given: Some(source),
        }
    }

    /// As [`SourceFile::path`].
    pub(super) fn path(&self) -> &str {
        &self.file.path
    }

    fn open(mut self) -> Result<Ready, (String, open::Refusal)> {
        let source = match (self.given.take(), &self.file.real) {
            (Some(source), _) => source,
            (None, real) => {
                let (file, size) = open::open(real.as_deref().unwrap_or("".as_ref()))
                    .map_err(|refusal| (self.file.path.clone(), refusal))?;
                self.file.size = size;
                Source::File(file)
            }
        };
        Ok(Ready {
            file: self.file,
            source,
        })
    }
}

/// A large text that is open.
struct Ready {
    file: SourceFile,
    source: Source,
}

/// What one claim gave: parts with their offsets, how many bytes were read for them, and what went
/// wrong.
struct Harvest<P> {
    parts: Vec<(u64, P)>,
    bytes: u64,
    error: Option<io::Error>,
}

impl Ready {
    /// How many claims there are. A text that has to be decoded is read in order, as one.
    fn claims(&self, limits: Limits) -> u64 {
        match self.file.encoding {
            Encoding::Bytes => self.file.size.div_ceil(limits.owned as u64).max(1),
            Encoding::Utf16Le | Encoding::Utf16Be => 1,
        }
    }

    fn scan<S: Sink>(
        &self,
        claim: u64,
        run: &Run<'_, S>,
        worker: &mut Worker<'_, '_, S>,
    ) -> Harvest<S::Part> {
        match self.file.encoding {
            Encoding::Bytes => self.scan_bytes(claim, run, worker),
            Encoding::Utf16Le | Encoding::Utf16Be => self.scan_decoded(run),
        }
    }

    fn scan_bytes<S: Sink>(
        &self,
        claim: u64,
        run: &Run<'_, S>,
        worker: &mut Worker<'_, '_, S>,
    ) -> Harvest<S::Part> {
        let Limits { owned, overlap, .. } = run.limits;
        let start = claim * owned as u64;
        let offset = start.saturating_sub(overlap as u64);
        let before = usize::try_from(start - offset).unwrap_or(overlap);
        let most = before + owned + overlap;
        let want = usize::try_from(self.file.size - offset).map_or(most, |rest| rest.min(most));
        let room = worker.room(want);
        let len = match self.source.read_at(room, offset) {
            Ok(len) => len,
            Err(error) => {
                return Harvest {
                    parts: Vec::new(),
                    bytes: 0,
                    error: Some(error),
                };
            }
        };
        let owned = before.min(len)..(before + owned).min(len);
        let bytes = owned.len() as u64;
        // The file has shrunk: nothing of this chunk is left.
        if owned.is_empty() && claim > 0 {
            return Harvest {
                parts: Vec::new(),
                bytes,
                error: None,
            };
        }
        let chunk = Chunk {
            text: &room[..len],
            offset,
            owned,
        };
        let part = run.sink.scan(&self.file, chunk);
        Harvest {
            parts: vec![(start, part)],
            bytes,
            error: None,
        }
    }

    fn scan_decoded<S: Sink>(&self, run: &Run<'_, S>) -> Harvest<S::Part> {
        let mut window = Window {
            run,
            file: &self.file,
            text: Vec::new(),
            offset: 0,
            start: 0,
        };
        let mut parts = Vec::new();
        let mut bytes = 0;
        let text = Reread {
            source: &self.source,
            file: &self.file,
            piece: run.limits.piece,
        };
        let read = text.visit(&mut |piece, read| {
            window.push(piece, &mut parts);
            bytes = read;
            ControlFlow::Continue(())
        });
        window.finish(&mut parts);
        Harvest {
            parts,
            bytes,
            error: read.err(),
        }
    }
}

/// The stretch of a decoded text that is in memory.
struct Window<'w, 's, S> {
    run: &'w Run<'s, S>,
    file: &'w SourceFile,
    text: Vec<u8>,
    /// Where `text` starts in the text of the file.
    offset: u64,
    /// Where in `text` the next chunk's own bytes start.
    start: usize,
}

impl<S: Sink> Window<'_, '_, S> {
    fn push(&mut self, piece: &[u8], parts: &mut Vec<(u64, S::Part)>) {
        let Limits { owned, overlap, .. } = self.run.limits;
        self.text.extend_from_slice(piece);
        while self.text.len() > self.start + owned + overlap {
            let end = self.start + owned;
            parts.push(self.scan(end + overlap, end));
            let done = end.saturating_sub(overlap);
            self.text.drain(..done);
            self.offset += done as u64;
            self.start = end - done;
        }
    }

    /// What is left is at most a chunk and its overlap.
    fn finish(&mut self, parts: &mut Vec<(u64, S::Part)>) {
        let Limits { owned, .. } = self.run.limits;
        let len = self.text.len();
        while self.start < len || parts.is_empty() {
            let end = (self.start + owned).min(len);
            parts.push(self.scan(len, end));
            self.start = end;
        }
    }

    fn scan(&self, len: usize, end: usize) -> (u64, S::Part) {
        let chunk = Chunk {
            text: &self.text[..len],
            offset: self.offset,
            owned: self.start..end,
        };
        let at = self.offset + self.start as u64;
        (at, self.run.sink.scan(self.file, chunk))
    }
}

/// A large file and how far the threads are with it.
struct Job<P>(Mutex<Progress<P>>);

enum Progress<P> {
    Waiting(Large),
    Open(Open<P>),
    Done,
}

struct Open<P> {
    ready: Arc<Ready>,
    claims: u64,
    next: u64,
    running: usize,
    parts: Vec<(u64, P)>,
    /// The first thing that went wrong, by claim.
    failed: Option<(u64, io::Error)>,
}

impl<P: Send> Job<P> {
    fn lock(&self) -> MutexGuard<'_, Progress<P>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the file for the first who asks. Nothing is left to claim where this gives nothing.
    fn claim<S: Sink<Part = P>>(&self, run: &Run<'_, S>) -> Option<(Arc<Ready>, u64)> {
        let mut progress = self.lock();
        if matches!(*progress, Progress::Waiting(_)) {
            *progress = match std::mem::replace(&mut *progress, Progress::Done) {
                Progress::Waiting(large) => start(large, run),
                other => other,
            };
        }
        match &mut *progress {
            Progress::Open(open) if open.next < open.claims => {
                open.next += 1;
                open.running += 1;
                Some((Arc::clone(&open.ready), open.next - 1))
            }
            _ => None,
        }
    }

    /// Hands in a claim. Whoever hands in the last one concludes the file.
    fn hand_in<S: Sink<Part = P>>(&self, run: &Run<'_, S>, claim: u64, harvest: Harvest<P>) {
        run.ledger.add_bytes(harvest.bytes);
        let mut progress = self.lock();
        let Progress::Open(open) = &mut *progress else {
            return;
        };
        open.running -= 1;
        open.parts.extend(harvest.parts);
        if let Some(error) = harvest.error
            && open.failed.as_ref().is_none_or(|(first, _)| claim < *first)
        {
            open.failed = Some((claim, error));
        }
        if open.running > 0 || open.next < open.claims {
            return;
        }
        let last = std::mem::replace(&mut *progress, Progress::Done);
        drop(progress);
        if let Progress::Open(open) = last {
            open.conclude(run);
        }
    }
}

fn start<S: Sink>(large: Large, run: &Run<'_, S>) -> Progress<S::Part> {
    match large.open() {
        Ok(ready) => Progress::Open(Open {
            claims: ready.claims(run.limits),
            ready: Arc::new(ready),
            next: 0,
            running: 0,
            parts: Vec::new(),
            failed: None,
        }),
        Err((path, refusal)) => {
            run.refuse(&path, &refusal);
            Progress::Done
        }
    }
}

impl<P> Open<P> {
    fn conclude<S: Sink<Part = P>>(mut self, run: &Run<'_, S>) {
        let Ready { file, source } = &*self.ready;
        match self.failed {
            None => run.ledger.add_file(),
            Some((_, error)) => {
                run.ledger
                    .skip(&file.path, SkipReason::Unreadable, error.to_string());
            }
        }
        self.parts.sort_by_key(|(offset, _)| *offset);
        let parts = self.parts.into_iter().map(|(_, part)| part).collect();
        let mut text = Reread {
            source,
            file,
            piece: run.limits.piece,
        };
        run.sink.conclude(file, parts, &mut text);
    }
}

/// Reads everything that was put aside.
pub(super) fn read_all<S: Sink>(run: &Run<'_, S>) {
    let waiting = run.take_large().into_iter().map(Progress::Waiting);
    let jobs: Vec<Job<S::Part>> = waiting.map(|large| Job(Mutex::new(large))).collect();
    if jobs.is_empty() {
        return;
    }
    thread::scope(|scope| {
        for _ in 0..run.jobs {
            scope.spawn(|| {
                let mut worker = Worker::new(run);
                for job in &jobs {
                    while let Some((ready, claim)) = job.claim(run) {
                        let harvest = ready.scan(claim, run, &mut worker);
                        job.hand_in(run, claim, harvest);
                    }
                }
            });
        }
    });
}
