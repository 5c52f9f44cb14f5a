//! GitLab's reports: secret detection,
//! <https://gitlab.com/gitlab-org/security-products/security-report-schemas>, version 15, and code quality,
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.
//!
//! Neither has a place for what does not count.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::RenderOptions;
use super::clean::Clean;
use super::item::Item;
use crate::finding::{Moment, Severity};

/// Which version of GitLab's schema is followed. Those of 15 differ in what they add.
const VERSION: &str = "15.0.7";
/// What GitLab's own scanner writes for files that are in no commit.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";
/// As the schema limits them, in characters.
const MAX_NAME: usize = 255;
const MAX_SOLUTION: usize = 7000;

pub(super) fn write_secrets(
    report: &Clean<'_>,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    // A report that has to be the same again must not tell how long the scan took.
    let (started, ended) = options.ended.map_or_else(
        || {
            let (now, took) = (Moment::now(), report.elapsed.unwrap_or_default());
            (now.plus(-i64::try_from(took.as_secs()).unwrap_or(0)), now)
        },
        |ended| (ended, ended),
    );
    let tool = json!({
        "id": env!("CARGO_PKG_NAME"),
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "vendor": {"name": env!("CARGO_PKG_NAME")},
    });
    let found: Vec<Value> = unique(Item::counted(report))
        .iter()
        .map(vulnerability)
        .collect();
    let document = json!({
        "version": VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "secret_detection",
            "status": "success",
            "start_time": time(started),
            "end_time": time(ended),
            "messages": messages(report),
        },
        "vulnerabilities": found,
        "remediations": [],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// A time without its zone.
fn time(moment: Moment) -> String {
    moment.to_string().trim_end_matches('Z').to_owned()
}

fn messages(report: &Clean<'_>) -> Vec<Value> {
    let missed = report.coverage.skipped.iter();
    let missed = missed.filter(|skipped| skipped.reason.is_incomplete());
    let mut messages: Vec<Value> = missed
        .map(|skipped| {
            let what = format!("{} was not read: {}", skipped.path, skipped.reason.word());
            json!({"level": "warn", "value": what})
        })
        .collect();
    if report.coverage.files == 0 {
        messages.push(json!({"level": "warn", "value": "Nothing was scanned."}));
    }
    let notes = report.notes.iter().filter(|note| !note.is_empty());
    messages.extend(notes.map(|note| json!({"level": "info", "value": note})));
    messages
}

fn vulnerability((id, item): &(String, Item<'_>)) -> Value {
    let mut identifiers = vec![json!({
        "type": "spillcheck_rule_id",
        "name": format!("spillcheck rule {}", item.rule),
        "value": item.rule,
    })];
    identifiers.extend(item.cwe.iter().map(|cwe| {
        json!({
            "type": "cwe",
            "name": format!("CWE-{cwe}"),
            "value": cwe.to_string(),
            "url": format!("https://cwe.mitre.org/data/definitions/{cwe}.html"),
        })
    }));
    let mut location = json!({"file": item.path, "commit": {"sha": NO_COMMIT}});
    if let Some(place) = item.place {
        location["start_line"] = json!(place.line);
        location["end_line"] = json!(place.end_line);
    }
    let links = item.references.iter();
    let mut found = json!({
        "id": id,
        "name": shortened(item.title, MAX_NAME),
        "description": item.message,
        "severity": capitalised(item.severity),
        "identifiers": identifiers,
        "links": links.map(|url| json!({"url": url})).collect::<Vec<_>>(),
        "location": location,
    });
    if let Some(fix) = item.fix {
        found["solution"] = json!(shortened(fix, MAX_SOLUTION));
    }
    found
}

pub(super) fn write_code_quality(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Value> = unique(Item::counted(report))
        .iter()
        .map(|(fingerprint, item)| {
            json!({
                "description": format!("{}: {}", item.title, item.message),
                "check_name": item.rule,
                "fingerprint": fingerprint,
                "severity": quality(item.severity),
                "location": {
                    "path": item.path,
                    "lines": {"begin": item.place.map_or(1, |place| place.line)},
                },
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

/// Each with a fingerprint that no other has: GitLab drops the second of two.
fn unique(items: Vec<Item<'_>>) -> Vec<(String, Item<'_>)> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut add = |item: &Item<'_>| {
        let times = seen.entry(item.fingerprint.clone()).or_default();
        *times += 1;
        match *times {
            1 => item.fingerprint.clone(),
            // The last digits give way to a number.
            more => format!(
                "{}{more:08x}",
                item.fingerprint.get(..24).unwrap_or_default()
            ),
        }
    };
    items.into_iter().map(|item| (add(&item), item)).collect()
}

fn shortened(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

fn capitalised(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn quality(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
