//! Looks out for the files of a tree that the site model and the checks want to hear of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::detect::Heard;
use crate::detect::prefilter::{self, Literal, Prefilter};
use crate::input::{Chunk, Kind};

use super::index::{Gathered, Index, inside, is_installed, lower_name};
use super::judge::{Judge, Noted, Seen};
use super::want::{Want, What};

/// The bit of the end with this number. Should there be very many, the last ones share theirs: [`Index::holding`] looks
/// at ends once more.
const fn bit_of(end: usize) -> u128 {
    1 << if end < 127 { end } else { 127 }
}

/// Wants, ready to be asked for each file. Asked from several threads.
pub struct Watch {
    names: HashMap<&'static str, bool>,
    /// By first byte.
    starts: HashMap<u8, Vec<(&'static str, bool)>>,
    /// By last byte.
    ends: HashMap<u8, Vec<(&'static str, bool)>>,
    /// Ends of the names of files in which any needle is looked for: a bit of a mask each.
    text_ends: Vec<&'static str>,
    /// By the numbers of their needles.
    texts: Vec<TextWatch>,
    judges: Vec<JudgeWatch>,
    /// For texts that nobody else has looked for needles in, made when there is the first of them: a scan listens.
    reader: OnceLock<Box<dyn Prefilter>>,
    /// As [`Index::inside`] needs them.
    roots: Vec<String>,
    kept: Mutex<Gathered>,
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
    /// The numbers of its needles, in its order.
    needles: Vec<usize>,
}

impl JudgeWatch {
    /// Which of its needles are among these.
    fn held(&self, heard: &Heard) -> u128 {
        let needles = self.needles.iter().zip(0..u128::BITS);
        let held = needles.filter(|(needle, _)| heard.contains(**needle));
        held.fold(0, |held, (_, bit)| held | 1 << bit)
    }
}

/// What is wanted of a text.
#[derive(Clone, Copy)]
pub struct Asked {
    ends: u128,
    is_installed: bool,
}

impl Asked {
    fn includes(self, ends: Ends) -> bool {
        ends.include(self.ends, self.is_installed)
    }
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
    pub fn new(wants: impl IntoIterator<Item = Want>) -> Self {
        let mut watch = Self {
            names: HashMap::new(),
            starts: HashMap::new(),
            ends: HashMap::new(),
            text_ends: Vec::new(),
            texts: Vec::new(),
            judges: Vec::new(),
            reader: OnceLock::new(),
            roots: Vec::new(),
            kept: Mutex::default(),
        };
        let mut texts: BTreeMap<&'static str, BTreeSet<(&'static str, bool)>> = BTreeMap::new();
        let mut judges: BTreeMap<&'static str, &'static Judge> = BTreeMap::new();
        for want in wants {
            let deep = want.deep;
            match want.what {
                What::Name(name) => *watch.names.entry(name).or_default() |= deep,
                What::Start(start) => {
                    let first = start.bytes().next().unwrap_or_default();
                    watch.starts.entry(first).or_default().push((start, deep));
                }
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
            let number = |needle: &&'static str| {
                let number = watch.texts.binary_search_by_key(needle, |text| text.needle);
                number.unwrap_or(usize::MAX)
            };
            watch.judges.push(JudgeWatch {
                judge,
                ends,
                needles: judge.needles.iter().map(number).collect(),
            });
        }
        watch
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
        let first = name.bytes().next().unwrap_or_default();
        for (start, deep) in self.starts.get(&first).into_iter().flatten() {
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

    /// What to listen for in texts: the numbers of these are what [`Watch::heard`] goes by.
    pub fn needles(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.texts.iter().map(|text| text.needle)
    }

    /// What is wanted of the text of this file; `None` if nothing is.
    pub fn asked(&self, path: &str) -> Option<Asked> {
        let name = lower_name(path);
        let last = name.bytes().last();
        let ends = self.text_ends.iter().enumerate();
        let ends = ends.filter(|(_, end)| end.bytes().last() == last && name.ends_with(**end));
        let ends = ends.fold(0, |mask, (bit, _)| mask | bit_of(bit));
        let asked = Asked {
            ends,
            is_installed: ends != 0 && is_installed(inside(&self.roots, path)),
        };
        let is_asked = self.judges.iter().any(|watch| asked.includes(watch.ends))
            || self.texts.iter().any(|watch| asked.includes(watch.ends));
        (ends != 0 && is_asked).then_some(asked)
    }

    /// The whole text of a file was read.
    pub fn read(&self, path: &str, text: &[u8]) {
        let whole = Chunk {
            text,
            offset: 0,
            owned: 0..text.len(),
        };
        self.read_chunk(path, &whole);
    }

    /// A piece of the text of a file was read, or all of it.
    pub fn read_chunk(&self, path: &str, chunk: &Chunk<'_>) {
        if let Some(asked) = self.asked(path) {
            let mut heard = Heard::default();
            self.reader()
                .find(chunk.text, &mut |hit| heard.insert(hit.literal as usize));
            self.heard((path, asked), chunk, &heard);
        }
    }

    fn reader(&self) -> &dyn Prefilter {
        &**self.reader.get_or_init(|| {
            let literals: Vec<Literal> = self.texts.iter().map(TextWatch::literal).collect();
            match prefilter::best(&literals) {
                Ok(reader) => reader,
                Err(error) => panic!("needles that are long enough fail together: {error}"),
            }
        })
    }

    /// The same, of a text that is asked for and that was listened to: these [`Watch::needles`] stand in it.
    pub fn heard(&self, (path, asked): (&str, Asked), chunk: &Chunk<'_>, heard: &Heard) {
        if heard.is_empty() {
            return;
        }
        let texts = self.texts.iter().enumerate();
        let wanted =
            texts.filter(|(number, text)| asked.includes(text.ends) && heard.contains(*number));
        let mut noted = Noted::of(wanted.map(|(_, text)| text.needle));
        for watch in self
            .judges
            .iter()
            .filter(|watch| asked.includes(watch.ends))
        {
            let held = watch.held(heard);
            if held != 0 {
                let seen = Seen::new(chunk.text, held);
                noted.ask(watch.judge, &seen, chunk.is_whole());
            }
        }
        if !noted.is_empty() {
            self.keep(path, Kind::File, noted);
        }
    }

    /// What was met.
    pub fn finish(self) -> Index {
        let kept = self.kept.into_inner();
        let gathered = kept.unwrap_or_else(PoisonError::into_inner);
        gathered.finished(self.roots)
    }

    fn keep(&self, path: &str, kind: Kind, noted: Noted) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keep(path, kind, noted);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn index(wants: &[Want], files: &[(&str, &str)]) -> Index {
        let watch = Watch::new(wants.iter().copied());
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
            judges: |seen| seen.held() == 0b11 && seen.text().ends_with("!"),
        };
        let text = "eval( mail( !";
        let mut files = crate::input::Memory::new();
        files.add("pieces.php", text);
        files.add("whole.php", text);
        let watch = Watch::new([Want::judged(&LONG), Want::text(".php", "mail(")]);
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
