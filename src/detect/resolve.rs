//! From the candidates of a whole file to its matches.

use std::cmp::Reverse;

use crate::finding::Confidence;
use crate::rules::compile::{CompiledRule, RuleSet};
use crate::rules::model::Missing;

use super::candidate::{Candidate, Doubt, FileKind, Match};
use super::engine::{FileMatches, Part};

/// Longer names are no names, and may hold a part of another secret.
const MAX_NAME: usize = 64;
/// The tag of rules for values that everyone makes for themselves: keys, tokens and passwords of no vendor.
const SELF_MADE: &str = "self-made";

/// Judges every candidate with the whole file in view, and keeps one for each stretch of text.
pub(super) fn conclude(rules: &RuleSet, file: &FileKind, parts: Vec<Part>) -> FileMatches {
    let mut signals = Vec::new();
    let mut capped = Vec::new();
    let mut candidates = Vec::new();
    for part in parts {
        signals.extend(part.signals);
        capped.extend(part.capped);
        let offset = part.offset;
        candidates.extend(
            part.candidates
                .into_iter()
                .map(|candidate| (offset, candidate)),
        );
    }
    capped.sort_unstable();
    capped.dedup();
    let mut matches: Vec<Match> = candidates
        .into_iter()
        .filter_map(|(offset, candidate)| {
            let compiled = &rules.rules()[candidate.rule];
            if !compiled.covers(&file.path) {
                return None;
            }
            let context = candidate.context || signals.contains(&candidate.rule);
            let confidence = confidence(compiled, &candidate, context, file)?;
            to_match(compiled, offset, candidate, confidence)
        })
        .collect();
    keep_best(rules, &mut matches);
    FileMatches { matches, capped }
}

fn confidence(
    compiled: &CompiledRule,
    candidate: &Candidate,
    context: bool,
    file: &FileKind,
) -> Option<Confidence> {
    let rule = &compiled.rule;
    let dotted = candidate.name.as_ref().map_or("", |name| &name.dotted);
    let named = |regex: &crate::rules::compile::LazyRegex| regex.get(dotted.len()).is_match(dotted);
    if compiled.name.as_ref().is_some_and(|regex| !named(regex))
        || compiled.not_name.as_ref().is_some_and(named)
    {
        return None;
    }
    let mut confidence = rule.confidence;
    if let Some(wanted) = rule.context.as_ref().filter(|_| !context) {
        confidence = match wanted.missing {
            Missing::Drop => return None,
            Missing::Low => Confidence::Low,
            Missing::Medium => confidence.min(Confidence::Medium),
        };
    }
    if candidate.doubt == Doubt::Weak {
        confidence = confidence.lowered();
    }
    // What a vendor has issued is a credential wherever it stands; the rest anyone can make up.
    let made_by_anyone = rule.text.is_none() || rule.tags.iter().any(|tag| tag == SELF_MADE);
    let place = file.place();
    let doubts = [
        candidate.comment,
        place.sample,
        place.made_up,
        place.made_up && (made_by_anyone || place.third_party),
        place.third_party && made_by_anyone,
        place.ci && candidate.doubt == Doubt::Weak,
    ];
    let confidence = doubts
        .iter()
        .filter(|doubt| **doubt)
        .fold(confidence, |sure, _| sure.lowered());
    Some(confidence)
}

fn to_match(
    compiled: &CompiledRule,
    offset: u64,
    candidate: Candidate,
    confidence: Confidence,
) -> Option<Match> {
    let attributes = attributes(compiled, candidate.attributes)?;
    Some(Match {
        rule: candidate.rule,
        span: offset + candidate.span.start as u64..offset + candidate.span.end as u64,
        secret: candidate.secret,
        name: candidate
            .name
            .map(|name| name.written)
            .filter(|name| name.len() <= MAX_NAME),
        decoders: candidate.decoders,
        confidence,
        attributes,
    })
}

/// Several attribute rules may look for one thing in several places: the first that finds it counts, and what
/// none finds is as the rule says by default. `None` if a required one is missing.
fn attributes(
    compiled: &CompiledRule,
    found: Vec<Option<String>>,
) -> Option<Vec<(String, String)>> {
    let rules = &compiled.rule.attributes;
    let mut attributes: Vec<(String, String)> = Vec::new();
    for (rule, value) in rules.iter().zip(found) {
        let known = attributes.iter().any(|(name, _)| *name == rule.name);
        if let Some(value) = value.filter(|_| !known) {
            attributes.push((rule.name.clone(), value));
        }
    }
    for rule in rules {
        let known = attributes.iter().any(|(name, _)| *name == rule.name);
        if let Some(default) = rule.default.clone().filter(|_| !known) {
            attributes.push((rule.name.clone(), default));
        }
    }
    let has = |wanted: &str| attributes.iter().any(|(name, _)| name == wanted);
    rules
        .iter()
        .all(|rule| !rule.required || has(&rule.name))
        .then_some(attributes)
}

/// Of matches that overlap, the one of the highest precedence stays; among equals the surest, then the one
/// that needed the least decoding, then the longest, then the first rule.
fn keep_best(rules: &RuleSet, matches: &mut Vec<Match>) {
    matches.sort_by_cached_key(|m| {
        (
            Reverse(rules.rules()[m.rule].precedence()),
            Reverse(m.confidence),
            m.decoders.len(),
            Reverse(m.span.end - m.span.start),
            m.rule,
            m.span.start,
        )
    });
    let mut kept: std::collections::BTreeMap<u64, u64> = std::collections::BTreeMap::new();
    matches.retain(|m| {
        let overlaps = kept
            .range(..m.span.end)
            .next_back()
            .is_some_and(|(_, &end)| end > m.span.start);
        if !overlaps {
            kept.insert(m.span.start, m.span.end);
        }
        !overlaps
    });
    matches.sort_by_key(|m| (m.span.start, m.span.end, m.rule));
}
