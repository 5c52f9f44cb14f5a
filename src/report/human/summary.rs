//! The end of a report: what was looked at, what was not, and what to do next.

use std::io;

use super::style::{Word, paint};
use super::text::{bytes, counted, grouped, printable, wrapped};
use super::{Page, RenderOptions};
use crate::finding::{GitState, Reach, Severity};
use crate::input::{SkipReason, Skipped};
use crate::report::clean::{Clean, Shown};
use crate::site::DocumentRoot;

/// Of the files that should have been read and were not, this many are always named.
const NAMED: usize = 5;

/// Every reason, the ones that make the coverage incomplete first.
const REASONS: &[SkipReason] = &[
    SkipReason::Unreadable,
    SkipReason::Capped,
    SkipReason::Binary,
    SkipReason::Symlink,
    SkipReason::Special,
    SkipReason::Excluded,
    SkipReason::VersionControl,
];

pub(super) fn write(
    report: &Clean<'_>,
    options: &RenderOptions,
    page: &mut Page<'_>,
) -> io::Result<()> {
    if report.coverage.files == 0 {
        write_nothing_read(report, page)?;
    } else if !report.is_complete() {
        write_incomplete(report, options, page)?;
    }
    if report.coverage.files > 0 || report.total() > 0 {
        let verdict = verdict(report, options.fail_on);
        let style = if report.total() == 0 && report.is_complete() {
            page.styles.good
        } else {
            page.styles.strong
        };
        writeln!(page.out, "{}", paint(style, &verdict))?;
    }
    write_counts(report, options, page)?;
    if options.show_skipped {
        for skipped in &report.coverage.skipped {
            write_skipped(skipped, page)?;
        }
    }
    if !options.quiet {
        for note in &report.notes {
            write_labelled("note", note, page)?;
        }
        write_next(report, page)?;
    }
    Ok(())
}

fn write_nothing_read(report: &Clean<'_>, page: &mut Page<'_>) -> io::Result<()> {
    if report.is_complete() {
        let label = paint(page.styles.strong, "nothing was scanned");
        return writeln!(page.out, "{label}: no file has new content");
    }
    let label = paint(page.styles.word(Word::Error), "nothing was scanned");
    let why = if report.coverage.skipped.is_empty() {
        "there was no file; check that the path is the one you meant"
    } else {
        "every file was skipped, for the reasons below"
    };
    writeln!(page.out, "{label}: {why}")?;
    writeln!(
        page.out,
        "This says nothing about whether credentials leak."
    )
}

fn write_incomplete(
    report: &Clean<'_>,
    options: &RenderOptions,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let missed: Vec<&Skipped> = report
        .coverage
        .skipped
        .iter()
        .filter(|skipped| skipped.reason.is_incomplete())
        .collect();
    let label = paint(page.styles.word(Word::Warning), "coverage incomplete");
    let count = counted(missed.len() as u64, "path");
    writeln!(
        page.out,
        "{label}: {count} could not be read to the end; what is there is not known"
    )?;
    if options.show_skipped {
        return Ok(());
    }
    for skipped in missed.iter().take(NAMED) {
        write_skipped(skipped, page)?;
    }
    if missed.len() > NAMED {
        let more = grouped((missed.len() - NAMED) as u64);
        writeln!(page.out, "  and {more} more (--show-skipped names them)")?;
    }
    Ok(())
}

fn write_skipped(skipped: &Skipped, page: &mut Page<'_>) -> io::Result<()> {
    let path = printable(&skipped.path);
    let reason = skipped.reason.word();
    match &skipped.detail {
        Some(detail) => writeln!(page.out, "  {path}: {reason}: {}", printable(detail)),
        None => writeln!(page.out, "  {path}: {reason}"),
    }
}

/// `2 findings: 1 critical, 1 low`.
fn verdict(report: &Clean<'_>, fail_on: Option<Severity>) -> String {
    if report.total() == 0 {
        return if !report.is_complete() {
            "no findings in what was read".to_owned()
        } else {
            "no findings".to_owned()
        };
    }
    let levels = Severity::ALL.iter().rev();
    let levels = listed(levels.map(|&level| (report.count(level) as u64, level.word())));
    let total = counted(report.total() as u64, "finding");
    let mut verdict = format!("{total}: {}", levels.unwrap_or_default());
    if let Some(bar) = fail_on {
        let over = report.severities().filter(|&found| found >= bar).count();
        let over = grouped(over as u64);
        verdict.push_str(&format!("; {over} at or over {bar} (--fail-on)"));
    }
    verdict
}

