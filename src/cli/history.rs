//! `spillcheck history`: credentials in everything that was ever committed.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::detect::Engine;
use crate::finding::{Commits, Moment};
use crate::input::{self, Coverage, Given, History, Root, Selection, Shadow, SkipReason};
use crate::trace::{Collected, Collector, FileFindings, cast, in_history, shadows};

use super::Failure;
use super::args::ScanArgs;
use super::cache;
use super::exit::Exit;
use super::placement::work_tree;
use super::progress::Progress;
use super::scan::{self, HistoryPart, Manner};

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    #[command(flatten)]
    pub(super) select: SelectArgs,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

/// Which part of a history.
#[derive(Debug, Default, Args)]
pub(super) struct SelectArgs {
    /// Only what this branch, tag or commit reaches
    #[arg(long, value_name = "REVISION", conflicts_with = "range")]
    pub(super) branch: Option<String>,
    /// Only what B reaches and A does not
    #[arg(long, value_name = "A..B", value_parser = parse_range)]
    pub(super) range: Option<(String, String)>,
    /// Only commits from this day on: 2024-12-31
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub(super) since: Option<i64>,
    /// Only the newest N commits
    #[arg(long, value_name = "N")]
    pub(super) max_commits: Option<usize>,
    /// What reference logs remember as well: older stashes, branches as they were
    #[arg(long)]
    pub(super) reflogs: bool,
    /// All objects, even those that nothing reaches
    #[arg(long, conflicts_with_all = ["branch", "range", "since", "max_commits"])]
    pub(super) unreachable: bool,
}

impl SelectArgs {
    fn selection(&self) -> Selection {
        Selection {
            branch: self.branch.clone(),
            range: self.range.clone(),
            since: self.since,
            max_commits: self.max_commits,
            reflogs: self.reflogs,
            unreachable: self.unreachable,
            push: None,
        }
    }
}

fn parse_range(text: &str) -> Result<(String, String), String> {
    let (from, to) = text
        .split_once("..")
        .filter(|(_, to)| !to.starts_with('.'))
        .ok_or("write it as A..B, such as `v1.0..main`")?;
    Ok((from.to_owned(), to.to_owned()))
}

fn parse_day(text: &str) -> Result<i64, String> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
    let mut next = || parts.next().flatten();
    let date = (|| Some((i64::from(next()?), next()?, next()?)))();
    let moment = date.and_then(|date| Moment::of(date, (0, 0, 0)));
    moment
        .map(|moment| moment.0)
        .ok_or_else(|| "write it as YEAR-MONTH-DAY, such as `2024-12-31`".to_owned())
}

/// Scans a history.
pub(super) fn run(args: &HistoryArgs) -> Result<Exit, Failure> {
    let read = &args.scan.read;
    if read.paths.len() > 1 {
        return Err(Failure::usage(
            "one repository at a time: name one directory",
        ));
    }
    if read.git.staged || read.git.diff.is_some() || read.git.tracked {
        return Err(Failure::usage(
            "--staged, --tracked and --diff are for files, not for a history; --range A..B reads what B brings",
        ));
    }
    let part = HistoryPart {
        selection: args.select.selection(),
        alone: true,
    };
    scan::run_with(&args.scan, Some(part))
}

/// What reading a history takes.
pub(super) struct Reading<'r> {
    pub(super) engine: &'r Engine,
    pub(super) options: &'r input::Options,
    pub(super) manner: &'r Manner,
    /// Pass over what was found clean before.
    pub(super) cached: bool,
}

/// What a history gave.
pub(super) struct Past {
    coverage: Coverage,
    collected: Collected,
    note: String,
    versions: Versions,
}

/// How long files were that had credentials, in which commit: by where the file lies, and by length in bytes.
pub(super) type Versions = BTreeMap<PathBuf, BTreeMap<u64, String>>;

/// The versions of files in the work tree.
fn versions(
    path: &Path,
    blobs: &[FileFindings],
    carriers: &[BTreeMap<String, Commits>],
) -> Versions {
    let mut versions = Versions::new();
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Some(top) = work_tree(&real) else {
        return versions;
    };
    for (blob, carriers) in blobs.iter().zip(carriers) {
        for (path, commits) in carriers {
            let lengths = versions.entry(top.join(path)).or_default();
            lengths
                .entry(blob.size)
                .or_insert_with(|| commits.first.short().to_owned());
        }
    }
    versions
}

