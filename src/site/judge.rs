//! Looks at texts while the scan has them at hand, so that nobody has to read them again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Says of each text that holds one of its needles whether it is worth looking at.
#[derive(Debug)]
pub struct Judge {
    /// What the index knows it by.
    pub id: &'static str,
    /// How names of files end that it wants to hear of, in lower case.
    pub ends: &'static [&'static str],
    /// In any case; at least three bytes each.
    pub needles: &'static [&'static str],
    /// Whether among installed packages as well, where there are very many files.
    pub is_deep: bool,
    /// Whether the text is worth looking at.
    pub judges: fn(&Seen<'_>) -> bool,
}

/// A whole text and the needles in it.
#[derive(Debug)]
pub struct Seen<'t> {
    bytes: &'t [u8],
    needles: &'t BTreeSet<&'static str>,
}

impl<'t> Seen<'t> {
    fn new(bytes: &'t [u8], needles: &'t BTreeSet<&'static str>) -> Self {
        Self { bytes, needles }
    }

    /// Whether it holds a needle of the judge.
    pub fn has(&self, needle: &str) -> bool {
        self.needles.contains(needle)
    }

    /// The text, U+FFFD for what is not UTF-8.
    pub fn text(&self) -> Cow<'t, str> {
        match str::from_utf8(self.bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(self.bytes),
        }
    }
}

/// What was found in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted {
    pub(super) needles: BTreeSet<&'static str>,
    /// The judges who say that it is worth looking at.
    worth: BTreeSet<&'static str>,
    /// The judges who have not seen the whole text, with the needles that they know of.
    pieces: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Noted {
    pub(super) fn of(needles: impl Iterator<Item = &'static str>) -> Self {
        Self {
            needles: needles.collect(),
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.needles.is_empty() && self.worth.is_empty() && self.pieces.is_empty()
    }

    pub(super) fn add(&mut self, more: Self) {
        self.needles.extend(more.needles);
        self.worth.extend(more.worth);
        for (judge, needles) in more.pieces {
            self.pieces.entry(judge).or_default().extend(needles);
        }
    }

    /// Whether a judge holds it worth looking at, or has not seen the whole of it.
    pub(super) fn may_be_worth(&self, judge: &Judge) -> bool {
        self.worth.contains(judge.id) || self.pieces.contains_key(judge.id)
    }

    /// Whether a judge who knows the whole text holds it worth looking at.
    pub(super) fn is_worth(&self, judge: &Judge, text: &str) -> bool {
        self.worth.contains(judge.id)
            || self
                .pieces
                .get(judge.id)
                .is_some_and(|needles| (judge.judges)(&Seen::new(text.as_bytes(), needles)))
    }

    /// Asks a judge of a text that holds these needles, if any is the judge's.
    pub(super) fn ask(
        &mut self,
        judge: &'static Judge,
        text: &[u8],
        found: &BTreeSet<&'static str>,
        is_whole: bool,
    ) {
        let own = judge.needles.iter().copied();
        let own: BTreeSet<&'static str> = own.filter(|needle| found.contains(needle)).collect();
        if own.is_empty() {
            return;
        }
        if !is_whole {
            self.pieces.insert(judge.id, own);
        } else if (judge.judges)(&Seen::new(text, &own)) {
            self.worth.insert(judge.id);
        }
    }
}
