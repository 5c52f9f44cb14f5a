//! One credential, and everywhere it stands.

use serde::{Deserialize, Serialize};

use super::{
    Commits, Confidence, Decoder, Fingerprint, Location, Reach, Secret, Severity, Suppression, Way,
};

/// How git sees a file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum GitState {
    /// In the index: it is committed, or will be with the next commit.
    Tracked,
    /// In a work tree, neither tracked nor ignored.
    Untracked,
    /// Named by an ignore rule.
    Ignored,
    /// Not in a git work tree.
    NoRepository,
}

impl GitState {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tracked => "tracked",
            Self::Untracked => "untracked",
            Self::Ignored => "ignored",
            Self::NoRepository => "no-repository",
        }
    }
}

/// Lines around an occurrence, with every secret in them already masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Excerpt {
    /// The number of the first line, from 1.
    pub first_line: u64,
    /// One to three lines, without line ends, masked, shortened to a readable width.
    pub lines: Vec<String>,
    /// Index into `lines` of the line that the caret belongs under.
    pub marked_line: usize,
    /// Where in the marked line the mask starts, in characters.
    pub mark_start: usize,
    /// How many characters of the marked line the mask takes.
    pub mark_len: usize,
}

/// One place where a secret stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Occurrence {
    /// Where: for an encoded secret, the encoded bytes.
    #[serde(flatten)]
    pub location: Location,
    /// The name that the value is assigned to, when there is one, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was decoded on the way to the secret, outermost first.
    pub decoders: Vec<Decoder>,
    /// How git sees the file.
    pub git: GitState,
    /// The masked lines around it.
    pub excerpt: Excerpt,
    /// GitHub's `primaryLocationLineHash` of the line, `hash:n`; computed where a program is to read the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_hash: Option<String>,
    /// The commits that carry it; only of a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<Box<Commits>>,
}

/// Something worth knowing that stands beside a secret and is none itself: a sending domain, a
/// region, a key id.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Attribute {
    /// What it is, in words: `key id`, `domain`, `region`.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One credential with all its occurrences.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The id of the rule that found it.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the tool is.
    pub confidence: Confidence,
    /// The credential.
    pub secret: Secret,
    /// Its keyed hash.
    pub fingerprint: Fingerprint,
    /// What stands beside it, sorted by name.
    pub attributes: Vec<Attribute>,
    /// At least one, sorted by path and offset.
    pub occurrences: Vec<Occurrence>,
    /// How far it has got: the strongest of `ways`.
    pub reach: Reach,
    /// Every way that was looked at, those that lead out first.
    pub ways: Vec<Way>,
    /// Who says that it is not to be counted, if anyone does.
    pub suppressed: Option<Suppression>,
}
