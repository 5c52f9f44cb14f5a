//! Findings and exposures, parted into those that count and those that do not.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Exposure, Finding, Occurrence, Suppression};

use super::baseline::{Baseline, Entry};
use super::known::{Known, Things};

/// What was found, and what a baseline makes of it.
#[derive(Debug)]
pub struct Judged<T> {
    /// What counts.
    pub counted: Vec<T>,
    /// What does not.
    pub suppressed: Vec<T>,
    /// What became of the entries.
    pub account: Account,
}

/// What became of the entries of a baseline.
#[derive(Debug, Default)]
pub struct Account {
    /// Those that made something known.
    pub used: BTreeSet<Entry>,
    /// Those of them whose file is another now.
    pub moved: BTreeSet<Entry>,
    /// What an up-to-date baseline would hold.
    pub current: BTreeSet<Entry>,
}

impl Account {
    /// Adds another one.
    pub fn extend(&mut self, other: Self) {
        self.used.extend(other.used);
        self.moved.extend(other.moved);
        self.current.extend(other.current);
    }
}

/// Takes out the places that the baseline knows: of a finding that is left with others, those stay.
pub fn judge_findings(
    baseline: &Baseline,
    findings: Vec<Finding>,
    suppression: &Suppression,
) -> Judged<Finding> {
    let things: Vec<Things> = findings
        .iter()
        .map(|finding| Things {
            rule: finding.rule.clone(),
            hash: baseline.hash_of_secret(&finding.secret),
            is_unique: finding.secret.is_unique(),
            paths: paths(finding, baseline),
        })
        .collect();
    let known = Known::of(baseline, &things);
    let mut judged = Judged::new(&things, &known);
    for (finding, known) in findings.into_iter().zip(&known.paths) {
        let decide = |place: &Occurrence| {
            let is_known = known.contains(&baseline.name(&place.location.path));
            is_known.then(|| suppression.clone())
        };
        let (counted, suppressed) = split(finding, decide);
        judged.counted.extend(counted);
        judged.suppressed.extend(suppressed);
    }
    judged
}

/// Takes out the exposures that the baseline knows.
pub fn judge_exposures(
    baseline: &Baseline,
    exposures: Vec<Exposure>,
    suppression: &Suppression,
) -> Judged<Exposure> {
    let things: Vec<Things> = exposures
        .iter()
        .map(|exposure| Things {
            rule: exposure.check.clone(),
            hash: baseline.hash_of_exposure(exposure),
            is_unique: false,
            paths: vec![baseline.name(&exposure.file)],
        })
        .collect();
    let known = Known::of(baseline, &things);
    let mut judged = Judged::new(&things, &known);
    for (mut exposure, known) in exposures.into_iter().zip(&known.paths) {
        if known.is_empty() {
            judged.counted.push(exposure);
        } else {
            exposure.suppressed = Some(suppression.clone());
            judged.suppressed.push(exposure);
        }
    }
    judged
}

impl<T> Judged<T> {
    fn new(things: &[Things], known: &Known) -> Self {
        let entries = things.iter().flat_map(|thing| {
            let entry = |path: &String| Entry {
                path: path.clone(),
                rule: thing.rule.clone(),
                hash: thing.hash.clone(),
            };
            thing.paths.iter().map(entry)
        });
        Self {
            counted: Vec::new(),
            suppressed: Vec::new(),
            account: Account {
                used: known.used.clone(),
                moved: known.moved.clone(),
                current: entries.collect(),
            },
        }
    }
}

fn paths(finding: &Finding, baseline: &Baseline) -> Vec<String> {
    let places = finding.occurrences.iter();
    let paths: BTreeSet<String> = places
        .map(|place| baseline.name(&place.location.path))
        .collect();
    paths.into_iter().collect()
}

/// Parts findings: those of the places that nobody decided on, and those of the others.
pub fn decide(
    findings: Vec<Finding>,
    mut decide: impl FnMut(&Finding, &Occurrence) -> Option<Suppression>,
) -> (Vec<Finding>, Vec<Finding>) {
    let (mut counted, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let decisions: Vec<_> = finding
            .occurrences
            .iter()
            .map(|place| decide(&finding, place))
            .collect();
        let mut decisions = decisions.into_iter();
        let (rest, others) = split(finding, |_| decisions.next().flatten());
        counted.extend(rest);
        suppressed.extend(others);
    }
    (counted, suppressed)
}

/// A finding of the places that nobody decided on, and one for each decision.
fn split(
    finding: Finding,
    mut decide: impl FnMut(&Occurrence) -> Option<Suppression>,
) -> (Option<Finding>, Vec<Finding>) {
    let mut parts: BTreeMap<Option<Suppression>, Vec<Occurrence>> = BTreeMap::new();
    let mut whole = finding;
    for place in std::mem::take(&mut whole.occurrences) {
        parts.entry(decide(&place)).or_default().push(place);
    }
    let mut counted = None;
    let mut suppressed = Vec::new();
    for (decision, occurrences) in parts {
        let part = Finding {
            occurrences,
            suppressed: decision.clone(),
            ..whole.clone()
        };
        match decision {
            None => counted = Some(part),
            Some(_) => suppressed.push(part),
        }
    }
    (counted, suppressed)
}
