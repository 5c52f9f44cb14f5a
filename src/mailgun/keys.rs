//! API keys: the account's own, those of domains, and those of sessions in the control panel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Moment;

use crate::finding::without_keys;

use super::answer::Answer;
use super::client::Client;
use super::error::{ApiError, ApiResult};
use super::hosts::Region;
use super::key::ApiKey;
use super::page;
use super::request::{Form, Method, Request};
use super::verify::{Verdict, verify};
use super::when;

/// Seconds between looks at a key that was deleted: Mailgun says of itself that it takes a while.
const WAITS: [u64; 4] = [0, 2, 5, 15];

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

/// A key that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// `admin`, `developer`, `basic`, `sending`.
    pub role: String,
    /// The domain that it is bound to; one that may only send has to be.
    pub domain: Option<String>,
    /// What its owner calls it.
    pub description: String,
    /// After how many seconds it ends by itself.
    pub expires_in: Option<u64>,
}

impl NewKey {
    /// The call that makes it.
    pub fn creation(&self) -> Request {
        let kind = if self.domain.is_some() {
            "domain"
        } else {
            "user"
        };
        let mut fields = vec![
            ("role", self.role.clone()),
            ("kind", kind.to_owned()),
            ("description", self.description.clone()),
        ];
        fields.extend(self.domain.clone().map(|domain| ("domain_name", domain)));
        let seconds = self.expires_in.map(|seconds| seconds.to_string());
        fields.extend(seconds.map(|seconds| ("expiration", seconds)));
        let body = Form::Fields(fields);
        Request::new(Method::Post, Region::Us, &["v1", "keys"], body)
    }
}

/// Every key that is listed, by id.
///
/// # Errors
/// The key may not list them.
pub fn list(client: &Client<'_>, key: &ApiKey) -> ApiResult<Vec<KeyRow>> {
    let rows: Vec<KeyRow> = page::part(client, key, &request(Region::Us), "items")?;
    let mut rows: Vec<KeyRow> = rows.into_iter().map(clean).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

/// Makes a key, and gives it: nobody can ask for it again.
///
/// # Errors
/// The key may not do that, or the account has too many of them.
pub fn create(client: &Client<'_>, key: &ApiKey, new: &NewKey) -> ApiResult<(KeyRow, ApiKey)> {
    #[derive(Deserialize)]
    struct Created {
        key: WithSecret,
    }
    #[derive(Deserialize)]
    struct WithSecret {
        secret: String,
        #[serde(flatten)]
        row: KeyRow,
    }
    let request = new.creation();
    let created: Created = client.ask(key, &request, "new key")?;
    let secret = ApiKey::new(&created.key.secret).map_err(|_| ApiError::Malformed {
        request: client.shown(&request),
        wanted: "new key",
    })?;
    Ok((clean(created.key.row), secret))
}

/// The call that deletes a key.
pub fn deletion(id: &str) -> Request {
    Request::new(Method::Delete, Region::Us, &["v1", "keys", id], Form::None)
}

/// Deletes a key. One that is not there counts as deleted.
///
/// # Errors
/// The key may not do that.
pub fn delete(client: &Client<'_>, key: &ApiKey, id: &str) -> ApiResult<()> {
    client.order(key, &deletion(id))
}

/// Looks at a deleted key until it is not listed any more and, where it is at hand, not accepted; `false` if it still is
/// at the end.
///
/// # Errors
/// The list cannot be asked for.
pub fn is_dead(
    client: &Client<'_>,
    key: &ApiKey,
    (id, old): (&str, Option<&ApiKey>),
) -> ApiResult<bool> {
    for wait in WAITS {
        client.pause(wait, "a deleted key may be accepted for a while");
        let is_listed = list(client, key)?.iter().any(|row| row.id == id);
        let is_refused = |old: &ApiKey| verify(client, old).verdict == Verdict::NotAccepted;
        if !is_listed && old.is_none_or(is_refused) {
            return Ok(true);
        }
    }
    Ok(false)
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
