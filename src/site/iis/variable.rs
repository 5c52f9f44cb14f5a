//! Server variables and back references in rules that rewrite.

use percent_encoding::percent_decode_str;

use crate::site::path;

use super::rewrite::Asked;
use super::settings::Settings;

/// Braces inside of braces, so deep.
const MAX_DEPTH: usize = 8;
/// Longer texts are not made.
const MAX_TEXT: usize = 16_384;

/// What can be put in.
pub(super) struct Known<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) settings: &'a Settings<'a>,
    /// Relative to the site's root, as it is by now.
    pub(super) path: &'a str,
    /// What the rule's pattern caught.
    pub(super) rule: &'a [String],
    /// What the last condition's pattern caught.
    pub(super) condition: &'a [String],
}

/// A text with everything in braces put in. `None` if something of it cannot be told.
pub(super) fn expanded(text: &str, known: &Known<'_>) -> Option<String> {
    fill(text, known, 0)
}

fn fill(text: &str, known: &Known<'_>, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let close = closing(inside)?;
        out.push_str(&value(&inside[..close], known, depth)?);
        if out.len() > MAX_TEXT {
            return None;
        }
        rest = &inside[close + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

fn value(name: &str, known: &Known<'_>, depth: usize) -> Option<String> {
    if let Some((kind, rest)) = name.split_once(':') {
        let group = |groups: &[String]| {
            let number: usize = rest.parse().ok()?;
            Some(groups.get(number).cloned().unwrap_or_default())
        };
        return match kind {
            "R" => group(known.rule),
            "C" => group(known.condition),
            "ToLower" => fill(rest, known, depth + 1).map(|text| text.to_lowercase()),
            "UrlEncode" => fill(rest, known, depth + 1),
            "UrlDecode" => {
                let text = fill(rest, known, depth + 1)?;
                Some(percent_decode_str(&text).decode_utf8_lossy().into_owned())
            }
            _ => mapped(kind, &fill(rest, known, depth + 1)?, known),
        };
    }
    let (asked_path, query) = match known.asked.target.split_once('?') {
        Some((path, query)) => (path, query),
        None => (known.asked.target, ""),
    };
    let root = known.asked.root;
    Some(match name.to_ascii_uppercase().as_str() {
        "REQUEST_FILENAME" | "SCRIPT_FILENAME" | "PATH_TRANSLATED" => {
            path::inside(root, known.path.trim_end_matches('/'))
        }
        "DOCUMENT_ROOT" | "APPL_PHYSICAL_PATH" => format!("{}/", root.trim_end_matches('/')),
        "URL" | "PATH_INFO" | "SCRIPT_NAME" => format!("/{}", known.path),
        "REQUEST_URI" | "UNENCODED_URL" => {
            let decoded = percent_decode_str(asked_path).decode_utf8_lossy();
            if query.is_empty() {
                decoded.into_owned()
            } else {
                format!("{decoded}?{query}")
            }
        }
        "QUERY_STRING" => query.to_owned(),
        "REQUEST_METHOD" => "GET".to_owned(),
        "HTTPS" => "on".to_owned(),
        "SERVER_PORT" => "443".to_owned(),
        "SERVER_PORT_SECURE" => "1".to_owned(),
        "HTTP_HOST" | "SERVER_NAME" => known.asked.host?.to_owned(),
        // What the client sends along, it need not send.
        name if name.starts_with("HTTP_") => String::new(),
        _ => return None,
    })
}

/// <https://learn.microsoft.com/en-us/iis/extensions/url-rewrite-module/using-rewrite-maps-in-url-rewrite-module>.
fn mapped(map: &str, key: &str, known: &Known<'_>) -> Option<String> {
    let map = known.settings.maps.get(&map.to_ascii_lowercase())?.element;
    let entry = map.all("add").find(|add| {
        add.get("key")
            .is_some_and(|have| have.eq_ignore_ascii_case(key))
    });
    let value = entry.and_then(|add| add.get("value"));
    Some(
        value
            .or_else(|| map.get("defaultValue"))
            .unwrap_or_default()
            .to_owned(),
    )
}
