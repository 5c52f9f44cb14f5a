//! Misconfigurations and leftovers.

use std::collections::BTreeSet;
use std::io;

use super::block::Fact;
use super::chain;
use super::style::{Word, paint};
use super::text::{counted, printable};
use super::{Page, Styles};
use crate::finding::Exposure;
use crate::report::clean::Clean;

/// Of one check this many are shown in full, and of the others the places.
const FULL: usize = 5;
/// Of the places and URLs of one finding this many are named.
const NAMED: usize = 3;

pub(super) fn write(report: &Clean<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let mut seen = BTreeSet::new();
    for first in &report.exposures {
        if !seen.insert((first.severity, first.check.as_str())) {
            continue;
        }
        let same =
            |other: &&Exposure| other.check == first.check && other.severity == first.severity;
        let all: Vec<&Exposure> = report.exposures.iter().filter(same).collect();
        let (full, rest) = all.split_at(all.len().min(FULL));
        for (index, exposure) in full.iter().enumerate() {
            write_block(exposure, report, index == 0, page)?;
        }
        write_rest(rest, page)?;
    }
    Ok(())
}

/// `path:line: error[check]: title`.
pub(super) fn write_line(exposure: &Exposure, page: &mut Page<'_>) -> io::Result<()> {
    writeln!(
        page.out,
        "{}: {}",
        place(exposure),
        headline(exposure, page.styles)
    )
}

fn write_block(
    exposure: &Exposure,
    report: &Clean<'_>,
    explain: bool,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let arrow = paint(page.styles.gutter, "-->");
    writeln!(page.out, "{}", headline(exposure, page.styles))?;
    writeln!(page.out, " {arrow} {}", place(exposure))?;
    let mut facts = vec![Fact::prose("what", exposure.message.as_str())];
    let because = chain::reasons(&exposure.because);
    if !because.is_empty() {
        facts.push(Fact::lines("because", because));
    }
    for (label, values) in [("url", &exposure.urls), ("exposes", &exposure.exposes)] {
        if !values.is_empty() {
            facts.push(Fact::lines(label, some(values)));
        }
    }
    if explain {
        if let Some((_, check)) = report.check(exposure) {
            facts.push(Fact::prose("fix", check.fix.as_str()));
        }
        let command = format!("spillcheck explain {}", exposure.check);
        facts.push(Fact::verbatim("help", &command));
    }
    for fact in facts {
        fact.write(1, page)?;
    }
    writeln!(page.out)
}

fn some(values: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = values
        .iter()
        .take(NAMED)
        .map(|value| printable(value))
        .collect();
    if values.len() > NAMED {
        lines.push(format!("and {} more", values.len() - NAMED));
    }
    lines
}

fn write_rest(rest: &[&Exposure], page: &mut Page<'_>) -> io::Result<()> {
    let Some(first) = rest.first() else {
        return Ok(());
    };
    let more = counted(rest.len() as u64, "more place");
    writeln!(page.out, "{}: {more}", headline(first, page.styles))?;
    let arrow = paint(page.styles.gutter, "-->");
    for exposure in rest.iter().take(2 * FULL) {
        writeln!(page.out, " {arrow} {}", place(exposure))?;
    }
    if rest.len() > 2 * FULL {
        writeln!(page.out, " {arrow} and {} more", rest.len() - 2 * FULL)?;
    }
    writeln!(page.out)
}

fn headline(exposure: &Exposure, styles: Styles) -> String {
    let word = Word::of(exposure.severity);
    let label = format!("{}[{}]", word.as_str(), printable(&exposure.check));
    let title = format!(": {} ({})", printable(&exposure.title), exposure.severity);
    paint(styles.word(word), &label) + &paint(styles.strong, &title)
}

fn place(exposure: &Exposure) -> String {
    let file = if exposure.file.is_empty() {
        "."
    } else {
        &exposure.file
    };
    match exposure.line {
        Some(line) => format!("{}:{line}", printable(file)),
        None => printable(file),
    }
}
