//! JavaScript and TypeScript, as far as it takes to see which function is called with what.
//!
//! Strings, templates, regular expressions and comments are told apart as the language does it. JSX is tolerated: its
//! text is read as code, which may spoil a line. Everything is linear in the length of the text, and nothing recurses
//! without a limit.

mod bindings;
mod calls;
mod decode;
mod objects;

mod scan;
mod script;
#[cfg(test)]
mod tests;

mod values;

pub use super::place::{Base, Place};
pub use super::token::{Kind, Token};
pub use super::tokens::Expr;
pub use bindings::Import;
pub use calls::Call;
pub(super) use decode::unescape;
pub use objects::Entry;
pub use script::Script;
