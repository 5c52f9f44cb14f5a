//! Test results, as CI servers read them: each thing that was found is a test that failed, and the coverage is one more.

use std::io::{self, Write};

use super::clean::Clean;
use super::entity::entity;
use super::item::Item;
use crate::finding::Suppression;

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counted = Item::counted(report);
    let suppressed = Item::suppressed(report);
    let totals = format!(
        r#"name="spillcheck" tests="{}" failures="{}" errors="{}" skipped="{}""#,
        counted.len() + suppressed.len() + 1,
        counted.len(),
        usize::from(!report.is_complete()),
        suppressed.len()
    );
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, "<testsuites>\n  <testsuite {totals}>")?;
    write_coverage(report, out)?;
    for item in &counted {
        writeln!(out, "    <testcase {}>", attributes(item))?;
        writeln!(
            out,
            r#"      <failure type="{}" message="{}">{}</failure>"#,
            escaped(item.severity.word()),
            escaped(item.title),
            escaped(&text(item))
        )?;
        writeln!(out, "    </testcase>")?;
    }
    for item in &suppressed {
        let by = item.suppressed.map(Suppression::words).unwrap_or_default();
        writeln!(out, "    <testcase {}>", attributes(item))?;
        writeln!(out, r#"      <skipped message="{}"/>"#, escaped(&by))?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn write_coverage(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let case = r#"<testcase classname="spillcheck" name="coverage""#;
    let files = report.coverage.files;
    if report.is_complete() {
        return writeln!(
            out,
            "    {case}><system-out>{files} files were read.</system-out></testcase>"
        );
    }
    let skipped = report.coverage.skipped.iter();
    let missed: Vec<String> = skipped
        .filter(|skipped| skipped.reason.is_incomplete())
        .map(|skipped| format!("{}: {}", skipped.path, skipped.reason.word()))
        .collect();
    writeln!(
        out,
        "    {case}><error message=\"{files} files were read, and not everything that should have been\">{}</error></testcase>",
        escaped(&missed.join("\n"))
    )
}

fn attributes(item: &Item<'_>) -> String {
    let mut attributes = format!(
        r#"classname="{}" name="{}" file="{}""#,
        escaped(item.rule),
        escaped(&item.at()),
        escaped(item.path)
    );
    if let Some(place) = item.place {
        attributes.push_str(&format!(r#" line="{}""#, place.line));
    }
    attributes
}

fn text(item: &Item<'_>) -> String {
    let mut lines = vec![item.at(), item.message.clone()];
    lines.push(format!("reach: {}", item.reach.word()));
    lines.extend(item.also.iter().map(|place| format!("also: {place}")));
    lines.extend(item.fix.map(|fix| format!("fix: {fix}")));
    lines.join("\n")
}

/// For text and attributes. What XML 1.0 has no way to write is written as `\u{1b}`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => out.extend(c.escape_unicode()),
            c if c.is_control() => out.extend(c.escape_default()),
            c => match entity(c) {
                Some(entity) => out.push_str(entity),
                None => out.push(c),
            },
        }
    }
    out
}
