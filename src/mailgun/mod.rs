//! Mailgun's API: the only room that opens a socket. No scan calls it.
//!
//! What is known of the API, and what is not, stands in `docs/mailgun.md`.

mod answer;
mod audit;
mod client;
mod domains;
mod error;
mod hosts;
mod key;
pub mod keys;
mod page;
mod request;
mod sends;
pub mod smtp;
mod users;
mod verify;
mod when;

pub use answer::Answer;
pub use audit::{Audit, Item, audit};
pub use client::{Client, Watcher};
pub use domains::{Domain, domains};
pub use error::{ApiError, ApiResult};
pub use hosts::{Hosts, Region};
pub use key::{ApiKey, NoKey};
pub use keys::{KeyRow, NewKey};
pub use request::{Form, Method, Request};
pub use sends::{SendLog, Sends, sends};
pub use users::{Duty, User, users};
pub use verify::{Meaning, Probe, Verdict, Verification, verify};
