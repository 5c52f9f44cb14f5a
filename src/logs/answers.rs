//! Requests for one thing, counted by how they were answered.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use crate::finding::Moment;

use super::format::Size;

/// So many addresses are told apart.
const MAX_ADDRESSES: usize = 10_000;
/// So many kinds of answers to requests for one thing are told apart.
const MAX_KINDS: usize = 256;

/// Addresses, told apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses(HashSet<u64>);

impl Addresses {
    pub(super) fn add(&mut self, name: &str) {
        if self.0.len() < MAX_ADDRESSES {
            self.0.insert(hash(name.as_bytes()));
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let room = MAX_ADDRESSES - self.0.len();
        // Which ones are left out does not matter: only how many there are is asked for.
        let new: Vec<u64> = other.0.difference(&self.0).copied().take(room).collect();
        self.0.extend(new);
    }

    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A line that stands for others like it: the earliest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sample {
    pub(super) at: Moment,
    /// The number of the log.
    pub(super) log: u32,
    /// The line, from 1.
    pub(super) line: u64,
    /// The line with what may be secret masked.
    pub(super) text: String,
}

/// How something was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Method {
    Get,
    Head,
    Post,
    Other,
}

impl Method {
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"POST" => Self::Post,
            _ => Self::Other,
        }
    }
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) method: Method,
    pub(super) status: u16,
    pub(super) size: Size,
    /// The client is of a private network.
    pub(super) is_private: bool,
    /// Who answered: a virtual host, or what has logs of its own.
    pub(super) site: u64,
}

/// Answers of one kind.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) count: u64,
    pub(super) addresses: Addresses,
    pub(super) first: Sample,
    pub(super) last: Moment,
}

impl Answers {
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.addresses.merge(&other.addresses);
        self.last = self.last.max(other.last);
        if other.first < self.first {
            self.first = other.first;
        }
    }
}

/// A request, as far as counting goes.
pub(super) struct Seen<'s> {
    pub(super) at: Moment,
    pub(super) log: u32,
    pub(super) line: u64,
    pub(super) client: &'s str,
    /// Writes the line with what may be secret masked.
    pub(super) text: &'s dyn Fn() -> String,
}

/// All requests for one thing.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) requests: u64,
    pub(super) addresses: Addresses,
    pub(super) kinds: BTreeMap<Kind, Answers>,
}

impl Asked {
    pub(super) fn add(&mut self, kind: Kind, seen: &Seen<'_>) {
        self.requests += 1;
        self.addresses.add(seen.client);
        let is_full = self.kinds.len() >= MAX_KINDS;
        match self.kinds.get_mut(&kind) {
            Some(answers) => {
                answers.count += 1;
                answers.addresses.add(seen.client);
                answers.last = answers.last.max(seen.at);
                let first = &answers.first;
                if (seen.at, seen.log, seen.line) < (first.at, first.log, first.line) {
                    answers.first = sample(seen);
                }
            }
            None if !is_full => {
                let mut addresses = Addresses::default();
                addresses.add(seen.client);
                let answers = Answers {
                    count: 1,
                    addresses,
                    first: sample(seen),
                    last: seen.at,
                };
                self.kinds.insert(kind, answers);
            }
            None => {}
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.requests += other.requests;
        self.addresses.merge(&other.addresses);
        for (kind, answers) in other.kinds {
            match self.kinds.get_mut(&kind) {
                Some(mine) => mine.merge(answers),
                None => {
                    self.kinds.insert(kind, answers);
                }
            }
        }
    }
}

fn sample(seen: &Seen<'_>) -> Sample {
    Sample {
        at: seen.at,
        log: seen.log,
        line: seen.line,
        text: (seen.text)(),
    }
}
