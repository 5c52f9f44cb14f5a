//! Where bytes come from, and an account of those that were not read.
//!
//! [`read`] works in two rounds on the same threads. The first walks the roots and reads what fits
//! into one chunk; it notes larger files. The second cuts those into chunks that all threads share.
//! Round one keeps every thread busy until its last file, so nothing is gained by mixing them.

mod archive;
mod changed;
mod chunks;
mod disk;
mod exclude;
mod files;
mod git;
mod large;
mod ledger;
mod magic;
mod open;
mod roots;
mod run;
mod sniff;
mod source;
mod stdin;
mod text;
mod utf16;
mod vcs;
mod walk;
mod window;
mod worker;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use archive::{Archives, Plain, open_plain};
pub use disk::Disk;
pub use exclude::{Exclude, PathGlobs, leave_out};
pub use files::{Files, Kind, MAX_READ, Memory};
pub use git::{
    Cache, CacheKey, Changes, GitStates, Given, History, Push, Remote, Selection, Shadow,
};
pub use ledger::{Coverage, SkipReason, Skipped};
pub use open::private_directory;
pub use roots::shown;
pub use run::OVERLAP;
pub use text::{Chunk, Encoding, SourceFile, TextSource};

/// What is done with the text that is read. Called from several threads at once.
pub trait Sink: Sync {
    /// What one chunk gives.
    type Part: Send;

    /// Something was met, whether it is read or not: a file, a directory or a symbolic link, named as reports do.
    /// What the user left out is not met, nor what lies inside of a version control system's directory.
    fn saw(&self, _path: &str, _kind: Kind) {}

    /// Looks at one chunk. An empty file is one empty chunk.
    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) -> Self::Part;

    /// Called once for each file, after its last chunk, with the parts in order of offset. After
    /// a read error inside a large file, these are the parts that could be read.
    fn conclude(&self, file: &SourceFile, parts: Vec<Self::Part>, text: &mut dyn TextSource);
}

/// Something to read, as the user named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// A file, which is read whatever the excludes say, or a directory, which is walked.
    Path(PathBuf),
    /// Standard input, read once however often it is named.
    Stdin {
        /// What reports call it.
        name: String,
    },
}

/// How to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Number of threads; 0 counts as 1.
    pub jobs: usize,
    /// What to leave out of directories.
    pub excludes: Vec<Exclude>,
    /// What else to leave out of directories.
    pub only: Only,
    /// How far to go into archives; without, they are left alone.
    pub archives: Option<Archives>,
}

/// Which files of a directory are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Only {
    /// All of them.
    #[default]
    All,
    /// Those that git does not ignore.
    NotIgnored,
    /// Those that git tracks.
    Tracked,
}

/// Since when files changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// What is staged, since the last commit.
    Head,
    /// What is in the work tree and tracked, since the history parted from that of this branch, tag or commit.
    Base(String),
}

/// Nothing was read, because what to read was not understood.
#[derive(Debug)]
pub enum InputError {
    /// A root does not exist.
    Missing {
        /// As given.
        root: PathBuf,
    },
    /// The glob of an [`Exclude`] is malformed.
    Glob {
        /// Which one.
        exclude: Exclude,
        /// What is wrong with it.
        error: globset::Error,
    },
    /// A repository cannot give what was asked for: what and why, for the user.
    Repository(String),
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { root } => write!(
                f,
                "{}: no such file or directory; check the spelling and the current directory",
                root.to_string_lossy().escape_debug()
            ),
            Self::Glob { exclude, error } => write!(
                f,
                "the exclude pattern `{}` of {} is malformed: {}; correct it or put a backslash \
                 before characters that stand for themselves",
                exclude.glob.escape_debug(),
                exclude.who,
                error.kind()
            ),
            Self::Repository(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for InputError {}

/// Reads every text under the roots and hands it to the sink.
///
/// A file is read once, however many roots lead to it: of overlapping roots the innermost counts, so
/// that a file or directory that is named explicitly is read even where a walk from further out
/// would leave it out; of two names for the same root the first counts.
///
/// # Errors
/// A root does not exist or an exclude is malformed. What exists and cannot be read is no error but
/// an entry in the ledger.
pub fn read(roots: &[Root], options: &Options, sink: &impl Sink) -> Result<Coverage, InputError> {
    run::read(roots, options, sink, run::Limits::default())
}

/// Finds the files below the roots that changed. The roots are in one repository.
///
/// # Errors
/// A root does not exist, or the repository cannot tell.
pub fn changes(roots: &[Root], since: &Since) -> Result<Changes, InputError> {
    run::changes(roots, since)
}

/// Reads the files that changed, each as a whole, and hands them to the sink.
///
/// # Errors
/// An exclude is malformed.
pub fn read_changes(
    changes: &Changes,
    options: &Options,
    sink: &impl Sink,
) -> Result<Coverage, InputError> {
    run::read_changes(changes, options, sink)
}

/// Finds out what is in the history of the repository that a path is in, on so many threads. What the cache knows is not
/// read again.
///
/// # Errors
/// There is none, or what was selected is not in it.
pub fn history(
    path: &Path,
    selection: &Selection,
    (jobs, cache): (usize, Option<&Cache>),
) -> Result<History, InputError> {
    run::history(path, selection, (jobs, cache))
}

/// Reads the blobs of a history, each once, and hands them to the sink: their paths are their ids.
pub fn read_history(history: &History, options: &Options, sink: &impl Sink) -> Coverage {
    run::read_history(history, options, sink)
}

/// Reads a stream to its end, on the caller's thread, as standard input is read: for editors, and for fuzzing.
pub fn read_stream(
    name: &str,
    stream: &mut impl io::Read,
    archives: Option<Archives>,
    sink: &impl Sink,
) -> Coverage {
    run::read_stream((name, stream), archives, sink)
}

/// Opens a regular file that lies beside what is scanned, such as a log: no link is followed, and a FIFO does not block.
///
/// # Errors
/// It cannot be opened, or is no regular file.
pub fn open_regular(path: &Path) -> io::Result<std::fs::File> {
    match open::open(path) {
        Ok((file, _)) => Ok(file),
        Err(open::Refusal::Special(what)) => {
            Err(io::Error::other(format!("it is no file but a {what}")))
        }
        Err(open::Refusal::Io(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests;
