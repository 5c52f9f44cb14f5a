//! For people: each finding as compilers show theirs, then what was looked at, then what to do.

mod block;
mod chain;
mod exposure;
mod style;
mod summary;
pub(super) mod text;

use std::collections::BTreeSet;
use std::io::{self, Write};

use self::block::Block;
use self::style::{Styles, Word, paint};

use super::RenderOptions;
use super::clean::{Clean, Shown};
use crate::finding::Occurrence;

/// Of one rule's findings in one file this many are shown in full.
const FULL: usize = 3;
/// And of the others this many are named.
const NAMED: usize = 10;
/// Explanations are not wrapped into narrower columns than this.
const MIN_WIDTH: usize = 40;

/// Where text goes, and how.
struct Page<'w> {
    out: &'w mut dyn Write,
    styles: Styles,
    width: usize,
}

pub(super) fn write(
    report: &Clean<'_>,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page {
        out,
        styles: Styles::new(options.color),
        width: options.width.max(MIN_WIDTH),
    };
    if options.quiet {
        for finding in &report.findings {
            write_line(finding, &mut page)?;
        }
        for exposure in &report.exposures {
            exposure::write_line(exposure, &mut page)?;
        }
    } else {
        write_blocks(report, &mut page)?;
        exposure::write(report, &mut page)?;
    }
    summary::write(report, options, &mut page)
}

/// `path:line:col: error[rule]: title (mask)`.
fn write_line(finding: &Shown<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let place = finding.primary().map(place).unwrap_or_default();
    let head = headline(finding, page.styles);
    let shown = text::printable(finding.plain.as_deref().unwrap_or(&finding.mask));
    writeln!(page.out, "{place}: {head} ({shown})")
}

/// Findings of one severity in one file, rule by rule in the order of their first places.
fn write_blocks(report: &Clean<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let mut explained = BTreeSet::new();
    let mut told = BTreeSet::new();
    for of_file in report.findings.chunk_by(same_file) {
        let mut seen = BTreeSet::new();
        for first in of_file {
            if !seen.insert(first.rule) {
                continue;
            }
            let of_rule: Vec<&Shown<'_>> =
                of_file.iter().filter(|f| f.rule == first.rule).collect();
            let (full, rest) = of_rule.split_at(of_rule.len().min(FULL));
            for finding in full {
                let explain = explained.insert(finding.rule);
                Block { finding, explain }.write(page, &mut told)?;
            }
            write_rest(rest, page)?;
        }
    }
    Ok(())
}

fn same_file(a: &Shown<'_>, b: &Shown<'_>) -> bool {
    a.severity == b.severity && path(a) == path(b)
}

fn path<'f>(finding: &'f Shown<'_>) -> Option<&'f str> {
    finding.primary().map(|first| first.location.path.as_str())
}

/// The findings of a rule in a file beyond those that are shown in full.
fn write_rest(rest: &[&Shown<'_>], page: &mut Page<'_>) -> io::Result<()> {
    let Some(first) = rest.first() else {
        return Ok(());
    };
    let more = text::grouped(rest.len() as u64);
    let head = headline(first, page.styles);
    writeln!(page.out, "{head}: {more} more in this file")?;
    let arrow = paint(page.styles.gutter, "-->");
    for finding in rest.iter().take(NAMED) {
        let place = finding.primary().map(place).unwrap_or_default();
        let shown = text::printable(finding.plain.as_deref().unwrap_or(&finding.mask));
        writeln!(page.out, "  {arrow} {place}: {shown}")?;
    }
    if rest.len() > NAMED {
        let left = text::grouped((rest.len() - NAMED) as u64);
        writeln!(page.out, "  {arrow} and {left} more")?;
    }
    writeln!(page.out)
}

fn headline(finding: &Shown<'_>, styles: Styles) -> String {
    let word = Word::of(finding.severity);
    let label = format!("{}[{}]", word.as_str(), text::printable(finding.rule));
    let title = format!(": {}", text::printable(finding.title));
    paint(styles.word(word), &label) + &paint(styles.strong, &title)
}

/// `path:line:col`, as terminals and editors turn it into a link.
fn place(occurrence: &Occurrence) -> String {
    let location = &occurrence.location;
    format!(
        "{}:{}:{}",
        text::printable(&location.path),
        location.start.line,
        location.start.column
    )
}
