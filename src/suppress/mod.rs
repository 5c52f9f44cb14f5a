//! What was found and is not to be counted: a baseline knows it, or an ignore file names it.

mod baseline;
mod ignore;
mod known;
mod split;

pub use baseline::{Baseline, BaselineError, Entry};
pub use ignore::{IGNORE_FILE, IgnoreError, IgnoreFile, Sight};
pub use known::{Known, Things};
pub use split::{Account, Judged, judge_exposures, judge_findings, split};
