//! Exit codes: the same whatever the format.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Nothing was found, and all of it was looked at.
    Clean,
    /// Findings at or over `--fail-on`.
    Findings,
    /// The command line or the configuration is wrong.
    Usage,
    /// Something was not looked at, or nothing was.
    Incomplete,
    /// A defect of spillcheck.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Internal => 70,
        })
    }
}
