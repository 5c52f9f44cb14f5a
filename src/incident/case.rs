//! The case: everything that is known of an incident. No secret is in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Confidence, Moment, Reach, Reason, Severity, hex};

use super::journal::{Action, Attestation, Entry};

/// Grows when a reader of the file would have to change. Within one version fields are only ever added.
pub const VERSION: u32 = 1;

pub(super) const SCHEMA_ID: &str = "urn:spillcheck:schema:case-1";

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "spillcheck case", extend("$id" = SCHEMA_ID))]
pub struct Case {
    /// Always `urn:spillcheck:schema:case-1`.
    pub schema: String,
    /// Always 1.
    pub version: u32,
    /// The version of spillcheck that wrote it last.
    pub tool: String,
    /// When the case was opened.
    pub opened: Moment,
    /// When anything in it changed last.
    pub updated: Moment,
    /// Under which fingerprints are made, 64 hexadecimal digits: of this case alone. Who does not have this file
    /// cannot test a guess against a fingerprint that is quoted from it.
    pub fingerprint_key: String,
    /// What was looked at, so that it can be looked at again.
    #[serde(default)]
    pub scan: Scan,
    /// The account that is affected, as far as the user has said.
    #[serde(default)]
    pub account: Account,
    /// What came of the investigation.
    #[serde(default)]
    pub answer: Answer,
    /// Every credential that was found, those that got furthest first.
    #[serde(default)]
    pub credentials: Vec<Credential>,
    /// Misconfigurations and leftovers, the worst first.
    #[serde(default)]
    pub openings: Vec<Opening>,
    /// The access logs that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<LogsExamined>,
    /// What the provider's export says was sent, joined with what was fetched.
    #[serde(default)]
    pub timeline: Vec<String>,
    /// What was looked at, theme by theme.
    #[serde(default)]
    pub examined: Vec<Examined>,
    /// What a person has said is done, by the step's id.
    #[serde(default)]
    pub attested: BTreeMap<String, Attestation>,
    /// What programs have done, oldest first.
    #[serde(default)]
    pub journal: Vec<Entry>,
}

/// What was looked at. Paths are absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scan {
    /// The scanned files and directories.
    pub paths: Vec<String>,
    /// `--server-config`.
    #[serde(default)]
    pub server_configs: Vec<String>,
    /// `--docroot`: a directory, and the URL that it lies under.
    #[serde(default)]
    pub docroots: Vec<(String, String)>,
    /// `--map`: a directory by the server's name, and on this disk.
    #[serde(default)]
    pub maps: Vec<(String, String)>,
    /// `--access-log`.
    #[serde(default)]
    pub access_logs: Vec<String>,
    /// `--config`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// `--isolated`.
    #[serde(default)]
    pub isolated: bool,
    /// `--rules`.
    #[serde(default)]
    pub rules: Vec<String>,
    /// `--min-confidence`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<Confidence>,
    /// `--advisories`.
    #[serde(default)]
    pub advisories: Vec<String>,
    /// `--wordfence-feed`.
    #[serde(default)]
    pub wordfence_feeds: Vec<String>,
    /// `--wordpress-checksums`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wordpress_checksums: Option<String>,
    /// `--archive-depth`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_depth: Option<u8>,
    /// Whether the history of the repository was read as well.
    #[serde(default)]
    pub history: bool,
}

/// The account at the provider. What is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Its name or number.
    #[serde(default)]
    pub name: String,
    /// Whom to answer.
    #[serde(default)]
    pub contact: String,
    /// The plan that is paid for.
    #[serde(default)]
    pub plan: String,
    /// Who sold it, if it was not the provider.
    #[serde(default)]
    pub reseller: String,
    /// When and how it was noticed.
    #[serde(default)]
    pub noticed: String,
    /// What the provider's notice says.
    #[serde(default)]
    pub notice: String,
    /// What is to keep it from happening again.
    #[serde(default)]
    pub prevention: Vec<String>,
    /// When mail was first sent by someone else, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_abuse: Option<Moment>,
}

impl Account {
    /// Everything that people have written.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let fields = [
            &mut self.name,
            &mut self.contact,
            &mut self.plan,
            &mut self.reseller,
            &mut self.noticed,
            &mut self.notice,
        ];
        fields.into_iter().chain(&mut self.prevention)
    }
}

/// What came of an investigation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// Ways on which credentials got out or can get out, the most likely cause first.
    pub causes: Vec<Cause>,
    /// What was looked at and found closed, in sentences.
    #[serde(default)]
    pub safe: Vec<String>,
    /// What could not be told, and which file or access would settle it.
    #[serde(default)]
    pub open_questions: Vec<String>,
}

/// A way on which credentials got out, or can get out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// How far it leads.
    pub reach: Reach,
    /// The kind, in a word or two: `exposed .env`, `WordPress`, `debug page`.
    pub class: String,
    /// In a sentence.
    pub summary: String,
    /// The file that it is about.
    pub file: String,
    /// What to ask a server for, if that is the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The check that knows of it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The chain.
    pub because: Vec<Reason>,
    /// Fingerprints of the credentials that get out by it.
    pub credentials: Vec<String>,
    /// The first successful fetch that a log shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_fetched: Option<Moment>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_fetched: Option<Moment>,
    /// How to close it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What would settle it, where it is not certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<String>,
    /// When a scan no longer found it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Moment>,
}

