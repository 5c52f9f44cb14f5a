//! `spillcheck mailgun` against a stand-in for Mailgun.

#![cfg(feature = "mailgun")]
#![expect(
    clippy::unwrap_used,
    reason = "a test may end where its own preparations fail"
)]

mod changes;
mod interrupted;
mod lists;
#[path = "../mailgun_mock/mod.rs"]
mod mailgun_mock;
mod offline;
mod secrets;
#[path = "../stretches/mod.rs"]
mod stretches;
mod support;
mod terminal;
mod verify;
