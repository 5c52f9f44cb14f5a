//! Lexers of the languages that servers and applications are written in: no parse trees, but strings, comments and
//! brackets that are what they are.

pub mod code;
pub mod dockerfile;
pub mod js;
pub mod php;
mod place;
pub mod python;
mod token;
mod tokens;
mod value;
pub mod xml;
pub mod yaml;
