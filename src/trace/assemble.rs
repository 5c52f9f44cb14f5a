//! Matches of all files become findings: one for each secret.

use std::collections::BTreeMap;

use crate::finding::{
    Attribute, Confidence, Finding, Fingerprint, FingerprintKey, GitState, Occurrence, Reach,
    Secret, Severity, Suppression, Way, hex,
};
use crate::input::GitStates;
use crate::rules::compile::{CompiledRule, RuleSet};
use crate::rules::model::Rule;

use super::collect::{FileFindings, LocatedMatch};
use super::edges::Edges;
use super::history;

/// Rules of this precedence and over know the vendor; the others know that it is some secret.
const SPECIFIC: u8 = 35;

/// A value that the user has allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Which.
    pub value: AllowedValue,
    /// Where that stands, and why.
    pub suppression: Suppression,
}

/// How a value is named without saying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedValue {
    /// The fingerprint that reports show.
    Fingerprint(String),
    /// The SHA-256 of the value, in lower-case hexadecimal digits.
    Sha256(String),
}

/// What the user has decided about findings.
#[derive(Debug)]
pub struct Judgement {
    /// Findings below it are counted and not shown.
    pub min_confidence: Confidence,
    /// Severities that replace those of the rules, by rule id.
    pub severities: BTreeMap<String, Severity>,
    /// Values that are no findings.
    pub allowed: Vec<Allowed>,
    /// Under which fingerprints are made.
    pub key: FingerprintKey,
}

/// All findings of a run.
#[derive(Debug, Default)]
pub struct Assembly {
    /// Sorted by severity (highest first), then path, offset and rule of the first occurrence.
    pub findings: Vec<Finding>,
    /// What comments and the configuration allow, in the same order. What some places of a secret are allowed by, and
    /// others are not, is in both.
    pub suppressed: Vec<Finding>,
    /// How many were below the wanted confidence.
    pub below_confidence: u64,
}

/// Joins the matches of all files, which are sorted by path. `git` is asked how it sees each file.
pub fn assemble(
    rules: &RuleSet,
    files: Vec<FileFindings>,
    judgement: &Judgement,
    git: &GitStates,
) -> Assembly {
    let mut groups: BTreeMap<(Secret, usize, Option<Suppression>), Vec<Sighting>> = BTreeMap::new();
    for file in files {
        let file_path = file.real;
        for found in file.matches {
            let secret = found.found.secret.clone();
            let rule = if secret.is_unique() {
                usize::MAX
            } else {
                found.found.rule
            };
            let real = file_path.clone();
            groups
                .entry((secret, rule, found.allowed.clone()))
                .or_default()
                .push(Sighting { found, real });
        }
    }
    let edges = Edges::new(groups.keys().map(|(secret, ..)| secret));
    for sighting in groups.values_mut().flatten() {
        edges.mask(&mut sighting.found.excerpt);
    }
    let mut assembly = Assembly::default();
    for ((secret, _, marked), sightings) in groups {
        let best = best(rules, &sightings);
        let compiled = &rules.rules()[best.rule];
        if best.confidence < judgement.min_confidence {
            assembly.below_confidence += 1;
            continue;
        }
        let fingerprint = Fingerprint::of(&judgement.key, &compiled.rule.id, &secret);
        let mut allowed = judgement.allowed.iter();
        let allowed = allowed.find(|allowed| allowed.value.is(&secret, fingerprint));
        let suppressed = marked.or_else(|| allowed.map(|allowed| allowed.suppression.clone()));
        let draft = Draft {
            compiled,
            confidence: best.confidence,
            secret,
            fingerprint,
            suppressed,
        };
        let finding = draft.finish(sightings, judgement, git);
        let list = match finding.suppressed {
            None => &mut assembly.findings,
            Some(_) => &mut assembly.suppressed,
        };
        list.push(finding);
    }
    sort(&mut assembly.findings);
    sort(&mut assembly.suppressed);
    assembly
}

/// The worst first, then by the place, then by the rule.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, &a.occurrences[0].location, &a.rule).cmp(&(
            a.severity,
            &b.occurrences[0].location,
            &b.rule,
        ))
    });
}

struct Sighting {
    found: LocatedMatch,
    real: Option<std::path::PathBuf>,
}

struct Best {
    rule: usize,
    confidence: Confidence,
}

/// The rule that names a finding: of the most specific kind and the surest, then the one that found it most often.
fn best(rules: &RuleSet, sightings: &[Sighting]) -> Best {
    let mut votes: BTreeMap<usize, (Confidence, usize)> = BTreeMap::new();
    for sighting in sightings {
        let found = &sighting.found.found;
        let vote = votes.entry(found.rule).or_insert((found.confidence, 0));
        *vote = (vote.0.max(found.confidence), vote.1 + 1);
    }
    let rank = |rule: usize, (confidence, count): (Confidence, usize)| {
        let precedence = rules.rules()[rule].precedence();
        (
            precedence >= SPECIFIC,
            confidence,
            count,
            precedence,
            std::cmp::Reverse(rule),
        )
    };
    let rule = votes
        .iter()
        .max_by_key(|(rule, vote)| rank(**rule, **vote))
        .map_or(0, |(rule, _)| *rule);
    let confidence = votes
        .values()
        .map(|vote| vote.0)
        .max()
        .unwrap_or(Confidence::Low);
    Best { rule, confidence }
}

