//! Findings as the case keeps them: by everything but themselves.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::report::{Report, ReportedRule};

use super::super::case::{Credential, Place};

/// The credentials of a report, those that got furthest first.
pub(super) fn of(report: &Report) -> Vec<Credential> {
    let rules: BTreeMap<&str, &ReportedRule> = report
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), rule))
        .collect();
    let findings = report.findings.iter();
    let mut all: Vec<Credential> = findings
        .map(|finding| credential(finding, rules.get(finding.rule.as_str()).copied()))
        .collect();
    all.sort_by(|a, b| {
        (b.reach, b.severity, &a.places, &a.rule).cmp(&(a.reach, a.severity, &b.places, &b.rule))
    });
    all
}

fn credential(finding: &Finding, rule: Option<&ReportedRule>) -> Credential {
    let values = |name: &str| {
        let all = finding
            .attributes
            .iter()
            .filter(|attribute| attribute.name == name);
        all.map(|attribute| attribute.value.clone())
            .collect::<Vec<String>>()
    };
    let first = |name: &str| values(name).into_iter().next();
    let places = finding.occurrences.iter().map(|occurrence| Place {
        file: occurrence.location.path.clone(),
        line: occurrence.location.start.line,
        name: occurrence.name.clone(),
    });
    let mut places: Vec<Place> = places.collect();
    places.sort();
    places.dedup();
    Credential {
        fingerprint: finding.fingerprint.to_string(),
        rule: finding.rule.clone(),
        title: finding.title.clone(),
        provider: rule.map_or_else(String::new, |rule| rule.provider.clone()),
        severity: finding.severity,
        reach: finding.reach,
        key_id: first("key id"),
        login: first("login"),
        domains: values("domain"),
        region: first("region"),
        places,
        rotate: rule.map_or_else(String::new, |rule| rule.rotate.summary.clone()),
        rotate_steps: rule.map_or_else(Vec::new, |rule| rule.rotate.steps.clone()),
        rotate_urls: rule.map_or_else(Vec::new, |rule| rule.rotate.urls.clone()),
        gone: None,
    }
}
