//! Whether what was asked for was sent.

use std::collections::BTreeMap;

use crate::finding::Moment;

use super::answers::{Addresses, Answers, Asked, Kind, Method, Sample};
use super::format::Size;
use super::tally::{ALIKE, Tally};
use super::target::{Target, Wanted};

/// Shorter files are no proof by their length.
const MIN_LEN: u64 = 20;
/// A head has about so many bytes.
const HEAD: std::ops::RangeInclusive<u64> = 100..=1200;
/// Names of files that servers compress on the way, and their least share of the length then.
const COMPRESSED: &[&str] = &[
    ".js", ".css", ".html", ".txt", ".json", ".xml", ".log", ".sql", ".map",
];
const LEAST_SHARE: u64 = 5;
/// Of all lines so many percent, all from private networks, come through a proxy that hides the clients.
const PROXIED: u64 = 90;

/// What the logs say about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How often it was asked for.
    pub requests: u64,
    /// From how many addresses.
    pub addresses: u64,
    /// Set if it was sent.
    pub fetched: Option<Fetched>,
    /// Why it may have been sent, where that is not certain.
    pub possible: Option<String>,
    /// How often which status was the answer.
    pub statuses: BTreeMap<u16, u64>,
}

/// It was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// For the first time that the logs show.
    pub first: Moment,
    /// And for the last.
    pub last: Moment,
    /// So often.
    pub times: u64,
    /// To so many addresses.
    pub addresses: u64,
    /// How sure that is, in percent.
    pub percent: u8,
    /// What proves it, in words.
    pub how: String,
    /// The log of the first such line, its number and what it says, without what may be secret.
    pub sample: (String, u64, String),
}

/// What one kind of answer proves.
enum Proof {
    Sent(u8, String),
    Perhaps(String),
    Nothing,
}

/// Judges answers with everything that the logs say in view.
pub(super) struct Judge<'j> {
    tally: &'j Tally,
    logs: &'j [String],
    is_proxied: bool,
}

impl<'j> Judge<'j> {
    pub(super) fn new(tally: &'j Tally, logs: &'j [String]) -> Self {
        let lines: u64 = tally
            .lines
            .iter()
            .map(|(lines, unparsed)| lines - unparsed)
            .sum();
        Self {
            tally,
            logs,
            is_proxied: lines > 0 && tally.private * 100 >= lines * PROXIED,
        }
    }

    /// Whether the addresses are those of a proxy.
    pub(super) fn is_proxied(&self) -> bool {
        self.is_proxied
    }

    /// What the logs say about a target; `None` if nobody asked for it.
    pub(super) fn target(&self, target: &Target, asked: &Asked) -> Option<Verdict> {
        if asked.requests == 0 {
            return None;
        }
        let mut sum = Sum::default();
        let mut possible = None;
        for (kind, answers) in &asked.kinds {
            match self.proof(target, *kind) {
                Proof::Sent(percent, how) => sum.add(percent, how, answers),
                Proof::Perhaps(why) => possible = possible.or(Some(why)),
                Proof::Nothing => {}
            }
        }
        let fetched = sum.finish(self.logs);
        Some(Verdict {
            requests: asked.requests,
            addresses: asked.addresses.len(),
            possible: possible.filter(|_| fetched.is_none()),
            fetched,
            statuses: statuses(asked),
        })
    }

    /// Large error pages; `None` if there are none that differ from each other.
    pub(super) fn faults(&self) -> Option<Verdict> {
        let asked = &self.tally.faults;
        // An error page that says sorry is the same each time.
        if asked.requests == 0 || asked.requests > 2 && self.tally.fault_sizes.len() == 1 {
            return None;
        }
        let mut sum = Sum::default();
        for (kind, answers) in &asked.kinds {
            if !self.is_own(*kind) {
                let how = "an error page of more than 20,000 bytes is one that shows the program's insides";
                sum.add(60, how.to_owned(), answers);
            }
        }
        Some(Verdict {
            requests: asked.requests,
            addresses: asked.addresses.len(),
            fetched: Some(sum.finish(self.logs)?),
            possible: None,
            statuses: statuses(asked),
        })
    }

    /// The site's own requests are no leak, unless all requests look like its own.
    fn is_own(&self, kind: Kind) -> bool {
        kind.is_private && !self.is_proxied
    }

    fn proof(&self, target: &Target, kind: Kind) -> Proof {
        if self.is_own(kind) {
            return Proof::Nothing;
        }
        match (kind.method, kind.status) {
            (Method::Head, 200) => Proof::Perhaps(
                "a HEAD request was answered with 200: that it is there was known, though not sent"
                    .to_owned(),
            ),
            (Method::Get | Method::Post, 200 | 203 | 206) => {
                let proof = sent(target, kind);
                match (kind.size, &proof) {
                    (Size::Body(size) | Size::Whole(size), Proof::Sent(..))
                        if self.is_for_all(kind.site, size) =>
                    {
                        Proof::Perhaps(format!(
                            "it was answered with 200 and {size} bytes, but so were requests for what is not there"
                        ))
                    }
                    _ => proof,
                }
            }
            (Method::Get, 304) if matches!(target.wanted, Wanted::File { .. }) => Proof::Sent(
                70,
                "the server answered that the client's copy is up to date (304)".to_owned(),
            ),
            _ => Proof::Nothing,
        }
    }

