//! `spillcheck scan`: a run from options to an exit code.

use std::collections::BTreeSet;
use std::env;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::checks;
use crate::detect::Engine;
use crate::finding::{Exposure, Finding, Moment, Severity};
use crate::input::{self, Changes, Coverage, GitStates, Only, Root, Selection};
use crate::report::{self, Format, RenderOptions, Report, ReportedCheck, ReportedRule, Withheld};
use crate::rules::compile::RuleSet;
use crate::suppress::Account;
use crate::trace::{Assembly, Collected, Collector, FileFindings, assemble, credentials, join};

use super::args::{ReadArgs, ScanArgs};
use super::baseline::{Compared, Kept};
use super::changes;
use super::exit::Exit;
use super::foreign::Honored;
use super::history;
use super::ignores::Ignores;
use super::options::{Options, jobs};
use super::progress::Progress;
use super::survey::{Seen, Survey, Surveyed};
use super::{Failure, say};

/// So many places are named in a note.
const NAMED: usize = 5;

/// Scans, writes the reports and tells how it ended.
pub(super) fn run(args: &ScanArgs) -> Result<Exit, Failure> {
    run_with(args, args.read.git.history.then(HistoryPart::beside))
}

/// As [`run`], with a part of a history beside files or instead of them.
pub(super) fn run_with(args: &ScanArgs, history: Option<HistoryPart>) -> Result<Exit, Failure> {
    let mut timings = Timings::start(args.timings);
    if args.show_secrets && !io::stdout().is_terminal() {
        return Err(Failure::usage(
            "--show-secrets writes to a terminal only: a file or a pipe would be one more leak",
        ));
    }
    let mut options = Options::resolve(&args.read)?;
    options.baseline = args.known.read(&options)?;
    let fail_on = args.fail_on.or(options.fail_on).unwrap_or(Severity::Low);
    let manner = Manner {
        progress: !args.quiet,
        line_hashes: wants_line_hashes(args),
        history,
    };
    let mut report = look(&args.read, options, &manner, &mut timings)?.report;
    report.suppressed.shown = args.known.report_suppressed;
    write_reports(args, &report, fail_on)?;
    timings.phase("report");
    timings.say();
    Ok(exit(args, &report, fail_on))
}

/// How a scan goes about its work.
pub(super) struct Manner {
    /// Show on a terminal that it is still going on.
    pub(super) progress: bool,
    /// Compute GitHub's hashes of lines.
    pub(super) line_hashes: bool,
    /// What of a history to read.
    pub(super) history: Option<HistoryPart>,
}

/// A part of a history.
pub(super) struct HistoryPart {
    pub(super) selection: Selection,
    /// Read it alone, and not the files that are there.
    pub(super) alone: bool,
}

impl HistoryPart {
    /// All of it, beside the files that are there.
    pub(super) fn beside() -> Self {
        Self {
            selection: Selection::default(),
            alone: false,
        }
    }
}

/// What a scan gives.
pub(super) struct Look {
    pub(super) report: Report,
    /// What became of the entries of the baseline.
    pub(super) account: Account,
    /// For an investigation only.
    pub(super) seen: Seen,
}

