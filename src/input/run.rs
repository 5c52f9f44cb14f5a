//! One run over all roots: what its threads share.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fs, mem, thread};

use super::archive::{self, Archives, Format};
use super::exclude::Excludes;
use super::files::Kind;
use super::git::{Cache, Changes, GitStates, History, Repository, Selection};
use super::large::{self, Large};
use super::ledger::{Coverage, Ledger, SkipReason};
use super::open::Refusal;
use super::roots::{self, Plan};
use super::walk::{self, Scope};
use super::worker::{Name, Worker};
use super::{InputError, Only, Options, Root, Since, Sink, changed, stdin};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// So many bytes of context stand on either side of what a chunk owns, where the text has them.
pub const OVERLAP: usize = 64 * KIB;

/// Sizes, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// A file up to this size is one chunk.
    pub(super) one_chunk: usize,
    /// What a chunk of a larger file owns.
    pub(super) owned: usize,
    /// See [`OVERLAP`].
    pub(super) overlap: usize,
    /// So much of a larger file is read at once where it is read in order.
    pub(super) piece: usize,
    /// Standard input is held in memory up to this size.
    pub(super) memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            one_chunk: 8 * MIB,
            owned: 4 * MIB,
            overlap: OVERLAP,
            piece: MIB,
            memory: 64 * MIB,
        }
    }
}

/// What the threads of one run share.
pub(super) struct Run<'s, S> {
    /// Takes the text.
    pub(super) sink: &'s S,
    /// The account.
    pub(super) ledger: Ledger,
    /// Sizes.
    pub(super) limits: Limits,
    /// Number of threads, at least one.
    pub(super) jobs: usize,
    /// How far to go into archives.
    pub(super) archives: Option<Archives>,
    /// What the user left out, which entries of archives are asked about.
    pub(super) excludes: Option<&'s Excludes<'s>>,
    large: Mutex<Vec<Large>>,
    packed: Mutex<Vec<(Format, Large)>>,
}

impl<'s, S: Sink> Run<'s, S> {
    /// Nothing is read yet.
    pub(super) fn new(
        sink: &'s S,
        limits: Limits,
        jobs: usize,
        archives: Option<Archives>,
    ) -> Self {
        Self {
            sink,
            ledger: Ledger::default(),
            limits,
            jobs: jobs.max(1),
            archives,
            excludes: None,
            large: Mutex::default(),
            packed: Mutex::default(),
        }
    }

    /// Puts a file aside for the round of large files.
    pub(super) fn put_aside(&self, large: Large) {
        self.lock_large().push(large);
    }

    /// What was put aside, in an order that does not depend on threads.
    pub(super) fn take_large(&self) -> Vec<Large> {
        let mut large = mem::take(&mut *self.lock_large());
        large.sort_by(|a, b| a.path().cmp(b.path()));
        large
    }

    /// Puts an archive aside for the round of archives.
    pub(super) fn put_archive_aside(&self, format: Format, large: Large) {
        self.lock_packed().push((format, large));
    }

    /// The archives that were put aside, the largest first, so that none of them is waited for at the end.
    pub(super) fn take_archives(&self) -> Vec<(Format, Large)> {
        let mut packed = mem::take(&mut *self.lock_packed());
        packed.sort_by(|(_, a), (_, b)| (b.size(), a.path()).cmp(&(a.size(), b.path())));
        packed
    }

    /// Notes why a file was not opened.
    pub(super) fn refuse(&self, path: &str, refusal: &Refusal) {
        match refusal {
            Refusal::Special(kind) => {
                self.ledger
                    .skip(path, SkipReason::Special, (*kind).to_owned());
            }
            Refusal::Io(error) => {
                self.ledger
                    .skip(path, SkipReason::Unreadable, error.to_string());
            }
        }
    }

