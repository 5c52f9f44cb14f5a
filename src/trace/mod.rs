//! Joins what was found: matches of all files become findings with places, excerpts and fingerprints.

mod asked;
mod assemble;
mod collect;
mod credentials;
mod edges;
mod excerpt;
mod history;
mod join;
mod locate;
mod marker;
mod observed;
mod ways;

pub use asked::{About, Inquiry};
pub use assemble::{Allowed, AllowedValue, Assembly, Judgement, assemble, sort};
pub use collect::{Collected, Collector, FileFindings, LocatedMatch};
pub use credentials::credentials;
pub use history::{cast, in_history, shadows};
pub use join::join;
pub use observed::{Observed, observe};
pub use ways::Surroundings;
