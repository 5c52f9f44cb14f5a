//! The rules of a run, ready to be run on text.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::BuildError;

use crate::finding::Decoder;
use crate::rules::compile::RuleSet;

use super::candidate::{Candidate, FileKind, Match};
use super::heard::Heard;
use super::pass::{Found, Pass};
use super::prefilter::{self, Literal, Prefilter};
use super::resolve;
use super::{decode, lexer};

/// What a literal in the text calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The pattern of a `text` rule, around it.
    Pattern(usize),
    /// The lexer: it may be part of a name.
    Word,
    /// The user information of a URL.
    Url,
    /// A decoder: the text around it is escaped.
    Escape(Decoder),
    /// Nothing here, but a rule wants it anywhere in the file.
    Context(usize),
}

/// A pair of bytes that calls for the patterns of `text` rules.
#[derive(Debug, Clone)]
pub(super) struct PairAnchor {
    pub(super) byte: u8,
    pub(super) distance: usize,
    pub(super) rules: Vec<usize>,
}

impl PairAnchor {
    pub(super) fn new(((byte, distance), rules): ((u8, usize), Vec<usize>)) -> Self {
        Self {
            byte,
            distance,
            rules,
        }
    }

    /// Whether the pair at `start` stands in one word.
    pub(super) fn is_in_word(&self, text: &[u8], start: usize) -> bool {
        let in_word = |at: usize| {
            let byte = text.get(at).copied().unwrap_or_default();
            byte != self.byte && (byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let end = start + self.distance;
        start > 0 && in_word(start - 1) && in_word(end + 1) && (start + 1..end).all(in_word)
    }
}

/// Finds credentials in text, by rules.
pub struct Engine {
    pub(super) rules: RuleSet,
    pub(super) prefilter: Box<dyn Prefilter>,
    /// Finds what `prefilter` finds, and needles; these are numbered behind the literals.
    pub(super) listener: Option<Box<dyn Prefilter>>,
    pub(super) literals: Vec<Literal>,
    /// Of each literal.
    pub(super) roles: Vec<Vec<Role>>,
    pub(super) pairs: Vec<PairAnchor>,
    /// Rules for files that hold nothing but a credential.
    pub(super) unanchored: Vec<usize>,
    pub(super) urls: Vec<usize>,
}

/// What one chunk of a file gives.
#[derive(Debug, Default)]
pub struct Part {
    /// Where the chunk starts in the text of the file.
    pub(super) offset: u64,
    pub(super) candidates: Vec<Candidate>,
    pub(super) signals: Vec<usize>,
    pub(super) capped: Vec<usize>,
}

/// What a whole file gives.
#[derive(Debug, Default)]
pub struct FileMatches {
    /// Sorted by span, then rule; no two overlap.
    pub matches: Vec<Match>,
    /// Rules of which not all matches were kept.
    pub capped: Vec<usize>,
}

impl Engine {
    /// Prepares to run these rules, with the fastest prefilter that the processor allows.
    ///
    /// # Errors
    /// The literals of the rules are too many for an automaton.
    pub fn new(rules: RuleSet) -> Result<Self, BuildError> {
        Self::with_prefilter(rules, prefilter::best)
    }

    /// The same with a prefilter of one's choice.
    ///
    /// # Errors
    /// What `prefilter` returns.
    pub fn with_prefilter(
        rules: RuleSet,
        prefilter: impl FnOnce(&[Literal]) -> Result<Box<dyn Prefilter>, BuildError>,
    ) -> Result<Self, BuildError> {
        let mut literals: BTreeMap<(Vec<u8>, bool), Vec<Role>> = BTreeMap::new();
        let mut add = |text: &str, ignore_case: bool, role: Role| {
            let bytes = if ignore_case {
                text.to_ascii_lowercase()
            } else {
                text.to_owned()
            };
            let roles = literals
                .entry((bytes.into_bytes(), ignore_case))
                .or_default();
            if !roles.contains(&role) {
                roles.push(role);
            }
        };
        let mut pairs: BTreeMap<(u8, usize), Vec<usize>> = BTreeMap::new();
        let mut unanchored = Vec::new();
        let mut urls = Vec::new();
        for (index, compiled) in rules.rules().iter().enumerate() {
            let rule = &compiled.rule;
            if let Some(text) = &rule.text {
                let ignore_case = text.pattern.starts_with("(?i)");
                for anchor in &text.anchors {
                    add(anchor, ignore_case, Role::Pattern(index));
                }
                if text.anchors.is_empty() && text.pairs.is_empty() {
                    unanchored.push(index);
                }
                for pair in &text.pairs {
                    let key = (pair.byte as u8, usize::from(pair.distance));
                    pairs.entry(key).or_default().push(index);
                }
            }
            for anchor in rule.assign.iter().flat_map(|assign| &assign.anchors) {
                add(anchor, true, Role::Word);
            }
            if rule.url.is_some() {
                urls.push(index);
            }
            let file_context = rule
                .context
                .iter()
                .filter(|context| context.lines.is_none());
            for literal in file_context.flat_map(|context| &context.any) {
                add(literal, true, Role::Context(index));
            }
        }
        if rules
            .rules()
            .iter()
            .any(|compiled| compiled.rule.assign.is_some())
        {
            lexer::ANCHORS
                .iter()
                .for_each(|word| add(word, true, Role::Word));
        }
        if !urls.is_empty() {
            add("://", false, Role::Url);
        }
        for &(trigger, decoder) in decode::TRIGGERS {
            add(trigger, true, Role::Escape(decoder));
        }
        let (literals, roles): (Vec<Literal>, Vec<Vec<Role>>) = literals
            .into_iter()
            .map(|((bytes, ignore_case), roles)| (Literal { bytes, ignore_case }, roles))
            .unzip();
        Ok(Self {
            prefilter: prefilter(&literals)?,
            listener: None,
            rules,
            literals,
            roles,
            pairs: pairs.into_iter().map(PairAnchor::new).collect(),
            unanchored,
            urls,
        })
    }

    /// Listens for needles as well, in texts that are scanned so: in either case, at least three bytes each.
    ///
    /// # Errors
    /// They and the literals of the rules are too many for an automaton.
    pub fn listening_for<'n>(
        mut self,
        needles: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, BuildError> {
        let needles = needles.into_iter().map(|needle| Literal {
            bytes: needle.to_ascii_lowercase().into_bytes(),
            ignore_case: true,
        });
        let all: Vec<Literal> = self.literals.iter().cloned().chain(needles).collect();
        self.listener = Some(prefilter::best(&all)?);
        Ok(self)
    }

    /// The rules that it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Looks for candidates in one chunk of a file. `offset` is where `text` starts in the file's text; only
    /// candidates whose first byte lies in `owned` are kept.
    pub fn scan(&self, file: &FileKind, text: &[u8], offset: u64, owned: Range<usize>) -> Part {
        let found = Pass::run(self, &*self.prefilter, file, text);
        Self::part(found, offset, owned)
    }

    /// The same, and which needles stand in the text; `None` if the engine listens for none.
    pub fn scan_listening(
        &self,
        file: &FileKind,
        text: &[u8],
        offset: u64,
        owned: Range<usize>,
    ) -> (Part, Option<Heard>) {
        let Some(listener) = &self.listener else {
            return (self.scan(file, text, offset, owned), None);
        };
        let mut found = Pass::run(self, &**listener, file, text);
        let heard = std::mem::take(&mut found.heard);
        (Self::part(found, offset, owned), Some(heard))
    }

    fn part(found: Found, offset: u64, owned: Range<usize>) -> Part {
        let Found {
            candidates,
            signals,
            capped,
            heard: _,
        } = found;
        let candidates = candidates
            .into_iter()
            .filter(|candidate| owned.contains(&candidate.span.start))
            .collect();
        Part {
            offset,
            candidates,
            signals,
            capped,
        }
    }

    /// Judges the candidates of a file once all of it has been seen.
    pub fn conclude(&self, file: &FileKind, parts: Vec<Part>) -> FileMatches {
        resolve::conclude(&self.rules, file, parts)
    }
}
