//! What was found, written down: one file for each format, all from the same [`Report`].
//!
//! No format sees a [`Finding`]: each gets the `clean` copy of the report, in which every text
//! from the scanned files has been through the redactor.

mod clean;
mod csv;
mod described;
mod entity;
mod format;
mod github;
mod gitlab;
mod html;
mod human;
mod item;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod runs;
#[cfg(test)]
mod samples;
mod sarif;
mod saved;
mod site;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::finding::{Exposure, Finding, Severity};
use crate::input::Coverage;
use crate::site::DocumentRoot;

pub use described::{ReportedCheck, ReportedRule, Rotate};
pub(crate) use entity::entities;
pub use format::{Format, ParseFormatError, RenderOptions, write, write_saved};
pub(crate) use human::text::counted;
pub use json::schema;
pub use runs::{Run, Withheld};
pub use saved::{ReadError, Saved};
pub use site::{SiteReport, site_schema};

/// Everything that a format may show.
#[derive(Debug)]
pub struct Report {
    /// Sorted by severity (highest first), then path, offset and rule of the first occurrence.
    pub findings: Vec<Finding>,
    /// Misconfigurations, sorted by severity (highest first), then file, line and check.
    pub exposures: Vec<Exposure>,
    /// What was found and is not to be counted.
    pub suppressed: Suppressed,
    /// The rules of all findings, sorted by id.
    pub rules: Vec<ReportedRule>,
    /// The checks of all exposures, sorted by id.
    pub checks: Vec<ReportedCheck>,
    /// What web servers serve, as far as it is known.
    pub roots: Vec<DocumentRoot>,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// What was found and is not shown.
    pub withheld: Withheld,
    /// What the reader should know of this run: the configuration file that was used, rules that are off.
    pub notes: Vec<String>,
    /// What was to be scanned, as it was named.
    pub paths: Vec<String>,
    /// For SARIF's base: the one root when it is an absolute directory.
    pub base: Option<String>,
    /// The baseline that findings were compared with.
    pub baseline: Option<String>,
    /// For the human summary only: nothing else may depend on time.
    pub elapsed: Duration,
}

/// What was found and is not to be counted. Each says by whom.
#[derive(Debug, Default)]
pub struct Suppressed {
    /// Whether formats show it. Its secrets are masked in any case.
    pub shown: bool,
    /// Sorted as those that count.
    pub findings: Vec<Finding>,
    /// Sorted as those that count.
    pub exposures: Vec<Exposure>,
}

impl Suppressed {
    /// Counts it, by who decided.
    pub fn withheld(&self) -> Withheld {
        let mut withheld = Withheld::default();
        for finding in &self.findings {
            withheld.add(
                finding.suppressed.as_ref(),
                finding.occurrences.len() as u64,
            );
        }
        for exposure in &self.exposures {
            withheld.add(exposure.suppressed.as_ref(), 1);
        }
        withheld
    }
}

impl Report {
    /// How bad everything is that was found and counts.
    pub fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.exposures.iter().map(|exposure| exposure.severity))
    }
}
