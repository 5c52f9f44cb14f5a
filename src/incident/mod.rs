//! An incident: what was found out, what has been done about it, and what is told to the provider.
//!
//! Everything stands in the [`Case`], which is kept in a file. Commands that act on it, such as those that talk to
//! the provider, note what they did in its journal.

mod case;
mod document;
mod events;
mod investigate;
mod journal;
mod recheck;
mod redact;
mod steps;
mod store;

pub use case::{
    Account, Answer, Case, Cause, Credential, Examined, LogsExamined, Opening, Place, Scan, VERSION,
};
pub use document::{ReportForm, answer, report};
pub use events::join_events;
pub use investigate::{Evidence, Repository, Sent, investigate};
pub use journal::{Action, Attestation, Entry};
pub use recheck::Recheck;
pub use steps::{State, Step};
pub use store::{CaseError, FILE_NAME, case_schema};
