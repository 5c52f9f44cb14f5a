//! What the logs are asked about: files and pages that let credentials out, by the paths that lead to them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use super::path;

/// What a request has to have been answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A file as it lies on disk.
    File {
        /// Its length in bytes.
        len: u64,
        /// It is written to, as logs are: it was shorter before.
        grows: bool,
    },
    /// A file whose URL is only guessed, or that a server does not send as it is: nothing but its very length counts.
    Exactly {
        /// Its length in bytes.
        len: u64,
    },
    /// A page that a program makes, of this many bytes at least.
    Page {
        /// In bytes; a compressed one is shorter than it looks.
        at_least: u64,
    },
    /// A script of which a `POST` that succeeds is the damage, whatever is answered.
    Script,
}

/// A file or page, and how to ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The file that it is about, as reports name it.
    pub file: String,
    /// Paths that lead to it.
    pub urls: Vec<String>,
    /// What tells that it was sent.
    pub wanted: Wanted,
    /// How long the file was before, in bytes, each with a commit that has it so.
    pub older: BTreeMap<u64, String>,
}

/// All targets, by path.
pub(super) struct Targets {
    pub(super) all: Vec<Target>,
    /// Clients whose requests do not count, by name.
    pub(super) own: HashSet<String>,
    by_path: HashMap<Vec<u8>, Vec<u32>>,
}

/// More are not looked for; a tree has not got as many files with credentials in reach.
const MAX_TARGETS: usize = 20_000;

impl Targets {
    pub(super) fn new(mut all: Vec<Target>, own: &[IpAddr]) -> Self {
        all.truncate(MAX_TARGETS);
        let mut by_path: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
        for (number, target) in all.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            for url in &target.urls {
                let asked = path::asked(url.as_bytes());
                for spelling in [asked, &path::plain(asked)] {
                    let numbers = by_path.entry(spelling.to_vec()).or_default();
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        Self {
            all,
            own: own.iter().map(IpAddr::to_string).collect(),
            by_path,
        }
    }

    /// The numbers of those that a request asks for, by its path as it was asked for and its plain path.
    pub(super) fn of(&self, asked: &[u8], plain: &[u8]) -> &[u32] {
        let found = self.by_path.get(plain).or_else(|| self.by_path.get(asked));
        found.map_or(&[], Vec::as_slice)
    }
}
