//! The runs that a report is of: one, or those that were merged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Suppression, Suppressor};

/// One run of a scan. Two runs are the same if all of this is the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// A hash of what was read and found: 32 hexadecimal digits.
    pub id: String,
    /// The version of spillcheck.
    pub version: String,
    /// What was to be scanned, as it was named.
    pub paths: Vec<String>,
    /// What paths are relative to, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The baseline that findings were compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Whether everything that should have been read was, and there was anything.
    pub complete: bool,
    /// Files that were read to their end.
    pub files: u64,
    /// Bytes that were read, as they lie on disk.
    pub bytes: u64,
    /// What was found and is not shown.
    pub withheld: Withheld,
}

/// Findings that are counted and not shown.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Withheld {
    /// Below `--min-confidence`.
    pub below_confidence: u64,
    /// Allowed by the configuration.
    pub allowed: u64,
    /// Places that a comment beside them allows.
    pub marked: u64,
    /// Places and exposures that a `.spillcheckignore` names.
    #[serde(default)]
    pub ignored: u64,
    /// Places and exposures that a baseline knows.
    #[serde(default)]
    pub known: u64,
    /// Places that the files of other scanners allow.
    #[serde(default)]
    pub foreign: u64,
}

impl Withheld {
    /// Counts something in so many places that somebody decided on. An allowed value counts once, wherever it is.
    pub(super) fn add(&mut self, suppression: Option<&Suppression>, places: u64) {
        let Some(suppression) = suppression else {
            return;
        };
        let (count, more) = match suppression.by {
            Suppressor::Configuration => (&mut self.allowed, 1),
            Suppressor::Marker => (&mut self.marked, places),
            Suppressor::IgnoreFile => (&mut self.ignored, places),
            Suppressor::Baseline => (&mut self.known, places),
            Suppressor::GitleaksIgnore
            | Suppressor::GitleaksConfig
            | Suppressor::SecretsBaseline => (&mut self.foreign, places),
        };
        *count = count.saturating_add(more);
    }
}

impl std::ops::AddAssign for Withheld {
    fn add_assign(&mut self, other: Self) {
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        add(&mut self.below_confidence, other.below_confidence);
        add(&mut self.allowed, other.allowed);
        add(&mut self.marked, other.marked);
        add(&mut self.ignored, other.ignored);
        add(&mut self.known, other.known);
        add(&mut self.foreign, other.foreign);
    }
}
