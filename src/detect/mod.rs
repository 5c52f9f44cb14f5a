//! Bytes and compiled rules in, matches out. Pure: no file, no git, no output format.

mod beside;
mod candidate;
pub mod decode;
mod engine;
mod examples;
pub mod filter;
mod heard;
pub mod lexer;
mod pass;
mod place;
pub mod prefilter;
mod resolve;
pub mod simd;
mod value;
mod windows;

pub use candidate::{FileKind, Match};
pub use engine::{Engine, FileMatches, Part};
pub use examples::{ExampleFailure, matches, run_examples};
pub use heard::Heard;
