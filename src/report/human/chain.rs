//! Ways out and their chains of reasons, in lines.

use std::collections::BTreeSet;

use super::text::{counted, printable};
use crate::finding::{Reach, Reason, Way};
use crate::report::clean::Shown;

/// Of the ways out of one finding this many are shown with their chains.
const SHOWN: usize = 3;
/// Of the ways that are closed this many are shown, where nothing leads out.
const CLOSED: usize = 2;
/// Longer directives are cut, in characters.
const WIDTH: usize = 140;
/// Of a chain this many links are shown.
const LINKS: usize = 8;

/// What is said of the ways of a finding: labels, and lines under each. A chain that was told above is not told again.
pub(super) fn facts(
    finding: &Shown<'_>,
    told: &mut BTreeSet<String>,
) -> Vec<(&'static str, Vec<String>)> {
    let (open, closed): (Vec<&Way>, Vec<&Way>) = finding.ways.iter().partition(|way| is_open(way));
    let mut facts: Vec<(&'static str, Vec<String>)> = open
        .iter()
        .take(SHOWN)
        .map(|way| ("exposure", lines(way, told)))
        .collect();
    if open.len() > SHOWN {
        let more = counted((open.len() - SHOWN) as u64, "more way");
        facts.push(("exposure", vec![format!("and {more} out")]));
    }
    if open.is_empty() {
        let shown = closed
            .iter()
            .filter(|way| way.reach == Reach::Contained)
            .take(CLOSED);
        facts.extend(shown.map(|way| ("exposure", lines(way, told))));
    } else if !closed.is_empty() {
        let count = counted(closed.len() as u64, "other way");
        let is = if closed.len() == 1 { "is" } else { "are" };
        facts.push(("looked at", vec![format!("{count}, which {is} closed")]));
    }
    facts
}

/// Whether it leads out, or may do so. That nothing says how a file is served is said once, at the end.
fn is_open(way: &Way) -> bool {
    way.reach > Reach::Unknown || (way.reach == Reach::Unknown && way.url.is_some())
}

fn lines(way: &Way, told: &mut BTreeSet<String>) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", way.reach.word(), printable(&way.summary))];
    if !way.because.is_empty() && !told.insert(format!("{}\0{}", way.file, way.summary)) {
        lines[0].push_str(", as above");
        return lines;
    }
    lines.extend(reasons(&way.because));
    if let Some(settle) = &way.settle {
        lines.push(format!("not certain: {}", printable(settle)));
    }
    lines
}

/// A chain, a line for each link.
pub(super) fn reasons(because: &[Reason]) -> Vec<String> {
    let mut lines: Vec<String> = because.iter().take(LINKS).map(reason).collect();
    if because.len() > LINKS {
        lines.push(format!("and {} more", because.len() - LINKS));
    }
    lines
}

fn reason(reason: &Reason) -> String {
    let mut directive = printable(&reason.directive);
    if let Some((cut, _)) = directive.char_indices().nth(WIDTH) {
        directive.truncate(cut);
        directive.push('…');
    }
    match (&reason.file, reason.line) {
        (Some(file), Some(line)) => format!("{}:{line}: {directive}", printable(file)),
        (Some(file), None) => format!("{}: {directive}", printable(file)),
        (None, _) => directive,
    }
}
