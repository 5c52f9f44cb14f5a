//! Reading what changed, from the index or from the work tree.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Sink;
use super::exclude::Excludes;
use super::files::Kind;
use super::git::{BlobError, ChangedFile, Changes, Repository};
use super::ledger::SkipReason;
use super::run::Run;
use super::worker::{Worker, scan_held};

/// A longer blob, in bytes, is not taken into memory.
const MAX_BLOB: u64 = 1024 * 1024 * 1024;

/// Reads all files that changed, on all threads.
pub(super) fn read<S: Sink>(run: &Run<'_, S>, changes: &Changes, excludes: &Excludes<'_>) {
    for skipped in &changes.skipped {
        run.ledger
            .skip(&skipped.path, skipped.reason, skipped.detail.clone());
    }
    let next = AtomicUsize::new(0);
    let files = changes.files();
    thread::scope(|scope| {
        for _ in 0..run.jobs.min(files.len()) {
            let mut reader = Reader {
                worker: Worker::new(run),
                repository: changes.is_staged().then(|| changes.repository().clone()),
                decoded: String::new(),
            };
            let (next, top) = (&next, changes.top());
            scope.spawn(move || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match left_out(&file.name.real, top, excludes) {
                        Some(detail) => {
                            run.ledger
                                .skip(&file.name.path, SkipReason::Excluded, detail);
                        }
                        None => reader.read(run, file),
                    }
                }
            });
        }
    });
}

/// Why the user left out a file, or a directory that it is in.
fn left_out(real: &Path, top: &Path, excludes: &Excludes<'_>) -> Option<String> {
    let inside = real.ancestors().take_while(|path| *path != top);
    let outermost = inside.collect::<Vec<_>>().into_iter().rev();
    outermost
        .map(|path| excludes.detail(path, top, path != real))
        .find_map(|detail| detail)
}

struct Reader<'r, 's, S> {
    worker: Worker<'r, 's, S>,
    /// Present if content comes from the index.
    repository: Option<Repository>,
    decoded: String,
}

impl<S: Sink> Reader<'_, '_, S> {
    fn read(&mut self, run: &Run<'_, S>, file: &ChangedFile) {
        let name = file.name.clone();
        run.sink.saw(&name.path, Kind::File);
        let Some(repository) = &self.repository else {
            return self.worker.read(name);
        };
        match repository.blob(file.id, MAX_BLOB) {
            Ok(bytes) => scan_held(run, name, bytes, &mut self.decoded),
            Err(BlobError::Unreadable(why)) => {
                run.ledger.skip(&name.path, SkipReason::Unreadable, why);
            }
            Err(BlobError::TooLong(size)) => {
                let detail = format!("a staged file of {size} bytes is not taken into memory");
                run.ledger.skip(&name.path, SkipReason::Capped, detail);
            }
        }
    }
}
