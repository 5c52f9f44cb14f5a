//! Assignments: which name a value has, in every notation that web applications keep secrets in.
//!
//! There is no grammar of any language here. From a word such as `password` the lexer looks at what stands
//! right after the name, and from a value at what stands right before it. Both directions share one
//! definition of every notation: the way back tries the names before a value and keeps the one whose way
//! forward leads to it.
//!
//! No look-up reads further than [`REACH`] bytes to either side, whatever the input is.

mod anchors;
mod assigned;
mod backward;
mod bare;
mod calls;
mod columns;
mod fallback;
mod forward;
mod lines;
mod markup;
mod names;
mod operators;
mod pairs;
mod parents;
mod quotes;
mod source;
mod spaced;
mod syntax;
mod tags;
mod templates;
mod urls;
mod values;
mod wrapped;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use anchors::ANCHORS;
pub use backward::{label_before, name_of};
pub use forward::assignment_at;
pub use names::normalised;
pub use parents::dotted_name;
pub use syntax::syntax_of;
pub use urls::{UserInfo, url_at};

/// How far a look-up goes to either side, in bytes.
pub const REACH: usize = 4096;

/// The notation of a file, as far as assignments are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// `.env` files and shell-like `NAME=value`.
    Env,
    /// INI, `.properties`, TOML, systemd units, php-fpm pools, `.my.cnf`.
    Ini,
    /// YAML.
    Yaml,
    /// JSON and its relatives.
    Json,
    /// XML, HTML, `web.config`, property lists.
    Xml,
    /// PHP source.
    Php,
    /// JavaScript and TypeScript.
    Js,
    /// Other program source: only quoted literals are values.
    Code,
    /// Shell scripts and histories.
    Shell,
    /// Apache configuration and `.htaccess`.
    Apache,
    /// nginx configuration.
    Nginx,
    /// Dockerfile.
    Docker,
    /// SQL dumps.
    Sql,
    /// Line-oriented credential files: `.netrc`, `.msmtprc`, `sasl_passwd`.
    Words,
    /// Anything else: logs, Markdown, plain text.
    Text,
}

impl Syntax {
    /// Whether the file configures something, so that unquoted values and weak passwords count.
    pub fn is_config(self) -> bool {
        !self.is_code() && self != Self::Text
    }

    /// Whether the file is program source, where only quoted literals are values and `.` and `-` end a name.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::Php | Self::Js | Self::Code)
    }
}

/// A name and the literal value that it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The name as written, without quotes or sigils.
    pub name: Range<usize>,
    /// The value as written, without its quotes.
    pub value: Range<usize>,
    /// Whether the value stood in quotes.
    pub quoted: bool,
}
