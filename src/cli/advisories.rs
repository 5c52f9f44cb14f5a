//! Advisories that the user has on disk.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use ignore::WalkBuilder;

use crate::site::Checksums;
use crate::site::advisories::Advisories;

use super::Failure;

/// Files of a database are far shorter.
const MAX_ENTRY: u64 = 1024 * 1024;
/// The whole feed was 123 MB in 2026.
const MAX_FEED: u64 = 1024 * 1024 * 1024;
/// The list of a version is 200 kB.
const MAX_CHECKSUMS: u64 = 16 * 1024 * 1024;
/// Vendors, packages, entries.
const MAX_DEPTH: usize = 6;

#[derive(Debug, Default, Args)]
pub(super) struct AdvisoryArgs {
    /// A checkout of the FriendsOfPHP security advisories, to compare installed PHP packages with
    #[arg(long = "advisories", value_name = "DIR")]
    pub(super) databases: Vec<PathBuf>,
    /// A feed of Wordfence Intelligence (JSON) that you have downloaded, to compare WordPress plugins with
    #[arg(long = "wordfence-feed", value_name = "FILE")]
    pub(super) feeds: Vec<PathBuf>,
    /// The MD5 of each file of your version of WordPress, to find changed ones: what
    /// api.wordpress.org/core/checksums/1.0/?version=… answers, or lines of md5sum
    #[arg(long, value_name = "FILE")]
    pub(super) wordpress_checksums: Option<PathBuf>,
}

impl AdvisoryArgs {
    /// What the user has beside our own table, with notes on what could not be read of it; `None` if that is nothing.
    pub(super) fn load(&self) -> Result<Option<(Advisories, Vec<String>)>, Failure> {
        if self.databases.is_empty() && self.feeds.is_empty() {
            return Ok(None);
        }
        let mut advisories = Advisories::builtin().clone();
        let mut notes = Vec::new();
        for dir in &self.databases {
            let files = entries(dir).map_err(|error| unreadable(dir, &error))?;
            let named = files
                .iter()
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            let before = advisories.len();
            let errors = advisories.add_friends_of_php(named);
            notes.extend(
                errors
                    .iter()
                    .map(|error| format!("not an advisory: {error}")),
            );
            if advisories.len() == before {
                return Err(Failure::usage(format!(
                    "{}: no advisories are there; name a checkout of FriendsOfPHP/security-advisories",
                    dir.display()
                )));
            }
        }
        for feed in &self.feeds {
            let bytes = bounded(feed, MAX_FEED).map_err(|error| unreadable(feed, &error))?;
            let name = feed.display().to_string();
            advisories
                .add_wordfence(&name, &bytes)
                .map_err(Failure::usage)?;
        }
        Ok(Some((advisories, notes)))
    }
}

impl AdvisoryArgs {
    /// What WordPress ships, if the user says it.
    pub(super) fn checksums(&self) -> Result<Option<Checksums>, Failure> {
        let Some(file) = &self.wordpress_checksums else {
            return Ok(None);
        };
        let bytes = bounded(file, MAX_CHECKSUMS).map_err(|error| unreadable(file, &error))?;
        let list = Checksums::read(&file.display().to_string(), &bytes);
        list.map(Some).map_err(Failure::usage)
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{} cannot be read: {error}", path.display()))
}

/// The YAML files of a directory, sorted by name.
fn entries(dir: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    fs::read_dir(dir)?;
    let walk = WalkBuilder::new(dir)
        .standard_filters(false)
        .max_depth(Some(MAX_DEPTH))
        .sort_by_file_name(Ord::cmp)
        .build();
    let mut files = Vec::new();
    for entry in walk.filter_map(Result::ok) {
        let path = entry.path();
        let is_yaml = path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml");
        if is_yaml && entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push((path.display().to_string(), bounded(path, MAX_ENTRY)?));
        }
    }
    Ok(files)
}

/// A whole regular file that is not over long.
fn bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("it is longer than {limit} bytes")));
    }
    Ok(bytes)
}