fn write_counts(
    report: &Clean<'_>,
    options: &RenderOptions,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let coverage = &report.coverage;
    let seconds = |elapsed: std::time::Duration| format!(" in {:.2} s", elapsed.as_secs_f64());
    let time = report.elapsed.map(seconds);
    writeln!(
        page.out,
        "scanned {} ({}){}",
        counted(coverage.files, "file"),
        bytes(coverage.bytes),
        time.unwrap_or_default()
    )?;
    let skipped = REASONS
        .iter()
        .map(|&reason| (coverage.count(reason) as u64, reason.word()));
    if let Some(skipped) = listed(skipped) {
        let hint = if options.show_skipped {
            ":"
        } else {
            " (--show-skipped names them)"
        };
        writeln!(page.out, "not scanned: {skipped}{hint}")?;
    }
    write_servers(report, page)?;
    let withheld = [
        (report.withheld.below_confidence, "below --min-confidence"),
        (report.withheld.allowed, "allowed"),
        (report.withheld.marked, "allowed by comments beside them"),
        (report.withheld.ignored, "allowed by .spillcheckignore"),
        (report.withheld.known, "known by the baseline"),
        (
            report.withheld.foreign,
            "allowed by files of other scanners",
        ),
    ];
    if let Some(withheld) = listed(withheld) {
        writeln!(page.out, "not shown: {withheld}")?;
    }
    Ok(())
}

/// What is served, or that nothing says so.
fn write_servers(report: &Clean<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let unknown = report
        .findings
        .iter()
        .any(|finding| finding.reach == Reach::Unknown);
    if report.roots.is_empty() {
        if unknown {
            writeln!(
                page.out,
                "not known: how these files are served; --server-config or --docroot would tell"
            )?;
        }
        return Ok(());
    }
    let mut roots: Vec<String> = report.roots.iter().map(root).collect();
    roots.dedup();
    let more = roots.len().saturating_sub(NAMED);
    roots.truncate(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    writeln!(
        page.out,
        "served: {}{more} (`spillcheck site` says more)",
        roots.join(", ")
    )
}

fn root(root: &DocumentRoot) -> String {
    let path = root.path.as_deref().unwrap_or(&root.server_path);
    let path = if path.is_empty() { "." } else { path };
    let assumed = if root.assumed.is_some() {
        ", assumed"
    } else {
        ""
    };
    let url = if root.url == "/" {
        String::new()
    } else {
        format!(" at {}", root.url)
    };
    printable(&format!("{path}{url} ({}{assumed})", root.server))
}

/// `12 binary, 1 excluded`: what there is none of is left out.
fn listed(counts: impl IntoIterator<Item = (u64, &'static str)>) -> Option<String> {
    let words: Vec<String> = counts
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, kind)| format!("{} {kind}", grouped(count)))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn write_next(report: &Clean<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let next = match (report.findings.first(), report.exposures.first()) {
        (None, None) => return Ok(()),
        (Some(worst), _) => replace(report, worst),
        (None, Some(worst)) => {
            format!(
                "close the ways out. `spillcheck explain {}` says how.",
                worst.check
            )
        }
    };
    writeln!(page.out)?;
    write_labelled("next", &next, page)
}

fn replace(report: &Clean<'_>, worst: &Shown<'_>) -> String {
    let tracked = |finding: &Shown<'_>| {
        let mut places = finding.occurrences.iter();
        places.any(|place| place.git == GitState::Tracked)
    };
    let history = if report.findings.iter().any(tracked) {
        " Git's history keeps what was committed."
    } else {
        ""
    };
    let is_unknown = |finding: &Shown<'_>| finding.reach == Reach::Unknown;
    let then = if report.findings.iter().any(is_unknown) {
        " Then find out how it got out."
    } else {
        ""
    };
    let is_open = report.findings.iter().any(|finding| finding.reach.is_out());
    let first = if is_open {
        "close the ways out first: a new credential would get out as the old one did. Then replace \
         each credential at its provider"
    } else {
        "replace each credential at its provider"
    };
    format!(
        "{first}: taking it out of a file does not take it back from those who have read it.{history}{then} \
         `spillcheck explain {}` has the steps.",
        worst.rule
    )
}

fn write_labelled(label: &str, text: &str, page: &mut Page<'_>) -> io::Result<()> {
    let indent = label.len() + 2;
    let lines = wrapped(text, page.width - indent);
    let label = paint(page.styles.strong, label);
    writeln!(page.out, "{label}: {}", lines[0])?;
    for line in &lines[1..] {
        writeln!(page.out, "{}{line}", " ".repeat(indent))?;
    }
    Ok(())
}
