//! What to look for: rules are data, read from TOML, checked, and compiled into what `detect` runs.

mod bounded;
mod check;
pub mod compile;
mod error;
pub mod gitleaks;
pub mod model;
mod names;
mod pack;
mod packed;
mod read;
mod relaxed;
mod runs;
pub mod template;
mod texts;
mod words;

pub use bounded::read_bounded;
pub use error::{Place, RuleError};
pub use model::{Rule, RuleFile};
pub use pack::{builtin, load_dir};
