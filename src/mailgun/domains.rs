//! Sending domains, each of which lives in one region.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Moment;

use super::client::Client;
use super::error::ApiResult;
use super::hosts::Region;
use super::key::ApiKey;
use super::page;
use super::request::Request;
use super::when;

/// A sending domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// `mg.example.com`
    pub name: String,
    /// Where it lives.
    pub region: Region,
    /// `active`, `unverified`, `disabled`.
    pub state: String,
    /// When it was added.
    pub created: Option<Moment>,
    /// Whither a copy of every delivered message goes.
    pub archive_to: Option<String>,
    /// Why Mailgun has switched it off, if it has.
    pub disabled: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    state: String,
    #[serde(default, deserialize_with = "when::lenient")]
    created_at: Option<Moment>,
    #[serde(default)]
    archive_to: Option<String>,
    #[serde(default)]
    disabled: Value,
}

/// The domains of both regions, by name.
///
/// # Errors
/// The key may not list them.
pub fn domains(client: &Client<'_>, key: &ApiKey) -> ApiResult<Vec<Domain>> {
    let mut all = Vec::new();
    for region in Region::ALL {
        let list = Request::get(region, &["v4", "domains"]);
        let rows: Vec<Row> = page::rows(client, key, &list, "items")?;
        all.extend(rows.into_iter().map(|row| Domain {
            name: row.name,
            region,
            state: row.state,
            created: row.created_at,
            archive_to: row.archive_to.filter(|url| !url.is_empty()),
            disabled: reason(&row.disabled),
        }));
    }
    all.sort_by(|a, b| (&a.name, a.region).cmp(&(&b.name, b.region)));
    Ok(all)
}

fn reason(disabled: &Value) -> Option<String> {
    let words = ["reason", "note", "code"]
        .iter()
        .find_map(|name| disabled[name].as_str());
    let is_off = disabled
        .as_object()
        .is_some_and(|fields| !fields.is_empty());
    is_off.then(|| words.unwrap_or("no reason is given").to_owned())
}
