//! What the built binary does, seen from outside, and what the engine does, seen through its public interface.

#![expect(
    clippy::unwrap_used,
    reason = "a test may end where its own preparations fail"
)]

mod advisories;
mod allowlists;
mod archives;
mod arguments;
mod baseline;
mod configuration;
mod databases;
mod determinism;
mod doctor;
mod engine;
mod exit_codes;
mod exposure;
mod formats;
mod git;
mod hook;
mod hostile_text;
mod hostile_trees;
mod ignores;
mod images;
mod logs;
mod own_rules;
mod positions;
mod push;
mod redaction;
mod respond;
mod rules_commands;
mod site;
mod stories;
#[path = "../stretches/mod.rs"]
mod stretches;
mod support;
mod transcripts;
