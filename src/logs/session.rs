//! Clients that work through a list of known places: a line for each instead of hundreds.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Moment;

use super::probe::Kinds;

/// Requests this many seconds apart belong together.
const WINDOW: i64 = 600;
/// Who looks for so many kinds of things in one stretch is no lost visitor.
const MIN_KINDS: u32 = 5;
/// Or who asks for so many environment files.
const MIN_ENV_PATHS: usize = 10;
/// So many stretches are kept apart.
const MAX_STRETCHES: usize = 50_000;

/// What clients looked for, by client and stretch of time.
#[derive(Debug, Default)]
pub(super) struct Sessions(BTreeMap<(String, i64), Stretch>);

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
        let key = (probe.client.to_owned(), probe.at.0.div_euclid(WINDOW));
        if self.0.len() >= MAX_STRETCHES && !self.0.contains_key(&key) {
            return;
        }
        let one = Stretch {
            kinds: probe.kinds,
            env_paths: probe
                .kinds
                .is_env()
                .then_some(probe.path)
                .into_iter()
                .collect(),
            requests: 1,
            successes: u64::from(probe.is_success),
            from: Some(probe.at),
            to: Some(probe.at),
        };
        self.0.entry(key).or_default().merge(&one);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, stretch) in other.0 {
            self.0.entry(key).or_default().merge(&stretch);
        }
    }

    /// Those that are no visits, the longest lists first.
    pub(super) fn finish(self) -> Vec<Session> {
        let mut found = Vec::new();
        let mut current: Option<((String, i64), Stretch)> = None;
        for ((client, window), stretch) in self.0 {
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
