//! The configuration file.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::finding::{Confidence, Severity};
use crate::rules::read_bounded;

/// The names that a configuration file is looked for under, in this order.
const NAMES: [&str; 2] = ["spillcheck.toml", ".spillcheck.toml"];
/// So many characters of a line are shown.
const MAX_SHOWN: usize = 160;

/// A configuration file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Config {
    /// As `--fail-on`.
    pub(super) fail_on: Option<Severity>,
    /// As `--min-confidence`.
    pub(super) min_confidence: Option<Confidence>,
    /// As `--allowlist`, relative to the configuration file.
    #[serde(default)]
    pub(super) allowlists: Vec<PathBuf>,
    #[serde(default)]
    pub(super) rules: RulesSection,
    #[serde(default)]
    pub(super) checks: ChecksSection,
    #[serde(default, rename = "exclude")]
    pub(super) excludes: Vec<Exclusion>,
    #[serde(default, rename = "allow")]
    pub(super) allowed: Vec<Allowance>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RulesSection {
    /// Rule ids, or globs of them, that are switched off.
    #[serde(default)]
    pub(super) disable: Vec<Spanned<String>>,
    /// Exceptions from `disable`.
    #[serde(default)]
    pub(super) enable: Vec<Spanned<String>>,
    /// Severities by rule id.
    #[serde(default)]
    pub(super) severity: BTreeMap<Spanned<String>, Severity>,
    /// Directories of rule files, relative to the configuration file.
    #[serde(default)]
    pub(super) directories: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ChecksSection {
    /// Check ids, or globs of them, that are switched off.
    #[serde(default)]
    pub(super) disable: Vec<Spanned<String>>,
    /// Exceptions from `disable`.
    #[serde(default)]
    pub(super) enable: Vec<Spanned<String>>,
    /// Severities by check id.
    #[serde(default)]
    pub(super) severity: BTreeMap<Spanned<String>, Severity>,
}

/// A part of the tree that is not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Exclusion {
    /// A glob, relative to the scanned directory.
    pub(super) path: Spanned<String>,
    pub(super) reason: String,
}

/// A value that is no finding: exactly one of `fingerprint` and `sha256`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Allowance {
    pub(super) fingerprint: Option<Spanned<String>>,
    pub(super) sha256: Option<Spanned<String>>,
    pub(super) reason: Spanned<String>,
}

/// A configuration file that was read.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Where it is; `None` when there is none.
    pub(super) path: Option<PathBuf>,
    text: String,
    pub(super) config: Config,
}

/// What is wrong with a configuration file.
#[derive(Debug)]
pub(super) enum ConfigError {
    /// It cannot be read.
    Read(PathBuf, io::Error),
    /// Something in it is wrong; the text shows the line.
    Content(PathBuf, String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => {
                write!(
                    f,
                    "configuration file {} cannot be read: {error}",
                    path.display()
                )
            }
            Self::Content(path, what) => {
                write!(
                    f,
                    "configuration file {}: {}",
                    path.display(),
                    what.trim_end()
                )
            }
        }
    }
}

impl Loaded {
    /// Reads a configuration file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read_bounded(path).map_err(|error| ConfigError::Read(path.to_owned(), error))?;
        let config = toml::from_str(&text).map_err(|error| {
            ConfigError::Content(path.to_owned(), shortened(&error.to_string()))
        })?;
        let loaded = Self {
            path: Some(path.to_owned()),
            text,
            config,
        };
        loaded.check()?;
        Ok(loaded)
    }

    /// Looks for a configuration file in the directory of `start` and above it, up to the root of the
    /// repository; outside of a repository in that directory only.
    pub(super) fn find(start: &Path) -> Result<Self, ConfigError> {
        let start = fs::canonicalize(start).unwrap_or_else(|_| start.to_owned());
        let start = if start.is_dir() {
            start.as_path()
        } else {
            start.parent().unwrap_or(&start)
        };
        let top = start
            .ancestors()
            .find(|dir| dir.join(".git").exists())
            .unwrap_or(start);
        let within = start.ancestors().take_while(|dir| dir.starts_with(top));
        match within
            .flat_map(|dir| NAMES.map(|name| dir.join(name)))
            .find(|path| path.is_file())
        {
            Some(path) if path.is_symlink() => {
                let what = "it is a symbolic link, which is not followed, since it may lead out of \
                            the tree; name its target with --config, or give --isolated";
                Err(ConfigError::Content(path, what.to_owned()))
            }
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    /// The line on which something stands, from 1.
    pub(super) fn line_of<T>(&self, at: &Spanned<T>) -> usize {
        1 + self.text[..at.span().start].matches('\n').count()
    }

    /// An error that shows the line on which something stands.
    pub(super) fn error_at<T>(&self, at: &Spanned<T>, what: &str) -> ConfigError {
        let span = at.span();
        let number = self.line_of(at);
        let start = self.text[..span.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        let gutter = " ".repeat(number.to_string().len());
        let indent = " ".repeat(self.text[start..span.start].chars().count());
        let carets = "^".repeat(self.text[span].chars().count().max(1));
        let column = indent.len() + 1;
        let text = format!(
            "line {number}, column {column}\n{gutter} |\n{number} | {line}\n{gutter} | {indent}{carets}\n{what}"
        );
        ConfigError::Content(self.path.clone().unwrap_or_default(), shortened(&text))
    }

    fn check(&self) -> Result<(), ConfigError> {
        for exclusion in &self.config.excludes {
            if let Err(error) = globset::Glob::new(exclusion.path.get_ref()) {
                return Err(self.error_at(&exclusion.path, &format!("this is no glob: {error}")));
            }
            if exclusion.reason.trim().is_empty() {
                return Err(self.error_at(&exclusion.path, "say in `reason` why it is left out"));
            }
        }
        for allowance in &self.config.allowed {
            match (&allowance.fingerprint, &allowance.sha256) {
                (Some(digits), None) => self.check_digits(digits, 32)?,
                (None, Some(digits)) => self.check_digits(digits, 64)?,
                _ => {
                    let what =
                        "give either `fingerprint` (as reports show it) or `sha256` of the value";
                    return Err(self.error_at(&allowance.reason, what));
                }
            }
            if allowance.reason.get_ref().trim().is_empty() {
                return Err(self.error_at(&allowance.reason, "say why the value is allowed"));
            }
        }
        Ok(())
    }

    fn check_digits(&self, digits: &Spanned<String>, length: usize) -> Result<(), ConfigError> {
        let text = digits.get_ref();
        let right = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == length && text.bytes().all(right) {
            return Ok(());
        }
        Err(self.error_at(
            digits,
            &format!("this has to be {length} lower-case hexadecimal digits"),
        ))
    }
}

/// A message in which no line fills the screen.
fn shortened(message: &str) -> String {
    let shorten = |line: &str| match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    };
    message.lines().map(shorten).collect::<Vec<_>>().join("\n")
}
