//! How a credential, or a file that may hold one, gets out.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Confidence, Severity, Suppression, hex};

/// One link in a chain of reasons: a directive of a server's configuration, a line of a file, a fact.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub struct Reason {
    /// The file that says so, as reports name it; absent for what stands in no file, such as a server's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The directive as it is written, or the fact in words.
    pub directive: String,
}

impl Reason {
    /// What a line of a file says.
    pub fn at(file: impl Into<String>, line: u32, directive: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            line: Some(line),
            directive: directive.into(),
        }
    }

    /// What stands in no file.
    pub fn fact(directive: impl Into<String>) -> Self {
        Self {
            file: None,
            line: None,
            directive: directive.into(),
        }
    }
}

/// How far a credential has got, weakest first: the strongest one that is shown counts.
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
pub enum Reach {
    /// A deny rule, or a place outside of every document root, keeps it in.
    Contained,
    /// Nothing that was read says how its file is served.
    Unknown,
    /// A second fault is needed, such as a debug page that someone brings up.
    Latent,
    /// It lies under what is by convention a document root; the server's configuration was not there.
    Likely,
    /// It is in what is handed out: a bundle, a package, an image, a history with a remote.
    Published,
    /// A server's configuration maps a URL to it, and no rule stops it.
    Reachable,
    /// A log shows that it was fetched.
    ObservedLeak,
}

impl Reach {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Contained => "contained",
            Self::Unknown => "unknown",
            Self::Latent => "latent",
            Self::Likely => "likely",
            Self::Published => "published",
            Self::Reachable => "reachable",
            Self::ObservedLeak => "observed-leak",
        }
    }

    /// Whether it is out, or can be had by asking.
    pub fn is_out(self) -> bool {
        self >= Self::Likely
    }
}

/// One way on which a credential gets out, or one that was looked at and is closed.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Way {
    /// How far it leads.
    pub reach: Reach,
    /// The file that it leads to, as reports name it.
    pub file: String,
    /// In a sentence: `GET /.env gives the file`.
    pub summary: String,
    /// What to ask a server for, if that is the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the check that knows this way, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The chain, from the configuration to the file.
    pub because: Vec<Reason>,
    /// What would settle it, where it is not certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settle: Option<String>,
}

/// A misconfiguration, or a leftover, that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exposure {
    /// The id of the check.
    pub check: String,
    /// What it is, in words.
    pub title: String,
    /// How bad it is, here.
    pub severity: Severity,
    /// How sure the tool is.
    pub confidence: Confidence,
    /// Where it stands, as reports name the file.
    pub file: String,
    /// The line, from 1; absent where the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong here, in a sentence or two.
    pub message: String,
    /// The chain that makes it so.
    pub because: Vec<Reason>,
    /// What to ask a server for to see it.
    pub urls: Vec<String>,
    /// Files whose credentials get out by it, as reports name them.
    pub exposes: Vec<String>,
    /// How far these credentials get by it.
    pub reach: Reach,
    /// Who says that it is not to be counted, if anyone does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppression>,
}

impl Exposure {
    /// Stays when lines move: 32 hexadecimal digits of the check, the file and what is said.
    pub fn fingerprint(&self) -> String {
        let Self {
            check,
            file,
            message,
            ..
        } = self;
        let text = format!("{check}\0{file}\0{message}");
        let digest = Sha256::digest(text.as_bytes());
        hex(&digest[..16])
    }
}
