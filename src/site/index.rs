//! The files of a tree that the site model and the checks want to hear of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use crate::detect::prefilter::{self, BuildError, Literal, Prefilter};
use crate::input::{Chunk, Files, Kind};

use super::judge::{Judge, Noted};
use super::path;
use super::want::{Want, What};

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

/// The bit of the end with this number. Should there be very many, the last ones share theirs: [`Index::holding`] looks
/// at ends once more.
const fn bit_of(end: usize) -> u128 {
    1 << if end < 127 { end } else { 127 }
}

/// Wants, ready to be asked for each file. Asked from several threads.
pub struct Watch {
    names: HashMap<&'static str, bool>,
    starts: Vec<(&'static str, bool)>,
    /// By last byte.
    ends: HashMap<u8, Vec<(&'static str, bool)>>,
    /// Ends of the names of files in which any needle is looked for: a bit of a mask each.
    text_ends: Vec<&'static str>,
    /// By the number that `needles` knows them by.
    texts: Vec<TextWatch>,
    judges: Vec<JudgeWatch>,
    /// All of them, so that no text is read more than once.
    needles: Box<dyn Prefilter>,
    /// As [`Index::inside`] needs them.
    roots: Vec<String>,
    kept: Mutex<Index>,
}

/// Bits of ends: those that are wanted of the application's own files, and of installed ones.
#[derive(Default, Clone, Copy)]
struct Ends {
    own: u128,
    installed: u128,
}

impl Ends {
    fn add(&mut self, bit: u128, is_deep: bool) {
        self.own |= bit;
        if is_deep {
            self.installed |= bit;
        }
    }

    fn include(self, ends: u128, is_installed: bool) -> bool {
        let wanted = if is_installed {
            self.installed
        } else {
            self.own
        };
        wanted & ends != 0
    }
}

/// A needle and the files in which it is looked for, by the ends of their names.
struct TextWatch {
    needle: &'static str,
    ends: Ends,
}

/// A judge and the files that it is asked of.
struct JudgeWatch {
    judge: &'static Judge,
    ends: Ends,
}

impl TextWatch {
    fn literal(&self) -> Literal {
        Literal {
            bytes: self.needle.as_bytes().to_vec(),
            ignore_case: true,
        }
    }
}

impl Watch {
    /// Starts to look out.
    ///
    /// # Errors
    /// The needles are too many for one automaton.
    pub fn new(wants: impl IntoIterator<Item = Want>) -> Result<Self, BuildError> {
        let mut watch = Self {
            names: HashMap::new(),
            starts: Vec::new(),
            ends: HashMap::new(),
            text_ends: Vec::new(),
            texts: Vec::new(),
            judges: Vec::new(),
            needles: prefilter::best(&[])?,
            roots: Vec::new(),
            kept: Mutex::default(),
        };
        let mut texts: BTreeMap<&'static str, BTreeSet<(&'static str, bool)>> = BTreeMap::new();
        let mut judges: BTreeMap<&'static str, &'static Judge> = BTreeMap::new();
        for want in wants {
            let deep = want.deep;
            match want.what {
                What::Name(name) => *watch.names.entry(name).or_default() |= deep,
                What::Start(start) => watch.starts.push((start, deep)),
                What::End(end) => {
                    let last = end.bytes().last().unwrap_or_default();
                    watch.ends.entry(last).or_default().push((end, deep));
                }
                What::Text(end, needle) => {
                    texts.entry(needle).or_default().insert((end, deep));
                }
                What::Judged(judge) => {
                    judges.insert(judge.id, judge);
                    for needle in judge.needles {
                        texts.entry(needle).or_default();
                    }
                }
            }
        }
        watch.starts.sort_unstable();
        watch.starts.dedup();
        let ends = texts.values().flatten().map(|(end, _)| *end);
        let of_judges = judges.values().flat_map(|judge| judge.ends).copied();
        let ends: BTreeSet<&'static str> = ends.chain(of_judges).collect();
        watch.text_ends = ends.into_iter().collect();
        let bit = |end: &&'static str| watch.text_ends.binary_search(end).map_or(0, bit_of);
        for (needle, wanted) in texts {
            let mut ends = Ends::default();
            for (end, deep) in &wanted {
                ends.add(bit(end), *deep);
            }
            watch.texts.push(TextWatch { needle, ends });
        }
        for judge in judges.into_values() {
            let mut ends = Ends::default();
            for end in judge.ends {
                ends.add(bit(end), judge.is_deep);
            }
            watch.judges.push(JudgeWatch { judge, ends });
        }
        let literals: Vec<Literal> = watch.texts.iter().map(TextWatch::literal).collect();
        watch.needles = prefilter::best(&literals)?;
        Ok(watch)
    }

    /// Below these directories, as reports name them, a tree begins: what they lie in says nothing of its files.
    #[must_use]
    pub fn below(mut self, roots: impl IntoIterator<Item = String>) -> Self {
        self.roots.extend(roots);
        self.roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        self
    }

    /// Something was met in the tree; `path` as reports name it.
    pub fn saw(&self, path: &str, kind: Kind) {
        let name = lower_name(path);
        let mut wanted = Depth::Unwanted;
        if kind == Kind::Link {
            wanted.add(false);
        }
        if let Some(&deep) = self.names.get(name.as_str()) {
            wanted.add(deep);
        }
        for (start, deep) in &self.starts {
            if name.starts_with(start) {
                wanted.add(*deep);
            }
        }
        let last = name.bytes().last().unwrap_or_default();
        for (end, deep) in self.ends.get(&last).into_iter().flatten() {
            if name.ends_with(end) {
                wanted.add(*deep);
            }
        }
        if wanted.includes(inside(&self.roots, path)) {
            self.keep(path, kind, Noted::default());
        }
    }

    /// The whole text of a file was read.
    pub fn read(&self, path: &str, text: &[u8]) {
        self.note(path, text, true);
    }

    /// A piece of the text of a file was read, or all of it.
    pub fn read_chunk(&self, path: &str, chunk: &Chunk<'_>) {
        self.note(path, chunk.text, chunk.is_whole());
    }

    fn note(&self, path: &str, text: &[u8], is_whole: bool) {
        let name = lower_name(path);
        let ends = self.text_ends.iter().enumerate();
        let ends = ends.filter(|(_, end)| name.ends_with(**end));
        let ends = ends.fold(0, |mask, (bit, _)| mask | bit_of(bit));
        if ends == 0 {
            return;
        }
        let is_installed = is_installed(inside(&self.roots, path));
        let judges: Vec<&'static Judge> = self
            .judges
            .iter()
            .filter(|watch| watch.ends.include(ends, is_installed))
            .map(|watch| watch.judge)
            .collect();
        let is_wanted = |text: &TextWatch| text.ends.include(ends, is_installed);
        if judges.is_empty() && !self.texts.iter().any(is_wanted) {
            return;
        }
        let mut hits = vec![false; self.texts.len()];
        self.needles
            .find(text, &mut |hit| hits[hit.literal as usize] = true);
        let hit = || {
            self.texts
                .iter()
                .zip(&hits)
                .filter(|(_, hit)| **hit)
                .map(|(text, _)| text)
        };
        let wanted = hit().filter(|text| is_wanted(text));
        let mut noted = Noted::of(wanted.map(|text| text.needle));
        if !judges.is_empty() && hits.contains(&true) {
            let needles: BTreeSet<&'static str> = hit().map(|text| text.needle).collect();
            for judge in judges {
                noted.ask(judge, text, &needles, is_whole);
            }
        }
        if !noted.is_empty() {
            self.keep(path, Kind::File, noted);
        }
    }

    /// What was met.
    pub fn finish(self) -> Index {
        let kept = self.kept.into_inner();
        let mut index = kept.unwrap_or_else(PoisonError::into_inner);
        index.roots = self.roots;
        index.sort_in();
        index
    }

    fn keep(&self, path: &str, kind: Kind, noted: Noted) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.entries.len() >= MAX_ENTRIES && !kept.entries.contains_key(path) {
            kept.capped = true;
            return;
        }
        let entry = kept
            .entries
            .entry(path.to_owned())
            .or_insert_with(|| Entry {
                kind,
                noted: Noted::default(),
            });
        entry.noted.add(noted);
    }
}

