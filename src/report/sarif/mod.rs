//! SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, with what
//! GitHub's code scanning asks for beyond it,
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

mod check;
mod flow;
mod notification;
mod result;
mod rule;
mod state;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Message, MultiformatMessageString, PropertyBag,
    ReportingDescriptor, ResultLevel, Run, RunAutomationDetails, Sarif, ToolComponent,
    ToolComponentReference,
};

use self::uri::{ROOT_ID, Uris};
use super::clean::Clean;
use crate::finding::Severity;

/// GitHub refuses a run with more results than this.
const MAX_RESULTS: usize = 25_000;
/// The published schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Names the analysis; what follows the slash may differ from run to run, and here nothing does.
const AUTOMATION_ID: &str = "spillcheck/";

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let log = Sarif::builder()
        .schema(SCHEMA)
        .version(json!("2.1.0"))
        .runs(vec![run(report, MAX_RESULTS)])
        .build();
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// A run with at most `max` results: the first, which are the worst.
fn run(report: &Clean<'_>, max: usize) -> Run {
    let uris = Uris::new(report.base());
    let of_finding = |finding| result::of(finding, report, &uris);
    let of_exposure = |exposure| check::result(exposure, report, &uris);
    let counted = report.findings.iter().map(of_finding);
    let counted = counted.chain(report.exposures.iter().map(of_exposure));
    let suppressed = report.suppressed.iter().map(of_finding);
    let suppressed = suppressed.chain(report.suppressed_exposures.iter().map(of_exposure));
    let results = counted.chain(suppressed).take(max).collect::<Vec<_>>();
    let invocation = Invocation::builder()
        // Consumers drop the whole log when this is false; what was missed is in the notifications.
        .execution_successful(true)
        .tool_execution_notifications(notification::of_coverage(report, &uris, max))
        .tool_configuration_notifications(notification::of_notes(&report.notes))
        .build();
    Run::builder()
        .tool(driver(report))
        .results(results)
        .invocations(vec![invocation])
        .taxonomies(vec![rule::cwe_taxonomy(report)])
        .original_uri_base_ids(base_ids(&uris))
        .automation_details(RunAutomationDetails::builder().id(AUTOMATION_ID).build())
        .column_kind(json!("utf16CodeUnits"))
        .default_encoding("utf-8")
        .properties(bag([
            ("filesScanned", json!(report.coverage.files)),
            ("bytesScanned", json!(report.coverage.bytes)),
            ("coverageComplete", json!(report.is_complete())),
            ("withheld", json!(report.withheld)),
        ]))
        .build()
}

fn driver(report: &Clean<'_>) -> ToolComponent {
    let rules = report.rules.iter().map(rule::of);
    let checks = report.checks.iter().map(check::descriptor);
    let rules: Vec<ReportingDescriptor> = rules.chain(checks).collect();
    let mut driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .version(env!("CARGO_PKG_VERSION"))
        .short_description(plain(env!("CARGO_PKG_DESCRIPTION")))
        .rules(rules)
        .notifications(notification::descriptors())
        .supported_taxonomies(vec![
            ToolComponentReference::builder()
                .name(rule::CWE)
                .index(0)
                .build(),
        ])
        .build();
    let homepage = env!("CARGO_PKG_REPOSITORY");
    driver.information_uri = (!homepage.is_empty()).then(|| homepage.to_owned());
    driver
}

fn base_ids(uris: &Uris<'_>) -> BTreeMap<String, ArtifactLocation> {
    let mut root = ArtifactLocation::builder()
        .description(message("The directory that the scan started from."))
        .build();
    root.uri = uris.root();
    BTreeMap::from([(ROOT_ID.to_owned(), root)])
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

fn artifact(path: &str, uris: &Uris<'_>) -> ArtifactLocation {
    let uri = uris.of(path);
    let mut location = ArtifactLocation::builder().uri(uri.text).build();
    location.uri_base_id = uri.is_relative.then(|| ROOT_ID.to_owned());
    location
}

fn bag<const N: usize>(properties: [(&str, serde_json::Value); N]) -> PropertyBag {
    let properties = properties.map(|(name, value)| (name.to_owned(), value));
    PropertyBag::builder()
        .additional_properties(BTreeMap::from(properties))
        .build()
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// A message of this very text.
///
/// In SARIF braces are placeholders and brackets are links, so foreign ones are escaped (3.11.5, 3.11.6).
fn message(text: &str) -> Message {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' => escaped.extend([c, c]),
            '[' | ']' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    Message::builder().text(escaped).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::clean::Plain;
    use crate::report::samples;

    #[test]
    fn results_beyond_the_limit_are_cut_and_counted() {
        let report = samples::many(7);
        let clean = Clean::new(&report, Plain::Hidden).unwrap();
        let run = run(&clean, 5);
        assert_eq!(run.results.unwrap().len(), 5);
        let notifications = serde_json::to_string(&run.invocations).unwrap();
        assert!(
            notifications.contains("2 findings are not in this log"),
            "{notifications}"
        );
    }

    #[test]
    fn what_looks_like_a_placeholder_or_a_link_is_escaped() {
        let text = message("{0} [x](http://y)").text;
        assert_eq!(text.as_deref(), Some("{{0}} \\[x\\](http://y)"));
    }
}
