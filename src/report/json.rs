//! One JSON object: for programs that read a whole report.
//!
//! The structs here are the format. Within one [`VERSION`] fields are only ever added.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::clean::{Clean, Shown};
use super::{ReportedCheck, ReportedRule, Rotate, Run, Withheld};
use crate::finding::{
    Attribute, Confidence, Exposure, Occurrence, Reach, Severity, Suppression, Way,
};
use crate::input::{SkipReason, Skipped};
use crate::site::DocumentRoot;

/// Names the schema, which stands in the repository as `schemas/report-1.json`.
pub(super) const SCHEMA_ID: &str = "urn:spillcheck:schema:report-1";
/// Grows when a reader of the format would have to change.
pub(super) const VERSION: u32 = 1;

/// A report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "spillcheck report", extend("$id" = SCHEMA_ID))]
struct Document<'r> {
    /// Always `urn:spillcheck:schema:report-1`.
    schema: &'static str,
    /// Always 1.
    version: u32,
    /// What wrote it.
    tool: Tool,
    /// Sorted by severity (highest first), then path, offset and rule of the first occurrence.
    findings: Vec<Entry<'r>>,
    /// Misconfigurations and leftovers, sorted by severity (highest first), then file, line and check.
    exposures: Vec<ExposureEntry<'r>>,
    /// What was found and does not count; only if it was asked for.
    #[serde(default, skip_serializing_if = "Suppressed::is_empty")]
    suppressed: Suppressed<'r>,
    /// What web servers serve, as far as it is known.
    document_roots: &'r [DocumentRoot],
    /// What was looked at and what was not.
    coverage: CoverageEntry<'r>,
    /// Counts.
    summary: Summary,
    /// What the reader should know of this run, in words.
    notes: &'r [String],
    /// The runs that this is a report of: one, unless reports were merged.
    runs: &'r [Run],
    /// The rules of all findings, sorted by id.
    rules: &'r [ReportedRule],
    /// The checks of all exposures, sorted by id.
    checks: &'r [ReportedCheck],
}

/// What was found and does not count. Each says by whom.
#[derive(Default, Serialize, JsonSchema)]
struct Suppressed<'r> {
    /// Sorted as those that count.
    findings: Vec<Entry<'r>>,
    /// Sorted as those that count.
    exposures: Vec<ExposureEntry<'r>>,
}

impl Suppressed<'_> {
    fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.exposures.is_empty()
    }
}

/// The program that wrote a report.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    /// Its name.
    name: &'static str,
    /// Its version, as in SemVer.
    version: &'static str,
}

/// One credential, and everywhere it stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct Entry<'r> {
    /// The id of the rule that found it.
    rule: &'r str,
    /// What it is, in words.
    title: &'r str,
    /// How bad it is.
    severity: Severity,
    /// How sure the tool is.
    confidence: Confidence,
    /// A keyed hash of rule and secret: 32 hexadecimal digits, the same wherever the secret stands.
    fingerprint: &'r str,
    /// The mask of the secret. Never the secret.
    secret: &'r str,
    /// Whose credential it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'r str>,
    /// What stands beside it.
    attributes: &'r [Attribute],
    /// At least one, sorted by path and offset.
    occurrences: &'r [Occurrence],
    /// How far it has got: the strongest of `ways`.
    reach: Reach,
    /// Every way that was looked at, those that lead out first; `contained` ones are closed.
    ways: &'r [Way],
    /// How to replace it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rotate: Option<&'r Rotate>,
    /// CWE numbers.
    cwe: &'r [u32],
    /// Themes.
    tags: &'r [String],
    /// The vendor's own pages.
    references: &'r [String],
    /// Who says that it does not count, if anyone does.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'r Suppression>,
}

/// A misconfiguration or a leftover, and what to do about it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Exposure")]
pub(super) struct ExposureEntry<'r> {
    #[serde(flatten)]
    exposure: &'r Exposure,
    /// The number of the check in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'r str>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'r str>,
    /// CWE numbers.
    cwe: &'r [u32],
    /// Where it is documented.
    references: &'r [String],
}

