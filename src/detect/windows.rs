//! Where the patterns of `text` rules are run: around their anchors.

use std::ops::Range;

use regex_automata::{Input, util::captures::Captures};

use crate::rules::compile::{CompiledRule, LazyRegex, MAX_REACH, Reach};
use crate::rules::model::Scope;

use super::beside;

/// How far to either side an anchor's line is followed.
const MAX_LINE_REACH: usize = 4_096;
/// Anchors of one rule that stand close together share a window; this many of the last windows are looked at.
const RECENT: usize = 8;

/// A stretch of text and the rule whose pattern is run in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window {
    pub(super) rule: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Windows as they are met.
#[derive(Debug, Default)]
pub(super) struct Windows(Vec<Window>);

impl Windows {
    /// Adds the surroundings of an anchor, or widens the window that already holds them.
    pub(super) fn add(&mut self, rule: usize, surroundings: Range<usize>) {
        let Range { start, end } = surroundings;
        let recent = self
            .0
            .iter_mut()
            .rev()
            .take(RECENT)
            .find(|window| window.rule == rule);
        match recent {
            Some(window) if window.start <= start && start <= window.end => {
                window.end = window.end.max(end);
            }
            _ => self.0.push(Window { rule, start, end }),
        }
    }

    /// All of them, by rule; no two windows of a rule overlap.
    pub(super) fn merged(mut self) -> Vec<Window> {
        self.0.sort_unstable();
        let mut merged: Vec<Window> = Vec::with_capacity(self.0.len());
        for window in self.0 {
            match merged.last_mut() {
                Some(last) if last.rule == window.rule && window.start <= last.end => {
                    last.end = last.end.max(window.end);
                }
                _ => merged.push(window),
            }
        }
        merged
    }
}

/// How far a match that holds this anchor may reach.
pub(super) fn surroundings(
    compiled: &CompiledRule,
    text: &[u8],
    anchor: Range<usize>,
) -> Range<usize> {
    let cut = |start: usize, end: usize| start..end.min(text.len());
    match compiled.reach() {
        Reach::Longest(longest) => cut(
            anchor.end.saturating_sub(longest),
            anchor.start.saturating_add(longest),
        ),
        Reach::Declared(Scope::Bytes(bytes)) => {
            let bytes = (bytes as usize).min(MAX_REACH);
            cut(
                anchor.start.saturating_sub(bytes),
                anchor.end.saturating_add(bytes),
            )
        }
        Reach::Declared(Scope::Line) => {
            let before = anchor.start.saturating_sub(MAX_LINE_REACH);
            let after = anchor.end.saturating_add(MAX_LINE_REACH).min(text.len());
            let start = memchr::memrchr(b'\n', &text[before..anchor.start])
                .map_or(before, |at| before + at + 1);
            let end =
                memchr::memchr(b'\n', &text[anchor.end..after]).map_or(after, |at| anchor.end + at);
            cut(start, end)
        }
    }
}

/// Calls `on_match` with the span of the secret of each match in a stretch of text, and the match's groups.
pub(super) fn matches(
    compiled: &CompiledRule,
    text: &[u8],
    stretch: Range<usize>,
    on_match: &mut dyn FnMut(Range<usize>, &Captures),
) {
    let Some(pattern) = &compiled.pattern else {
        return;
    };
    // Told faster than by the regex, which may not even be needed then.
    if !has_run(&text[stretch.clone()], compiled.sure_run()) {
        return;
    }
    let may_match = |relaxed: &LazyRegex| {
        let regex = relaxed.get(stretch.len());
        // `is_match` leaves out the faster of the searches that need no automaton.
        let input = Input::new(text).range(stretch.clone());
        regex.search(&input).is_some()
    };
    if !compiled.relaxed().is_none_or(may_match) {
        return;
    }
    let regex = pattern.get(stretch.len());
    let mut captures = regex.create_captures();
    let mut at = stretch.start;
    while at <= stretch.end {
        regex.search_captures(&Input::new(text).range(at..stretch.end), &mut captures);
        let Some(whole) = captures.get_match() else {
            break;
        };
        let secret = beside::secret(&captures).unwrap_or(whole.range());
        // Two matches may share the byte that separates them.
        at = secret.end.max(whole.start() + 1);
        on_match(secret, &captures);
    }
}

/// Whether so many letters and digits stand in a row somewhere.
fn has_run(text: &[u8], length: usize) -> bool {
    let mut start = 0;
    while let Some(run) = text.get(start..start + length) {
        match run.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) {
            Some(last) => start += last + 1,
            None => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests;
