//! Whether a key is accepted, asked with calls that read and change nothing.
//!
//! No mail is sent, not even one that would fail, so that a key which may do nothing but send stays unsettled.

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Answer;
use super::client::Client;
use super::error::ApiError;
use super::hosts::Region;
use super::key::ApiKey;
use super::keys::{self, KeyRow};
use super::request::Request;

/// What one answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The key is accepted.
    Accepted,
    /// The key is accepted, and may not do that.
    Restricted,
    /// The key is not accepted from here.
    NotAccepted,
    /// Nothing was learned.
    Unknown,
}

/// A call, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Probe {
    /// Which region's server was asked.
    pub region: Region,
    /// What for.
    pub path: String,
    /// The HTTP status; none if there was no answer.
    pub status: Option<u16>,
    /// What the provider said, or why there was no answer.
    pub message: String,
    /// What it says.
    pub meaning: Meaning,
}

/// What all answers together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It works, and may manage keys.
    LiveAdmin,
    /// It works.
    Live,
    /// It works, and may do little.
    LiveRestricted,
    /// It is not accepted from this machine: no proof that it is dead.
    NotAccepted,
    /// Nothing was learned.
    Unknown,
}

impl Verdict {
    /// Whether the provider takes the key.
    pub fn is_live(self) -> bool {
        matches!(self, Self::LiveAdmin | Self::Live | Self::LiveRestricted)
    }
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verification {
    /// Its id: the end of the key, or what Mailgun calls it.
    pub key_id: Option<String>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Its row in the list of keys, if it may read that.
    pub row: Option<KeyRow>,
    /// Every call, in order.
    pub probes: Vec<Probe>,
}

/// Asks whether a key is accepted. A server that accepts it ends the matter: keys are the same in both regions, and
/// the other one is asked because not everyone says so.
pub fn verify(client: &Client<'_>, key: &ApiKey) -> Verification {
    let mut found = Verification {
        key_id: key.id().map(str::to_owned),
        verdict: Verdict::Unknown,
        row: None,
        probes: Vec::new(),
    };
    for region in Region::ALL {
        let of_region = found.probes.len();
        found.ask(client, key, region, &keys::request(region));
        if found.last() != Some(Meaning::Accepted) {
            let domains = Request::get(region, &["v4", "domains"]).query("limit", "1");
            found.ask(client, key, region, &domains);
        }
        let is_live =
            |probe: &Probe| matches!(probe.meaning, Meaning::Accepted | Meaning::Restricted);
        if found.probes.iter().skip(of_region).any(is_live) {
            break;
        }
    }
    found.verdict = verdict(&found.probes);
    found
}

impl Verification {
    fn last(&self) -> Option<Meaning> {
        self.probes.last().map(|probe| probe.meaning)
    }

    fn ask(&mut self, client: &Client<'_>, key: &ApiKey, region: Region, request: &Request) {
        let path = request.path.clone();
        let outcome = client.call(key, request);
        if let Ok(answer) = &outcome {
            if let Some(id) = answer.key_id() {
                self.key_id.get_or_insert_with(|| id.to_owned());
            }
            if let Some(rows) = keys::rows(answer).filter(|_| path.starts_with("/v1/keys")) {
                let id = self.key_id.as_deref();
                self.row = rows.into_iter().find(|row| Some(row.id.as_str()) == id);
            }
        }
        self.probes.push(probe(region, path, outcome));
    }
}

fn probe(region: Region, path: String, outcome: Result<Answer, ApiError>) -> Probe {
    let (status, message, meaning) = match outcome {
        Ok(answer) => (Some(answer.status()), answer.message(), meaning(&answer)),
        Err(ApiError::Throttled { seconds, .. }) => (
            Some(429),
            format!("try again in {seconds} seconds"),
            Meaning::Unknown,
        ),
        Err(ApiError::Unreachable { why, .. }) => (None, why, Meaning::Unknown),
        Err(other) => (other.status(), other.to_string(), Meaning::Unknown),
    };
    Probe {
        region,
        path,
        status,
        message: if status == Some(200) {
            String::new()
        } else {
            message
        },
        meaning,
    }
}

/// A 403 is the answer to a key that is known. A 401 is the answer to one that is not, and also to one that is used
/// from outside of the account's IP allowlist.
fn meaning(answer: &Answer) -> Meaning {
    match answer.status() {
        200 if answer.is_object() => Meaning::Accepted,
        401 => Meaning::NotAccepted,
        403 if answer.is_object() || answer.key_id().is_some() => Meaning::Restricted,
        404 if answer.message() == "Domain not found" => Meaning::Restricted,
        _ => Meaning::Unknown,
    }
}

fn verdict(probes: &[Probe]) -> Verdict {
    let any = |meaning| probes.iter().any(|probe: &Probe| probe.meaning == meaning);
    let manages =
        |probe: &Probe| probe.meaning == Meaning::Accepted && probe.path.starts_with("/v1/keys");
    if probes.iter().any(manages) {
        Verdict::LiveAdmin
    } else if any(Meaning::Accepted) {
        Verdict::Live
    } else if any(Meaning::Restricted) {
        Verdict::LiveRestricted
    } else if any(Meaning::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::NotAccepted
    }
}
