//! What the provider says was sent: an export of Mailgun's logs or events, as JSON or CSV.
//!
//! <https://documentation.mailgun.com/docs/mailgun/user-manual/events/events>: `accepted` events carry the id of the key
//! (`api-key-id`) where they came by the API.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::Moment;

use super::case::Case;

/// More events are not read.
const MAX_EVENTS: usize = 2_000_000;

/// A mail that the provider took.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Send {
    at: Moment,
    key_id: Option<String>,
}

/// Joins an export with what was fetched: the sentences of a timeline go into the case, and the first mail that was
/// sent with a leaked key counts as the first abuse, unless the user has said when that was.
///
/// # Errors
/// It is no export that is understood; in words.
pub fn join_events(case: &mut Case, export: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(export).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut sends = if text.starts_with(['{', '[']) {
        from_json(text)?
    } else {
        from_csv(text)?
    };
    sends.sort_by_key(|send| send.at);
    let (Some(first), Some(last)) = (sends.first(), sends.last()) else {
        return Err("no event in it has a time that is understood".to_owned());
    };
    let mut timeline = vec![format!(
        "{} events of sending, from {} to {}",
        sends.len(),
        first.at,
        last.at
    )];
    let leaked: Vec<String> = case
        .leaked_key_ids("mailgun")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut first_abuse: Option<Moment> = None;
    for id in &leaked {
        let mut with_key = sends.iter().filter(|send| send.key_id.as_ref() == Some(id));
        match with_key.next() {
            Some(send) => {
                let count = 1 + with_key.count();
                timeline.push(format!(
                    "{count} of them were sent with the leaked key {id}, the first at {}",
                    send.at
                ));
                first_abuse = first_abuse.into_iter().chain([send.at]).min();
            }
            None => timeline.push(format!("none of them was sent with the leaked key {id}")),
        }
    }
    if sends.iter().all(|send| send.key_id.is_none()) {
        timeline
            .push("the export has no ids of keys, so that senders cannot be told apart".to_owned());
    }
    let fetched = case
        .answer
        .causes
        .iter()
        .filter_map(|cause| cause.first_fetched)
        .min();
    if let Some(fetched) = fetched {
        let after = sends.iter().filter(|send| send.at >= fetched).count();
        timeline.push(format!(
            "the first fetch that a log shows was at {fetched}; {after} events are later"
        ));
        if let Some(abuse) = first_abuse.filter(|abuse| *abuse >= fetched) {
            timeline.push(format!(
                "the leaked key was first used {} after the first fetch",
                span(abuse.0 - fetched.0)
            ));
        }
    }
    case.account.first_abuse = case.account.first_abuse.or(first_abuse);
    case.timeline = timeline;
    Ok(())
}

fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// An array, an object with `items`, or an object in each line.
fn from_json(text: &str) -> Result<Vec<Send>, String> {
    let mut sends = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| format!("it is not JSON: {error}"))?;
        let items = match &value {
            Value::Array(items) => items.as_slice(),
            Value::Object(fields) => match fields.get("items") {
                Some(Value::Array(items)) => items.as_slice(),
                _ => std::slice::from_ref(&value),
            },
            _ => &[],
        };
        let room = MAX_EVENTS.saturating_sub(sends.len());
        sends.extend(items.iter().filter_map(of_json).take(room));
    }
    Ok(sends)
}

fn of_json(item: &Value) -> Option<Send> {
    let text = |name: &str| match &item[name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let fields = NAMES.iter().flat_map(|(_, names)| names.iter());
    let fields = fields.filter_map(|name| Some(((*name).to_owned(), text(name)?)));
    send(&fields.collect())
}

/// What a field is, and what exports call it.
const NAMES: &[(&str, &[&str])] = &[
    ("event", &["event", "event type", "event_type"]),
    (
        "at",
        &["@timestamp", "timestamp", "date", "time", "created_at"],
    ),
    (
        "key",
        &["api-key-id", "api_key_id", "api key id", "apikeyid"],
    ),
];

fn send(fields: &BTreeMap<String, String>) -> Option<Send> {
    let field = |what: &str| {
        let names = NAMES.iter().find(|(name, _)| *name == what)?.1;
        names
            .iter()
            .find_map(|name| fields.get(*name))
            .filter(|value| !value.is_empty())
    };
    let is_send = field("event").is_none_or(|event| event.eq_ignore_ascii_case("accepted"));
    let at = field("at")?;
    let at = at.parse().ok().or_else(|| {
        let seconds: i64 = at.split('.').next()?.parse().ok()?;
        Some(Moment(seconds))
    })?;
    is_send.then(|| Send {
        at,
        key_id: field("key").cloned(),
    })
}

fn from_csv(text: &str) -> Result<Vec<Send>, String> {
    let mut rows = rows(text);
    let names: Vec<String> = rows
        .next()
        .unwrap_or_default()
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let has_time = NAMES[1]
        .1
        .iter()
        .any(|name| names.iter().any(|column| column == name));
    if !has_time {
        return Err("it is neither JSON nor CSV with a column `timestamp`".to_owned());
    }
    let sends = rows.filter_map(|row| send(&names.iter().cloned().zip(row).collect()));
    Ok(sends.take(MAX_EVENTS).collect())
}

/// The rows of CSV (<https://www.rfc-editor.org/rfc/rfc4180>).
fn rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        chars.peek()?;
        let mut row = vec![String::new()];
        let mut is_quoted = false;
        while let Some(c) = chars.next() {
            let field = row.last_mut()?;
            match c {
                '"' if is_quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    field.push('"');
                }
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => row.push(String::new()),
                '\n' if !is_quoted => break,
                '\r' if !is_quoted => {}
                _ => field.push(c),
            }
        }
        Some(row)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(export: &str) -> Result<Vec<String>, String> {
        let mut case = Case::open().unwrap();
        join_events(&mut case, export.as_bytes())?;
        Ok(case.timeline)
    }

    #[test]
    fn exports_are_read_in_every_form() {
        let told = "2 events of sending, from 2026-11-21T03:00:00Z to 2026-11-21T04:00:00Z";
        for export in [
            r#"{"items":[{"event":"accepted","@timestamp":"2026-11-21T04:00:00Z"},{"event":"opened","@timestamp":"2026-11-22T04:00:00Z"},{"event":"accepted","timestamp":1795230000.5}]}"#,
            "{\"event\":\"accepted\",\"timestamp\":1795230000}\n{\"event\":\"accepted\",\"timestamp\":1795233600}\n",
            "Timestamp,Event,Subject\r\n2026-11-21T03:00:00Z,accepted,\"a \"\"b\"\",\nc\"\r\n2026-11-21T04:00:00Z,accepted,\r\n",
        ] {
            assert_eq!(timeline(export).unwrap()[0], told, "{export}");
        }
        for export in ["", "a,b\n1,2\n", "{\"a\":", "[]"] {
            assert!(timeline(export).is_err(), "{export}");
        }
    }
}
