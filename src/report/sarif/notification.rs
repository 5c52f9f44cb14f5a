//! What was not looked at, and what the reader should know of the run.

use serde_json::json;
use serde_sarif::sarif::{
    Location, Notification, PhysicalLocation, ReportingDescriptor, ReportingDescriptorReference,
};

use super::rule::pascal_case;
use super::uri::Uris;
use super::{artifact, message, plain};
use crate::input::{SkipReason, Skipped};
use crate::report::clean::Clean;

/// For each reason this many files are named; the others are counted.
const MAX_NAMED: usize = 500;

const NOTHING_READ: Kind = Kind {
    id: "nothing-scanned",
    text: "No file was read.",
    level: "warning",
};
const CUT: Kind = Kind {
    id: "findings-cut",
    text: "There were more findings than a log may hold.",
    level: "warning",
};
const NOTE: Kind = Kind {
    id: "run-note",
    text: "What the reader should know of this run.",
    level: "note",
};

/// What a notification is about.
#[derive(Clone, Copy)]
struct Kind {
    id: &'static str,
    text: &'static str,
    level: &'static str,
}

/// Every reason with its kind, in the order of the descriptors.
const SKIPPED: &[(SkipReason, Kind)] = &[
    (
        SkipReason::Unreadable,
        Kind {
            id: "skipped-unreadable",
            text: "A file could not be opened or read.",
            level: "warning",
        },
    ),
    (
        SkipReason::Capped,
        Kind {
            id: "skipped-capped",
            text: "A limit was reached inside a file, so a part of it was not looked at.",
            level: "warning",
        },
    ),
    (
        SkipReason::Binary,
        Kind {
            id: "skipped-binary",
            text: "A file holds no text.",
            level: "note",
        },
    ),
    (
        SkipReason::Symlink,
        Kind {
            id: "skipped-symlink",
            text: "Symbolic links are not followed.",
            level: "note",
        },
    ),
    (
        SkipReason::Special,
        Kind {
            id: "skipped-special",
            text: "FIFOs, sockets and devices are not opened.",
            level: "note",
        },
    ),
    (
        SkipReason::Excluded,
        Kind {
            id: "skipped-excluded",
            text: "The configuration or the command line left a path out.",
            level: "note",
        },
    ),
    (
        SkipReason::VersionControl,
        Kind {
            id: "skipped-version-control",
            text: "Internals of a version control system are not walked.",
            level: "note",
        },
    ),
];

/// One descriptor for each kind of notification.
pub(super) fn descriptors() -> Vec<ReportingDescriptor> {
    let of_reasons = SKIPPED.iter().map(|(_, kind)| kind);
    of_reasons
        .chain([&NOTHING_READ, &CUT, &NOTE])
        .map(|kind| {
            // The full description and the help repeat the short one: GitHub's rules ask for all
            // three of every descriptor.
            ReportingDescriptor::builder()
                .id(kind.id)
                .name(pascal_case(kind.id))
                .short_description(plain(kind.text))
                .full_description(plain(kind.text))
                .help(plain(kind.text))
                .build()
        })
        .collect()
}

/// What was not looked at, by reason, and what the log leaves out for having `max` results.
pub(super) fn of_coverage(report: &Clean<'_>, uris: &Uris<'_>, max: usize) -> Vec<Notification> {
    let mut notifications = Vec::new();
    if report.coverage.files == 0 {
        let text = "No file was read, so this log says nothing about whether credentials leak.";
        notifications.push(notification(NOTHING_READ, text));
    }
    let cut = report.findings.len().saturating_sub(max);
    if cut > 0 {
        let text = format!("{cut} findings are not in this log, the least severe of them all.");
        notifications.push(notification(CUT, &text));
    }
    for &(reason, kind) in SKIPPED {
        let skipped = report.coverage.skipped.iter();
        let of_reason: Vec<&Skipped> = skipped.filter(|s| s.reason == reason).collect();
        let named = of_reason.iter().take(MAX_NAMED);
        notifications.extend(named.map(|skipped| of_skipped(kind, skipped, uris)));
        if of_reason.len() > MAX_NAMED {
            let more = of_reason.len() - MAX_NAMED;
            let text = format!("{more} more paths were skipped as '{}'.", reason.word());
            notifications.push(notification(kind, &text));
        }
    }
    notifications
}

pub(super) fn of_notes(notes: &[String]) -> Vec<Notification> {
    notes.iter().map(|note| notification(NOTE, note)).collect()
}

fn of_skipped(kind: Kind, skipped: &Skipped, uris: &Uris<'_>) -> Notification {
    let mut text = format!(
        "'{}' was skipped as '{}'",
        skipped.path,
        skipped.reason.word()
    );
    match &skipped.detail {
        Some(detail) => text.push_str(&format!(": {detail}.")),
        None => text.push('.'),
    }
    let place = PhysicalLocation::builder()
        .artifact_location(artifact(&skipped.path, uris))
        .build();
    let mut notification = notification(kind, &text);
    notification.locations = Some(vec![Location::builder().physical_location(place).build()]);
    notification
}

fn notification(kind: Kind, text: &str) -> Notification {
    let descriptor = ReportingDescriptorReference::builder().id(kind.id).build();
    Notification::builder()
        .descriptor(descriptor)
        .level(json!(kind.level))
        .message(message(text))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::clean::Plain;
    use crate::report::samples;

    #[test]
    fn skipped_files_are_bounded_and_counted() {
        let mut report = samples::empty();
        report.coverage.skipped = (0..MAX_NAMED + 3)
            .map(|n| Skipped {
                path: format!("{n}.png"),
                reason: SkipReason::Binary,
                detail: None,
            })
            .collect();
        let clean = Clean::new(&report, Plain::Hidden).unwrap();
        let notifications = of_coverage(&clean, &Uris::new(None), 1);
        assert_eq!(notifications.len(), MAX_NAMED + 1);
        let last = notifications.last().and_then(|n| n.message.text.as_deref());
        assert_eq!(last, Some("3 more paths were skipped as 'binary'."));
    }

    #[test]
    fn every_notification_has_a_descriptor() {
        let ids: Vec<String> = descriptors().into_iter().map(|d| d.id).collect();
        let report = samples::nothing_read();
        let clean = Clean::new(&report, Plain::Hidden).unwrap();
        for notification in of_coverage(&clean, &Uris::new(None), 1) {
            let id = notification.descriptor.and_then(|d| d.id).unwrap();
            assert!(ids.contains(&id), "{id}");
        }
    }
}
