//! What a server answers to a request.

use serde::Serialize;

use crate::finding::Reason;

/// What becomes of the file that a URL maps to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Its bytes are sent.
    Served,
    /// A handler runs it; its source is not sent.
    Executed,
    /// A rule refuses it, or the server fails before it sends anything.
    Denied,
    /// The URL leads elsewhere (a redirect, another file), or nowhere.
    NotMapped,
    /// It cannot be told from what was read.
    Unknown,
}

impl Verdict {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Executed => "executed",
            Self::Denied => "denied",
            Self::NotMapped => "not-mapped",
            Self::Unknown => "unknown",
        }
    }
}

/// A request as a client sends it: no body, from anywhere on the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'r> {
    /// The request target: a path that starts with `/`, encoded as the client encoded it, perhaps with a query.
    pub target: &'r str,
    /// The `Host` header; `None` if the client asks for the site by its first name.
    pub host: Option<&'r str>,
    /// Whether the client sits on the server itself, as the tests against real servers do.
    pub is_local: bool,
}

impl<'r> Request<'r> {
    /// A request from the internet for a path.
    pub fn of(target: &'r str) -> Self {
        Self {
            target,
            host: None,
            is_local: false,
        }
    }
}

/// What a server answers to a request, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What becomes of the file.
    pub verdict: Verdict,
    /// The HTTP status, where it can be told.
    pub status: Option<u16>,
    /// The file that is sent, run or refused, as the server names it; absent where there is none.
    pub file: Option<String>,
    /// Whether what is sent is a list of a directory's files; `file` is then the directory.
    pub is_listing: bool,
    /// The directives that decided it, in the order in which they did.
    pub because: Vec<Reason>,
    /// What would settle it, if the verdict is unknown.
    pub settle: Option<String>,
}

impl Answer {
    /// A verdict on a file.
    pub fn new(verdict: Verdict, status: u16, file: Option<String>, because: Vec<Reason>) -> Self {
        Self {
            verdict,
            status: Some(status),
            file,
            is_listing: false,
            because,
            settle: None,
        }
    }

    /// It cannot be told; `settle` says what would settle it.
    pub fn unknown(settle: impl Into<String>, because: Vec<Reason>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            status: None,
            file: None,
            is_listing: false,
            because,
            settle: Some(settle.into()),
        }
    }
}
