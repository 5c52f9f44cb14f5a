//! One finding as one result.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif::{ArtifactContent, Location, PhysicalLocation, Region, Result};

use super::uri::Uris;
use super::{artifact, bag, flow, level, message, state};
use crate::finding::{Excerpt, Occurrence};
use crate::report::clean::{Clean, Shown};
use crate::report::item::sentence;

/// Of a secret that stands in very many places this many further ones are given.
const MAX_RELATED: usize = 100;
/// Our own fingerprint; the number changes with the way it is computed.
const FINGERPRINT: &str = "spillcheckSecret/v1";

pub(super) fn of(finding: &Shown<'_>, report: &Clean<'_>, uris: &Uris<'_>) -> Result {
    let (first, further) = match finding.occurrences.split_first() {
        Some((first, further)) => (Some(first), further),
        None => (None, &[][..]),
    };
    let location = |place: &Occurrence| {
        Location::builder()
            .physical_location(physical(place, finding, uris))
            .build()
    };
    let mut result = Result::builder()
        .rule_id(finding.rule)
        .level(level(finding.severity))
        .message(message(&sentence(finding)))
        .locations(first.map(location).into_iter().collect::<Vec<_>>())
        .partial_fingerprints(fingerprints(finding))
        .properties(bag([
            ("severity", json!(finding.severity)),
            ("confidence", json!(finding.confidence)),
            ("attributes", json!(finding.attributes)),
            ("decoders", json!(first.map(|place| &place.decoders))),
            ("git", json!(first.map(|place| place.git))),
            ("occurrences", json!(finding.occurrences.len())),
            ("reach", json!(finding.reach)),
            ("ways", json!(finding.ways)),
        ]))
        .build();
    if let (Some(commits), Some(properties)) = (
        first.and_then(|place| place.commits.as_ref()),
        &mut result.properties,
    ) {
        let more = &mut properties.additional_properties;
        more.insert("commits".to_owned(), json!(commits));
    }
    result.rule_index = finding.definition.map(|(index, _)| index as i64);
    if !further.is_empty() {
        result.related_locations = Some(related(finding, further, uris));
    }
    let flows = flow::of_finding(finding, uris);
    if !flows.is_empty() {
        result.code_flows = Some(flows);
    }
    state::mark(&mut result, finding.suppressed.as_ref(), report);
    result
}

/// Both stay when the lines around move; `primaryLocationLineHash` is the one that GitHub looks at.
fn fingerprints(finding: &Shown<'_>) -> BTreeMap<String, String> {
    let mut fingerprints = BTreeMap::from([(FINGERPRINT.to_owned(), finding.fingerprint.clone())]);
    if let Some(hash) = finding.primary().and_then(|place| place.line_hash.clone()) {
        fingerprints.insert("primaryLocationLineHash".to_owned(), hash);
    }
    fingerprints
}

fn related(finding: &Shown<'_>, further: &[Occurrence], uris: &Uris<'_>) -> Vec<Location> {
    let location = |(index, place): (usize, &Occurrence)| {
        Location::builder()
            .id(index as i64 + 1)
            .physical_location(physical(place, finding, uris))
            .message(message("The same credential."))
            .build()
    };
    further
        .iter()
        .take(MAX_RELATED)
        .enumerate()
        .map(location)
        .collect()
}

fn physical(place: &Occurrence, finding: &Shown<'_>, uris: &Uris<'_>) -> PhysicalLocation {
    let at = &place.location;
    let region = Region::builder()
        .start_line(integer(at.start.line))
        .start_column(integer(at.start.column))
        .end_line(integer(at.end.line))
        .end_column(integer(at.end.column))
        .byte_offset(integer(at.offset))
        .byte_length(integer(at.length))
        .snippet(snippet(&finding.mask))
        .build();
    // Programs look for the file itself; the commit is in the message and the properties.
    let path = match at.path.split_once(':') {
        Some((_, path)) if place.commits.is_some() => path,
        _ => &at.path,
    };
    let mut physical = PhysicalLocation::builder()
        .artifact_location(artifact(path, uris))
        .region(region)
        .build();
    physical.context_region = context(&place.excerpt, place);
    physical
}

/// The excerpt, if it holds the whole region, as a context region has to.
fn context(excerpt: &Excerpt, place: &Occurrence) -> Option<Region> {
    let last = excerpt.first_line + (excerpt.lines.len() as u64).checked_sub(1)?;
    let holds_all =
        excerpt.first_line <= place.location.start.line && place.location.end.line <= last;
    holds_all.then(|| {
        Region::builder()
            .start_line(integer(excerpt.first_line))
            .end_line(integer(last))
            .snippet(snippet(&excerpt.lines.join("\n")))
            .build()
    })
}

fn snippet(text: &str) -> ArtifactContent {
    ArtifactContent::builder().text(text).build()
}

fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
