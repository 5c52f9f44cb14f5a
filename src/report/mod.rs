//! What was found, written down: one file for each format, all from the same [`Report`].
//!
//! No format sees a [`Finding`]: each gets the `clean` copy of the report, in which every text
//! from the scanned files has been through the redactor.

mod clean;
mod format;
mod human;
mod json;
mod jsonl;
#[cfg(test)]
mod samples;
mod sarif;
mod site;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::checks::Check;
use crate::finding::{Exposure, Finding, Severity};
use crate::input::Coverage;
use crate::rules::Rule;
use crate::site::DocumentRoot;

pub use format::{Format, ParseFormatError, RenderOptions, write};
pub use json::schema;
pub use site::{SiteReport, site_schema};

/// Everything that a format may show.
#[derive(Debug)]
pub struct Report {
    /// Sorted by severity (highest first), then path, offset and rule of the first occurrence.
    pub findings: Vec<Finding>,
    /// The rules of `findings`, sorted by id.
    pub rules: Vec<ReportedRule>,
    /// Misconfigurations, sorted by severity (highest first), then file, line and check.
    pub exposures: Vec<Exposure>,
    /// The checks of `exposures`, sorted by id.
    pub checks: Vec<&'static Check>,
    /// What web servers serve, as far as it is known.
    pub roots: Vec<DocumentRoot>,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// What was found and is not shown.
    pub withheld: Withheld,
    /// What the reader should know of this run: the configuration file that was used, rules that are off.
    pub notes: Vec<String>,
    /// What to scan was given as: for SARIF's base, the one root when it is an absolute directory.
    pub base: Option<String>,
    /// For the human summary only: nothing else may depend on time.
    pub elapsed: Duration,
}

impl Report {
    /// How bad everything is that was found.
    pub fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.exposures.iter().map(|exposure| exposure.severity))
    }
}

/// A rule, and whose credential it finds.
#[derive(Debug, Clone)]
pub struct ReportedRule {
    /// The vendor or theme of the rule's file.
    pub provider: String,
    /// The rule.
    pub rule: Rule,
}

/// Findings that are counted and not shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Withheld {
    /// Below `--min-confidence`.
    pub below_confidence: u64,
    /// Allowed by the configuration.
    pub allowed: u64,
    /// Places that a comment beside them allows.
    pub marked: u64,
}
