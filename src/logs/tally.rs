//! What one pass over the lines keeps: little, however many there are.

use std::collections::{BTreeSet, HashMap};

use crate::finding::Moment;

use super::answers::{Asked, Kind, Method, Seen, hash};
use super::client::Client;
use super::format::{Line, Size};
use super::path;
use super::probe::Prober;
use super::session::{Probe, Sessions};
use super::target::Targets;

const HOUR: i64 = 3600;
/// So many hours are told apart: some ten years.
const MAX_HOURS: usize = 100_000;
/// So many sizes of answers to requests for what is not there are told apart.
const MAX_MISSES: usize = 4096;
/// So many paths that are answered alike say that everything is.
pub(super) const ALIKE: usize = 3;
/// An error page that shows a program's insides is longer than this; one that says sorry is shorter.
const LARGE_FAULT: u64 = 20_000;
const MAX_FAULT_SIZES: usize = 16;
const MAX_AGENT: usize = 80;
const MAX_TARGET: usize = 160;

/// What the lines of one thread, or of all of them, say.
pub(super) struct Tally {
    /// By the number of the target.
    pub(super) asked: Vec<Asked>,
    /// Large answers with a status that says error.
    pub(super) faults: Asked,
    /// Their sizes.
    pub(super) fault_sizes: BTreeSet<u64>,
    /// Successful answers to requests for known places that are not in the tree: which paths have one size, by site
    /// and size.
    pub(super) misses: HashMap<(u64, u64), BTreeSet<u64>>,
    pub(super) sessions: Sessions,
    /// By the number of the log: lines, and those of them that were not understood.
    pub(super) lines: Vec<(u64, u64)>,
    /// From clients of private networks.
    pub(super) private: u64,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
    /// Hours since 1970 that have a line.
    pub(super) hours: BTreeSet<i64>,
    last_hour: i64,
}

impl Tally {
    pub(super) fn new(targets: usize, logs: usize) -> Self {
        Self {
            asked: vec![Asked::default(); targets],
            faults: Asked::default(),
            fault_sizes: BTreeSet::new(),
            misses: HashMap::new(),
            sessions: Sessions::default(),
            lines: vec![(0, 0); logs],
            private: 0,
            from: None,
            to: None,
            hours: BTreeSet::new(),
            last_hour: i64::MIN,
        }
    }

    pub(super) fn unparsed(&mut self, log: u32) {
        self.lines[log as usize].0 += 1;
        self.lines[log as usize].1 += 1;
    }

    /// Takes a line in, which is of a log and has a number there.
    pub(super) fn add(
        &mut self,
        line: &Line<'_>,
        at: (u32, u64),
        (targets, prober, sites): (&Targets, &Prober, &[u64]),
    ) {
        self.lines[at.0 as usize].0 += 1;
        let Some(moment) = line.at else {
            return;
        };
        self.cover(moment);
        let first = line.client.first();
        // Nearly all addresses are public: no need to read them whole.
        let may_be_private = matches!(first, Some(b'1' | b':' | b'f' | b'F' | b'[' | b'l' | b'0'));
        let client = may_be_private.then(|| Client::of(line));
        self.private += u64::from(client.as_ref().is_some_and(|client| client.is_private));
        if line.target.is_empty() {
            return;
        }
        let asked = path::asked(&line.target);
        let plain = path::plain(asked);
        let wanted = targets.of(asked, &plain);
        let kinds = prober.kinds(&plain);
        let is_fault = matches!(line.status, 405 | 500) && body(line.size) >= LARGE_FAULT;
        if wanted.is_empty() && kinds.is_empty() && !is_fault {
            return;
        }
        let client = client.unwrap_or_else(|| Client::of(line));
        if targets.own.contains(&client.name) {
            return;
        }
        let seen = Seen {
            at: moment,
            log: at.0,
            line: at.1,
            client: &client.name,
            text: &|| shown(line, &client.name),
        };
        let kind = Kind {
            method: Method::of(&line.method),
            status: line.status,
            size: line.size,
            is_private: client.is_private,
            site: match &*line.host {
                b"" | b"-" => sites[at.0 as usize],
                host => hash(&host.to_ascii_lowercase()),
            },
        };
        for &target in wanted {
            self.asked[target as usize].add(kind, &seen);
        }
        let is_success = matches!(line.status, 200 | 206);
        if is_fault {
            // Their sizes differ: those are kept beside.
            self.fault_sizes.insert(body(line.size));
            while self.fault_sizes.len() > MAX_FAULT_SIZES {
                self.fault_sizes.pop_last();
            }
            let size = Size::Body(LARGE_FAULT);
            self.faults.add(Kind { size, ..kind }, &seen);
        }
        if !kinds.is_empty() {
            let path = hash(&plain);
            if is_success && wanted.is_empty() && kind.method == Method::Get {
                self.miss((kind.site, body(line.size)), path);
            }
            self.sessions.add(&Probe {
                at: moment,
                client: &client.name,
                kinds,
                path,
                is_success,
            });
        }
    }