struct Draft<'r> {
    compiled: &'r CompiledRule,
    confidence: Confidence,
    secret: Secret,
    fingerprint: Fingerprint,
    suppressed: Option<Suppression>,
}

impl Draft<'_> {
    fn finish(self, sightings: Vec<Sighting>, judgement: &Judgement, git: &GitStates) -> Finding {
        let rule = &self.compiled.rule;
        let attributes = attributes(self.compiled, &sightings);
        let mut occurrences: Vec<Occurrence> = sightings
            .into_iter()
            .map(|sighting| sighting.into_occurrence(git))
            .collect();
        occurrences.sort_by(|a, b| a.location.cmp(&b.location));
        let ways: Vec<Way> = occurrences.iter().filter_map(history::way).collect();
        Finding {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            severity: judgement
                .severities
                .get(&rule.id)
                .copied()
                .unwrap_or_else(|| {
                    severity(rule, occurrences.iter().map(|place| &*place.location.path))
                }),
            confidence: self.confidence,
            secret: self.secret,
            fingerprint: self.fingerprint,
            attributes,
            occurrences,
            reach: ways
                .iter()
                .map(|way| way.reach)
                .max()
                .unwrap_or(Reach::Unknown),
            ways,
            suppressed: self.suppressed,
        }
    }
}

/// As the rule says, but for the password of a database that only a development container starts: nobody else reaches
/// it, and it is thrown away with the container. <https://containers.dev/implementors/spec/>
fn severity<'p>(rule: &Rule, mut paths: impl Iterator<Item = &'p str>) -> Severity {
    let is = |tag: &str| rule.tags.iter().any(|own| own == tag);
    let aside = |path: &str| path.split('/').any(|part| part == ".devcontainer");
    if is("self-made") && is("database") && paths.all(aside) {
        Severity::Info
    } else {
        rule.severity
    }
}

/// What stands beside the occurrences. What the rule says where nothing was found gives way to what was found
/// elsewhere.
fn attributes(compiled: &CompiledRule, sightings: &[Sighting]) -> Vec<Attribute> {
    let found = sightings
        .iter()
        .flat_map(|sighting| &sighting.found.found.attributes);
    let mut attributes: Vec<Attribute> = found
        .map(|(name, value)| Attribute {
            name: name.clone(),
            value: value.clone(),
        })
        .collect();
    attributes.sort();
    attributes.dedup();
    for rule in &compiled.rule.attributes {
        let named = |attribute: &Attribute| attribute.name == rule.name;
        let is_default = |value: &str| rule.default.as_deref() == Some(value);
        if attributes
            .iter()
            .any(|attribute| named(attribute) && !is_default(&attribute.value))
        {
            attributes.retain(|attribute| !named(attribute) || !is_default(&attribute.value));
        }
    }
    attributes
}

impl Sighting {
    fn into_occurrence(self, git: &GitStates) -> Occurrence {
        let state = self
            .real
            .as_deref()
            .map_or(GitState::NoRepository, |real| git.state(real));
        Occurrence {
            location: self.found.location,
            name: self.found.found.name,
            decoders: self.found.found.decoders,
            git: state,
            excerpt: self.found.excerpt,
            line_hash: self.found.line_hash,
            commits: self.found.commits,
        }
    }
}

impl AllowedValue {
    fn is(&self, secret: &Secret, fingerprint: Fingerprint) -> bool {
        match self {
            Self::Fingerprint(allowed) => *allowed == fingerprint.to_string(),
            Self::Sha256(allowed) => {
                use sha2::Digest as _;
                hex(&sha2::Sha256::digest(secret.expose())) == *allowed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_of_development_containers_are_no_danger() {
        let files = crate::rules::builtin().into_iter();
        let rules: Vec<Rule> = files.flat_map(|file| file.rules).collect();
        let severity_in = |id: &str, paths: &[&str]| {
            let rule = rules.iter().find(|rule| rule.id == id).unwrap();
            severity(rule, paths.iter().copied())
        };
        let inside = "app/.devcontainer/docker-compose.yml";
        assert_eq!(severity_in("database-password", &[inside]), Severity::Info);
        assert_eq!(
            severity_in("database-password", &[inside, "docker-compose.yml"]),
            Severity::Critical
        );
        assert_ne!(severity_in("generic-secret", &[inside]), Severity::Info);
    }
}
