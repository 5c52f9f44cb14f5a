//! What the evaluators say of a configuration, and what the real servers answer, on random configurations and URLs.
//!
//! A server that is not installed is not asked, and the test says so. `SPILLCHECK_DIFFERENTIAL_PAIRS` sets how many
//! pairs of a configuration and a URL are tried.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod apache;
mod http;
mod nginx;
mod others;
mod support;
