//! Checks as reporting descriptors, and what they found as results.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, ReportingConfiguration, ReportingDescriptor, Result,
};

use super::rule::{pascal_case, security_severity, sentence, tags, weakness};
use super::uri::Uris;
use super::{bag, flow, level, message, plain, state};
use crate::finding::{Exposure, Reason};
use crate::report::ReportedCheck;
use crate::report::clean::Clean;

/// The number changes with the way it is computed.
const FINGERPRINT: &str = "spillcheckExposure/v1";

pub(super) fn descriptor(check: &ReportedCheck) -> ReportingDescriptor {
    let configuration = ReportingConfiguration::builder()
        .level(json!(level(check.severity)))
        .build();
    let mut properties = bag([
        ("precision", json!("high")),
        (
            "security-severity",
            json!(security_severity(check.severity)),
        ),
        ("code", json!(check.code)),
    ]);
    properties.tags = Some(tags(&check.cwe, std::iter::once("exposure".to_owned())));
    let mut descriptor = ReportingDescriptor::builder()
        .id(check.id.as_str())
        .name(pascal_case(&check.id))
        .short_description(plain(&sentence(&check.title)))
        .full_description(plain(&sentence(&check.description)))
        .help(help(check))
        .default_configuration(configuration)
        .properties(properties)
        .relationships(check.cwe.iter().map(weakness).collect::<Vec<_>>())
        .build();
    descriptor.help_uri = check.references.first().cloned();
    descriptor
}

fn help(check: &ReportedCheck) -> MultiformatMessageString {
    let mut text = format!("{}\n\nWhat to do: {}", check.description, check.fix);
    let mut markdown = format!(
        "{}\n\n## What to do\n\n{}\n\n## References\n",
        check.description, check.fix
    );
    // Writing to a `String` does not fail.
    for url in &check.references {
        let _ = write!(text, "\n{url}");
        let _ = write!(markdown, "\n- <{url}>");
    }
    MultiformatMessageString::builder()
        .text(text)
        .markdown(markdown)
        .build()
}

pub(super) fn result(exposure: &Exposure, report: &Clean<'_>, uris: &Uris<'_>) -> Result {
    let here = Reason {
        file: Some(exposure.file.clone()),
        line: exposure.line,
        directive: exposure.title.clone(),
    };
    let mut result = Result::builder()
        .rule_id(exposure.check.as_str())
        .level(level(exposure.severity))
        .message(message(&format!(
            "{}. {}",
            exposure.title, exposure.message
        )))
        .locations(vec![flow::location(&here, uris)])
        .partial_fingerprints(fingerprints(exposure))
        .properties(bag([
            ("severity", json!(exposure.severity)),
            ("confidence", json!(exposure.confidence)),
            ("urls", json!(exposure.urls)),
            ("exposes", json!(exposure.exposes)),
        ]))
        .build();
    let index = report
        .check(exposure)
        .map(|(index, _)| report.rules.len() + index);
    result.rule_index = index.map(|index| index as i64);
    if exposure.because.iter().any(|reason| reason.file.is_some()) {
        let reasons = exposure.because.iter().chain([&here]);
        result.code_flows = Some(vec![flow::of_reasons(&exposure.message, reasons, uris)]);
    }
    state::mark(&mut result, exposure.suppressed.as_ref(), report);
    result
}

fn fingerprints(exposure: &Exposure) -> BTreeMap<String, String> {
    BTreeMap::from([(FINGERPRINT.to_owned(), exposure.fingerprint())])
}