#[cfg(test)]
impl Cause {
    /// An exposed `.env` that can be reached, of which nothing more is known.
    pub(super) fn bare() -> Self {
        Self {
            reach: Reach::Reachable,
            class: "exposed file".to_owned(),
            summary: String::new(),
            file: ".env".to_owned(),
            url: None,
            check: None,
            because: Vec::new(),
            credentials: Vec::new(),
            first_fetched: None,
            last_fetched: None,
            fix: None,
            settle: None,
            closed: None,
        }
    }
}

/// A credential, by everything but itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credential {
    /// A keyed hash, with the key of this case: 32 hexadecimal digits.
    pub fingerprint: String,
    /// The rule that found it.
    pub rule: String,
    /// What it is.
    pub title: String,
    /// Whose.
    pub provider: String,
    /// How bad it is to lose it.
    pub severity: Severity,
    /// How far it has got.
    pub reach: Reach,
    /// The provider's id of the key, where the key shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// SMTP login or user name that stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Domains that stand beside it.
    #[serde(default)]
    pub domains: Vec<String>,
    /// The provider's region, where it is known: `us`, `eu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Where it stands: every place that the new value has to go to.
    pub places: Vec<Place>,
    /// What to do about it, in a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rotate: String,
    /// The provider's own steps, in order.
    #[serde(default)]
    pub rotate_steps: Vec<String>,
    /// Where that is done.
    #[serde(default)]
    pub rotate_urls: Vec<String>,
    /// When a scan no longer found it anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Moment>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file, as reports name it.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The name that the value is assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A misconfiguration or a leftover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opening {
    /// The check that found it; empty for a file that a server simply serves.
    pub check: String,
    /// What it is.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// How far credentials get by it.
    pub reach: Reach,
    /// Where.
    pub file: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong, in a sentence or two.
    pub message: String,
    /// What to ask a server for to see it.
    #[serde(default)]
    pub urls: Vec<String>,
    /// How to close it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
    /// When a scan no longer found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Moment>,
}

/// The access logs that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogsExamined {
    /// How many files.
    pub files: u64,
    /// How many lines.
    pub lines: u64,
    /// How many of them were not understood.
    pub unparsed: u64,
    /// The first line's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The last line's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Moment>,
    /// Stretches without a line.
    #[serde(default)]
    pub gaps: Vec<(Moment, Moment)>,
    /// Clients that asked for many known places in a short time, a line each.
    #[serde(default)]
    pub sessions: Vec<String>,
}

/// A theme that was looked at, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Examined {
    /// `WordPress`, `Apache`, `public repositories`.
    pub theme: String,
    /// Whether it was looked at.
    pub done: bool,
    /// What was looked at and what came of it, or why not and what would be needed.
    pub result: String,
}

impl Case {
    /// An empty case, opened now, with a key of its own.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn open() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let now = Moment::now();
        Ok(Self {
            schema: SCHEMA_ID.to_owned(),
            version: VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            opened: now,
            updated: now,
            fingerprint_key: hex(&key),
            scan: Scan::default(),
            account: Account::default(),
            answer: Answer::default(),
            credentials: Vec::new(),
            openings: Vec::new(),
            logs: None,
            timeline: Vec::new(),
            examined: Vec::new(),
            attested: BTreeMap::new(),
            journal: Vec::new(),
        })
    }

    /// Ids of leaked keys of a provider, as its own lists name them; sorted.
    pub fn leaked_key_ids(&self, provider: &str) -> Vec<&str> {
        let found = self.of_provider(provider).into_iter();
        let mut ids: Vec<&str> = found.filter_map(|found| found.key_id.as_deref()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// SMTP logins whose passwords were found; sorted.
    pub fn leaked_logins(&self, provider: &str) -> Vec<&str> {
        let found = self.of_provider(provider).into_iter();
        let mut logins: Vec<&str> = found.filter_map(|found| found.login.as_deref()).collect();
        logins.sort_unstable();
        logins.dedup();
        logins
    }

    /// Domains that stand beside credentials; sorted.
    pub fn domains(&self, provider: &str) -> Vec<&str> {
        let found = self.of_provider(provider).into_iter();
        let domains = found.flat_map(|found| &found.domains);
        let mut domains: Vec<&str> = domains.map(String::as_str).collect();
        domains.sort_unstable();
        domains.dedup();
        domains
    }

    /// The credentials of a provider.
    pub fn of_provider(&self, provider: &str) -> Vec<&Credential> {
        let is_theirs = |found: &&Credential| found.provider.eq_ignore_ascii_case(provider);
        self.credentials.iter().filter(is_theirs).collect()
    }

    /// When the incident began, as far as is known: the first fetch that a log shows, or the first foreign mail.
    pub fn began(&self) -> Option<Moment> {
        let fetched = self.answer.causes.iter();
        let fetched = fetched.filter_map(|cause| cause.first_fetched).min();
        fetched.into_iter().chain(self.account.first_abuse).min()
    }

    /// Notes what was done.
    pub fn append(&mut self, entry: Entry) {
        self.updated = self.updated.max(entry.at);
        self.journal.push(entry);
    }

    /// The last time that something was done to a subject.
    pub fn last(&self, action: Action, subject: &str) -> Option<&Entry> {
        let same = |entry: &&Entry| entry.action == action && entry.subject == subject;
        self.journal.iter().rev().find(same)
    }

    /// A change that was about to be made, and of which nobody knows whether it was: whoever made it was ended in
    /// between. `after` says which entries show that it was.
    pub fn cut_short(
        &self,
        (begun, subject): (Action, &str),
        after: impl Fn(&Entry) -> bool,
    ) -> Option<&Entry> {
        let is_begun = |entry: &&Entry| entry.action == begun && entry.subject == subject;
        let newest = self.journal.iter().rev();
        newest.take_while(|entry| !after(entry)).find(is_begun)
    }
}
