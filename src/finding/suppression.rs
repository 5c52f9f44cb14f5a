//! Who says that something that was found is not to be counted.

use serde::{Deserialize, Serialize};

/// Where a decision stands.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Suppressor {
    /// A baseline: it was there before.
    Baseline,
    /// A value that the configuration allows.
    Configuration,
    /// A comment beside it.
    Marker,
    /// A `.spillcheckignore`.
    IgnoreFile,
    /// A `.gitleaksignore`.
    GitleaksIgnore,
    /// An allowlist of a gitleaks configuration.
    GitleaksConfig,
    /// A baseline of detect-secrets.
    SecretsBaseline,
}

impl Suppressor {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Configuration => "configuration",
            Self::Marker => "marker",
            Self::IgnoreFile => "ignore-file",
            Self::GitleaksIgnore => "gitleaks-ignore",
            Self::GitleaksConfig => "gitleaks-config",
            Self::SecretsBaseline => "secrets-baseline",
        }
    }
}

/// A decision that something is not to be counted.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Suppression {
    /// Where it stands.
    pub by: Suppressor,
    /// The file and line of the decision, or the words of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why, in the words of who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Suppression {
    /// A decision without a reason.
    pub fn new(by: Suppressor, source: impl Into<String>) -> Self {
        Self {
            by,
            source: Some(source.into()),
            reason: None,
        }
    }

    /// The same with a reason, if one was given.
    #[must_use]
    pub fn because(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }

    /// In words: `baseline, spillcheck.baseline: reason`.
    pub fn words(&self) -> String {
        let mut words = self.by.word().to_owned();
        if let Some(source) = &self.source {
            words.push_str(", ");
            words.push_str(source);
        }
        if let Some(reason) = &self.reason {
            words.push_str(": ");
            words.push_str(reason);
        }
        words
    }
}
