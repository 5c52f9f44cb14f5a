//! Joins what was found: matches of all files become findings with places, excerpts and fingerprints.

mod assemble;
mod collect;
mod edges;
mod excerpt;
mod locate;

pub use assemble::{Allowed, Assembly, Judgement, assemble};
pub use collect::{Collector, FileFindings, LocatedMatch};
