//! One JSON object a line: for pipes, and for programs that read as they go.
//!
//! Each line has a `type`: `finding` for each credential, `exposure` for each misconfiguration, then one `summary`. A reader that did not
//! see the `summary` did not see the whole report. What does not count, and was asked for, has a field
//! `suppressed`.

use std::io::{self, Write};

use serde::Serialize;

use super::clean::Clean;
use super::json::{CoverageEntry, Entry, ExposureEntry, Summary, Tool, VERSION};
use crate::site::DocumentRoot;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Finding(Entry<'r>),
    Exposure(ExposureEntry<'r>),
    Summary(End<'r>),
}

#[derive(Serialize)]
struct End<'r> {
    version: u32,
    tool: Tool,
    coverage: CoverageEntry<'r>,
    summary: Summary,
    document_roots: &'r [DocumentRoot],
    notes: &'r [String],
}

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().chain(&report.suppressed) {
        write_line(&Line::Finding(Entry::new(finding)), out)?;
    }
    for exposures in [&report.exposures, &report.suppressed_exposures] {
        for exposure in ExposureEntry::all(exposures, report) {
            write_line(&Line::Exposure(exposure), out)?;
        }
    }
    let end = End {
        version: VERSION,
        tool: Tool::this(),
        coverage: CoverageEntry::new(report),
        summary: Summary::new(report),
        document_roots: &report.roots,
        notes: &report.notes,
    };
    write_line(&Line::Summary(end), out)
}

/// Each line is flushed, so that the reader at the other end of a pipe has it at once.
fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")?;
    out.flush()
}
