//! Clients that work through a list of known places: a line for each instead of hundreds.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::finding::Moment;

use super::answers::hash;
use super::probe::Kinds;

/// Requests this many seconds apart belong together.
const WINDOW: i64 = 600;
/// Who looks for so many kinds of things in one stretch is no lost visitor.
const MIN_KINDS: u32 = 5;
/// Or who asks for so many environment files.
const MIN_ENV_PATHS: usize = 10;
/// So many stretches are kept apart.
const MAX_STRETCHES: usize = 50_000;

/// What clients looked for, by a hash of client and stretch of time.
#[derive(Debug, Default)]
pub(super) struct Sessions(HashMap<u64, Kept>);

#[derive(Debug)]
struct Kept {
    client: String,
    window: i64,
    stretch: Stretch,
}

#[derive(Debug, Clone, Default)]
struct Stretch {
    kinds: Kinds,
    env_paths: BTreeSet<u64>,
    requests: u64,
    successes: u64,
    from: Option<Moment>,
    to: Option<Moment>,
}

/// A request for a known place.
pub(super) struct Probe<'p> {
    pub(super) at: Moment,
    pub(super) client: &'p str,
    pub(super) kinds: Kinds,
    /// A hash of its path.
    pub(super) path: u64,
    /// Whether something was sent.
    pub(super) is_success: bool,
}

/// A client that worked through a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its address.
    pub client: String,
    /// The first such request.
    pub from: Moment,
    /// The last one.
    pub to: Moment,
    /// How many there were.
    pub requests: u64,
    /// How many of them were answered with something.
    pub successes: u64,
    /// What it looked for, in words.
    pub kinds: String,
}

impl Stretch {
    fn add(&mut self, probe: &Probe<'_>) {
        self.kinds.0 |= probe.kinds.0;
        if probe.kinds.is_env() && self.env_paths.len() < MIN_ENV_PATHS {
            self.env_paths.insert(probe.path);
        }
        self.requests += 1;
        self.successes += u64::from(probe.is_success);
        self.from = self.from.into_iter().chain([probe.at]).min();
        self.to = self.to.into_iter().chain([probe.at]).max();
    }

    fn merge(&mut self, other: &Self) {
        self.kinds.0 |= other.kinds.0;
        let room = MIN_ENV_PATHS.saturating_sub(self.env_paths.len());
        self.env_paths
            .extend(other.env_paths.iter().copied().take(room));
        self.requests += other.requests;
        self.successes += other.successes;
        self.from = self.from.into_iter().chain(other.from).min();
        self.to = self.to.into_iter().chain(other.to).max();
    }

    fn is_harvest(&self) -> bool {
        self.kinds.count() >= MIN_KINDS || self.env_paths.len() >= MIN_ENV_PATHS
    }
}

impl Sessions {
    pub(super) fn add(&mut self, probe: &Probe<'_>) {
        let window = probe.at.0.div_euclid(WINDOW);
        let key = hash(&(probe.client, window));
        let is_full = self.0.len() >= MAX_STRETCHES;
        let kept = match self.0.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(_) if is_full => return,
            Entry::Vacant(entry) => entry.insert(Kept {
                client: probe.client.to_owned(),
                window,
                stretch: Stretch::default(),
            }),
        };
        kept.stretch.add(probe);
    }

    pub(super) fn merge(&mut self, other: Self) {
        #[expect(
            clippy::iter_over_hash_type,
            reason = "each goes to its own place, in whatever order"
        )]
        for (key, kept) in other.0 {
            match self.0.entry(key) {
                Entry::Occupied(mut entry) => entry.get_mut().stretch.merge(&kept.stretch),
                Entry::Vacant(entry) => {
                    entry.insert(kept);
                }
            }
        }
    }

    /// Those that are no visits, the longest lists first.
    pub(super) fn finish(self) -> Vec<Session> {
        let mut all: Vec<Kept> = self.0.into_values().collect();
        all.sort_by(|a, b| (&a.client, a.window).cmp(&(&b.client, b.window)));
        let mut found = Vec::new();
        let mut current: Option<((String, i64), Stretch)> = None;
        for Kept {
            client,
            window,
            stretch,
        } in all
        {
            match &mut current {
                Some(((same, last), sum)) if *same == client && window == *last + 1 => {
                    sum.merge(&stretch);
                    *last = window;
                }
                _ => found.extend(
                    current
                        .replace(((client, window), stretch))
                        .and_then(session),
                ),
            }
        }
        found.extend(current.and_then(session));
        found.sort_by(|a, b| (b.requests, a.from, &a.client).cmp(&(a.requests, b.from, &b.client)));
        found
    }
}

fn session(((client, _), stretch): ((String, i64), Stretch)) -> Option<Session> {
    if !stretch.is_harvest() {
        return None;
    }
    Some(Session {
        client,
        from: stretch.from?,
        to: stretch.to?,
        requests: stretch.requests,
        successes: stretch.successes,
        kinds: stretch.kinds.to_string(),
    })
}

impl std::fmt::Display for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            client,
            from,
            to,
            requests,
            successes,
            kinds,
        } = self;
        write!(
            f,
            "{client} asked {requests} times for {kinds} between {from} and {to}; {successes} of these requests were \
             answered with success"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(probes: &[(i64, &str, u16, u64)]) -> Vec<Session> {
        let mut sessions = [Sessions::default(), Sessions::default()];
        for (at, (seconds, client, kind, path)) in probes.iter().enumerate() {
            sessions[at % 2].add(&Probe {
                at: Moment(*seconds),
                client,
                kinds: Kinds(1 << kind),
                path: *path,
                is_success: *path == 3,
            });
        }
        let [mut one, other] = sessions;
        one.merge(other);
        one.finish()
    }

    #[test]
    fn lists_are_sessions_and_single_requests_are_none() {
        let many: Vec<_> = (0..10)
            .map(|path| (590 + path as i64, "a", 0, path))
            .collect();
        let found = of(&many);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].requests, found[0].successes), (10, 1));
        assert_eq!((found[0].from, found[0].to), (Moment(590), Moment(599)));
        let kinds: Vec<_> = (0..5)
            .map(|kind| (i64::from(kind) * 60, "a", kind, 0))
            .collect();
        assert_eq!(of(&kinds).len(), 1);
        assert_eq!(of(&kinds[..4]), []);
        assert_eq!(of(&many[..9]), []);
        let apart: Vec<_> = (0..10)
            .map(|path| (path as i64 * 5000, "a", 0, path))
            .collect();
        assert_eq!(of(&apart), []);
    }
}
