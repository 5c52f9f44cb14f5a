//! API keys: the account's own, those of domains, and those of sessions in the control panel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Moment;

use super::answer::{Answer, without_keys};
use super::hosts::Region;
use super::request::Request;
use super::when;

/// A row of the list of keys, by everything but the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyRow {
    /// The end of the key.
    pub id: String,
    /// What its owner calls it.
    #[serde(default)]
    pub description: String,
    /// `user`, `domain`, `web`.
    pub kind: String,
    /// `admin`, `developer`, `support`, `basic`, `sending`.
    pub role: String,
    /// When it was made.
    #[serde(default, deserialize_with = "when::lenient")]
    pub created_at: Option<Moment>,
    /// When it ends by itself.
    #[serde(default, deserialize_with = "when::lenient")]
    pub expires_at: Option<Moment>,
    /// Who made it.
    #[serde(default)]
    pub requestor: Option<String>,
    /// The domain that it is bound to.
    #[serde(default)]
    pub domain_name: Option<String>,
    /// Whether it is switched off.
    #[serde(default)]
    pub is_disabled: bool,
}

#[derive(Deserialize)]
struct Listed {
    items: Vec<KeyRow>,
}

/// Asks for the list of keys.
pub(super) fn request(region: Region) -> Request {
    Request::get(region, &["v1", "keys"])
}

/// The rows of an answer that lists keys; `None` if it does not.
pub(super) fn rows(answer: &Answer) -> Option<Vec<KeyRow>> {
    let listed: Listed = answer.json()?;
    Some(listed.items.into_iter().map(clean).collect())
}

/// What people wrote may be anything, even the key itself.
fn clean(row: KeyRow) -> KeyRow {
    KeyRow {
        description: without_keys(&row.description),
        ..row
    }
}
