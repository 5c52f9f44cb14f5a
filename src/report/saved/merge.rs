//! Several reports become one.
//!
//! Every part of a report is joined by an operation that is associative and gives back what it is given twice, so the
//! whole is too: the order in which reports are merged, and a report that is merged twice, make no difference but for
//! the order of notes. What counts in one of the runs counts, and what one of them did not count stays listed as that.
//! Counts are the sums over runs, and a run that is met twice is one run.

use std::collections::BTreeMap;

use super::{Finding, Saved};
use crate::finding::{Exposure, Occurrence, Suppression, Way};

impl Saved {
    /// Joins two reports.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.findings = findings(self.findings, other.findings);
        self.suppressed.findings = findings(self.suppressed.findings, other.suppressed.findings);
        self.exposures = exposures(self.exposures, other.exposures);
        self.suppressed.exposures =
            exposures(self.suppressed.exposures, other.suppressed.exposures);
        self.document_roots = union(self.document_roots, other.document_roots);
        self.coverage.skipped = union(self.coverage.skipped, other.coverage.skipped);
        self.runs = union(self.runs, other.runs);
        self.rules = greatest(self.rules, other.rules, |rule| rule.id.clone());
        self.checks = greatest(self.checks, other.checks, |check| check.id.clone());
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        self
    }
}

type Key = (String, String, Option<Suppression>);

fn key(finding: &Finding) -> Key {
    (
        finding.rule.clone(),
        finding.fingerprint.clone(),
        finding.suppressed.clone(),
    )
}

fn findings(ours: Vec<Finding>, theirs: Vec<Finding>) -> Vec<Finding> {
    let mut joined: BTreeMap<Key, Finding> = BTreeMap::new();
    for finding in ours.into_iter().chain(theirs) {
        match joined.entry(key(&finding)) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(finding);
            }
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                taken.get_mut().join(finding);
            }
        }
    }
    let mut all: Vec<Finding> = joined.into_values().collect();
    all.sort_by(|a, b| {
        let place = |finding: &Finding| finding.occurrences.first().map(|o| o.location.clone());
        (b.severity, place(a), &a.rule, &a.fingerprint).cmp(&(
            a.severity,
            place(b),
            &b.rule,
            &b.fingerprint,
        ))
    });
    all
}

impl Finding {
    /// The worse of what two runs say of one credential, and all places and ways.
    fn join(&mut self, other: Self) {
        self.title = std::mem::take(&mut self.title).max(other.title);
        self.secret = std::mem::take(&mut self.secret).max(other.secret);
        self.severity = self.severity.max(other.severity);
        self.confidence = self.confidence.max(other.confidence);
        self.reach = self.reach.max(other.reach);
        let attributes = std::mem::take(&mut self.attributes);
        self.attributes = union(attributes, other.attributes);
        let places = std::mem::take(&mut self.occurrences);
        self.occurrences = join_places(places, other.occurrences);
        let mut ways = union(std::mem::take(&mut self.ways), other.ways);
        ways.sort_by(worst_first);
        self.ways = ways;
    }
}

/// As they are sorted when they are found.
fn worst_first(a: &Way, b: &Way) -> std::cmp::Ordering {
    (b.reach, a.check.is_some(), a).cmp(&(a.reach, b.check.is_some(), b))
}

/// One for each place; where two runs saw it differently, the one that sorts last.
fn join_places(ours: Vec<Occurrence>, theirs: Vec<Occurrence>) -> Vec<Occurrence> {
    let mut joined: BTreeMap<_, Occurrence> = BTreeMap::new();
    for place in ours.into_iter().chain(theirs) {
        let key = (place.location.clone(), place.decoders.clone());
        let more = |a: &Occurrence, b: &Occurrence| seen(a) > seen(b);
        match joined.get_mut(&key) {
            Some(known) if more(&place, known) => *known = place,
            Some(_) => {}
            None => {
                joined.insert(key, place);
            }
        }
    }
    joined.into_values().collect()
}

/// Orders what two runs saw at one place.
fn seen(place: &Occurrence) -> String {
    // A line hash that one of them has is better than none, and this text is longer with it.
    let text = serde_json::to_string(place).unwrap_or_default();
    format!("{}{text}", u8::from(place.line_hash.is_some()))
}

type ExposurePlace<'e> = (&'e str, &'e str, Option<u32>, &'e str);

fn place_of(exposure: &Exposure) -> ExposurePlace<'_> {
    let Exposure {
        check,
        file,
        line,
        message,
        ..
    } = exposure;
    (check, file, *line, message)
}

fn exposures(ours: Vec<Exposure>, theirs: Vec<Exposure>) -> Vec<Exposure> {
    let mut all: Vec<Exposure> = ours.into_iter().chain(theirs).collect();
    all.sort_by(|a, b| {
        (place_of(a), &a.suppressed)
            .cmp(&(place_of(b), &b.suppressed))
            .then_with(|| a.title.cmp(&b.title))
    });
    all.dedup_by(|other, kept| {
        let same = place_of(other) == place_of(kept) && other.suppressed == kept.suppressed;
        if same {
            join_exposure(kept, other);
        }
        same
    });
    all.sort_by(|a, b| {
        (
            b.severity,
            &a.file,
            a.line,
            &a.check,
            &a.message,
            &a.suppressed,
        )
            .cmp(&(
                a.severity,
                &b.file,
                b.line,
                &b.check,
                &b.message,
                &b.suppressed,
            ))
    });
    all
}

fn join_exposure(kept: &mut Exposure, other: &mut Exposure) {
    let title = std::mem::take(&mut kept.title);
    kept.title = title.max(std::mem::take(&mut other.title));
    kept.severity = kept.severity.max(other.severity);
    kept.confidence = kept.confidence.max(other.confidence);
    kept.reach = kept.reach.max(other.reach);
    let because = std::mem::take(&mut kept.because);
    kept.because = because.max(std::mem::take(&mut other.because));
    let urls = std::mem::take(&mut kept.urls);
    kept.urls = union(urls, std::mem::take(&mut other.urls));
    let exposes = std::mem::take(&mut kept.exposes);
    kept.exposes = union(exposes, std::mem::take(&mut other.exposes));
}

/// Sorted, each once.
fn union<T: Ord>(mut ours: Vec<T>, theirs: Vec<T>) -> Vec<T> {
    ours.extend(theirs);
    ours.sort();
    ours.dedup();
    ours
}

/// One for each key, sorted by it: of two, the one that sorts last.
fn greatest<T: Ord, K: Ord>(ours: Vec<T>, theirs: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut joined: BTreeMap<K, T> = BTreeMap::new();
    for one in ours.into_iter().chain(theirs) {
        match joined.get(&key(&one)) {
            Some(known) if *known >= one => {}
            _ => {
                joined.insert(key(&one), one);
            }
        }
    }
    joined.into_values().collect()
}
