//! Any bytes, as any kind of file: no panic, spans in bounds, no overlaps.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spillcheck::detect::{Engine, FileKind};
use spillcheck::rules::{self, compile::RuleSet};

const PATHS: [&str; 8] =
    [".env", "a.php", "a.yml", "a.json", "a.sql", ".htaccess", "a.js", "notes.txt"];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let rules = rules::builtin().into_iter().flat_map(|file| file.rules);
    let rules = RuleSet::new(rules).expect("the built-in rules are well-formed");
    Engine::new(rules).expect("the built-in literals are long enough")
});

fuzz_target!(|data: &[u8]| {
    let Some((&kind, text)) = data.split_first() else { return };
    let kind = FileKind::of(PATHS[usize::from(kind) % PATHS.len()], text);
    let part = ENGINE.scan(kind, text, 0, 0..text.len());
    let found = ENGINE.conclude("", kind, vec![part]);
    let mut end = 0;
    for found in &found.matches {
        assert!(found.span.start >= end && found.span.end <= text.len() as u64);
        end = found.span.end;
    }
});