    /// Whether requests to a site for things that are not there get an answer of this size, give or take two percent.
    fn is_for_all(&self, site: u64, size: u64) -> bool {
        let near = |other: u64| other.abs_diff(size) * 50 <= size;
        let misses = self.tally.misses.iter();
        let alike = misses
            .filter(|((of, other), _)| *of == site && near(*other))
            .map(|(_, paths)| paths.len());
        alike.sum::<usize>() >= ALIKE
    }
}

/// What the size of a successful answer says.
fn sent(target: &Target, kind: Kind) -> Proof {
    match (target.wanted, kind.size) {
        (Wanted::Script, _) if kind.method == Method::Post => {
            Proof::Sent(70, "it ran what was posted to it".to_owned())
        }
        (Wanted::Page { at_least }, Size::Body(size)) if size >= at_least => {
            Proof::Sent(70, format!("the page was sent, with {size} bytes"))
        }
        (Wanted::Page { at_least }, Size::Whole(size)) if size >= at_least + HEAD.start() => {
            Proof::Sent(60, format!("the page was sent, with {size} bytes"))
        }
        (Wanted::Page { .. } | Wanted::File { .. }, Size::Unknown) => Proof::Sent(
            50,
            "it was answered with success; the log has no sizes".to_owned(),
        ),
        (Wanted::File { len, .. }, Size::Body(size))
            if kind.status == 206 && 0 < size && size <= len =>
        {
            Proof::Sent(
                80,
                format!("a part of the file was sent, {size} of its {len} bytes"),
            )
        }
        (Wanted::File { len, .. } | Wanted::Exactly { len }, Size::Body(size))
            if size == len && len >= MIN_LEN =>
        {
            Proof::Sent(95, format!("the answer has exactly the file's {len} bytes"))
        }
        (Wanted::File { .. } | Wanted::Exactly { .. }, Size::Body(size))
            if size >= MIN_LEN && target.older.contains_key(&size) =>
        {
            let commit = target.older.get(&size).map_or("", String::as_str);
            Proof::Sent(
                90,
                format!(
                    "the answer has exactly the {size} bytes that the file had in commit {commit}"
                ),
            )
        }
        (Wanted::File { len, .. }, Size::Whole(size)) if within_head(size, len) => {
            Proof::Sent(70, format!("{size} bytes are the file's {len} and a head"))
        }
        (Wanted::Exactly { len }, Size::Whole(size))
            if within_head(size, len) && len >= MIN_LEN =>
        {
            Proof::Sent(60, format!("{size} bytes are the file's {len} and a head"))
        }
        (Wanted::File { len, grows: true }, Size::Body(size)) if MIN_LEN <= size && size < len => {
            Proof::Sent(
                70,
                format!("{size} bytes were sent; the file is written to, and has {len} by now"),
            )
        }
        (Wanted::File { len, .. }, Size::Body(size)) if may_be_compressed(target, size, len) => {
            Proof::Sent(
                60,
                format!("{size} bytes are what the file's {len} are when compressed"),
            )
        }
        (Wanted::File { len, .. }, Size::Body(size) | Size::Whole(size)) if size >= MIN_LEN => {
            Proof::Perhaps(format!(
                "it was answered with 200 and {size} bytes; the file has {len} now, and may have been changed"
            ))
        }
        _ => Proof::Nothing,
    }
}

fn within_head(size: u64, len: u64) -> bool {
    size.checked_sub(len)
        .is_some_and(|head| HEAD.contains(&head))
}

fn may_be_compressed(target: &Target, size: u64, len: u64) -> bool {
    let is_type = COMPRESSED.iter().any(|end| target.file.ends_with(end));
    is_type && size < len && size * LEAST_SHARE >= len && size >= MIN_LEN
}

fn statuses(asked: &Asked) -> BTreeMap<u16, u64> {
    let mut statuses = BTreeMap::new();
    for (kind, answers) in &asked.kinds {
        *statuses.entry(kind.status).or_default() += answers.count;
    }
    statuses
}

/// All answers that sent something.
#[derive(Default)]
struct Sum {
    times: u64,
    addresses: Addresses,
    first: Option<Moment>,
    last: Option<Moment>,
    best: Option<(u8, String, Sample)>,
}

impl Sum {
    fn add(&mut self, percent: u8, how: String, answers: &Answers) {
        self.times += answers.count;
        self.addresses.merge(&answers.addresses);
        self.first = self.first.into_iter().chain([answers.first.at]).min();
        self.last = self.last.into_iter().chain([answers.last]).max();
        let is_better = match &self.best {
            Some((most, _, sample)) => (percent, &sample.at) > (*most, &answers.first.at),
            None => true,
        };
        if is_better {
            self.best = Some((percent, how, answers.first.clone()));
        }
    }

    fn finish(self, logs: &[String]) -> Option<Fetched> {
        let (percent, how, sample) = self.best?;
        let log = logs.get(sample.log as usize).cloned().unwrap_or_default();
        Some(Fetched {
            first: self.first?,
            last: self.last?,
            times: self.times,
            addresses: self.addresses.len(),
            percent,
            how,
            sample: (log, sample.line, sample.text),
        })
    }
}
