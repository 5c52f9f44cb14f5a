//! What is no credential although it looks like one, and how random a value is.
//!
//! Every function here looks at one value alone, without the name that it is assigned to (but for
//! [`echoes_name`]) and without the file that it stands in: weighing those is the caller's.

mod alphabet;
mod base62;
mod checksum;
mod chosen;
mod echo;
mod entropy;
mod hashed;
mod known;
mod placeholder;
mod randomness;

pub use checksum::checksum;
pub use chosen::is_chosen;
pub use echo::echoes_name;
pub use entropy::{classes, entropy};
pub use hashed::looks_hashed;
pub use known::known_example;
pub use placeholder::{Placeholder, placeholder};
pub use randomness::{is_random, randomness};
