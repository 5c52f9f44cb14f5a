//! GitLab's reports are as GitLab reads them.

use serde_json::{Value, json};

use super::super::{Format, samples};
use super::default;

/// What version 15.0.7 of GitLab's schema for secret detection asks for, of the parts that are written:
/// <https://gitlab.com/gitlab-org/security-products/security-report-schemas>. In words of our own, and stricter where
/// it has no need to allow more.
fn secret_detection() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let time = json!({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"});
    let url = json!({"type": "string", "pattern": "^(https?|ftp)://.+"});
    let tool = json!({
        "type": "object",
        "required": ["id", "name", "version", "vendor"],
        "properties": {
            "id": text, "name": text, "version": text,
            "vendor": {"type": "object", "required": ["name"], "properties": {"name": text}},
        },
    });
    let message = json!({
        "type": "object",
        "required": ["level", "value"],
        "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": text},
    });
    let identifier = json!({
        "type": "object",
        "required": ["type", "name", "value"],
        "properties": {"type": text, "name": text, "value": text, "url": url},
    });
    let location = json!({
        "type": "object",
        "required": ["commit", "file"],
        "properties": {
            "file": text,
            "commit": {"type": "object", "required": ["sha"], "properties": {"sha": text}},
            "start_line": {"type": "integer", "minimum": 1},
            "end_line": {"type": "integer", "minimum": 1},
        },
        "additionalProperties": false,
    });
    let vulnerability = json!({
        "type": "object",
        "required": ["id", "identifiers", "location", "name", "description", "severity"],
        "properties": {
            "id": text,
            "name": {"type": "string", "minLength": 1, "maxLength": 255},
            "description": {"type": "string", "maxLength": 1_048_576},
            "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
            "solution": {"type": "string", "maxLength": 7000},
            "identifiers": {"type": "array", "minItems": 1, "items": identifier},
            "links": {"type": "array", "items": {"type": "object", "required": ["url"], "properties": {"url": url}}},
            "location": location,
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["scan", "version", "vulnerabilities"],
        "properties": {
            "version": {"type": "string", "pattern": r"^15\.[0-9]+\.[0-9]+$"},
            "scan": {
                "type": "object",
                "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
                "properties": {
                    "analyzer": tool, "scanner": tool,
                    "start_time": time, "end_time": time,
                    "status": {"enum": ["success", "failure"]},
                    "type": {"const": "secret_detection"},
                    "messages": {"type": "array", "items": message},
                },
                "additionalProperties": false,
            },
            "vulnerabilities": {"type": "array", "items": vulnerability},
            "remediations": {"type": "array", "maxItems": 0},
        },
        "additionalProperties": false,
    })
}

/// <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.
fn code_quality() -> Value {
    let lines = json!({
        "type": "object",
        "required": ["begin"],
        "properties": {"begin": {"type": "integer", "minimum": 1}},
    });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    // Relative, and without `./` in front: GitLab shows the others nowhere.
                    "properties": {"path": {"type": "string", "pattern": r"^(?!\./|/).+"}, "lines": lines},
                },
            },
        },
    })
}

#[test]
fn reports_are_valid_and_fingerprints_are_unique() {
    let mut twice = samples::rich();
    let again = twice.exposures.clone();
    twice.exposures.extend(again);
    for report in [
        twice,
        samples::suppressed(),
        samples::many(3),
        samples::incomplete(),
        samples::nothing_read(),
    ] {
        for (format, schema, ids) in [
            (Format::Gitlab, secret_detection(), "id"),
            (Format::GitlabCodequality, code_quality(), "fingerprint"),
        ] {
            let value: Value = serde_json::from_str(&default(&report, format)).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?}");
            let all = value["vulnerabilities"]
                .as_array()
                .or(value.as_array())
                .unwrap();
            let mut seen: Vec<&str> = all.iter().map(|one| one[ids].as_str().unwrap()).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), all.len());
        }
    }
}

#[test]
fn how_long_a_scan_took_is_not_in_a_report_that_has_to_be_the_same() {
    let mut slow = samples::rich();
    slow.elapsed = std::time::Duration::from_secs(100);
    assert_eq!(
        default(&slow, Format::Gitlab),
        default(&samples::rich(), Format::Gitlab)
    );
}