/// Reads everything, and says what was found.
pub(super) fn look(
    args: &ReadArgs,
    mut options: Options,
    manner: &Manner,
    timings: &mut Timings,
) -> Result<Look, Failure> {
    let changes = changes::find(args, &mut options)?;
    if changes.is_some() {
        timings.phase("changes");
    }
    let is_alone = manner.history.as_ref().is_some_and(|part| part.alone);
    // How files are served depends on all of them, not on those that changed.
    let mut survey = if changes.is_some() || is_alone {
        None
    } else {
        Survey::start(args, &options)?
    };
    let mut engine =
        Engine::new(RuleSet::new(std::mem::take(&mut options.rules))).map_err(Failure::usage)?;
    if let Some(survey) = &survey {
        let needles = survey.watch().needles();
        engine = engine.listening_for(needles).map_err(Failure::internal)?;
    }
    // Never freed: the program ends soon, and taking hundreds of rules apart would take longer than a small scan.
    let engine: &Engine = Box::leak(Box::new(engine));
    timings.phase("rules");
    let looked = Looked {
        engine,
        survey: survey.as_ref(),
        changes: changes.as_ref(),
    };
    let (mut coverage, mut collected) = if is_alone {
        Default::default()
    } else {
        scan((args, manner), &options, &looked)?
    };
    timings.phase("scan");
    if let Some(part) = &manner.history {
        let reading = history::Reading {
            engine,
            options: &input_options(args, &options),
            manner,
            cached: !args.git.no_cache,
        };
        let mut past = history::read(&options.roots, &part.selection, &reading)?;
        if let Some(survey) = &mut survey {
            survey.knows(past.versions());
        }
        past.join(&mut coverage, &mut collected, &mut options.notes);
        timings.phase("history");
    }
    options.notes.extend(idle_note(&collected.idle));
    let git = GitStates::new();
    let known = Compared::new(
        Ignores::find(args, &options.roots, &options.rule_ids)?,
        Honored::read(&options.allowlists, &options.rule_files, &options.roots)?,
    );
    let found = Found {
        files: collected.files,
        survey,
        known,
    };
    let joined = join_all(engine, (args, &options, &git), found)?;
    let Joined {
        assembly,
        surveyed,
        known,
    } = joined;
    timings.phase("join");
    coverage.skipped.extend(surveyed.skipped);
    coverage.skipped.sort();
    options.notes.extend(surveyed.notes);
    options.notes.extend(git.notes());
    if let Some(changes) = &changes {
        coverage.may_be_empty = changes::may_be_empty(changes);
        options
            .notes
            .extend(changes::notes(changes, collected.unchanged));
    }
    // Of what did not change nothing is found again.
    let kept = options.baseline.as_ref().filter(|_| changes.is_none());
    options
        .notes
        .extend(kept.and_then(|kept| kept.note(&known.account, &options.roots)));
    if changes.is_none() && !is_alone {
        options.notes.extend(known.ignores.notes());
    }
    options.notes.extend(known.honored.notes());
    let suppressed = known.suppressed;
    let report = Report {
        rules: rules_of(engine, &[&assembly.findings, &suppressed.findings]),
        findings: assembly.findings,
        checks: checks_of(&[&surveyed.exposures, &suppressed.exposures]),
        exposures: surveyed.exposures,
        roots: surveyed.roots,
        coverage,
        withheld: Withheld {
            below_confidence: assembly.below_confidence + surveyed.below_confidence,
            ..suppressed.withheld()
        },
        notes: options.notes,
        suppressed,
        paths: paths(&options.roots),
        base: base(&options.roots),
        baseline: options.baseline.as_ref().map(Kept::name),
        elapsed: timings.started.elapsed(),
    };
    Ok(Look {
        report,
        account: known.account,
        seen: surveyed.seen,
    })
}

/// Comments of ours that allow nothing.
fn idle_note(idle: &[(String, u64)]) -> Option<String> {
    let (comments, they) = match idle.len() {
        0 => return None,
        1 => ("1 comment `spillcheck:allow` allows", "it"),
        count => (
            &*format!("{count} comments `spillcheck:allow` allow"),
            "they",
        ),
    };
    let mut places: Vec<String> = idle
        .iter()
        .take(NAMED)
        .map(|(path, line)| format!("{path}:{line}"))
        .collect();
    if idle.len() > NAMED {
        places.push(format!("{} more", idle.len() - NAMED));
    }
    Some(format!(
        "{comments} nothing, since nothing is found there, or not by the rule that {they} may name: {}",
        places.join(", ")
    ))
}

