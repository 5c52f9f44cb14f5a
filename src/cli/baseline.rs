//! `--baseline`, and `spillcheck baseline`: what was found before, and what became of it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::finding::{Exposure, Finding, Severity, Suppression, Suppressor};
use crate::input::{Root, shown};
use crate::report::{self, Format, RenderOptions, Report, Suppressed};
use crate::suppress::{Account, Baseline, Entry, judge_exposures, judge_findings};
use crate::trace::sort;

use super::args::{ReadArgs, level};
use super::exit::Exit;
use super::foreign::Honored;
use super::ignores::Ignores;
use super::options::Options;
use super::scan::{Look, Manner, Timings, base, ended, look, to_stdout};
use super::{Failure, print, say};

/// Where a baseline is, unless something else is said.
const NAME: &str = "spillcheck.baseline";
/// Longer ones are not read.
const MAX_LENGTH: u64 = 64 * 1024 * 1024;
/// So many entries are named.
const NAMED: usize = 20;

/// What is known of the scanned files.
#[derive(Debug, Default, Args)]
pub(super) struct KnownArgs {
    /// Do not count what this file knows: `spillcheck baseline create` writes it
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Show in reports what does not count as well, marked as that
    #[arg(long)]
    pub(super) report_suppressed: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Write a baseline of everything that is found now
    Create {
        #[command(flatten)]
        args: BaselineArgs,
        /// Replace the one that is there
        #[arg(long)]
        force: bool,
    },
    /// Add what is new, and follow files that moved
    Update(BaselineArgs),
    /// Take out what is no longer found
    Prune(BaselineArgs),
    /// Show what a baseline keeps from counting, and which of its entries are not used
    Audit {
        #[command(flatten)]
        args: BaselineArgs,
        /// Format of what is written to standard output
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
        format: Format,
        /// Exit with 1 if something that is known is at least this severe
        #[arg(long, value_name = "SEVERITY", value_parser = level::<Severity>(Severity::WORDS))]
        fail_on: Option<Severity>,
    },
}

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    /// The baseline
    #[arg(long, value_name = "FILE", default_value = NAME)]
    baseline: PathBuf,
    #[command(flatten)]
    read: ReadArgs,
}

/// A baseline, and where it is.
#[derive(Debug)]
pub(super) struct Kept {
    file: PathBuf,
    baseline: Baseline,
}

/// What was found, compared with a baseline.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) suppressed: Suppressed,
    pub(super) account: Account,
    pub(super) ignores: Ignores,
    pub(super) honored: Honored,
}

impl KnownArgs {
    pub(super) fn read(&self, options: &Options) -> Result<Option<Kept>, Failure> {
        let read = |file: &PathBuf| Kept::read(file, options);
        self.baseline.as_ref().map(read).transpose()
    }
}

impl Kept {
    fn read(file: &Path, options: &Options) -> Result<Self, Failure> {
        let error = |what: &dyn std::fmt::Display| {
            Failure::usage(format!("the baseline {}: {what}", file.display()))
        };
        let text = text(file).map_err(|problem| {
            error(&format!(
                "{problem}; `spillcheck baseline create` writes one"
            ))
        })?;
        let baseline = Baseline::read(&text).map_err(|problem| error(&problem))?;
        Ok(Self::new(file, baseline, options))
    }

    fn new(file: &Path, mut baseline: Baseline, options: &Options) -> Self {
        baseline.base = base(&options.roots);
        Self {
            file: file.to_owned(),
            baseline,
        }
    }

    /// As reports name it.
    pub(super) fn name(&self) -> String {
        shown(&self.file)
    }

    fn suppression(&self) -> Suppression {
        Suppression::new(Suppressor::Baseline, self.name())
    }

    /// Those entries of files in the scanned directories that made nothing known.
    fn unused(&self, account: &Account, roots: &[Root]) -> Vec<Entry> {
        let entries = self.baseline.entries.iter();
        entries
            .filter(|entry| !account.used.contains(entry) && self.covers(roots, &entry.path))
            .cloned()
            .collect()
    }