impl Past {
    /// Earlier lengths of files, of which access logs can tell.
    pub(super) fn versions(&mut self) -> Versions {
        std::mem::take(&mut self.versions)
    }

    /// Adds it to what files gave.
    pub(super) fn join(
        self,
        coverage: &mut Coverage,
        collected: &mut Collected,
        notes: &mut Vec<String>,
    ) {
        coverage.files += self.coverage.files;
        coverage.bytes += self.coverage.bytes;
        coverage.skipped.extend(self.coverage.skipped);
        coverage.may_be_empty |= self.coverage.may_be_empty;
        collected.files.extend(self.collected.files);
        collected.files.sort_by(|a, b| a.path.cmp(&b.path));
        notes.push(self.note);
    }
}

/// Whether a blob that was not read need not be read indeed: nothing came to be told of it.
fn is_among(shadows: &[Shadow], old: &Shadow) -> bool {
    let found = shadows.binary_search_by(|shadow| shadow.blob.cmp(&old.blob));
    found.is_ok()
}

/// Reads a history of which earlier runs did not leave enough.
fn read_afresh(
    history: &History,
    (roots, selection): (&[Root], &Selection),
    reading: &Reading<'_>,
) -> Result<Past, Failure> {
    let reading = Reading {
        cached: reading.cached && history.forget(),
        ..*reading
    };
    read(roots, selection, &reading)
}

/// Reads a history, and keeps what its blobs gave, by their paths in it.
pub(super) fn read(
    roots: &[Root],
    selection: &Selection,
    reading: &Reading<'_>,
) -> Result<Past, Failure> {
    let path = match roots.first() {
        Some(Root::Path(path)) => path.as_path(),
        _ => Path::new("."),
    };
    let manner = reading.manner;
    let collector = Collector::new(reading.engine, None, manner.line_hashes);
    let progress = Progress::start(
        manner.progress && io::stderr().is_terminal(),
        collector.counter(),
    );
    // Of a push little is new, and a server's other pushes are not to decide on it.
    let is_cached = reading.cached && selection.push.is_none();
    let cache = is_cached.then(|| cache::of(reading.engine)).flatten();
    let history = input::history(path, selection, (reading.options.jobs, cache.as_ref()));
    let mut history = history.map_err(Failure::usage)?;
    let mut coverage = input::read_history(&history, reading.options, &collector);
    progress.stop();
    let mut collected = collector.finish();
    let as_read = coverage.clone();
    coverage.skipped.append(&mut collected.skipped);
    // A history without any text in it is read as a whole all the same.
    coverage.may_be_empty = history.commit_count() > 0;
    let blobs = std::mem::take(&mut collected.files);
    let Some(mut blobs) = cast(history.shadows(), blobs) else {
        return read_afresh(&history, (roots, selection), reading);
    };
    let found = blobs.iter().map(|blob| blob.path.as_str());
    let skipped = coverage.skipped.iter();
    // What a binary file is needs no second look either.
    let skipped = skipped.filter(|skipped| skipped.reason != SkipReason::Binary);
    let skipped = skipped.map(|skipped| skipped.path.as_str());
    let open = found.chain(skipped).collect();
    let ids: Vec<&str> = blobs.iter().map(|blob| blob.path.as_str()).collect();
    let (mut carriers, more) = history.carriers(&ids);
    let mut shadows = shadows(&blobs, &carriers);
    if !history.shadows().iter().all(|old| is_among(&shadows, old)) {
        return read_afresh(&history, (roots, selection), reading);
    }
    let skipped: HashSet<&str> = coverage
        .skipped
        .iter()
        .map(|skipped| skipped.path.as_str())
        .collect();
    shadows.retain(|shadow| !skipped.contains(shadow.blob.as_str()));
    history.remember(&Given {
        coverage: &as_read,
        open: &open,
        found: &ids,
        carriers: (&carriers, more.as_ref()),
        shadows: &shadows,
    });
    coverage.skipped.extend(more);
    let excludes = &reading.options.excludes;
    let left_out = input::leave_out(excludes, &mut blobs, &mut carriers);
    coverage.skipped.extend(left_out.map_err(Failure::usage)?);
    let versions = versions(path, &blobs, &carriers);
    let alone = |blob: &str| Some(history.aside(blob));
    collected.files = in_history(blobs, carriers, alone);
    let note = format!(
        "{} commits were read, each version of each file once; a place in them is COMMIT:PATH, with the commit that \
         brought the credential",
        history.commit_count()
    );
    Ok(Past {
        coverage,
        collected,
        note,
        versions,
    })
}
