//! One pass over one text: from literals to candidates.

mod encoded;
mod keep;
mod urls;
mod words;

use std::ops::Range;

use crate::finding::Decoder;
use crate::rules::compile::CompiledRule;

use super::candidate::{Candidate, FileKind};
use super::engine::{Engine, Role};
use super::heard::Heard;
use super::lexer::Syntax;
use super::prefilter::{Hit, Prefilter};
use super::simd::{self, RunClass};
use super::windows::{self, Windows};
use super::{beside, decode};

/// The shortest run of base64 or hexadecimal characters that is decoded outside of assignments. It is
/// longer than most identifiers, and shorter than `Basic` credentials with a key in them.
const MIN_RUN: usize = 32;

/// The longest file that holds nothing but a credential, in bytes.
const MAX_ALONE: usize = 256;

/// What a text gives.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    /// Rules whose context stands in the text; sorted.
    pub(super) signals: Vec<usize>,
    /// Rules of which not all candidates were kept; sorted.
    pub(super) capped: Vec<usize>,
    /// Of the needles that the prefilter knows beside the literals of the rules; of decoded text none.
    pub(super) heard: Heard,
}

/// One pass over one text.
pub(super) struct Pass<'a> {
    engine: &'a Engine,
    prefilter: &'a dyn Prefilter,
    file: &'a FileKind,
    syntax: Syntax,
    text: &'a [u8],
    depth: usize,
    found: Found,
    windows: Windows,
    counts: Vec<u32>,
    last_value: usize,
    escapes_end: [usize; Decoder::COUNT],
}

impl<'a> Pass<'a> {
    /// Looks for candidates in a text and in what is encoded in it. `prefilter` knows at least the engine's literals.
    pub(super) fn run(
        engine: &'a Engine,
        prefilter: &'a dyn Prefilter,
        file: &'a FileKind,
        text: &'a [u8],
    ) -> Found {
        let pass = Self {
            prefilter,
            ..Self::new(engine, file, text)
        };
        pass.run_passes()
    }

    fn new(engine: &'a Engine, file: &'a FileKind, text: &'a [u8]) -> Self {
        Self {
            engine,
            prefilter: &*engine.prefilter,
            file,
            syntax: file.syntax,
            text,
            depth: 0,
            found: Found::default(),
            windows: Windows::default(),
            counts: Vec::new(),
            last_value: usize::MAX,
            escapes_end: [0; Decoder::COUNT],
        }
    }

    fn run_passes(mut self) -> Found {
        let pass = &mut self;
        let (engine, text) = (pass.engine, pass.text);
        pass.prefilter.find(text, &mut |hit| pass.meet(hit));
        for pair in &engine.pairs {
            simd::byte_pairs(text, pair.byte, pair.distance, &mut |start| {
                if pair.is_in_word(text, start) {
                    for &rule in &pair.rules {
                        pass.meet_anchor(rule, start..start + pair.distance + 1);
                    }
                }
            });
        }
        if pass.depth == 0 && text.len() <= MAX_ALONE {
            for &rule in &engine.unanchored {
                if pass.rule(rule).covers(&pass.file.path) {
                    pass.windows.add(rule, 0..text.len());
                }
            }
        }
        if pass.depth == 0
            && let Some(decoded) = decode::swapped(text)
        {
            pass.look_into(&decoded);
        }
        pass.run_patterns();
        let mut end = 0;
        // Hexadecimal digits are base64 characters, too, so one search finds both.
        simd::runs(text, RunClass::Base64, MIN_RUN, &mut |run| {
            // Wrapped lines are decoded with the first of them.
            if run.end > end {
                end = pass.meet_run(run.start.max(end)..run.end).max(end);
            }
        });
        for list in [&mut pass.found.signals, &mut pass.found.capped] {
            list.sort_unstable();
            list.dedup();
        }
        self.found
    }

    fn meet(&mut self, hit: Hit) {
        let literal = hit.literal as usize;
        let Some(roles) = self.engine.roles.get(literal) else {
            return self.found.heard.insert(literal - self.engine.roles.len());
        };
        for &role in roles {
            match role {
                Role::Pattern(rule) => {
                    let length = self.engine.literals[literal].bytes.len();
                    self.meet_anchor(rule, hit.start..hit.start + length);
                }
                Role::Word => {
                    self.meet_word(hit.start);
                    if let Some(semicolon) = encoded::end_of_serialized_key(self.text, hit.start) {
                        self.meet_escape(semicolon, Decoder::PhpSerialize);
                    }
                }
                Role::Url => self.meet_url(hit.start),
                Role::Escape(decoder) => self.meet_escape(hit.start, decoder),
                Role::Context(rule) => {
                    if self.found.signals.last() != Some(&rule) {
                        self.signal(rule);
                    }
                }
            }
        }
    }

    fn rule(&self, index: usize) -> &'a CompiledRule {
        &self.engine.rules.rules()[index]
    }

    fn meet_anchor(&mut self, rule: usize, anchor: Range<usize>) {
        let surroundings = windows::surroundings(self.rule(rule), self.text, anchor);
        self.windows.add(rule, surroundings);
    }

    fn run_patterns(&mut self) {
        for window in std::mem::take(&mut self.windows).merged() {
            let compiled = self.rule(window.rule);
            let text = self.text;
            windows::matches(
                compiled,
                text,
                window.start..window.end,
                &mut |secret, captures| {
                    let groups = beside::groups(compiled, captures, text);
                    self.consider(window.rule, secret, None, groups);
                },
            );
        }
    }
}
