//! One JSON object: for programs that read a whole report.
//!
//! The structs here are the format. Within one [`VERSION`] fields are only ever added.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::Withheld;
use super::clean::{Clean, Shown};
use crate::finding::{Attribute, Confidence, Exposure, Occurrence, Reach, Severity, Way};
use crate::input::{Coverage, SkipReason, Skipped};
use crate::site::DocumentRoot;

/// Names the schema, which stands in the repository as `schemas/report-1.json`.
const SCHEMA_ID: &str = "urn:spillcheck:schema:report-1";
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
    /// What web servers serve, as far as it is known.
    document_roots: &'r [DocumentRoot],
    /// What was looked at and what was not.
    coverage: CoverageEntry<'r>,
    /// Counts.
    summary: Summary,
    /// What the reader should know of this run, in words.
    notes: &'r [String],
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
    rotate: Option<Rotate<'r>>,
    /// CWE numbers.
    cwe: &'r [u32],
    /// Themes.
    tags: &'r [String],
    /// The vendor's own pages.
    references: &'r [String],
}

/// A misconfiguration or a leftover, and what to do about it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Exposure")]
pub(super) struct ExposureEntry<'r> {
    #[serde(flatten)]
    exposure: &'r Exposure,
    /// The number of the check in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    /// CWE numbers.
    cwe: &'static [u32],
    /// Where it is documented.
    references: &'static [&'static str],
}

/// How to replace a credential.
#[derive(Serialize, JsonSchema)]
struct Rotate<'r> {
    /// What to do, in a line.
    summary: &'r str,
    /// The provider's own steps, in order.
    steps: &'r [String],
    /// Where it is done.
    urls: &'r [String],
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
        let known = finding.definition.map(|(_, known)| known);
        let rule = known.map(|known| &known.rule);
        Self {
            rule: finding.rule,
            title: finding.title,
            severity: finding.severity,
            confidence: finding.confidence,
            fingerprint: &finding.fingerprint,
            secret: &finding.mask,
            provider: known.map(|known| known.provider.as_str()),
            attributes: &finding.attributes,
            occurrences: &finding.occurrences,
            reach: finding.reach,
            ways: &finding.ways,
            rotate: rule.map(|rule| Rotate {
                summary: &rule.rotate.summary,
                steps: &rule.rotate.steps,
                urls: &rule.rotate.urls,
            }),
            cwe: rule.map_or(&[], |rule| &rule.cwe),
            tags: rule.map_or(&[], |rule| &rule.tags),
            references: rule.map_or(&[], |rule| &rule.references),
        }
    }
}

impl<'r> ExposureEntry<'r> {
    pub(super) fn all(report: &'r Clean<'_>) -> Vec<Self> {
        let entry = |exposure: &'r Exposure| {
            let check = report.check(exposure).map(|(_, check)| check);
            Self {
                exposure,
                code: check.map(|check| check.code),
                fix: check.map(|check| check.fix),
                cwe: check.map_or(&[], |check| check.cwe),
                references: check.map_or(&[], |check| check.references),
            }
        };
        report.exposures.iter().map(entry).collect()
    }
}

impl<'r> CoverageEntry<'r> {
    pub(super) fn new(coverage: &'r Coverage) -> Self {
        let mut skipped_by_reason = BTreeMap::new();
        for skipped in &coverage.skipped {
            *skipped_by_reason.entry(skipped.reason).or_default() += 1;
        }
        Self {
            complete: !coverage.is_incomplete(),
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
        exposures: ExposureEntry::all(report),
        document_roots: &report.roots,
        coverage: CoverageEntry::new(&report.coverage),
        summary: Summary::new(report),
        notes: &report.notes,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// The JSON Schema (draft 2020-12) of [`Format::Json`](super::Format::Json).
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}
