//! Any bytes, as any kind of file: no panic, spans in bounds, no overlaps.

#![no_main]

#[path = "../paths.rs"]
mod paths;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spillcheck::detect::{Engine, FileKind};
use spillcheck::rules::{self, compile::RuleSet};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let rules = RuleSet::new(rules::builtin());
    Engine::new(rules).expect("the literals of the built-in rules fit an automaton")
});

fuzz_target!(|data: &[u8]| {
    let [choice, text @ ..] = data else { return };
    let kind = FileKind::of(paths::path_of(*choice), text);
    let part = ENGINE.scan(&kind, text, 0, 0..text.len());
    let mut end = 0;
    for found in ENGINE.conclude(&kind, vec![part]).matches {
        assert!(found.span.start >= end, "{:?} overlaps", found.span);
        assert!(
            found.span.end <= text.len() as u64,
            "{:?} is outside",
            found.span
        );
        end = found.span.end;
    }
});
