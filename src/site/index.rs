//! The files of a tree that the site model and the checks wanted to hear of.

use crate::input::{Files, Kind};
use std::collections::{BTreeMap, HashMap};

use super::judge::{Judge, Noted};
use super::path;

/// So many files are kept; a tree with more of them is not a web application.
const MAX_ENTRIES: usize = 100_000;

/// Directories of code that came from elsewhere.
const INSTALLED: &[&str] = &[
    "node_modules",
    "bower_components",
    "vendor",
    "site-packages",
    "dist-packages",
    ".yarn",
];

/// What follows the scanned directory in a path; `roots` have the longest first.
pub(super) fn inside<'p>(roots: &[String], path: &'p str) -> &'p str {
    let below = |root: &String| path::below(root, path);
    roots.iter().find_map(below).unwrap_or(path)
}

/// Whether a path, relative to the scanned directory, lies among installed packages.
pub fn is_installed(path: &str) -> bool {
    let directories = path
        .rsplit_once('/')
        .map_or("", |(directories, _)| directories);
    directories.split('/').any(|part| INSTALLED.contains(&part))
}

pub(super) fn lower_name(path: &str) -> String {
    path.rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

#[derive(Debug, Clone)]
struct Entry {
    kind: Kind,
    noted: Noted,
}

/// The files that were wanted and met so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: HashMap<String, Entry>,
    capped: bool,
}

impl Gathered {
    pub(super) fn keep(&mut self, path: &str, kind: Kind, noted: Noted) {
        if let Some(entry) = self.entries.get_mut(path) {
            entry.noted.add(noted);
        } else if self.entries.len() < MAX_ENTRIES {
            self.entries.insert(path.to_owned(), Entry { kind, noted });
        } else {
            self.capped = true;
        }
    }

    /// Checks ask by name and by needle, many times.
    pub(super) fn finished(self, roots: Vec<String>) -> Index {
        let mut entries: Vec<(String, Entry)> = self.entries.into_iter().collect();
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut needles: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (number, (path, entry)) in entries.iter().enumerate() {
            names.entry(lower_name(path)).or_default().push(number);
            for needle in &entry.noted.needles {
                needles.entry(needle).or_default().push(number);
            }
        }
        Index {
            entries,
            names,
            needles,
            capped: self.capped,
            roots,
        }
    }
}

/// The files that were wanted and met.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// By path, sorted.
    entries: Vec<(String, Entry)>,
    /// Their numbers by name, in lower case.
    names: BTreeMap<String, Vec<usize>>,
    /// Their numbers by the needles in them.
    needles: BTreeMap<&'static str, Vec<usize>>,
    capped: bool,
    roots: Vec<String>,
}

impl Index {
    /// What follows the scanned directory in a path: only that says what kind of file it is.
    pub fn inside<'p>(&self, path: &'p str) -> &'p str {
        inside(&self.roots, path)
    }

    /// Whether a file lies among installed packages.
    pub fn is_installed(&self, path: &str) -> bool {
        is_installed(self.inside(path))
    }

    /// Whether there were more of them than are kept.
    pub fn is_capped(&self) -> bool {
        self.capped
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        let found = self
            .entries
            .binary_search_by(|(known, _)| (**known).cmp(path));
        found.ok().map(|number| &self.entries[number].1)
    }

    fn paths<'i>(&'i self, numbers: &'i [usize]) -> impl Iterator<Item = &'i str> {
        numbers
            .iter()
            .map(|&number| self.entries[number].0.as_str())
    }

    /// All of them, whoever wanted them, sorted by path.
    pub fn all(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.entries
            .iter()
            .map(|(path, entry)| (path.as_str(), entry.kind))
    }

    /// Whose name this is, in lower case; sorted by path.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &str> {
        self.paths(self.names.get(name).map_or(&[], Vec::as_slice))
    }

    /// Whose names start so, in lower case; sorted by name.
    pub fn starting<'i>(&'i self, start: &'i str) -> impl Iterator<Item = &'i str> {
        let names = self.names.range(start.to_owned()..);
        let names = names.take_while(move |(name, _)| name.starts_with(start));
        names.flat_map(|(_, numbers)| self.paths(numbers))
    }

    /// Whose names end so, in lower case; sorted by name.
    pub fn ending<'i>(&'i self, end: &'i str) -> impl Iterator<Item = &'i str> {
        let names = self.names.iter();
        let names = names.filter(move |(name, _)| name.ends_with(end));
        names.flat_map(|(_, numbers)| self.paths(numbers))
    }

    /// Every symbolic link but those among installed packages.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let links = self.all().filter(|&(_, kind)| kind == Kind::Link);
        links.map(|(path, _)| path)
    }

    /// Whether a file holds a needle that some [`super::Want::text`] asked for.
    pub fn holds(&self, path: &str, needle: &str) -> bool {
        self.entry(path)
            .is_some_and(|entry| entry.noted.needles.contains(needle))
    }

    /// Files that a judge holds worth looking at, and those that it has not seen the whole of; sorted by path.
    pub fn judged(&self, judge: &Judge) -> impl Iterator<Item = &str> {
        let entries = self.entries.iter();
        let entries = entries.filter(|(_, entry)| entry.noted.may_be_worth(judge));
        entries.map(|(path, _)| path.as_str())
    }

    /// The text of a file, if a judge holds it worth looking at.
    pub fn text_judged(&self, judge: &Judge, path: &str, files: &dyn Files) -> Option<String> {
        let noted = &self.entry(path)?.noted;
        if !noted.may_be_worth(judge) {
            return None;
        }
        let text = files.text(path)?;
        noted.is_worth(judge, &text).then_some(text)
    }

    /// Text files whose names end so and that hold the needle, as a [`super::Want::text`] asked; sorted by path.
    pub fn holding<'i>(&'i self, end: &'i str, needle: &str) -> impl Iterator<Item = &'i str> {
        let numbers = self.needles.get(needle).map_or(&[][..], Vec::as_slice);
        self.paths(numbers)
            .filter(move |path| lower_name(path).ends_with(end))
    }
}
