//! The ways on which credentials got out or can get out, the most likely cause first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Exposure, Finding, Moment, Reach, Reason, Severity, Way};
use crate::report::Report;

use super::super::case::Cause;
use super::{Sent, fix};

/// A way out of some credentials, before it is ranked.
struct Candidate<'c> {
    way: Way,
    findings: Vec<&'c Finding>,
}

/// Every way that leads out, or that a second fault opens, each once; ranked by how far it leads, then by how bad the
/// worst credential is, then by what attackers ask for first. How many credentials there are does not count.
pub(super) fn of(report: &Report, sent: &Sent) -> Vec<Cause> {
    let mut candidates: BTreeMap<(String, Option<String>), Candidate<'_>> = BTreeMap::new();
    for finding in &report.findings {
        for way in finding.ways.iter().filter(|way| way.reach >= Reach::Latent) {
            let key = (way.file.clone(), way.check.clone());
            let entry = candidates.entry(key).or_insert_with(|| Candidate {
                way: way.clone(),
                findings: Vec::new(),
            });
            if way.reach > entry.way.reach {
                entry.way = way.clone();
            }
            if !entry
                .findings
                .iter()
                .any(|known| known.fingerprint == finding.fingerprint)
            {
                entry.findings.push(finding);
            }
        }
    }
    let mut causes: Vec<(Rank, Cause)> = candidates
        .into_values()
        .map(|candidate| {
            let cause = cause(report, sent, &candidate);
            (
                rank(
                    &cause,
                    candidate
                        .findings
                        .iter()
                        .map(|finding| finding.severity)
                        .max(),
                ),
                cause,
            )
        })
        .collect();
    for exposure in report
        .exposures
        .iter()
        .filter(|exposure| is_cause_alone(exposure))
    {
        let cause = of_exposure(report, sent, exposure);
        causes.push((rank(&cause, Some(exposure.severity)), cause));
    }
    causes.sort_by(|a, b| (&a.0, &a.1.file, &a.1.summary).cmp(&(&b.0, &b.1.file, &b.1.summary)));
    let mut seen = BTreeSet::new();
    let unique = causes.into_iter().map(|(_, cause)| cause);
    unique
        .filter(|cause| {
            seen.insert((
                cause.file.clone(),
                cause.url.clone(),
                cause.reach,
                cause.class.clone(),
            ))
        })
        .collect()
}

/// An exposure that a log shows in use is a cause, though no credential that was found gets out by it.
fn is_cause_alone(exposure: &Exposure) -> bool {
    exposure.reach == Reach::ObservedLeak && exposure.exposes.is_empty()
}

/// Smaller is more likely.
type Rank = (
    Reverse<Reach>,
    Reverse<Option<Severity>>,
    u8,
    Option<Moment>,
);

fn rank(cause: &Cause, worst: Option<Severity>) -> Rank {
    (
        Reverse(cause.reach),
        Reverse(worst),
        asked_first(cause),
        cause.first_fetched,
    )
}

