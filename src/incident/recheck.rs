//! A second look: which old credentials still stand somewhere, and which ways out are still open.

use crate::finding::{Moment, Reach};

use super::case::{Case, Cause, Credential};
use super::journal::{Action, Entry};

/// What a second look found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recheck {
    /// Credentials of the case that still stand somewhere, as they stand now.
    pub present: Vec<Credential>,
    /// Ways out of the case that are still open.
    pub open: Vec<Cause>,
}

impl Case {
    /// Compares with what a new investigation of the same directories found, and notes what is gone and what is
    /// closed.
    pub fn recheck(&mut self, now: &Self) -> Recheck {
        let at = Moment::now();
        let mut result = Recheck::default();
        for credential in &mut self.credentials {
            let is_same = |other: &&Credential| other.fingerprint == credential.fingerprint;
            if let Some(still) = now.credentials.iter().find(is_same) {
                credential.gone = None;
                credential.places.clone_from(&still.places);
                result.present.push(still.clone());
            } else {
                credential.gone = credential.gone.or(Some(at));
            }
        }
        for cause in &mut self.answer.causes {
            let is_same = |other: &&Cause| {
                other.check == cause.check && other.file == cause.file && other.closed.is_none()
            };
            if now.answer.causes.iter().any(|other| is_same(&other)) {
                cause.closed = None;
                if cause.reach >= Reach::Likely {
                    result.open.push(cause.clone());
                }
            } else {
                cause.closed = cause.closed.or(Some(at));
            }
        }
        for opening in &mut self.openings {
            let still = now.openings.iter();
            let mut still =
                still.filter(|other| other.check == opening.check && other.file == opening.file);
            opening.closed = match still.next() {
                Some(_) => None,
                None => opening.closed.or(Some(at)),
            };
        }
        let detail = format!(
            "{} of {} credentials still in the tree, {} of {} ways out still open",
            result.present.len(),
            self.credentials.len(),
            result.open.len(),
            self.answer.causes.len()
        );
        self.append(Entry::now("spillcheck respond --check", Action::Checked, "").with(detail));
        result
    }
}
