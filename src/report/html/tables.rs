//! What is served, what was looked at and what was not, and what the reader should know.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::markup::escaped;
use crate::input::SkipReason;
use crate::report::clean::Clean;
use crate::report::human::text::{bytes, counted, grouped};
use crate::site::DocumentRoot;

/// So many paths that were not read are named, those that should have been first.
const NAMED: usize = 1000;

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    roots(&report.roots, out)?;
    let coverage = &report.coverage;
    writeln!(
        out,
        "<h2 id=\"coverage\">Coverage</h2>\n<p>Scanned {} ({}).</p>",
        counted(coverage.files, "file"),
        bytes(coverage.bytes)
    )?;
    skipped(report, out)?;
    withheld(report, out)?;
    if !report.notes.is_empty() {
        writeln!(out, "<h2>Notes</h2>\n<ul>")?;
        for note in &report.notes {
            writeln!(out, "<li>{}</li>", escaped(note))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(
        out,
        "<footer><p class=\"dim\">spillcheck {}. Secrets are masked; no part of this page is fetched from \
         elsewhere.</p></footer>",
        env!("CARGO_PKG_VERSION")
    )
}

fn roots(roots: &[DocumentRoot], out: &mut dyn Write) -> io::Result<()> {
    if roots.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>What is served</h2>\n<table>\n<tr><th>directory</th><th>URL</th><th>host</th><th>server</th><th>because</th></tr>"
    )?;
    for root in roots {
        let because: Vec<String> = root
            .because
            .iter()
            .map(|reason| match (&reason.file, reason.line) {
                (Some(file), Some(line)) => format!("{file}:{line}: {}", reason.directive),
                _ => reason.directive.clone(),
            })
            .chain(root.assumed.iter().map(|why| format!("assumed: {why}")))
            .collect();
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(root.path.as_deref().unwrap_or(&root.server_path)),
            escaped(&root.url),
            escaped(&root.host),
            escaped(&root.server),
            escaped(&because.join("; "))
        )?;
    }
    writeln!(out, "</table>")
}

fn skipped(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all = &report.coverage.skipped;
    if all.is_empty() {
        return Ok(());
    }
    let mut counts: BTreeMap<SkipReason, u64> = BTreeMap::new();
    for skipped in all {
        *counts.entry(skipped.reason).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(reason, &count)| format!("{} {}", grouped(count), reason.word()))
        .collect();
    writeln!(
        out,
        "<details>\n<summary>Not scanned: {}</summary>\n<table>\n<tr><th>path</th><th>reason</th><th></th></tr>",
        escaped(&counts.join(", "))
    )?;
    let (missed, others): (Vec<_>, Vec<_>) = all
        .iter()
        .partition(|skipped| skipped.reason.is_incomplete());
    for skipped in missed.iter().chain(&others).take(NAMED) {
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            escaped(&skipped.path),
            skipped.reason.word(),
            escaped(skipped.detail.as_deref().unwrap_or_default())
        )?;
    }
    writeln!(out, "</table>")?;
    if all.len() > NAMED {
        writeln!(out, "<p>and {} more</p>", all.len() - NAMED)?;
    }
    writeln!(out, "</details>")
}

fn withheld(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let withheld = &report.withheld;
    let counts = [
        (withheld.below_confidence, "below the wanted confidence"),
        (withheld.allowed, "allowed by the configuration"),
        (withheld.marked, "allowed by comments beside them"),
        (withheld.ignored, "allowed by .spillcheckignore"),
        (withheld.known, "known by the baseline"),
        (withheld.foreign, "allowed by files of other scanners"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{} {kind}", grouped(*count)))
        .collect();
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out, "<p>Not counted: {}.</p>", counts.join(", "))
}