    fn covers(&self, roots: &[Root], path: &str) -> bool {
        let is_below = |root: &str| {
            let inside = path.strip_prefix(root);
            root.is_empty() || inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.baseline.base.is_some()
            || roots.iter().any(|root| match root {
                Root::Path(root) => is_below(shown(root).trim_end_matches('/')),
                Root::Stdin { name } => name == path,
            })
    }

    /// What the reader of a report should know of it.
    pub(super) fn note(&self, account: &Account, roots: &[Root]) -> Option<String> {
        match self.unused(account, roots).len() {
            0 => None,
            1 => Some(format!(
                "1 entry of {} was not found again; `spillcheck baseline prune` takes it out",
                self.name()
            )),
            count => Some(format!(
                "{count} entries of {} were not found again; `spillcheck baseline prune` takes them out",
                self.name()
            )),
        }
    }

    /// Writes it whole or not at all.
    fn write(&self) -> Result<(), Failure> {
        let directory = match self.file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let write = || -> io::Result<()> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(".spillcheck-baseline");
            #[cfg(unix)]
            builder.permissions(mode(&self.file));
            let mut file = builder.tempfile_in(directory)?;
            file.write_all(self.baseline.to_string().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&self.file).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| {
            let file = self.file.display();
            Failure::usage(format!("the baseline {file} cannot be written: {error}"))
        })
    }
}

/// A baseline is committed, so others may read it, as any file of a repository.
#[cfg(unix)]
fn mode(file: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    let present = fs::metadata(file).map(|metadata| metadata.permissions());
    present.unwrap_or_else(|_| fs::Permissions::from_mode(0o644))
}

impl Compared {
    /// Nothing so far.
    pub(super) fn new(ignores: Ignores, honored: Honored) -> Self {
        Self {
            ignores,
            honored,
            ..Self::default()
        }
    }

    /// Takes the ignored and the known ones out of findings.
    pub(super) fn findings(&mut self, kept: Option<&Kept>, findings: &mut Vec<Finding>) {
        let suppressed = &mut self.suppressed.findings;
        self.ignores.findings(findings, suppressed);
        self.honored.findings(findings, suppressed);
        sort(suppressed);
        sort(findings);
        let Some(kept) = kept else { return };
        let found = std::mem::take(findings);
        let judged = judge_findings(&kept.baseline, found, &kept.suppression());
        *findings = judged.counted;
        self.suppressed.findings.extend(judged.suppressed);
        sort(&mut self.suppressed.findings);
        self.account.extend(judged.account);
    }

    /// Takes the ignored and the known ones out of exposures.
    pub(super) fn exposures(&mut self, kept: Option<&Kept>, exposures: &mut Vec<Exposure>) {
        let suppressed = &mut self.suppressed.exposures;
        self.ignores.exposures(exposures, suppressed);
        let Some(kept) = kept else { return };
        let found = std::mem::take(exposures);
        let judged = judge_exposures(&kept.baseline, found, &kept.suppression());
        *exposures = judged.counted;
        self.suppressed.exposures.extend(judged.suppressed);
        self.account.extend(judged.account);
    }
}

