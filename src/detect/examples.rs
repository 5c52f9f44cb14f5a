//! Runs the examples that rules carry.

use std::fmt;
use std::ops::Range;

use crate::finding::Confidence;
use crate::rules::template::{self, Example};

use super::candidate::{FileKind, Match};
use super::engine::Engine;

/// Each example is rendered under this many seeds.
const SEEDS: u64 = 3;

/// An example that did not do what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The rule that it belongs to.
    pub rule: String,
    /// The template.
    pub template: String,
    /// What happened instead.
    pub what: String,
}

impl fmt::Display for ExampleFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}\n{}",
            self.rule,
            self.what,
            self.template.trim_end()
        )
    }
}

/// Runs the examples of one rule with all rules of the engine: each `hit` has to give the rule's match on
/// exactly its span and nowhere else, each `miss` none.
pub fn run_examples(engine: &Engine, index: usize) -> Vec<ExampleFailure> {
    let rule = &engine.rules().rules()[index].rule;
    let wanted = rule.confidence.min(Confidence::Medium);
    let hits = rule
        .hit
        .iter()
        .map(|template| (template.as_str(), Some(wanted)));
    let misses = rule.miss.iter().map(|template| (template.as_str(), None));
    let mut failures = Vec::new();
    for (template, wanted) in hits.chain(misses) {
        let what = (0..SEEDS).find_map(|seed| run_one(engine, index, template, wanted, seed).err());
        if let Some(what) = what {
            failures.push(ExampleFailure {
                rule: rule.id.clone(),
                template: template.to_owned(),
                what,
            });
        }
    }
    failures
}

fn run_one(
    engine: &Engine,
    rule: usize,
    template: &str,
    wanted: Option<Confidence>,
    seed: u64,
) -> Result<(), String> {
    let example = template::render(template, seed).map_err(|error| error.to_string())?;
    let matches = matches(engine, &example);
    let own: Vec<&Match> = matches.iter().filter(|found| found.rule == rule).collect();
    match (wanted, own.as_slice(), &example.secret) {
        (None, [], _) => Ok(()),
        (None, [found, ..], _) => Err(format!("a miss matches at bytes {:?}", found.span)),
        (Some(wanted), [found], Some(span)) => {
            if !is_span(found, span) {
                return Err(format!(
                    "matches bytes {:?} instead of {span:?}",
                    found.span
                ));
            }
            if found.confidence < wanted {
                return Err(format!("matches with {} confidence only", found.confidence));
            }
            Ok(())
        }
        (Some(_), [], Some(span)) => Err(match at(&matches, span) {
            Some(other) => {
                format!(
                    "rule {} takes the match",
                    engine.rules().rules()[other.rule].rule.id
                )
            }
            None => "a hit does not match".to_owned(),
        }),
        (Some(_), many, _) => Err(format!("matches {} times", many.len())),
    }
}

/// All matches in a rendered example, as a scan of a file of that path would give them.
pub fn matches(engine: &Engine, example: &Example) -> Vec<Match> {
    let kind = FileKind::of(&example.path, &example.text);
    let part = engine.scan(kind, &example.text, 0, 0..example.text.len());
    engine.conclude(&example.path, kind, vec![part]).matches
}

/// The marked span of an example is all of the encoded text when something is encoded; a match points at the
/// encoded bytes of the credential alone.
fn is_span(found: &Match, marked: &Range<usize>) -> bool {
    let marked = marked.start as u64..marked.end as u64;
    if found.decoders.is_empty() {
        found.span == marked
    } else {
        marked.start <= found.span.start && found.span.end <= marked.end
    }
}

fn at<'m>(matches: &'m [Match], span: &Range<usize>) -> Option<&'m Match> {
    matches
        .iter()
        .find(|m| m.span.start < span.end as u64 && m.span.end > span.start as u64)
}
