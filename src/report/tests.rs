//! What holds for every format.

mod agree;
mod gitlab;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::samples::{self, finding, occurrence};
use super::{Format, RenderOptions, Report, schema, write};
use crate::finding::{Attribute, Moment, Severity};
use crate::input::{SkipReason, Skipped};

fn rendered(report: &Report, format: Format, options: RenderOptions) -> String {
    let options = RenderOptions {
        ended: Some(Moment(1_700_000_000)),
        ..options
    };
    let mut out = Vec::new();
    write(report, format, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn default(report: &Report, format: Format) -> String {
    rendered(report, format, RenderOptions::default())
}

fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/reports");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The version changes with every release, and formats do not.
fn unversioned(text: &str) -> String {
    let version = concat!('"', env!("CARGO_PKG_VERSION"), '"');
    text.replace(version, r#""[version]""#)
}

#[test]
fn each_report_in_each_format() {
    let reports = [
        ("rich", samples::rich()),
        ("suppressed", samples::suppressed()),
        ("empty", samples::empty()),
        ("incomplete", samples::incomplete()),
        ("nothing-read", samples::nothing_read()),
    ];
    snapshots().bind(|| {
        for (name, report) in &reports {
            for &format in Format::ALL {
                let snapshot = format!("{name}.{}", format.word());
                assert_snapshot!(snapshot, unversioned(&default(report, format)));
            }
        }
    });
}

#[test]
fn human_with_every_option() {
    let options = RenderOptions {
        color: true,
        width: 60,
        show_skipped: true,
        show_secrets: true,
        quiet: false,
        fail_on: Some(Severity::High),
        ..RenderOptions::default()
    };
    let quiet = RenderOptions {
        quiet: true,
        ..RenderOptions::default()
    };
    snapshots().bind(|| {
        let report = samples::rich();
        let key = String::from_utf8_lossy(report.findings[0].secret.expose()).into_owned();
        let shown = rendered(&report, Format::Human, options);
        assert_snapshot!("rich.human.options", shown.replace(&key, "<the whole key>"));
        assert_snapshot!("rich.human.quiet", rendered(&report, Format::Human, quiet));
    });
}

#[test]
fn the_schema_in_the_repository_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report-1.json");
    let current = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == current,
        "schemas/report-1.json is stale: run `UPDATE_SCHEMA=1 cargo test --lib schema`"
    );
}

#[test]
fn json_reports_are_valid_by_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for report in [
        samples::rich(),
        samples::suppressed(),
        samples::incomplete(),
        samples::nothing_read(),
    ] {
        let value = serde_json::from_str(&default(&report, Format::Json)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_schema_refuses_other_objects() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut value: serde_json::Value =
        serde_json::from_str(&default(&samples::rich(), Format::Json)).unwrap();
    value["findings"][0]["severity"] = "terrible".into();
    assert!(!validator.is_valid(&value));
}

#[test]
fn every_jsonl_line_is_an_object_and_the_last_is_the_summary() {
    let report = samples::rich();
    let text = default(&report, Format::Jsonl);
    let types: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["type"].as_str().unwrap().to_owned())
        .collect();
    let (findings, rest) = types.split_at(report.findings.len());
    assert!(findings.iter().all(|kind| kind == "finding"));
    assert_eq!(rest, ["exposure", "summary"]);
}

#[test]
fn only_the_human_format_shows_secrets_and_only_when_asked() {
    let report = samples::rich();
    let options = RenderOptions {
        show_secrets: true,
        ..RenderOptions::default()
    };
    for &format in Format::ALL {
        let shown = rendered(&report, format, options).contains("pa55word1");
        assert_eq!(shown, format == Format::Human, "{format:?}");
        assert!(
            !default(&report, format).contains("pa55word1"),
            "{format:?}"
        );
    }
}

#[test]
fn the_key_id_is_shown_on_purpose() {
    let report = samples::rich();
    let id = &report.findings[0].attributes[1].value;
    for format in [Format::Human, Format::Json, Format::Jsonl, Format::Sarif] {
        assert!(default(&report, format).contains(id), "{format:?}");
    }
}

#[test]
fn the_caret_stands_under_the_mask() {
    let text = default(&samples::rich(), Format::Human);
    let lines: Vec<&str> = text.lines().collect();
    for (line, carets) in lines.iter().zip(&lines[1..]) {
        if let (Some(mask), Some(caret)) = (line.find("9f2c****"), carets.find('^')) {
            assert_eq!(mask, caret, "{line}\n{carets}");
        }
    }
}

/// A secret planted wherever text from scanned files can stand.
fn planted(secret: &str, other: &str) -> Report {
    let mut report = samples::empty();
    let around = format!("x {secret} y");
    let mut place = occurrence(
        &format!("a/{secret}/b.{other}"),
        7,
        [&around, &format!("key='{other}' ****"), secret],
    );
    place.name = Some(format!("name_{secret}"));
    let mut first = finding("rule", secret, vec![place.clone(), place.clone()]);
    first.attributes = vec![Attribute {
        name: "host".to_owned(),
        value: format!("{other}.example.com"),
    }];
    let second = finding("rule", other, vec![place]);
    report.findings = vec![first, second];
    report.coverage.skipped = vec![Skipped {
        path: around.clone(),
        reason: SkipReason::Unreadable,
        detail: Some(around.clone()),
    }];
    report.notes = vec![around.clone()];
    report.base = Some(format!("/srv/{other}"));
    report
}

#[test]
fn a_password_that_is_a_word_leaves_paths_readable() {
    let mut report = samples::empty();
    let place = occurrence(
        "wordpress/wp-config.php",
        3,
        ["", "pass=**** wordpress", ""],
    );
    report.findings = vec![finding("rule", "wordpress", vec![place])];
    for &format in Format::ALL {
        let out = default(&report, format);
        assert!(out.contains("wordpress/wp-config.php"), "{out}");
        assert!(!out.contains("**** wordpress"), "{out}");
    }
}

/// What JSON strings, URIs, CSV, XML and Markdown make of the characters that a planted secret is made of, undone.
fn unescaped(text: &str) -> String {
    let text = text
        .replace("&quot;", "\"")
        .replace("\"\"", "\"")
        .replace("&#92;", "\\")
        .replace("&#95;", "_")
        .replace("\\_", "_");
    text.replace("\\\"", "\"")
        .replace("\\\\", "\\")
        .replace("%2B", "+")
        .replace("%3D", "=")
        .replace("%22", "\"")
        .replace("%5C", "\\")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_output_holds_six_bytes_of_a_secret(
        secret in "[A-Za-z0-9+/=_.\\\\\"-]{12,60}",
        other in "[A-Za-z0-9]{5,19}[0-9]",
        color: bool,
        quiet: bool,
        width in 0usize..200,
    ) {
        let report = planted(&secret, &other);
        let options = RenderOptions {
            color,
            width,
            show_skipped: true,
            show_secrets: false,
            quiet,
            ..RenderOptions::default()
        };
        for &format in Format::ALL {
            let out = unescaped(&rendered(&report, format, options));
            for window in secret.as_bytes().windows(6).chain(other.as_bytes().windows(6)) {
                let window = std::str::from_utf8(window).unwrap();
                prop_assert!(!out.contains(window), "{window} in {out}");
            }
        }
    }

    #[test]
    fn a_terminal_gets_no_control_character(path in ".{0,30}", line in ".{0,30}") {
        let mut report = samples::empty();
        let lines = [line.as_str(), "k=****", "\u{9b}2J"];
        report.findings = vec![finding("rule", "secret1", vec![occurrence(&path, 2, lines)])];
        report.notes = vec![line.clone()];
        let out = default(&report, Format::Human);
        prop_assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "{out:?}");
    }
}