/// What the tools of attackers ask for first.
fn asked_first(cause: &Cause) -> u8 {
    const ORDER: &[&str] = &[
        "exposed environment file",
        "debug page",
        "phpinfo page",
        "copy of a configuration",
        "database dump or backup",
        "exposed log",
        "exposed repository",
        "client bundle",
    ];
    let place = ORDER.iter().position(|class| *class == cause.class);
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

fn cause(report: &Report, sent: &Sent, candidate: &Candidate<'_>) -> Cause {
    let way = &candidate.way;
    let exposure = way.check.as_deref().and_then(|check| {
        let known = report.exposures.iter();
        known
            .filter(|exposure| exposure.check == check)
            .find(|exposure| exposure.exposes.contains(&way.file))
    });
    let mut because = way.because.clone();
    let fetched = sent.get(&(way.file.clone(), way.check.clone()));
    if let Some(exposure) = exposure {
        because.retain(|reason| {
            reason.file.as_deref() != Some(&exposure.file) || reason.line != exposure.line
        });
        because.insert(
            0,
            Reason {
                file: Some(exposure.file.clone()),
                line: exposure.line,
                directive: exposure.title.clone(),
            },
        );
    }
    Cause {
        reach: way.reach,
        class: class(way.check.as_deref(), &way.file, way.reach).to_owned(),
        summary: way.summary.clone(),
        file: way.file.clone(),
        url: way.url.clone(),
        check: way.check.clone(),
        because,
        credentials: candidate
            .findings
            .iter()
            .map(|finding| finding.fingerprint.to_string())
            .collect(),
        first_fetched: fetched.map(|span| span.0),
        last_fetched: fetched.map(|span| span.1),
        fix: way
            .check
            .as_deref()
            .and_then(|check| fix(report, check))
            .or_else(|| closing(way)),
        settle: way.settle.clone(),
        closed: (!is_open(candidate)).then(Moment::now),
    }
}

/// What a log shows is over if the servers no longer send the file.
fn is_open(candidate: &Candidate<'_>) -> bool {
    let way = &candidate.way;
    let is_seen_only = way.reach == Reach::ObservedLeak && way.check.is_none();
    let mut ways = candidate.findings.iter().flat_map(|finding| &finding.ways);
    let is_sent = |other: &Way| {
        let is_out = other.reach.is_out() && other.reach < Reach::ObservedLeak;
        is_out && other.file == way.file && other.check.is_none() && other.url.is_some()
    };
    !is_seen_only || ways.any(is_sent)
}

fn of_exposure(report: &Report, sent: &Sent, exposure: &Exposure) -> Cause {
    let fetched = sent.get(&(exposure.file.clone(), Some(exposure.check.clone())));
    Cause {
        reach: exposure.reach,
        class: class(Some(&exposure.check), &exposure.file, exposure.reach).to_owned(),
        summary: exposure.message.trim_end_matches('.').to_owned(),
        file: exposure.file.clone(),
        url: exposure.urls.first().cloned(),
        check: Some(exposure.check.clone()),
        because: exposure.because.clone(),
        credentials: Vec::new(),
        first_fetched: fetched.map(|span| span.0),
        last_fetched: fetched.map(|span| span.1),
        fix: fix(report, &exposure.check),
        settle: None,
        closed: None,
    }
}

/// How to close a way that no check speaks of.
fn closing(way: &Way) -> Option<String> {
    let text = match way.reach {
        Reach::Published => {
            "Make the repository private, or take the credential out of it; its history keeps it, so \
                             that only a new credential helps."
        }
        _ => {
            "Move the file out of every document root, or deny it in the server's configuration; then ask for it \
              yourself and see that it is refused."
        }
    };
    way.reach.is_out().then(|| text.to_owned())
}

/// The kind, in a word or two.
fn class(check: Option<&str>, file: &str, reach: Reach) -> &'static str {
    let check = check.unwrap_or_default();
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| check.contains(word));
    let named = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if is(&["phpinfo"]) {
        "phpinfo page"
    } else if is(&[
        "symfony-development",
        "symfony-front-controller",
        "debug-tool",
        "actuator",
    ]) {
        "debug tool"
    } else if is(&["debug-log", "log-secret", "laravel-log", "log-in-root"]) {
        "exposed log"
    } else if is(&["debug", "development", "error-handler", "display"]) {
        "debug page"
    } else if is(&["bundle", "client-env", "source-map", "client-source"]) {
        "client bundle"
    } else if is(&["image", "copied-env", "npm-package"]) {
        "published package or image"
    } else if is(&["vcs", "git-not-denied"]) || file.contains(".git/") {
        "exposed repository"
    } else if name.starts_with(".env") || name.starts_with("env.") || name.ends_with(".env") {
        match reach {
            Reach::Published => "repository",
            _ => "exposed environment file",
        }
    } else if reach == Reach::Published {
        "repository"
    } else if named(&[".sql", ".sql.gz", ".zip", ".tar.gz", ".tgz", ".dump"]) || is(&["dump"]) {
        "database dump or backup"
    } else if named(&[".log"]) {
        "exposed log"
    } else if named(&[".js", ".mjs", ".map"]) {
        "client bundle"
    } else if is(&["copy", "twin", "backup"]) || name.contains("config") {
        "copy of a configuration"
    } else {
        "exposed file"
    }
}
