//! What access logs say: which of the files that let credentials out were fetched, when, and by how many.
//!
//! [`examine`] reads all logs once, on all threads, and keeps counts only. Whether an answer sent the file is told
//! from its method, its status and its size ([`Verdict`]); a request alone proves nothing, as every public site is
//! asked for its `.env` all day.

mod answers;
mod client;
mod find;
mod format;
mod judge;
mod path;
mod probe;
mod read;
mod session;
mod tally;
mod target;

use std::net::IpAddr;

use crate::finding::Moment;

use format::Formats;
use judge::Judge;
use target::Targets;

pub use find::{DIRECTORIES, is_access_log};
pub use format::Configured;
pub use judge::{Fetched, Verdict};
pub use read::{Log, Unread};
pub use session::Session;
pub use target::{Target, Wanted};

/// Hours without a line that are worth telling.
const GAP_HOURS: i64 = 24;
const HOUR: i64 = 3600;

/// What to look for, and how lines are to be read.
pub struct Wish {
    /// What the logs are asked about.
    pub targets: Vec<Target>,
    /// Formats that the servers' configuration sets.
    pub formats: Vec<Configured>,
    /// Addresses whose requests are the site's own, such as those of an audit.
    pub own: Vec<IpAddr>,
    /// Number of threads beside the one that reads.
    pub jobs: usize,
}

/// What the logs say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examined {
    /// For each target, in order: what became of the requests for it.
    pub verdicts: Vec<Option<Verdict>>,
    /// Large error pages that were sent.
    pub faults: Option<Verdict>,
    /// The logs that were read, by name, with their lines, and those of them that were not understood.
    pub logs: Vec<(String, u64, u64)>,
    /// Logs that were not read, or not to their end.
    pub unread: Vec<Unread>,
    /// The first line's time.
    pub from: Option<Moment>,
    /// The last one's.
    pub to: Option<Moment>,
    /// Stretches of a day and more without a line.
    pub gaps: Vec<(Moment, Moment)>,
    /// Clients that worked through lists of known places, the longest lists first.
    pub sessions: Vec<Session>,
    /// The addresses are those of a proxy in front of the server.
    pub is_proxied: bool,
}

/// Reads the logs.
pub fn examine(logs: &[Log], wish: Wish) -> Examined {
    let formats = Formats::new(&wish.formats);
    let targets = Targets::new(wish.targets, &wish.own);
    let (tally, unread) = read::read(logs, &formats, &targets, wish.jobs);
    let names: Vec<String> = logs.iter().map(|log| log.name.clone()).collect();
    let judge = Judge::new(&tally, &names);
    let asked = targets.all.iter().zip(&tally.asked);
    let verdicts = asked
        .map(|(target, asked)| judge.target(target, asked))
        .collect();
    let (faults, is_proxied) = (judge.faults(), judge.is_proxied());
    let hours: Vec<i64> = tally.hours.iter().copied().collect();
    let gaps = hours
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > GAP_HOURS);
    let gaps = gaps.map(|pair| (Moment((pair[0] + 1) * HOUR), Moment(pair[1] * HOUR)));
    let lines = names.into_iter().zip(&tally.lines);
    Examined {
        verdicts,
        faults,
        logs: lines
            .filter(|(_, (lines, _))| *lines > 0)
            .map(|(name, (lines, unparsed))| (name, *lines, *unparsed))
            .collect(),
        unread,
        from: tally.from,
        to: tally.to,
        gaps: gaps.collect(),
        sessions: tally.sessions.finish(),
        is_proxied,
    }
}
