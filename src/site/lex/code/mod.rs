//! Python, Ruby, Go, C#, Rust and Java, as far as it takes to see which function is called with what.
//!
//! Strings and comments are told apart as each language does it; of everything else only what the languages have in
//! common is known: names in dots, brackets, and names that are assigned once. Linear in the length of the text, and
//! nothing recurses without a limit.

mod calls;
mod language;
mod paths;
mod scan;
mod script;
mod strings;
#[cfg(test)]
mod tests;
mod values;

pub use calls::{Arg, Call};
pub use language::Language;
pub use script::Code;
