//! What was done about an incident, and when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Moment;

/// Something that was done, or looked at, by a program.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// `investigate` looked at everything.
    Investigated,
    /// `respond --check` looked again.
    Checked,
    /// The call that makes a key was about to be sent; the subject is its domain, or its role.
    KeyCreating,
    /// A key was made; the subject is its id.
    KeyCreated,
    /// The call that deletes a key was about to be sent; the subject is its id.
    KeyDeleting,
    /// A key was deleted; the subject is its id.
    KeyDeleted,
    /// The provider does not list a key any more, and does not accept it; the subject is its id.
    KeyDead,
    /// The provider still accepts a key, or lists it; the subject is its id.
    KeyAlive,
    /// The call that sets a new password was about to be sent; the subject is the login.
    SmtpResetting,
    /// A new password was set for a login; the subject is the login, `postmaster@mg.example.com`.
    SmtpReset,
    /// The call that deletes a login was about to be sent; the subject is the login.
    SmtpDeleting,
    /// A login was deleted; the subject is the login.
    SmtpDeleted,
    /// All logins of a domain have been reset or deleted, in its region; the subject is the domain, or empty for all
    /// domains of the account.
    SmtpDomainDone,
    /// All users have set a new password since the incident; the subject is the account, or empty.
    PasswordsChanged,
    /// All users have two-factor authentication; the subject is the account, or empty.
    TwoFactorOn,
    /// What an attacker may have added was listed; the subject says what is left to look at, or is empty.
    Audited,
    /// What was sent was listed; the subject is a key id or a login.
    SendsListed,
    /// A new value was written into a file; the subject is the file.
    ValueReplaced,
    /// The report for the provider was written, which does not say that it was sent; the subject is the file.
    Reported,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// Which command: `spillcheck mailgun keys`.
    pub by: String,
    /// What.
    pub action: Action,
    /// To what: see [`Action`].
    pub subject: String,
    /// What came of it, in words. Never a secret.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Entry {
    /// Something that happens now.
    pub fn now(by: impl Into<String>, action: Action, subject: impl Into<String>) -> Self {
        Self {
            at: Moment::now(),
            by: by.into(),
            action,
            subject: subject.into(),
            detail: String::new(),
        }
    }

    /// What came of it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Something that only a person can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attestation {
    /// When it was said.
    pub at: Moment,
    /// In the person's own words, if there are any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
