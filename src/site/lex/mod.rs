//! Lexers of the languages that servers and applications are written in: no parse trees, but strings, comments and
//! brackets that are what they are.

pub mod dockerfile;
pub mod js;
pub mod php;
pub mod python;
pub mod xml;
pub mod yaml;
