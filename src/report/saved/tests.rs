//! A saved report says what the report said, and merging is associative and idempotent.

use proptest::prelude::*;

use super::Saved;
use crate::finding::{Finding, Reach, Severity, Suppression, Suppressor};
use crate::input::{SkipReason, Skipped};
use crate::report::samples::{self, finding, occurrence};
use crate::report::{Format, RenderOptions, Report, write, write_saved};

fn json(report: &Report) -> Vec<u8> {
    let mut out = Vec::new();
    write(report, Format::Json, &RenderOptions::default(), &mut out).unwrap();
    out
}

fn saved(report: &Report) -> Saved {
    Saved::read(&json(report)).unwrap()
}

fn text(report: &Saved, format: Format) -> String {
    let mut out = Vec::new();
    write_saved(report, format, &RenderOptions::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_saved_report_becomes_what_the_scan_would_have_written() {
    for report in [
        samples::rich(),
        samples::suppressed(),
        samples::incomplete(),
        samples::nothing_read(),
    ] {
        let saved = saved(&report);
        for &format in Format::ALL {
            let mut direct = Vec::new();
            write(&report, format, &RenderOptions::default(), &mut direct).unwrap();
            let direct = String::from_utf8(direct).unwrap();
            let seconds = format!(" in {:.2} s", report.elapsed.as_secs_f64());
            assert_eq!(
                text(&saved, format),
                direct.replace(&seconds, ""),
                "{format:?}"
            );
        }
    }
}

#[test]
fn other_texts_are_refused_in_words() {
    let error = |text: &str| Saved::read(text.as_bytes()).unwrap_err().to_string();
    assert!(error("{}").contains("no report"), "{}", error("{}"));
    let later = String::from_utf8(json(&samples::empty())).unwrap();
    let later = later.replace("\"version\": 1,", "\"version\": 7,");
    assert!(error(&later).contains("version 7"), "{}", error(&later));
}

#[test]
fn what_counts_in_one_run_counts() {
    let place = || occurrence("a", 3, ["", "k=****", ""]);
    let mut counted = samples::empty();
    counted.findings = vec![finding("rule", "secret-one", vec![place()])];
    let mut known = samples::empty();
    let mut same = finding("rule", "secret-one", vec![place()]);
    same.suppressed = Some(Suppression::new(Suppressor::Baseline, "b"));
    known.suppressed.findings = vec![same];
    let merged = saved(&known).merge(saved(&counted));
    assert_eq!(merged.findings.len(), 1);
    assert_eq!(merged.severities().count(), 1);
}

#[test]
fn a_run_that_read_nothing_makes_the_whole_incomplete() {
    let merged = saved(&samples::rich()).merge(saved(&samples::nothing_read()));
    assert!(!merged.is_complete());
    let all = saved(&samples::empty());
    assert!(all.clone().merge(all).is_complete());
}

fn some_finding() -> impl Strategy<Value = Finding> {
    let severity = prop::sample::select(Severity::ALL);
    let reach = prop::sample::select(vec![Reach::Unknown, Reach::Likely, Reach::Reachable]);
    let path = prop::sample::select(vec!["a/.env", "b.php", "c"]);
    (0..4_u32, 1..4_u64, path, severity, reach, any::<bool>()).prop_map(
        |(secret, line, path, severity, reach, is_known)| {
            let place = occurrence(path, line, ["", "k=****", ""]);
            let mut found = finding("rule", &format!("secret-{secret}"), vec![place]);
            found.severity = severity;
            found.reach = reach;
            found.suppressed = is_known.then(|| Suppression::new(Suppressor::Baseline, "b"));
            found
        },
    )
}

fn some_report() -> impl Strategy<Value = Saved> {
    let findings = prop::collection::vec(some_finding(), 0..5);
    let skipped = prop::collection::vec(prop::sample::select(vec!["x", "y", "z"]), 0..3);
    (findings, skipped, 0..3_u64, any::<bool>()).prop_map(|(findings, skipped, files, exposed)| {
        let mut report = samples::empty();
        let (known, counted): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|f| f.suppressed.is_some());
        report.findings = counted;
        report.suppressed.findings = known;
        report.coverage.files = files;
        if exposed {
            let rich = samples::rich();
            report.exposures = rich.exposures;
            report.checks = rich.checks;
        }
        report.coverage.skipped = skipped
            .into_iter()
            .map(|path| Skipped {
                path: path.to_owned(),
                reason: SkipReason::Unreadable,
                detail: None,
            })
            .collect();
        saved(&report)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn merging_is_associative(a in some_report(), b in some_report(), c in some_report()) {
        let left = a.clone().merge(b.clone()).merge(c.clone());
        let right = a.merge(b.merge(c));
        prop_assert_eq!(text(&left, Format::Json), text(&right, Format::Json));
    }

    #[test]
    fn merging_again_changes_nothing(a in some_report(), b in some_report()) {
        let once = a.clone().merge(b.clone());
        for more in [a, b, once.clone()] {
            let again = once.clone().merge(more.clone());
            prop_assert_eq!(text(&once, Format::Json), text(&again, Format::Json));
            let again = more.merge(once.clone());
            prop_assert_eq!(text(&once, Format::Json), text(&again, Format::Json));
        }
    }

    #[test]
    fn a_hostile_report_is_refused_or_written(at in 0..4000_usize, with in "[0-9a-z\\[\\]{},:\"-]{0,9}", cut in 0..9_usize) {
        let mut text = json(&samples::rich());
        let at = at * text.len() / 4000;
        let end = (at + cut).min(text.len());
        text.splice(at..end, with.bytes());
        if let Ok(saved) = Saved::read(&text) {
            for &format in Format::ALL {
                let mut out = Vec::new();
                write_saved(&saved, format, &RenderOptions::default(), &mut out).unwrap();
            }
        }
    }
}