/// Which part of a tree a file is wanted in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Unwanted,
    Own,
    Everywhere,
}

impl Depth {
    fn add(&mut self, deep: bool) {
        *self = match (deep, *self) {
            (true, _) | (_, Self::Everywhere) => Self::Everywhere,
            (false, _) => Self::Own,
        };
    }

    fn includes(self, path: &str) -> bool {
        match self {
            Self::Unwanted => false,
            Self::Own => !is_installed(path),
            Self::Everywhere => true,
        }
    }
}

/// What follows the scanned directory in a path; `roots` have the longest first.
fn inside<'p>(roots: &[String], path: &'p str) -> &'p str {
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

fn lower_name(path: &str) -> String {
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

/// The files that were wanted and met.
#[derive(Debug, Clone, Default)]
pub struct Index {
    entries: BTreeMap<String, Entry>,
    /// Their paths by name, in lower case.
    names: BTreeMap<String, Vec<String>>,
    /// Their paths by the needles in them.
    needles: BTreeMap<&'static str, Vec<String>>,
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

    /// Checks ask by name and by needle, many times.
    fn sort_in(&mut self) {
        for (path, entry) in &self.entries {
            let paths = self.names.entry(lower_name(path)).or_default();
            paths.push(path.clone());
            for needle in &entry.noted.needles {
                let paths = self.needles.entry(needle).or_default();
                paths.push(path.clone());
            }
        }
    }

    /// All of them, whoever wanted them, sorted by path.
    pub fn all(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.entries
            .iter()
            .map(|(path, entry)| (path.as_str(), entry.kind))
    }

    /// Whose name this is, in lower case; sorted by path.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &str> {
        let paths = self.names.get(name);
        paths.into_iter().flatten().map(String::as_str)
    }

    /// Whose names start so, in lower case; sorted by name.
    pub fn starting<'i>(&'i self, start: &'i str) -> impl Iterator<Item = &'i str> {
        let names = self.names.range(start.to_owned()..);
        let names = names.take_while(move |(name, _)| name.starts_with(start));
        names.flat_map(|(_, paths)| paths).map(String::as_str)
    }

    /// Whose names end so, in lower case; sorted by name.
    pub fn ending<'i>(&'i self, end: &'i str) -> impl Iterator<Item = &'i str> {
        let names = self.names.iter();
        let names = names.filter(move |(name, _)| name.ends_with(end));
        names.flat_map(|(_, paths)| paths).map(String::as_str)
    }

    /// Every symbolic link but those among installed packages.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let links = self.all().filter(|&(_, kind)| kind == Kind::Link);
        links.map(|(path, _)| path)
    }

    /// Whether a file holds a needle that some [`Want::text`] asked for.
    pub fn holds(&self, path: &str, needle: &str) -> bool {
        self.entries
            .get(path)
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
        let noted = &self.entries.get(path)?.noted;
        if !noted.may_be_worth(judge) {
            return None;
        }
        let text = files.text(path)?;
        noted.is_worth(judge, &text).then_some(text)
    }

    /// Text files whose names end so and that hold the needle, as a [`Want::text`] asked; sorted by path.
    pub fn holding<'i>(&'i self, end: &'i str, needle: &str) -> impl Iterator<Item = &'i str> {
        let paths = self.needles.get(needle).into_iter().flatten();
        let paths = paths.map(String::as_str);
        paths.filter(move |path| lower_name(path).ends_with(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(wants: &[Want], files: &[(&str, &str)]) -> Index {
        let watch = Watch::new(wants.iter().copied()).unwrap();
        for (path, text) in files {
            watch.saw(path, Kind::File);
            watch.read(path, text.as_bytes());
        }
        watch.finish()
    }

    #[test]
    fn needles_within_needles_are_found() {
        let wants = [Want::text(".php", "getenv"), Want::text(".php", "getenv()")];
        let index = index(&wants, &[("a.php", "getenv()")]);
        assert_eq!(index.holding(".php", "getenv").count(), 1);
        assert_eq!(index.holding(".php", "getenv()").count(), 1);
    }

    #[test]
    fn judges_are_asked_of_whole_texts() {
        static LONG: Judge = Judge {
            id: "long",
            ends: &[".php"],
            needles: &["eval(", "mail("],
            is_deep: false,
            judges: |seen| seen.has("eval(") && seen.has("mail(") && seen.text().ends_with("!"),
        };
        let text = "eval( mail( !";
        let mut files = crate::input::Memory::new();
        files.add("pieces.php", text);
        files.add("whole.php", text);
        let watch = Watch::new([Want::judged(&LONG), Want::text(".php", "mail(")]).unwrap();
        watch.read("whole.php", text.as_bytes());
        watch.read("short.php", b"eval( mail(");
        watch.read("vendor/a/whole.php", text.as_bytes());
        // Each piece overlaps the other.
        for (start, end, owned) in [(0, 8, 0..6), (4, text.len(), 2..text.len() - 4)] {
            let chunk = Chunk {
                text: &text.as_bytes()[start..end],
                offset: start as u64,
                owned,
            };
            watch.read_chunk("pieces.php", &chunk);
        }
        let index = watch.finish();
        let judged: Vec<&str> = index.judged(&LONG).collect();
        assert_eq!(judged, ["pieces.php", "whole.php"]);
        for path in judged {
            assert!(index.text_judged(&LONG, path, &files).is_some(), "{path}");
        }
        let holding = index.holding(".php", "mail(");
        assert_eq!(
            holding.collect::<Vec<_>>(),
            ["pieces.php", "short.php", "whole.php"]
        );
    }

    #[test]
    fn only_what_is_wanted_is_kept() {
        let wants = [
            Want::name("artisan"),
            Want::start(".env"),
            Want::end(".sql"),
            Want::text(".php", "phpinfo"),
            Want::name("eval-stdin.php").deep(),
        ];
        let files = [
            ("app/Artisan", ""),
            ("app/.env.bak", ""),
            ("app/dump.SQL", ""),
            ("app/a.php", "PHPInfo()"),
            ("app/b.php", "echo 1"),
            ("vendor/x/.env", ""),
            ("vendor/x/a.php", "phpinfo"),
            ("vendor/x/eval-stdin.php", ""),
            ("README.md", "phpinfo"),
        ];
        let index = index(&wants, &files);
        let all: Vec<&str> = index.all().map(|(path, _)| path).collect();
        assert_eq!(
            all,
            [
                "app/.env.bak",
                "app/Artisan",
                "app/a.php",
                "app/dump.SQL",
                "vendor/x/eval-stdin.php"
            ]
        );
        assert_eq!(index.named("artisan").collect::<Vec<_>>(), ["app/Artisan"]);
        assert_eq!(
            index.holding(".php", "phpinfo").collect::<Vec<_>>(),
            ["app/a.php"]
        );
    }
}