fn exit(args: &ScanArgs, report: &Report, fail_on: Severity) -> Exit {
    if args.exit_zero {
        Exit::Clean
    } else if report.severities().any(|severity| severity >= fail_on) {
        Exit::Findings
    } else if report.coverage.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

/// What takes part in a scan.
struct Looked<'l> {
    engine: &'l Engine,
    survey: Option<&'l Survey>,
    /// What to read, instead of all that is there.
    changes: Option<&'l Changes>,
}

/// Reads everything, and keeps what each file gave.
fn scan(
    (args, manner): (&ReadArgs, &Manner),
    options: &Options,
    looked: &Looked<'_>,
) -> Result<(Coverage, Collected), Failure> {
    let watch = looked.survey.map(Survey::watch);
    let collector = Collector::new(looked.engine, watch, manner.line_hashes);
    let input_options = input_options(args, options);
    let progress = Progress::start(
        manner.progress && io::stderr().is_terminal(),
        collector.counter(),
    );
    let coverage = match looked.changes {
        None => {
            let mut roots = options.roots.clone();
            roots.extend(args.logs.outside(&options.roots)?);
            input::read(&roots, &input_options, &collector)
        }
        Some(changes) => input::read_changes(changes, &input_options, &collector),
    };
    progress.stop();
    let mut coverage = coverage.map_err(Failure::usage)?;
    let mut collected = collector.finish();
    if let Some(changes) = looked.changes {
        collected.keep_added(|path| changes.added(path));
    }
    coverage.skipped.append(&mut collected.skipped);
    Ok((coverage, collected))
}

/// How these arguments want files to be read.
pub(super) fn input_options(args: &ReadArgs, options: &Options) -> input::Options {
    input::Options {
        jobs: jobs(args),
        excludes: options.excludes.clone(),
        only: only(args),
        archives: args.archives(),
    }
}

fn only(args: &ReadArgs) -> Only {
    if args.git.tracked {
        Only::Tracked
    } else if args.respect_gitignore {
        Only::NotIgnored
    } else {
        Only::All
    }
}

/// A saved report can be turned into SARIF later, so all but the human one have them.
fn wants_line_hashes(args: &ScanArgs) -> bool {
    let outputs = args.outputs.iter().map(|(format, _)| *format);
    let mut formats = outputs.chain(args.format);
    formats.any(|format| format != Format::Human)
}

/// What is to be joined.
struct Found {
    files: Vec<FileFindings>,
    survey: Option<Survey>,
    known: Compared,
}

struct Joined {
    assembly: Assembly,
    surveyed: Surveyed,
    known: Compared,
}

/// Matches become findings, what is known is taken out, and the rest is joined with what the survey found out.
fn join_all(
    engine: &Engine,
    (args, options, git): (&ReadArgs, &Options, &GitStates),
    found: Found,
) -> Result<Joined, Failure> {
    let Found {
        files,
        survey,
        mut known,
    } = found;
    let judgement = &options.judgement;
    let baseline = options.baseline.as_ref();
    let Some(survey) = survey else {
        let mut assembly = assemble(engine.rules(), files, judgement, git);
        known.suppressed.findings = std::mem::take(&mut assembly.suppressed);
        known.findings(baseline, &mut assembly.findings);
        return Ok(Joined {
            assembly,
            surveyed: Surveyed::default(),
            known,
        });
    };
    let mut assembly = Assembly::default();
    let credentials = credentials(engine.rules(), &files, judgement.min_confidence);
    let mut surveyed = survey.finish(&credentials, (args, options, git), |around| {
        assembly = assemble(engine.rules(), files, judgement, git);
        known.suppressed.findings = std::mem::take(&mut assembly.suppressed);
        known.findings(baseline, &mut assembly.findings);
        for findings in [&mut assembly.findings, &mut known.suppressed.findings] {
            join(findings, around, &judgement.severities);
        }
    })?;
    known.exposures(baseline, &mut surveyed.exposures);
    Ok(Joined {
        assembly,
        surveyed,
        known,
    })
}

