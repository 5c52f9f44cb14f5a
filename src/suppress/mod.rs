//! What was found and is not to be counted: a baseline knows it.

mod baseline;
mod known;
mod split;

pub use baseline::{Baseline, BaselineError, Entry};
pub use known::{Known, Things};
pub use split::{Account, Judged, judge_exposures, judge_findings};