    fn miss(&mut self, answer: (u64, u64), path: u64) {
        let is_full = self.misses.len() >= MAX_MISSES;
        if !is_full || self.misses.contains_key(&answer) {
            let paths = self.misses.entry(answer).or_default();
            paths.insert(path);
            while paths.len() > ALIKE {
                paths.pop_last();
            }
        }
    }

    fn cover(&mut self, moment: Moment) {
        self.from = Some(self.from.map_or(moment, |from| from.min(moment)));
        self.to = Some(self.to.map_or(moment, |to| to.max(moment)));
        let hour = moment.0.div_euclid(HOUR);
        if hour != self.last_hour && self.hours.len() < MAX_HOURS {
            self.hours.insert(hour);
            self.last_hour = hour;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.asked.iter_mut().zip(other.asked) {
            mine.merge(theirs);
        }
        self.faults.merge(other.faults);
        self.fault_sizes.extend(other.fault_sizes);
        #[expect(
            clippy::iter_over_hash_type,
            reason = "sets are joined, in whatever order"
        )]
        for (answer, paths) in other.misses {
            self.misses.entry(answer).or_default().extend(paths);
        }
        self.sessions.merge(other.sessions);
        for (mine, theirs) in self.lines.iter_mut().zip(other.lines) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
        self.private += other.private;
        self.from = self.from.into_iter().chain(other.from).min();
        self.to = self.to.into_iter().chain(other.to).max();
        self.hours.extend(other.hours);
    }
}

/// Which site a log is of, where its lines do not say: logs of one name are, whenever they were put aside.
pub(super) fn site_of(log: &str) -> u64 {
    let name = log.rfind('/').map_or(0, |slash| slash + 1);
    let ends = [".log", "_log", "-log", ".json"];
    let end = ends
        .iter()
        .filter_map(|end| Some(name + log[name..].find(end)?))
        .min();
    let stem = &log[..end.unwrap_or(log.len())];
    // Those of IIS are named by day.
    let stem: String = stem.chars().filter(|c| !c.is_ascii_digit()).collect();
    hash(stem.as_bytes())
}

fn body(size: Size) -> u64 {
    match size {
        Size::Unknown => 0,
        Size::Body(bytes) | Size::Whole(bytes) => bytes,
    }
}

/// A line as reports may show it: queries hold tokens, so that their values are left out.
fn shown(line: &Line<'_>, client: &str) -> String {
    let text = |bytes: &[u8], most: usize| {
        let cut = &bytes[..bytes.len().min(most)];
        let text = String::from_utf8_lossy(cut).into_owned();
        text + if cut.len() < bytes.len() { "…" } else { "" }
    };
    let end = memchr::memchr(b'?', &line.target).unwrap_or(line.target.len());
    let (path, query) = line.target.split_at(end);
    let query = if query.is_empty() { "" } else { "?****" };
    let at = line.at.map_or_else(String::new, |at| at.to_string());
    let size = match line.size {
        Size::Unknown => String::new(),
        Size::Body(bytes) => format!(", {bytes} bytes"),
        Size::Whole(bytes) => format!(", {bytes} bytes with the head"),
    };
    let agent = match &*line.agent {
        b"" | b"-" => String::new(),
        agent => format!(", {}", text(agent, MAX_AGENT)),
    };
    format!(
        "{client} {at} \"{} {}{query}\": {}{size}{agent}",
        text(&line.method, MAX_TARGET),
        text(path, MAX_TARGET),
        line.status
    )
}
