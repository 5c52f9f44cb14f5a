//! Files that are too large for one chunk: all threads work on the chunks of one file, then on
//! those of the next.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Sink;
use super::chunks::{Harvest, Ready};
use super::ledger::SkipReason;
use super::open::{self, Refusal};
use super::run::Run;
use super::source::{Reread, Source};
use super::text::SourceFile;
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

    /// Length in bytes, as it was when it was met.
    pub(super) fn size(&self) -> u64 {
        self.file.size
    }

    /// Opens it, unless it is at hand.
    ///
    /// # Errors
    /// Its path, and why it was not opened.
    pub(super) fn open(mut self) -> Result<Ready, (String, Refusal)> {
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
            *progress = match mem::replace(&mut *progress, Progress::Done) {
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
        let last = mem::replace(&mut *progress, Progress::Done);
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

/// Reads a text that is at hand on this thread. The ledger hears of its bytes, and of what could not be read of it.
pub(super) fn read_one<'r, S: Sink>(
    run: &'r Run<'_, S>,
    ready: &Ready,
    worker: &mut Worker<'r, '_, S>,
) {
    let mut parts = Vec::new();
    for claim in 0..ready.claims(run.limits) {
        let harvest = ready.scan(claim, run, worker);
        run.ledger.add_bytes(harvest.bytes);
        parts.extend(harvest.parts);
        if let Some(error) = harvest.error {
            let path = &ready.file.path;
            run.ledger
                .skip(path, SkipReason::Unreadable, error.to_string());
        }
    }
    let Ready { file, source } = ready;
    let parts = parts.into_iter().map(|(_, part)| part).collect();
    let mut text = Reread {
        source,
        file,
        piece: run.limits.piece,
    };
    run.sink.conclude(file, parts, &mut text);
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
