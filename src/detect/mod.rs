//! Bytes and compiled rules in, matches out. Pure: no file, no git, no output format.

pub mod decode;
pub mod filter;
pub mod lexer;
pub mod prefilter;
pub mod simd;
