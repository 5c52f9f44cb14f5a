//! What to look for: rules are data, read from TOML, checked, and compiled into what `detect` runs.

pub mod model;
pub mod template;

pub use model::{Rule, RuleFile};
