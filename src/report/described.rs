//! What reports say of the rules and checks that found something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::Check;
use crate::finding::{Confidence, Severity};
use crate::rules::Rule;

/// A rule, and whose credential it finds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Rule")]
pub struct ReportedRule {
    /// Its id.
    pub id: String,
    /// The vendor or theme.
    pub provider: String,
    /// What it finds, as a noun phrase.
    pub title: String,
    /// What that is and why it is bad that others can read it.
    pub description: String,
    /// How bad it is in general.
    pub severity: Severity,
    /// How sure a match is in general.
    pub confidence: Confidence,
    /// Whether the shape of a credential alone says what it is.
    pub by_shape: bool,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Themes.
    pub tags: Vec<String>,
    /// How to replace a credential.
    pub rotate: Rotate,
    /// The vendor's own pages.
    pub references: Vec<String>,
}

/// How to replace a credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Rotate {
    /// What to do, in a line.
    pub summary: String,
    /// The provider's own steps, in order.
    pub steps: Vec<String>,
    /// Where it is done.
    pub urls: Vec<String>,
}

/// A check: what it looks for, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Check")]
pub struct ReportedCheck {
    /// Its id.
    pub id: String,
    /// Its number in the catalogue.
    pub code: String,
    /// What it is, in a few words.
    pub title: String,
    /// Why it is bad.
    pub description: String,
    /// How bad it is in general.
    pub severity: Severity,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// What to do about it.
    pub fix: String,
    /// Where it is documented.
    pub references: Vec<String>,
}

impl ReportedRule {
    /// What is said of a rule of this vendor.
    pub fn of(provider: &str, rule: &Rule) -> Self {
        Self {
            id: rule.id.clone(),
            provider: provider.to_owned(),
            title: rule.title.clone(),
            description: rule.description.to_string(),
            severity: rule.severity,
            confidence: rule.confidence,
            by_shape: rule.text.is_some(),
            cwe: rule.cwe.clone(),
            tags: rule.tags.clone(),
            rotate: Rotate {
                summary: rule.rotate.summary.clone(),
                steps: rule.rotate.steps.clone(),
                urls: rule.rotate.urls.clone(),
            },
            references: rule.references.to_vec(),
        }
    }
}

impl From<&Check> for ReportedCheck {
    fn from(check: &Check) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Self {
            id: check.id.to_owned(),
            code: check.code.to_owned(),
            title: check.title.to_owned(),
            description: check.description.to_owned(),
            severity: check.severity,
            cwe: check.cwe.to_vec(),
            fix: check.fix.to_owned(),
            references: owned(check.references),
        }
    }
}
