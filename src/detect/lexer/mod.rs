//! Assignments: which name a value has, in every notation that web applications keep secrets in.
//!
//! There is no grammar of any language here. From a word such as `password` the lexer looks at what stands
//! right after the name, and from a value at what stands right before it.

use std::ops::Range;

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
        !matches!(self, Self::Php | Self::Js | Self::Code | Self::Text)
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