fn text(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = fs::File::open(file)?;
    file.take(MAX_LENGTH + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_LENGTH {
        return Err(io::Error::other(format!(
            "it is longer than {MAX_LENGTH} bytes"
        )));
    }
    Ok(text)
}

pub(super) fn run(command: &BaselineCommand) -> Result<Exit, Failure> {
    match command {
        BaselineCommand::Create { args, force } => create(args, *force),
        BaselineCommand::Update(args) => update(args),
        BaselineCommand::Prune(args) => prune(args),
        BaselineCommand::Audit {
            args,
            format,
            fail_on,
        } => audit(args, *format, *fail_on),
    }
}

fn create(args: &BaselineArgs, force: bool) -> Result<Exit, Failure> {
    let file = &args.baseline;
    if !force && fs::symlink_metadata(file).is_ok() {
        return Err(Failure::usage(format!(
            "{} is there already; `spillcheck baseline update` adds what is new, --force starts anew",
            file.display()
        )));
    }
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(Failure::internal)?;
    let compared = compare(&args.read, |options| {
        Ok(Kept::new(file, Baseline::new(key), options))
    })?;
    let Some(Fresh {
        mut kept, account, ..
    }) = complete(compared)?
    else {
        return Ok(Exit::Incomplete);
    };
    kept.baseline.entries = account.current;
    kept.write()?;
    let count = kept.baseline.entries.len();
    let name = kept.name();
    say(&format!(
        "{name}: {count} entries; scan with `--baseline {name}`. With the line `{name} merge=union` in .gitattributes, \
         git merges it without conflicts"
    ));
    Ok(Exit::Clean)
}

fn update(args: &BaselineArgs) -> Result<Exit, Failure> {
    let compared = compare(&args.read, |options| Kept::read(&args.baseline, options))?;
    let Some(fresh) = complete(compared)? else {
        return Ok(Exit::Incomplete);
    };
    let (mut kept, account) = (fresh.kept, fresh.account);
    // A known thing keeps its entry, whichever rule takes it for its own today.
    let place = |entry: &Entry| (entry.hash.clone(), entry.path.clone());
    let there: BTreeSet<_> = account.used.iter().map(place).collect();
    let current = account.current.into_iter();
    let new: Vec<Entry> = current.filter(|new| !there.contains(&place(new))).collect();
    let added = new.len().saturating_sub(account.moved.len());
    let entries = &mut kept.baseline.entries;
    entries.retain(|entry| !account.moved.contains(entry));
    entries.extend(new);
    kept.write()?;
    let moved = account.moved.len();
    say(&format!(
        "{}: {added} entries added, {moved} moved",
        kept.name()
    ));
    Ok(Exit::Clean)
}

fn prune(args: &BaselineArgs) -> Result<Exit, Failure> {
    let compared = compare(&args.read, |options| Kept::read(&args.baseline, options))?;
    let Some(fresh) = complete(compared)? else {
        return Ok(Exit::Incomplete);
    };
    let mut kept = fresh.kept;
    let unused = kept.unused(&fresh.account, &fresh.roots);
    let gone: BTreeSet<&Entry> = unused.iter().collect();
    kept.baseline.entries.retain(|entry| !gone.contains(entry));
    kept.write()?;
    say(&format!(
        "{}: {} entries taken out",
        kept.name(),
        unused.len()
    ));
    name_entries(&unused);
    Ok(Exit::Clean)
}

/// The report of a scan in which what is known is all that counts.
fn audit(args: &BaselineArgs, format: Format, fail_on: Option<Severity>) -> Result<Exit, Failure> {
    let mut fresh = compare(&args.read, |options| Kept::read(&args.baseline, options))?;
    let report = &mut fresh.report;
    let of_baseline = |suppression: &Option<Suppression>| {
        let by = suppression.as_ref().map(|suppression| suppression.by);
        by == Some(Suppressor::Baseline)
    };
    report.findings = std::mem::take(&mut report.suppressed.findings);
    report.exposures = std::mem::take(&mut report.suppressed.exposures);
    report
        .findings
        .retain(|finding| of_baseline(&finding.suppressed));
    report
        .exposures
        .retain(|exposure| of_baseline(&exposure.suppressed));
    report.withheld = report::Withheld::default();
    let options = RenderOptions {
        fail_on,
        ended: ended(),
        ..RenderOptions::default()
    };
    to_stdout(|out| report::write(report, format, &options, out))?;
    let unused = fresh.kept.unused(&fresh.account, &fresh.roots);
    if !unused.is_empty() {
        say(&format!("{} entries were not found again:", unused.len()));
        name_entries(&unused);
    }
    let over = |bar: Severity| report.severities().any(|severity| severity >= bar);
    Ok(if fail_on.is_some_and(over) {
        Exit::Findings
    } else if report.coverage.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Clean
    })
}

fn name_entries(entries: &[Entry]) {
    for entry in entries.iter().take(NAMED) {
        say(&format!("  {}: {}", entry.path, entry.rule));
    }
    if entries.len() > NAMED {
        say(&format!("  and {} more", entries.len() - NAMED));
    }
}

/// A scan, and what became of the entries of a baseline in it.
struct Fresh {
    kept: Kept,
    account: Account,
    report: Report,
    roots: Vec<Root>,
}

fn compare(
    args: &ReadArgs,
    kept: impl FnOnce(&Options) -> Result<Kept, Failure>,
) -> Result<Fresh, Failure> {
    if args.git.staged || args.git.diff.is_some() {
        return Err(Failure::usage(
            "--staged and --diff read a part of what a baseline is of; leave them out here, and give --baseline to the \
             scan of what changed",
        ));
    }
    let mut options = Options::resolve(args)?;
    let kept = kept(&options)?;
    let roots = options.roots.clone();
    let manner = Manner {
        progress: true,
        line_hashes: false,
        history: None,
    };
    let (file, baseline) = (kept.file.clone(), kept.baseline.clone());
    options.baseline = Some(kept);
    let Look {
        report, account, ..
    } = look(args, options, &manner, &mut Timings::start(false))?;
    Ok(Fresh {
        kept: Kept { file, baseline },
        account,
        report,
        roots,
    })
}

/// Nothing, if something was not read: what is there would be neither known nor new.
fn complete(fresh: Fresh) -> Result<Option<Fresh>, Failure> {
    if !fresh.report.coverage.is_incomplete() {
        return Ok(Some(fresh));
    }
    let options = RenderOptions {
        quiet: true,
        ..RenderOptions::default()
    };
    let mut text = Vec::new();
    report::write(&fresh.report, Format::Human, &options, &mut text)?;
    print(&text)?;
    say("the baseline was not written, because something was not read; --exclude leaves it out");
    Ok(None)
}
