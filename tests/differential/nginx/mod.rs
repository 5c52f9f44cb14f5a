//! nginx: the evaluator against the real one.

#![allow(clippy::unwrap_used)]

mod compare;
mod fastcgi;
mod given;
mod grammar;
mod server;
mod shrink;
mod tree;
mod truth;

use compare::{Case, Outcome};

use crate::support::{Random, Tally, is_installed, pairs};

/// So many configurations are given to one nginx.
const BATCH: usize = 25;
/// So many URLs are asked of each.
const TARGETS: usize = 25;
/// So many disagreements are made small and shown.
const SHOWN: usize = 12;

fn is_missing() -> bool {
    let is_missing = !is_installed("nginx");
    if is_missing {
        #[allow(clippy::print_stderr)]
        {
            eprintln!("NOT RUN: nginx is not installed");
        }
    }
    is_missing
}

#[test]
#[allow(clippy::print_stderr)]
fn random_configurations_are_answered_as_nginx_answers_them() {
    if is_missing() {
        return;
    }
    let base = tree::Tree::create("random");
    let mut tally = Tally::default();
    let mut shown = 0;
    let mut seed = std::env::var("SPILLCHECK_DIFFERENTIAL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1_u64);
    let mut wrong = String::new();
    while tally.all() < pairs() {
        let mut random = Random::new(seed);
        seed += 1;
        let cases: Vec<Case> = (0..BATCH)
            .map(|number| Case::random(&mut random, number, TARGETS))
            .collect();
        let left = (pairs() - tally.all()).div_ceil(TARGETS);
        let cases = &cases[..left.min(cases.len())];
        for (case, outcomes) in compare::batch(&base, cases) {
            let mut is_shown = false;
            for (index, outcome) in outcomes.into_iter().enumerate() {
                match outcome {
                    Outcome::Same => tally.same += 1,
                    Outcome::Unknown => tally.unknown += 1,
                    Outcome::Different(what) => {
                        tally.different += 1;
                        if shown < SHOWN && !is_shown {
                            is_shown = true;
                            shown += 1;
                            wrong += &shrink::shrink(&base, case, index, &what);
                        }
                    }
                }
            }
        }
    }
    eprintln!("nginx: {tally}\n{wrong}");
    assert!(tally.agreement() >= 99.5, "{tally}\n{wrong}");
    assert!(tally.unknown() < 3.0, "{tally}");
}
