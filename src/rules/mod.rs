//! What to look for: rules are data, read from TOML, checked, and compiled into what `detect` runs.

mod check;
pub mod error;
pub mod model;
pub mod pack;
pub mod read;
pub mod template;

pub use error::RuleError;
pub use model::{Rule, RuleFile};
pub use pack::{builtin, load_dir};