/// What was looked at and what was not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Coverage")]
pub(super) struct CoverageEntry<'r> {
    /// Whether everything that should have been read was, and there was anything.
    complete: bool,
    /// Files that were read to their end.
    files: u64,
    /// Bytes that were read, as they lie on disk.
    bytes: u64,
    /// How many files and directories were skipped, by reason.
    skipped_by_reason: BTreeMap<SkipReason, u64>,
    /// Each of them, sorted by path.
    skipped: &'r [Skipped],
}

/// Counts.
#[derive(Serialize, JsonSchema)]
pub(super) struct Summary {
    /// Credentials.
    findings: usize,
    /// Misconfigurations and leftovers.
    exposures: usize,
    /// Places where they stand.
    occurrences: usize,
    /// Credentials, misconfigurations and leftovers by severity; every severity is there.
    by_severity: BTreeMap<Severity, usize>,
    /// What was found and is not in `findings`.
    withheld: Withheld,
}

impl Tool {
    pub(super) fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl<'r> Entry<'r> {
    pub(super) fn new(finding: &'r Shown<'_>) -> Self {
        let rule = finding.definition.map(|(_, known)| known);
        Self {
            rule: finding.rule,
            title: finding.title,
            severity: finding.severity,
            confidence: finding.confidence,
            fingerprint: &finding.fingerprint,
            secret: &finding.mask,
            provider: rule.map(|rule| rule.provider.as_str()),
            attributes: &finding.attributes,
            occurrences: &finding.occurrences,
            reach: finding.reach,
            ways: &finding.ways,
            rotate: rule.map(|rule| &rule.rotate),
            cwe: rule.map_or(&[], |rule| &rule.cwe),
            tags: rule.map_or(&[], |rule| &rule.tags),
            references: rule.map_or(&[], |rule| &rule.references),
            suppressed: finding.suppressed.as_ref(),
        }
    }
}

impl<'r> ExposureEntry<'r> {
    pub(super) fn all(exposures: &'r [Exposure], report: &'r Clean<'_>) -> Vec<Self> {
        let entry = |exposure: &'r Exposure| {
            let check = report.check(exposure).map(|(_, check)| check);
            Self {
                exposure,
                code: check.map(|check| check.code.as_str()),
                fix: check.map(|check| check.fix.as_str()),
                cwe: check.map_or(&[], |check| &check.cwe),
                references: check.map_or(&[], |check| &check.references),
            }
        };
        exposures.iter().map(entry).collect()
    }
}

impl<'r> CoverageEntry<'r> {
    pub(super) fn new(report: &'r Clean<'_>) -> Self {
        let coverage = &report.coverage;
        let mut skipped_by_reason = BTreeMap::new();
        for skipped in &coverage.skipped {
            *skipped_by_reason.entry(skipped.reason).or_default() += 1;
        }
        Self {
            complete: report.is_complete(),
            files: coverage.files,
            bytes: coverage.bytes,
            skipped_by_reason,
            skipped: &coverage.skipped,
        }
    }
}

impl Summary {
    pub(super) fn new(report: &Clean<'_>) -> Self {
        let counts = Severity::ALL
            .iter()
            .map(|&severity| (severity, report.count(severity)));
        Self {
            findings: report.findings.len(),
            exposures: report.exposures.len(),
            occurrences: report.findings.iter().map(|f| f.occurrences.len()).sum(),
            by_severity: counts.collect(),
            withheld: report.withheld,
        }
    }
}

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA_ID,
        version: VERSION,
        tool: Tool::this(),
        findings: report.findings.iter().map(Entry::new).collect(),
        exposures: ExposureEntry::all(&report.exposures, report),
        suppressed: Suppressed {
            findings: report.suppressed.iter().map(Entry::new).collect(),
            exposures: ExposureEntry::all(&report.suppressed_exposures, report),
        },
        document_roots: &report.roots,
        coverage: CoverageEntry::new(report),
        summary: Summary::new(report),
        notes: &report.notes,
        runs: &report.runs,
        rules: report.rules,
        checks: report.checks,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// The JSON Schema (draft 2020-12) of [`Format::Json`](super::Format::Json).
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}
