//! Reports that were saved as JSON, read again: to be written in another format, or to be merged.

mod merge;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Deserialize;

use super::clean::{Clean, Shown};
use super::json::{SCHEMA_ID, VERSION};
use super::{ReportedCheck, ReportedRule, Run, Withheld};
use crate::finding::{
    Attribute, Confidence, Exposure, Occurrence, Reach, Severity, Suppression, Way,
};
use crate::input::{Coverage, Skipped};
use crate::site::DocumentRoot;

/// A report as it was saved.
#[derive(Debug, Clone, Deserialize)]
pub struct Saved {
    schema: String,
    version: u32,
    findings: Vec<Finding>,
    exposures: Vec<Exposure>,
    #[serde(default)]
    suppressed: Suppressed,
    document_roots: Vec<DocumentRoot>,
    coverage: SavedCoverage,
    notes: Vec<String>,
    runs: Vec<Run>,
    rules: Vec<ReportedRule>,
    checks: Vec<ReportedCheck>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Suppressed {
    findings: Vec<Finding>,
    exposures: Vec<Exposure>,
}

#[derive(Debug, Clone, Deserialize)]
struct SavedCoverage {
    skipped: Vec<Skipped>,
}

/// A finding without its secret, which no report has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Finding {
    rule: String,
    title: String,
    severity: Severity,
    confidence: Confidence,
    fingerprint: String,
    secret: String,
    attributes: Vec<Attribute>,
    occurrences: Vec<Occurrence>,
    reach: Reach,
    ways: Vec<Way>,
    #[serde(default)]
    suppressed: Option<Suppression>,
}

/// A text that is no saved report.
#[derive(Debug)]
pub enum ReadError {
    /// It is no JSON, or fields are missing.
    Json(serde_json::Error),
    /// It is JSON of another kind, or of a later version.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(
                f,
                "this is no report that `--format json` of this version wrote: {error}"
            ),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ReadError {}

impl Saved {
    /// Reads what [`Format::Json`](super::Format::Json) wrote.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(text: &[u8]) -> Result<Self, ReadError> {
        let mut saved: Self = serde_json::from_slice(text).map_err(ReadError::Json)?;
        if saved.schema != SCHEMA_ID || saved.version != VERSION {
            return Err(ReadError::Other(format!(
                "this is a report of schema `{}`, version {}; only `{SCHEMA_ID}`, version {VERSION}, can be read",
                saved.schema.escape_debug(),
                saved.version
            )));
        }
        let all = saved.findings.iter().chain(&saved.suppressed.findings);
        if let Some(finding) = all.clone().find(|finding| finding.occurrences.is_empty()) {
            return Err(ReadError::Other(format!(
                "the finding {} has no place",
                finding.fingerprint.escape_debug()
            )));
        }
        if saved.runs.is_empty() {
            return Err(ReadError::Other("the report is of no run".to_owned()));
        }
        saved.tidy();
        Ok(saved)
    }

    /// How bad everything is that was found and counts.
    pub fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.exposures.iter().map(|exposure| exposure.severity))
    }

    /// Whether everything that should have been read was, in every run.
    pub fn is_complete(&self) -> bool {
        self.runs.iter().all(|run| run.complete)
    }

    /// As formats see it.
    pub(super) fn clean(&self) -> Clean<'_> {
        let mut withheld = Withheld::default();
        let (mut files, mut bytes) = (0_u64, 0_u64);
        for run in &self.runs {
            withheld += run.withheld;
            files = files.saturating_add(run.files);
            bytes = bytes.saturating_add(run.bytes);
        }
        Clean {
            findings: self.shown(&self.findings),
            exposures: self.exposures.clone(),
            suppressed: self.shown(&self.suppressed.findings),
            suppressed_exposures: self.suppressed.exposures.clone(),
            rules: &self.rules,
            checks: &self.checks,
            roots: self.document_roots.clone(),
            coverage: Coverage {
                files,
                bytes,
                skipped: self.coverage.skipped.clone(),
                may_be_empty: false,
            },
            runs: self.runs.clone(),
            withheld,
            notes: self.notes.clone(),
            elapsed: None,
        }
    }

    fn shown<'s>(&'s self, findings: &'s [Finding]) -> Vec<Shown<'s>> {
        let show = |finding: &'s Finding| {
            let index = self
                .rules
                .binary_search_by(|rule| rule.id.cmp(&finding.rule));
            Shown {
                rule: &finding.rule,
                title: &finding.title,
                severity: finding.severity,
                confidence: finding.confidence,
                fingerprint: finding.fingerprint.clone(),
                mask: finding.secret.clone(),
                plain: None,
                attributes: finding.attributes.clone(),
                occurrences: finding.occurrences.clone(),
                reach: finding.reach,
                ways: finding.ways.clone(),
                suppressed: finding.suppressed.clone(),
                definition: index.ok().map(|index| (index, &self.rules[index])),
            }
        };
        findings.iter().map(show).collect()
    }

    /// Puts right what a hand may have put wrong and formats rely on: lines and columns from 1, marks inside of their
    /// lines, and rules and checks sorted.
    fn tidy(&mut self) {
        let findings = self.findings.iter_mut();
        for finding in findings.chain(&mut self.suppressed.findings) {
            finding.occurrences.iter_mut().for_each(tidy_place);
        }
        self.rules.sort();
        self.rules.dedup_by(|later, first| later.id == first.id);
        self.checks.sort();
        self.checks.dedup_by(|later, first| later.id == first.id);
    }
}

fn tidy_place(place: &mut Occurrence) {
    let at = &mut place.location;
    for position in [&mut at.start, &mut at.end] {
        position.line = position.line.max(1);
        position.column = position.column.max(1);
    }
    at.end = at.end.max(at.start);
    let excerpt = &mut place.excerpt;
    excerpt.first_line = excerpt.first_line.max(1);
    excerpt.marked_line = excerpt
        .marked_line
        .min(excerpt.lines.len().saturating_sub(1));
    let marked = excerpt.lines.get(excerpt.marked_line);
    let len = marked.map_or(0, |line| line.chars().count());
    excerpt.mark_start = excerpt.mark_start.min(len);
    excerpt.mark_len = excerpt.mark_len.min(len - excerpt.mark_start);
}
