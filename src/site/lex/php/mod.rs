//! PHP: tokens, and what can be read off them without a parse tree.

mod calls;
mod literal;
mod pairs;
mod scan;
mod script;
mod strings;
#[cfg(test)]
mod tests;
mod token;

pub use calls::{Call, Callee};
pub use literal::Literal;
pub use pairs::{Define, Entry};
pub use script::{Place, Script};
pub use token::{Kind, Token};
