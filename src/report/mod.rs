//! What was found, written down: one file for each format, all from the same [`Report`].

use std::time::Duration;

use crate::finding::Finding;
use crate::input::Coverage;
use crate::rules::Rule;

/// Everything that a format may show.
#[derive(Debug)]
pub struct Report {
    /// Sorted by severity (highest first), then path, offset and rule of the first occurrence.
    pub findings: Vec<Finding>,
    /// The rules of `findings`, sorted by id.
    pub rules: Vec<Rule>,
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

/// Findings that are counted and not shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Withheld {
    /// Below `--min-confidence`.
    pub below_confidence: u64,
    /// Allowed by the configuration.
    pub allowed: u64,
}
