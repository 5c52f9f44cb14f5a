//! Ways out as code flows: from the configuration that opens them to the credential.

use serde_sarif::sarif::{
    CodeFlow, Location, PhysicalLocation, Region, ThreadFlow, ThreadFlowLocation,
};

use super::uri::Uris;
use super::{artifact, message};
use crate::finding::{Occurrence, Reason, Way};
use crate::report::clean::Shown;

/// Of the ways of one finding this many become flows: the strongest.
const MAX_FLOWS: usize = 3;

/// One flow for each way that leads out.
pub(super) fn of_finding(finding: &Shown<'_>, uris: &Uris<'_>) -> Vec<CodeFlow> {
    let out = finding.ways.iter().filter(|way| way.reach.is_out());
    out.take(MAX_FLOWS)
        .map(|way| of_way(way, &finding.occurrences, uris))
        .collect()
}

fn of_way(way: &Way, occurrences: &[Occurrence], uris: &Uris<'_>) -> CodeFlow {
    let end = occurrences
        .iter()
        .find(|place| place.location.on_disk() == way.file);
    let line = end.and_then(|place| u32::try_from(place.location.start.line).ok());
    let last = Reason {
        file: Some(way.file.clone()),
        line,
        directive: way.summary.clone(),
    };
    of_reasons(&way.summary, way.because.iter().chain([&last]), uris)
}

/// One flow through a chain; what stands in no file is part of the message.
pub(super) fn of_reasons<'r>(
    words: &str,
    reasons: impl Iterator<Item = &'r Reason>,
    uris: &Uris<'_>,
) -> CodeFlow {
    let steps: Vec<ThreadFlowLocation> = reasons
        .filter(|reason| reason.file.is_some())
        .map(|reason| {
            ThreadFlowLocation::builder()
                .location(location(reason, uris))
                .build()
        })
        .collect();
    CodeFlow::builder()
        .message(message(words))
        .thread_flows(vec![ThreadFlow::builder().locations(steps).build()])
        .build()
}

/// Where a reason stands.
pub(super) fn location(reason: &Reason, uris: &Uris<'_>) -> Location {
    let file = reason
        .file
        .as_deref()
        .filter(|file| !file.is_empty())
        .unwrap_or(".");
    let mut physical = PhysicalLocation::builder()
        .artifact_location(artifact(file, uris))
        .build();
    physical.region = reason
        .line
        .map(|line| Region::builder().start_line(i64::from(line.max(1))).build());
    Location::builder()
        .physical_location(physical)
        .message(message(&reason.directive))
        .build()
}
