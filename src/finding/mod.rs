//! The nouns that every room shares. This room imports no other.

mod commits;
mod credential;
mod decoder;
mod exposure;
mod fingerprint;
mod level;
mod line_hash;
mod location;
mod moment;
mod redact;
mod secret;
mod suppression;
mod unasked;

pub use commits::{Commit, Commits};
pub use credential::{Attribute, Excerpt, Finding, GitState, Occurrence};
pub use decoder::Decoder;
pub use exposure::{Exposure, Reach, Reason, Way};
pub use fingerprint::{Fingerprint, FingerprintKey, hex};
pub use level::{Confidence, ParseLevelError, Severity};
pub use line_hash::{Visit, line_hashes};
pub use location::{Location, Position};
pub use moment::{Moment, ParseMomentError};
pub use redact::{Redactor, RedactorError};
pub use secret::Secret;
pub use suppression::{Suppression, Suppressor};
pub use unasked::without_keys;
