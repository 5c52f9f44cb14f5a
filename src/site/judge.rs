//! Looks at texts while the scan has them at hand, so that nobody has to read them again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Each needle of a judge is a bit.
pub(super) const MAX_NEEDLES: usize = u128::BITS as usize;

/// Says of each text that holds one of its needles whether it is worth looking at.
#[derive(Debug)]
pub struct Judge {
    /// What the index knows it by.
    pub id: &'static str,
    /// How names of files end that it wants to hear of, in lower case.
    pub ends: &'static [&'static str],
    /// In any case; at least three bytes each, at most 128.
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
    held: u128,
}

impl<'t> Seen<'t> {
    pub(super) fn new(bytes: &'t [u8], held: u128) -> Self {
        Self { bytes, held }
    }

    /// A bit for each needle of the judge that it holds, the lowest for the first.
    pub fn held(&self) -> u128 {
        self.held
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
    pieces: BTreeMap<&'static str, u128>,
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
            *self.pieces.entry(judge).or_default() |= needles;
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
                .is_some_and(|&held| (judge.judges)(&Seen::new(text.as_bytes(), held)))
    }

    /// Asks a judge of a text, or of a piece of one, that holds needles of the judge.
    pub(super) fn ask(&mut self, judge: &'static Judge, seen: &Seen<'_>, is_whole: bool) {
        if !is_whole {
            self.pieces.insert(judge.id, seen.held);
        } else if (judge.judges)(seen) {
            self.worth.insert(judge.id);
        }
    }
}
