//! Mailgun's API: the only room that opens a socket. No scan calls it.
//!
//! What is known of the API, and what is not, stands in `docs/mailgun.md`.

mod answer;
mod client;
mod error;
mod hosts;
mod key;
mod keys;
mod request;
mod verify;
mod when;

pub use answer::{Answer, without_keys};
pub use client::{Client, Watcher};
pub use error::{ApiError, ApiResult};
pub use hosts::{Hosts, Region};
pub use key::{ApiKey, NoKey};
pub use keys::KeyRow;
pub use request::{Form, Method, Request};
pub use verify::{Meaning, Probe, Verdict, Verification, verify};
