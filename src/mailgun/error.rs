//! Why a call came to nothing.

use std::fmt;

use super::answer::Answer;

/// What a call gives.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a call came to nothing. Nothing in it is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// No call can be made from here.
    Setup(String),
    /// No answer came, and why. Whether a change was made is not known.
    Unreachable {
        /// What was sent.
        request: String,
        /// Why.
        why: String,
    },
    /// The answer is no.
    Refused {
        /// What was sent.
        request: String,
        /// The HTTP status.
        status: u16,
        /// In the words of the provider.
        message: String,
    },
    /// Too many calls were made.
    Throttled {
        /// What was sent.
        request: String,
        /// When to try again.
        seconds: u64,
    },
    /// The answer is not of the documented form.
    Malformed {
        /// What was sent.
        request: String,
        /// What it should have been.
        wanted: &'static str,
    },
}

impl ApiError {
    pub(super) fn refused(request: String, answer: &Answer) -> Self {
        Self::Refused {
            request,
            status: answer.status(),
            message: answer.message(),
        }
    }

    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(why) => f.write_str(why),
            Self::Unreachable { request, why } => {
                write!(
                    f,
                    "no answer to {request}: {why}; check the connection and try again"
                )
            }
            Self::Refused {
                request,
                status,
                message,
            } => {
                write!(f, "{request} was answered with {status}")?;
                if !message.is_empty() {
                    write!(f, " ({message})")?;
                }
                f.write_str(advice(*status))
            }
            Self::Throttled { request, seconds } => write!(
                f,
                "{request}: Mailgun takes no more calls for now; try again in {seconds} seconds"
            ),
            Self::Malformed { request, wanted } => {
                write!(
                    f,
                    "the answer to {request} is no {wanted}; do this step in the control panel"
                )
            }
        }
    }
}

fn advice(status: u16) -> &'static str {
    match status {
        401 => {
            ": the key is unknown or deleted, or this machine is not on the account's IP allowlist; make a key in the \
             control panel and set MAILGUN_API_KEY to it"
        }
        403 => ": the key may not do that; use a key of an administrator",
        500.. => ": try again later",
        _ => "",
    }
}

impl std::error::Error for ApiError {}
