//! Findings and exposures alike, for formats that list both in one table.

use super::clean::{Clean, Shown};
use crate::finding::{Confidence, Exposure, Reach, Severity, Suppression};

/// Something that was found.
#[derive(Debug)]
pub(super) struct Item<'r> {
    /// The id of the rule or check.
    pub(super) rule: &'r str,
    pub(super) title: &'r str,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) reach: Reach,
    /// As reports name it.
    pub(super) path: &'r str,
    /// Where in the file, if not the file as a whole is meant.
    pub(super) place: Option<Place>,
    /// `path:line` of further places.
    pub(super) also: Vec<String>,
    /// What is wrong, in a sentence or two.
    pub(super) message: String,
    /// The mask of a credential.
    pub(super) mask: Option<&'r str>,
    /// What to do about it.
    pub(super) fix: Option<&'r str>,
    pub(super) cwe: &'r [u32],
    pub(super) references: &'r [String],
    /// The same as long as the same is found: 32 hexadecimal digits.
    pub(super) fingerprint: String,
    pub(super) suppressed: Option<&'r Suppression>,
}

/// Lines and columns, from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: Option<u64>,
    pub(super) end_line: u64,
    pub(super) end_column: Option<u64>,
}

impl<'r> Item<'r> {
    /// What counts: findings, then exposures, as [`Format::Json`](super::Format::Json) has them.
    pub(super) fn counted(report: &'r Clean<'_>) -> Vec<Self> {
        Self::all(&report.findings, &report.exposures, report)
    }

    /// What does not count, if it was asked for.
    pub(super) fn suppressed(report: &'r Clean<'_>) -> Vec<Self> {
        Self::all(&report.suppressed, &report.suppressed_exposures, report)
    }

    fn all(
        findings: &'r [Shown<'_>],
        exposures: &'r [Exposure],
        report: &'r Clean<'_>,
    ) -> Vec<Self> {
        let findings = findings
            .iter()
            .map(|finding| Self::finding(finding, report));
        let exposures = exposures
            .iter()
            .map(|exposure| Self::exposure(exposure, report));
        findings.chain(exposures).collect()
    }

    fn finding(finding: &'r Shown<'_>, report: &Clean<'_>) -> Self {
        let rule = finding.definition.map(|(_, rule)| rule);
        let further = finding.occurrences.iter().skip(1);
        let first = finding.primary().map(|place| &place.location);
        Self {
            rule: finding.rule,
            title: finding.title,
            severity: finding.severity,
            confidence: finding.confidence,
            reach: finding.reach,
            path: first.map_or("", |at| report.relative(&at.path)),
            place: first.map(|at| Place {
                line: at.start.line,
                column: Some(at.start.column),
                end_line: at.end.line,
                end_column: Some(at.end.column),
            }),
            also: further
                .map(|place| {
                    let at = &place.location;
                    format!("{}:{}", report.relative(&at.path), at.start.line)
                })
                .collect(),
            message: sentence(finding),
            mask: Some(&finding.mask),
            fix: rule.map(|rule| rule.rotate.summary.as_str()),
            cwe: rule.map_or(&[], |rule| &rule.cwe),
            references: rule.map_or(&[], |rule| &rule.references),
            fingerprint: finding.fingerprint.clone(),
            suppressed: finding.suppressed.as_ref(),
        }
    }

    fn exposure(exposure: &'r Exposure, report: &'r Clean<'_>) -> Self {
        let check = report.check(exposure).map(|(_, check)| check);
        Self {
            rule: &exposure.check,
            title: &exposure.title,
            severity: exposure.severity,
            confidence: exposure.confidence,
            reach: exposure.reach,
            path: report.relative(&exposure.file),
            place: exposure.line.map(|line| Place {
                line: line.into(),
                column: None,
                end_line: line.into(),
                end_column: None,
            }),
            also: Vec::new(),
            message: exposure.message.clone(),
            mask: None,
            fix: check.map(|check| check.fix.as_str()),
            cwe: check.map_or(&[], |check| &check.cwe),
            references: check.map_or(&[], |check| &check.references),
            fingerprint: exposure.fingerprint(),
            suppressed: exposure.suppressed.as_ref(),
        }
    }

    /// `path:line`, or the path alone.
    pub(super) fn at(&self) -> String {
        match self.place {
            Some(place) => format!("{}:{}", self.path, place.line),
            None => self.path.to_owned(),
        }
    }
}

/// What a finding is, where else it is, how it gets out and what to do.
pub(super) fn sentence(finding: &Shown<'_>) -> String {
    let mut words = format!("{} '{}'", finding.title, finding.mask);
    if let Some(name) = finding.primary().and_then(|place| place.name.as_ref()) {
        words.push_str(&format!(", the value of '{name}'"));
    }
    match finding.occurrences.len() {
        0 | 1 => words.push('.'),
        2 => words.push_str(", also in 1 other place."),
        count => words.push_str(&format!(", also in {} other places.", count - 1)),
    }
    if let Some(commits) = finding.primary().and_then(|place| place.commits.as_ref()) {
        words.push_str(&format!(" {commits}."));
    } else if let Some(way) = finding.ways.first().filter(|way| way.reach.is_out()) {
        words.push_str(&format!(" {}: {}.", way.reach.word(), way.summary));
    }
    if let Some((_, known)) = finding.definition {
        words.push(' ');
        words.push_str(&known.rotate.summary);
    }
    words
}
