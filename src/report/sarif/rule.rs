//! Rules as reporting descriptors, and the weaknesses that they are instances of.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
    ReportingDescriptorReference, ReportingDescriptorRelationship, ToolComponent,
    ToolComponentReference,
};

use super::{level, plain};
use crate::finding::{Confidence, Severity};
use crate::report::ReportedRule;
use crate::report::clean::Clean;

/// The name of the taxonomy.
pub(super) const CWE: &str = "CWE";
/// GitHub refuses a rule with more.
const MAX_TAGS: usize = 20;

pub(super) fn of(known: &ReportedRule) -> ReportingDescriptor {
    let configuration = ReportingConfiguration::builder()
        .level(json!(level(known.severity)))
        .build();
    let mut descriptor = ReportingDescriptor::builder()
        .id(&known.id)
        .short_description(plain(&sentence(&known.title)))
        .full_description(plain(&sentence(&known.description)))
        .help(help(known))
        .default_configuration(configuration)
        .properties(properties(known))
        .relationships(known.cwe.iter().map(weakness).collect::<Vec<_>>())
        .build();
    descriptor.name =
        Some(pascal_case(&known.id)).filter(|name| !name.eq_ignore_ascii_case(&known.id));
    descriptor.help_uri = known
        .references
        .iter()
        .chain(&known.rotate.urls)
        .next()
        .cloned();
    descriptor
}

/// `mailgun-api-key` is `MailgunApiKey`.
pub(super) fn pascal_case(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for word in id.split('-') {
        let mut chars = word.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    name
}

pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn properties(known: &ReportedRule) -> PropertyBag {
    let tags = tags(&known.cwe, known.tags.iter().cloned());
    let mut bag = super::bag([
        ("precision", json!(precision(known))),
        (
            "security-severity",
            json!(security_severity(known.severity)),
        ),
        ("provider", json!(known.provider)),
    ]);
    bag.tags = Some(tags);
    bag
}

/// As many as GitHub takes.
pub(super) fn tags(cwe: &[u32], themes: impl Iterator<Item = String>) -> Vec<String> {
    let cwe = cwe
        .iter()
        .map(|number| format!("external/cwe/cwe-{number:03}"));
    std::iter::once("security".to_owned())
        .chain(cwe)
        .chain(themes)
        .take(MAX_TAGS)
        .collect()
}

/// GitHub's words. A match of high confidence is only `very-high` if its shape alone says what it is.
fn precision(rule: &ReportedRule) -> &'static str {
    match rule.confidence {
        Confidence::High if rule.by_shape => "very-high",
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// A score as in CVSS: GitHub reads over 9.0 as critical, from 7.0 as high, from 4.0 as medium, from
/// 0.1 as low, and 0.0 as not about security.
pub(super) fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.0",
    }
}

fn help(known: &ReportedRule) -> MultiformatMessageString {
    let rotate = &known.rotate;
    let mut text = format!(
        "{}\n\nHow to replace it: {}",
        known.description, rotate.summary
    );
    let mut markdown = format!(
        "{}\n\n## How to replace it\n\n{}\n",
        known.description, rotate.summary
    );
    // Writing to a `String` does not fail.
    for (index, step) in rotate.steps.iter().enumerate() {
        let _ = write!(text, "\n{}. {step}", index + 1);
        let _ = write!(markdown, "\n{}. {step}", index + 1);
    }
    for (title, urls) in [("Where", &rotate.urls), ("References", &known.references)] {
        if urls.is_empty() {
            continue;
        }
        let _ = write!(text, "\n\n{title}:");
        let _ = writeln!(markdown, "\n\n## {title}\n");
        for url in urls {
            let _ = write!(text, "\n{url}");
            let _ = writeln!(markdown, "- <{url}>");
        }
    }
    MultiformatMessageString::builder()
        .text(text)
        .markdown(markdown)
        .build()
}

pub(super) fn weakness(number: &u32) -> ReportingDescriptorRelationship {
    let target = ReportingDescriptorReference::builder()
        .id(number.to_string())
        .tool_component(ToolComponentReference::builder().name(CWE).index(0).build())
        .build();
    ReportingDescriptorRelationship::builder()
        .target(target)
        .kinds(vec!["superset".to_owned()])
        .build()
}

/// The weaknesses that the rules name, <https://cwe.mitre.org/>.
pub(super) fn cwe_taxonomy(report: &Clean<'_>) -> ToolComponent {
    let of_rules = report
        .rules
        .iter()
        .flat_map(|rule| rule.cwe.iter().copied());
    let of_checks = report
        .checks
        .iter()
        .flat_map(|check| check.cwe.iter().copied());
    let numbers: BTreeSet<u32> = of_rules.chain(of_checks).collect();
    let taxon = |number: &u32| {
        ReportingDescriptor::builder()
            .id(number.to_string())
            .help_uri(format!(
                "https://cwe.mitre.org/data/definitions/{number}.html"
            ))
            .build()
    };
    ToolComponent::builder()
        .name(CWE)
        .organization("MITRE")
        .short_description(plain("The MITRE Common Weakness Enumeration."))
        .information_uri("https://cwe.mitre.org/")
        .is_comprehensive(false)
        .taxa(numbers.iter().map(taxon).collect::<Vec<_>>())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn names_are_pascal_case() {
        assert_eq!(pascal_case("mailgun-api-key"), "MailgunApiKey");
        assert_eq!(pascal_case("x--1password-"), "X1password");
    }

    /// SARIF wants no name that is the id again.
    #[test]
    fn an_id_of_one_word_is_name_enough() {
        let mut known = samples::mailgun_rule();
        known.id = "password".to_owned();
        assert_eq!(of(&known).name, None);
    }

    #[test]
    fn tags_are_limited() {
        let mut known = samples::mailgun_rule();
        known.tags = (0..40).map(|n| n.to_string()).collect();
        let tags = of(&known).properties.and_then(|bag| bag.tags).unwrap();
        assert_eq!(tags.len(), MAX_TAGS);
        assert_eq!(tags[..2], ["security", "external/cwe/cwe-798"]);
    }
}