    fn lock_packed(&self) -> std::sync::MutexGuard<'_, Vec<(Format, Large)>> {
        self.packed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_large(&self) -> std::sync::MutexGuard<'_, Vec<Large>> {
        self.large.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As [`super::read`], with sizes of one's own.
pub(super) fn read<S: Sink>(
    roots: &[Root],
    options: &Options,
    sink: &S,
    limits: Limits,
) -> Result<Coverage, InputError> {
    let excludes = Excludes::new(&options.excludes)?;
    let mut run = Run::new(sink, limits, options.jobs, options.archives);
    run.excludes = Some(&excludes);
    let mut plan = roots::resolve(roots, &run.ledger)?;
    let git = GitStates::new();
    if options.only == Only::Tracked {
        keep_tracked(&mut plan, &git, &run.ledger)?;
    }
    read_files(&run, &plan);
    for directory in &plan.directories {
        let scope = Scope {
            directory,
            excludes: &excludes,
            git: &git,
            only: options.only,
            elsewhere: &other_roots(&plan, &directory.real),
        };
        walk::walk(&run, &scope);
    }
    if let Some(name) = &plan.stdin {
        stdin::read(&run, name, &mut io::stdin().lock());
    }
    archive::read_all(&run);
    large::read_all(&run);
    if options.only == Only::Tracked {
        for note in git.notes() {
            run.ledger.skip(".", SkipReason::Unreadable, note);
        }
    }
    Ok(run.ledger.close())
}

/// Takes the files out that git does not track.
fn keep_tracked(plan: &mut Plan, git: &GitStates, ledger: &Ledger) -> Result<(), InputError> {
    for directory in &plan.directories {
        Repository::around(&directory.real).map_err(InputError::Repository)?;
    }
    plan.files.retain(|name| {
        let why = git.untracked(&name.real, false);
        if why.is_some() {
            ledger.skip(&name.path, SkipReason::Excluded, why.clone());
        }
        why.is_none()
    });
    Ok(())
}

/// As [`super::changes`].
pub(super) fn changes(roots: &[Root], since: &Since) -> Result<Changes, InputError> {
    let ledger = Ledger::default();
    let plan = roots::resolve(roots, &ledger)?;
    let changes = match since {
        Since::Head => Changes::staged(&plan),
        Since::Base(base) => Changes::since(&plan, base),
    };
    let mut changes = changes.map_err(InputError::Repository)?;
    changes.skipped.extend(ledger.close().skipped);
    Ok(changes)
}

/// As [`super::read_changes`].
pub(super) fn read_changes<S: Sink>(
    changes: &Changes,
    options: &Options,
    sink: &S,
) -> Result<Coverage, InputError> {
    let excludes = Excludes::new(&options.excludes)?;
    let mut run = Run::new(sink, Limits::default(), options.jobs, options.archives);
    run.excludes = Some(&excludes);
    changed::read(&run, changes, &excludes);
    archive::read_all(&run);
    large::read_all(&run);
    Ok(run.ledger.close())
}

/// As [`super::history`].
pub(super) fn history(
    path: &Path,
    selection: &Selection,
    (jobs, cache): (usize, Option<&Cache>),
) -> Result<History, InputError> {
    let real = fs::canonicalize(path).map_err(|_| InputError::Missing {
        root: path.to_owned(),
    })?;
    History::open(&real, selection, (jobs.max(1), cache)).map_err(InputError::Repository)
}

/// As [`super::read_history`].
pub(super) fn read_history<S: Sink>(history: &History, options: &Options, sink: &S) -> Coverage {
    let run = Run::new(sink, Limits::default(), options.jobs, None);
    history.read(&run)
}

/// As [`super::read_stream`].
pub(super) fn read_stream<S: Sink>(
    (name, stream): (&str, &mut impl io::Read),
    archives: Option<Archives>,
    sink: &S,
) -> Coverage {
    let run = Run::new(sink, Limits::default(), 1, archives);
    stdin::read(&run, name, stream);
    archive::read_all(&run);
    large::read_all(&run);
    run.ledger.close()
}

/// The roots that a walk from `here` leaves alone.
fn other_roots(plan: &Plan, here: &PathBuf) -> HashSet<PathBuf> {
    let files = plan.files.iter().map(|name| &name.real);
    let directories = plan.directories.iter().map(|directory| &directory.real);
    let others = files.chain(directories).filter(|real| *real != here);
    others.cloned().collect()
}

fn read_files<S: Sink>(run: &Run<'_, S>, plan: &Plan) {
    let next = AtomicUsize::new(0);
    let files: &[Name] = &plan.files;
    thread::scope(|scope| {
        for _ in 0..run.jobs.min(files.len()) {
            scope.spawn(|| {
                let mut worker = Worker::new(run);
                while let Some(name) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run.sink.saw(&name.path, Kind::File);
                    worker.read(name.clone());
                }
            });
        }
    });
}
