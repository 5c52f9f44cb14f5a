//! What the tests of all servers need.

use std::env;
use std::fmt;
use std::process::{Command, Stdio};

/// So many pairs are tried unless the environment says otherwise.
const PAIRS: usize = 2_000;

/// How many pairs of a configuration and a URL to try.
pub(crate) fn pairs() -> usize {
    let amount = env::var("SPILLCHECK_DIFFERENTIAL_PAIRS").ok();
    amount
        .and_then(|amount| amount.parse().ok())
        .unwrap_or(PAIRS)
}

/// Whether a program can be started.
pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("-v")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The same numbers each time: <https://prng.di.unimi.it/splitmix64.c>.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    /// From 0 to `end`, without it.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    /// In so many of a hundred cases.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// How often evaluator and server agreed.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) same: usize,
    pub(crate) different: usize,
    pub(crate) unknown: usize,
}

impl Tally {
    pub(crate) fn all(&self) -> usize {
        self.same + self.different + self.unknown
    }

    /// Of those that were decided, how many of a hundred agreed.
    pub(crate) fn agreement(&self) -> f64 {
        share(self.same, self.same + self.different)
    }

    /// How many of a hundred were not decided.
    pub(crate) fn unknown(&self) -> f64 {
        share(self.unknown, self.all())
    }
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{} pairs: {} agree, {} differ ({:.3} % of the decided agree), {} unknown ({:.2} %)",
            self.all(),
            self.same,
            self.different,
            self.agreement(),
            self.unknown,
            self.unknown()
        )
    }
}

#[test]
fn numbers_repeat_and_shares_add_up() {
    let (mut one, mut other) = (Random::new(7), Random::new(7));
    assert_eq!(one.next(), other.next());
    let mut random = Random::new(1);
    assert_eq!(random.of(&["a"]), "a");
    assert!(random.percent(100) && !random.percent(0));
    let tally = Tally {
        same: 3,
        different: 1,
        unknown: 4,
    };
    assert!(
        tally
            .to_string()
            .starts_with("8 pairs: 3 agree, 1 differ (75.000 %")
    );
    assert!(pairs() > 0 && is_installed("cargo") && !is_installed("no-such-program"));
}
