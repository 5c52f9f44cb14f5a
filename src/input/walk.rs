//! A directory and everything below it.

use std::collections::HashSet;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::exclude::Excludes;
use super::files::Kind;
use super::git::GitStates;
use super::ledger::SkipReason;
use super::open;
use super::roots::Directory;
use super::run::Run;
use super::vcs;
use super::worker::{Name, Worker};
use super::{Only, Sink};

/// What to walk, and what to leave out of it.
pub(super) struct Scope<'w> {
    /// Where to start.
    pub(super) directory: &'w Directory,
    /// What the user left out.
    pub(super) excludes: &'w Excludes<'w>,
    /// How git sees files.
    pub(super) git: &'w GitStates,
    /// What git has to say about a file that is read.
    pub(super) only: Only,
    /// Real paths that are read as roots of their own.
    pub(super) elsewhere: &'w HashSet<PathBuf>,
}

/// Walks a directory on all threads and reads what fits into one chunk.
pub(super) fn walk<S: Sink>(run: &Run<'_, S>, scope: &Scope<'_>) {
    let walker = WalkBuilder::new(&scope.directory.real)
        .standard_filters(false)
        .follow_links(false)
        .threads(run.jobs)
        .build_parallel();
    let root = scope.directory.real.join("");
    let root_len = root.to_string_lossy().len();
    walker.run(|| {
        let mut visitor = Visitor {
            run,
            scope,
            worker: Worker::new(run),
            root_len,
        };
        Box::new(move |entry| match entry {
            Ok(entry) => visitor.visit(&entry),
            Err(error) => {
                visitor.lament(&error);
                WalkState::Continue
            }
        })
    });
}

struct Visitor<'w, 's, S> {
    run: &'w Run<'s, S>,
    scope: &'w Scope<'w>,
    worker: Worker<'w, 's, S>,
    /// How much of a walked path, as text, is the root with its slash.
    root_len: usize,
}

impl<S: Sink> Visitor<'_, '_, S> {
    fn visit(&mut self, entry: &DirEntry) -> WalkState {
        match entry.file_type() {
            Some(_) if entry.depth() == 0 => WalkState::Continue,
            Some(file_type) => self.consider(entry.path(), file_type),
            None => WalkState::Continue,
        }
    }

    fn consider(&mut self, real: &Path, file_type: FileType) -> WalkState {
        if self.scope.elsewhere.contains(real) {
            return WalkState::Skip;
        }
        if let Some(detail) = self.left_out(real, file_type.is_dir()) {
            return self.skip(real, SkipReason::Excluded, detail);
        }
        if file_type.is_dir() {
            self.run.sink.saw(&self.path(real), Kind::Directory);
            match real.file_name().and_then(vcs::system) {
                None => WalkState::Continue,
                Some(system) => self.read_some(real, system),
            }
        } else if file_type.is_file() {
            let relative = self.relative(real);
            let path = self.scope.directory.path_of(&relative);
            self.run.sink.saw(&path, Kind::File);
            self.worker.read(Name {
                path,
                relative,
                real: real.to_owned(),
            });
            WalkState::Continue
        } else if file_type.is_symlink() {
            self.run.sink.saw(&self.path(real), Kind::Link);
            self.skip(real, SkipReason::Symlink, target(real))
        } else {
            self.skip(real, SkipReason::Special, open::kind(file_type).to_owned())
        }
    }

    fn left_out(&self, real: &Path, is_dir: bool) -> Option<String> {
        let root = &self.scope.directory.real;
        let excluded = self.scope.excludes.detail(real, root, is_dir);
        excluded.or_else(|| match self.scope.only {
            Only::All => None,
            Only::NotIgnored => self.scope.git.ignored(real, is_dir),
            Only::Tracked => self.scope.git.untracked(real, is_dir),
        })
    }

    /// Leaves a version control system's internals alone but for a few files.
    fn read_some(&mut self, directory: &Path, system: vcs::System) -> WalkState {
        for path in system.readable(directory) {
            match fs::symlink_metadata(&path) {
                Ok(metadata) => {
                    self.consider(&path, metadata.file_type());
                }
                Err(error) => self.lament_io(&path, &error),
            }
        }
        self.skip(directory, SkipReason::VersionControl, None)
    }

    fn skip(
        &self,
        real: &Path,
        reason: SkipReason,
        detail: impl Into<Option<String>>,
    ) -> WalkState {
        self.run.ledger.skip(&self.path(real), reason, detail);
        WalkState::Skip
    }

    /// A directory that could not be listed, or an entry of one.
    fn lament(&self, error: &ignore::Error) {
        let mut path = None;
        let mut cause = error;
        loop {
            cause = match cause {
                ignore::Error::WithPath { path: at, err } => {
                    path = Some(at.as_path());
                    err
                }
                ignore::Error::WithDepth { err, .. } => err,
                _ => break,
            };
        }
        let path = self.path(path.unwrap_or(&self.scope.directory.real));
        let detail = cause.to_string();
        self.run.ledger.skip(&path, SkipReason::Unreadable, detail);
    }

    fn lament_io(&self, real: &Path, error: &io::Error) {
        let detail = error.to_string();
        let path = self.path(real);
        self.run.ledger.skip(&path, SkipReason::Unreadable, detail);
    }

    /// How reports show a real path below the walked directory.
    fn path(&self, real: &Path) -> String {
        self.scope.directory.path_of(&self.relative(real))
    }

    /// A walked path without the root, as reports show it. Walked paths are tidy: what follows the
    /// root is taken as it is.
    fn relative(&self, real: &Path) -> String {
        let shown = real.to_string_lossy();
        let inside = shown.get(self.root_len..).unwrap_or_default();
        if cfg!(windows) {
            inside.replace('\\', "/")
        } else {
            inside.to_owned()
        }
    }
}

fn target(link: &Path) -> Option<String> {
    let target = fs::read_link(link).ok()?;
    Some(format!("to {}", target.to_string_lossy()))
}