fn rules_of(engine: &Engine, findings: &[&[Finding]]) -> Vec<ReportedRule> {
    let findings = findings.iter().copied().flatten();
    let ids: BTreeSet<&str> = findings.map(|finding| finding.rule.as_str()).collect();
    let rules = engine.rules().rules().iter();
    rules
        .filter(|compiled| ids.contains(compiled.rule.id.as_str()))
        .map(|compiled| ReportedRule::of(&compiled.provider, &compiled.rule))
        .collect()
}

fn checks_of(exposures: &[&[Exposure]]) -> Vec<ReportedCheck> {
    let exposures = exposures.iter().copied().flatten();
    let ids: BTreeSet<&str> = exposures.map(|exposure| exposure.check.as_str()).collect();
    checks::ALL
        .iter()
        .copied()
        .filter(|check| ids.contains(check.id))
        .map(ReportedCheck::from)
        .collect()
}

/// What is to be scanned, as it was named.
fn paths(roots: &[Root]) -> Vec<String> {
    let name = |root: &Root| match root {
        Root::Path(path) => path.to_string_lossy().into_owned(),
        Root::Stdin { name } => name.clone(),
    };
    roots.iter().map(name).collect()
}

/// The one root, when it is an absolute directory: paths in SARIF are relative to it.
pub(super) fn base(roots: &[Root]) -> Option<String> {
    match roots {
        [Root::Path(path)] if path.is_absolute() && path.is_dir() => {
            Some(path.to_string_lossy().into_owned())
        }
        _ => None,
    }
}

fn write_reports(args: &ScanArgs, report: &Report, fail_on: Severity) -> Result<(), Failure> {
    for (format, path) in &args.outputs {
        let options = RenderOptions {
            color: false,
            show_secrets: false,
            ..render_options(args, fail_on)
        };
        to_file(path, |out| report::write(report, *format, &options, out))?;
    }
    let format = args.format.unwrap_or(Format::Human);
    let options = render_options(args, fail_on);
    to_stdout(|out| report::write(report, format, &options, out))
}

/// Writes a report to a file.
pub(super) fn to_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    });
    written.map_err(|error| {
        Failure::usage(format!(
            "the report {} cannot be written: {error}",
            path.display()
        ))
    })
}

/// Writes a report to standard output.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        // The reader, `head` for one, has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::from),
    }
}

fn render_options(args: &ScanArgs, fail_on: Severity) -> RenderOptions {
    let choice = anstream::AutoStream::choice(&io::stdout());
    RenderOptions {
        color: !args.no_color && choice != anstream::ColorChoice::Never,
        show_skipped: args.show_skipped,
        show_secrets: args.show_secrets,
        quiet: args.quiet,
        fail_on: Some(fail_on),
        ended: ended(),
        ..RenderOptions::default()
    }
}

/// When a scan is to have ended, for reports that have to be the same again:
/// <https://reproducible-builds.org/specs/source-date-epoch/>.
pub(super) fn ended() -> Option<Moment> {
    let seconds = env::var("SOURCE_DATE_EPOCH").ok()?;
    seconds.parse().ok().map(Moment)
}

/// Where the time went.
pub(super) struct Timings {
    wanted: bool,
    started: Instant,
    last: Instant,
    lines: Vec<(&'static str, Duration)>,
}

impl Timings {
    pub(super) fn start(wanted: bool) -> Self {
        let now = Instant::now();
        Self {
            wanted,
            started: now,
            last: now,
            lines: Vec::new(),
        }
    }

    fn phase(&mut self, name: &'static str) {
        let now = Instant::now();
        self.lines.push((name, now - self.last));
        self.last = now;
    }

    fn say(&self) {
        if self.wanted {
            for (name, time) in self
                .lines
                .iter()
                .chain([&("total", self.started.elapsed())])
            {
                say(&format!("{name:8} {:9.3} ms", time.as_secs_f64() * 1e3));
            }
        }
    }
}
