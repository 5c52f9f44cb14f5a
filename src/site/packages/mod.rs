//! Which packages of which version a tree installs: lock files of PHP, JavaScript, Ruby and Python, build files
//! and jars of Java, modules of Go, projects of .NET, and the headers of WordPress plugins and themes.

mod bun;
mod collect;
mod composer;
mod gemfile;
mod gomod;
mod header;
mod joomla;
pub(crate) mod json;
mod maven;
mod npm;
mod nuget;
mod pnpm;
mod python;
#[cfg(test)]
mod tests;
pub mod version;
mod wordpress;
pub(crate) mod yaml;
mod yarn;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use collect::{Packages, WANTS};

/// More packages than this in one file are not read.
const MAX_PACKAGES: usize = 100_000;

/// Where packages are named and numbered alike.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Ecosystem {
    /// PHP packages of Packagist: `laravel/framework`.
    Composer,
    /// Packages of the npm registry: `next`.
    Npm,
    /// Ruby gems: `actionview`.
    Gem,
    /// Python packages, their names in the normal form: `apache-airflow`.
    Pypi,
    /// Java libraries as Maven Central names them: `org.springframework:spring-beans`; of a jar without the group.
    Maven,
    /// Modules of Go by their path: `github.com/hashicorp/go-retryablehttp`.
    Go,
    /// Packages of NuGet, their names in lower case: `system.data.sqlclient`.
    Nuget,
    /// WordPress itself; its name is `wordpress`.
    WordpressCore,
    /// WordPress plugins by slug: `post-smtp`.
    WordpressPlugin,
    /// WordPress themes by slug.
    WordpressTheme,
    /// Applications that are installed as a whole, as Docker images or from an archive: `joomla`.
    Application,
}

/// One installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Whose name and numbers they are.
    pub ecosystem: Ecosystem,
    /// Its name, in lower case for Composer and WordPress.
    pub name: String,
    /// As the file writes it.
    pub version: String,
    /// Whether the file says that it is for development only. Not every format says so.
    pub is_dev: bool,
    /// The file that says so, as reports name it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadError {
    /// The file, as reports name it.
    pub file: String,
    /// The line, from 1; absent where the file as a whole is meant.
    pub line: Option<u32>,
    /// What is wrong.
    pub reason: String,
}

impl ReadError {
    /// Something is wrong on a line.
    pub(crate) fn new(file: &str, line: u32, reason: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: Some(line),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.escape_debug())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for ReadError {}

/// Reads a lock file, chosen by its name; no packages for a name that is none.
///
/// # Errors
/// The file is not what its name says.
pub fn read_lock(file: &str, bytes: &[u8]) -> Result<Vec<Package>, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let name = file
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut packages = match name.as_str() {
        "composer.lock" => composer::lock(file, text)?,
        "installed.json" => composer::installed(file, text)?,
        "package-lock.json" | "npm-shrinkwrap.json" => npm::read(file, text)?,
        "yarn.lock" => yarn::read(file, text)?,
        "pnpm-lock.yaml" => pnpm::read(file, text)?,
        "bun.lock" => bun::read(file, text)?,
        "gemfile.lock" | "gems.locked" => gemfile::read(file, text)?,
        "poetry.lock" | "uv.lock" | "pdm.lock" => python::tables(file, text),
        "pipfile.lock" => python::pipfile(file, text)?,
        "go.mod" => gomod::read(file, text),
        name if nuget::is_one(name) => nuget::read(file, text)?,
        _ if python::is_requirements(file) => python::requirements(file, text),
        _ => Vec::new(),
    };
    packages.truncate(MAX_PACKAGES);
    Ok(packages)
}
