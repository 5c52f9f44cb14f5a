//! Lists that come in pages.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::Client;
use super::error::{ApiError, ApiResult};
use super::key::ApiKey;
use super::request::Request;

/// The most that Mailgun gives at once (`Limit parameter can't be larger than 1000`).
const LIMIT: usize = 1000;
/// No account has more of anything; a list that never ends is no list.
const MAX_ROWS: usize = 1_000_000;

/// All rows of a list that takes `skip` and `limit`. `items` is the name that the rows have in an answer.
pub(super) fn rows<T: DeserializeOwned>(
    client: &Client<'_>,
    key: &ApiKey,
    list: &Request,
    items: &'static str,
) -> ApiResult<Vec<T>> {
    let mut all = Vec::new();
    loop {
        let page = list
            .clone()
            .query("skip", &all.len().to_string())
            .query("limit", &LIMIT.to_string());
        let rows: Vec<T> = part(client, key, &page, items)?;
        let is_last = rows.len() < LIMIT || all.len() + rows.len() >= MAX_ROWS;
        all.extend(rows);
        if is_last {
            return Ok(all);
        }
    }
}

/// What one answer lists.
pub(super) fn part<T: DeserializeOwned>(
    client: &Client<'_>,
    key: &ApiKey,
    request: &Request,
    items: &'static str,
) -> ApiResult<Vec<T>> {
    let mut answer: Value = client.ask(key, request, "list")?;
    let rows = serde_json::from_value(answer[items].take());
    rows.map_err(|_| ApiError::Malformed {
        request: client.shown(request),
        wanted: "list",
    })
}
