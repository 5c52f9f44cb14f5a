//! What was found and is not to be counted: a baseline knows it, or an ignore file names it, or a file of another scanner.

mod baseline;
mod foreign;
mod ignore;
mod known;
mod split;

pub use baseline::{Baseline, BaselineError, Entry};
pub use foreign::{Extended, FOREIGN_FILES, Foreign, ForeignSight};
pub use ignore::{IGNORE_FILE, IgnoreError, IgnoreFile, Sight};
pub use known::{Known, Things};
pub use split::{Account, Judged, decide, judge_exposures, judge_findings};
