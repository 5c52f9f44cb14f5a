//! What was sent, and by whom: the log of accepted messages, in groups.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::finding::Moment;

use super::client::Client;
use super::error::ApiResult;
use super::hosts::Region;
use super::key::{ApiKey, is_key_id};
use super::request::{Form, Method, Request};
use super::when;

/// Messages in one answer.
const LIMIT: usize = 300;
/// After so many messages the log of a region is not read on.
const MAX_MESSAGES: usize = 300_000;

/// Messages of one sender, from one address, in one hour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Sends {
    /// The hour in which they were accepted.
    pub hour: Moment,
    /// The id of the key, or for SMTP the sender of the envelope.
    pub sender: String,
    /// Whether the sender is a key.
    pub is_key: bool,
    /// The address that they came from.
    pub address: String,
    /// The domain that they were sent for.
    pub domain: String,
    /// The region.
    pub region: Region,
    /// How many.
    pub count: u64,
}

/// What the log says of a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SendLog {
    /// By hour and sender.
    pub groups: Vec<Sends>,
    /// Regions whose log was longer than what was read.
    pub cut: Vec<Region>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    items: Vec<Event>,
    #[serde(default)]
    pagination: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Event {
    #[serde(rename = "@timestamp", default, deserialize_with = "when::lenient")]
    at: Option<Moment>,
    #[serde(default)]
    api_key_id: Option<String>,
    #[serde(default)]
    originating_ip: Option<String>,
    #[serde(default)]
    envelope: Value,
    #[serde(default)]
    domain: Value,
}

/// Reads the log of both regions, from a moment on.
///
/// # Errors
/// The key may not read it.
pub fn sends(
    client: &Client<'_>,
    key: &ApiKey,
    (from, to): (Moment, Moment),
) -> ApiResult<SendLog> {
    let mut log = SendLog::default();
    for region in Region::ALL {
        let mut counts: BTreeMap<(Moment, bool, String, String, String), u64> = BTreeMap::new();
        let mut token: Option<String> = None;
        let mut read = 0;
        loop {
            let asked = question(region, (from, to), token.as_deref());
            let page: Page = client.ask(key, &asked, "log")?;
            read += page.items.len();
            for event in &page.items {
                *counts.entry(group(event)).or_default() += 1;
            }
            let next = page.pagination["next"].as_str().map(str::to_owned);
            // An empty page ends the log, whatever it says of a next one.
            let Some(next) = next.filter(|next| !next.is_empty() && !page.items.is_empty()) else {
                break;
            };
            if read >= MAX_MESSAGES {
                log.cut.push(region);
                break;
            }
            token = Some(next);
        }
        let groups = counts.into_iter();
        log.groups.extend(
            groups.map(|((hour, is_key, sender, address, domain), count)| Sends {
                hour,
                sender,
                is_key,
                address,
                domain,
                region,
                count,
            }),
        );
    }
    log.groups.sort();
    Ok(log)
}

fn question(region: Region, (from, to): (Moment, Moment), token: Option<&str>) -> Request {
    let mut pagination = json!({ "sort": "timestamp:asc", "limit": LIMIT });
    if let Some(token) = token {
        pagination["token"] = json!(token);
    }
    let body = json!({
        "start": when::written(from),
        "end": when::written(to),
        "events": ["accepted"],
        "include_subaccounts": true,
        "pagination": pagination,
    });
    let path = ["v1", "analytics", "logs"];
    Request::new(Method::Post, region, &path, Form::Json(body)).reading()
}

fn group(event: &Event) -> (Moment, bool, String, String, String) {
    let at = event.at.unwrap_or(Moment(0));
    let hour = Moment(at.0 - at.0.rem_euclid(3600));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id = event.api_key_id.as_ref().filter(|id| is_key_id(id));
    let sender = id
        .cloned()
        .unwrap_or_else(|| text(&event.envelope["sender"]));
    let address = event.originating_ip.clone().unwrap_or_default();
    (
        hour,
        id.is_some(),
        sender,
        address,
        text(&event.domain["name"]),
    )
}
