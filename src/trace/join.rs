//! Credential × way out: how far each credential has got, and how bad that makes it.

use std::collections::BTreeMap;

use crate::finding::{Finding, GitState, Reach, Severity, Way};

use super::assemble::sort;
use super::ways::{Surroundings, Ways};

/// Of the ways of one credential this many are kept: the strongest.
const MAX_WAYS: usize = 20;

/// Gives every finding its ways and its reach, and from them its severity, but for the severities that the user has
/// set, by rule id.
pub fn join(findings: &mut [Finding], around: &Surroundings<'_>, set: &BTreeMap<String, Severity>) {
    let mut ways = Ways::new(around);
    for finding in &mut *findings {
        let mut all: Vec<Way> = std::mem::take(&mut finding.ways);
        for occurrence in &finding.occurrences {
            all.extend(ways.of(occurrence.location.on_disk()).iter().cloned());
        }
        // What a server answers says more than what a check tells of it.
        all.sort_by(|a, b| (b.reach, a.check.is_some(), a).cmp(&(a.reach, b.check.is_some(), b)));
        all.dedup();
        all.truncate(MAX_WAYS);
        finding.reach = all.first().map_or(Reach::Unknown, |way| way.reach);
        finding.ways = all;
        if !set.contains_key(&finding.rule) {
            finding.severity = severity(finding);
        }
    }
    sort(findings);
}

/// What the rule says holds for a credential of which nothing more is known. One that can be had by asking is worse,
/// and one that is kept in is less bad.
fn severity(finding: &Finding) -> Severity {
    let base = finding.severity;
    match finding.reach {
        Reach::ObservedLeak | Reach::Reachable => raised(base),
        Reach::Published if finding.ways.iter().any(is_handed_out) => raised(base),
        Reach::Published | Reach::Likely | Reach::Latent | Reach::Unknown => base,
        Reach::Contained => contained(finding),
    }
}

/// In a bundle or a package, as against a repository that may be private.
fn is_handed_out(way: &Way) -> bool {
    way.reach == Reach::Published && way.check.is_some()
}

/// A file that git ignores, outside of everything that is served, is where a credential belongs. In one that git
/// tracks it does not, served or not.
fn contained(finding: &Finding) -> Severity {
    let all = |wanted: GitState| finding.occurrences.iter().all(|place| place.git == wanted);
    let any = |wanted: GitState| finding.occurrences.iter().any(|place| place.git == wanted);
    let is_certain = finding.ways.iter().all(|way| way.settle.is_none());
    if any(GitState::Tracked) {
        finding.severity
    } else if is_certain && all(GitState::NoRepository) {
        // On a server, or in an archive of one, this is where it belongs.
        finding.severity.min(Severity::Low)
    } else if all(GitState::Ignored) {
        finding.severity.min(if is_certain {
            Severity::Info
        } else {
            Severity::Low
        })
    } else {
        lowered(finding.severity)
    }
}

/// One level up, but for what is no secret.
fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Info => Severity::Info,
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        Severity::High | Severity::Critical => Severity::Critical,
    }
}

fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
        Severity::Info => Severity::Info,
    }
}

#[cfg(test)]
mod tests;
