//! Where rules come from: the pack inside the binary, and directories of users' own.

#[cfg(test)]
mod example_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::bounded::read_bounded;
use super::error::RuleError;
use super::model::RuleFile;
use super::read::{Source, read, rule_files};

/// Written by the build script.
static BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));

/// Written by the build script.
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.postcard"));

/// The first words of each name pattern of [`builtin`], or that it has none.
pub(super) fn words_of_names() -> BTreeMap<String, Option<Vec<Vec<u8>>>> {
    postcard::from_bytes(WORDS).expect("the build script wrote the words by the same types")
}

/// The rules that the binary carries, in the order of their files' names. Well below a millisecond.
pub fn builtin() -> Vec<RuleFile> {
    postcard::from_bytes(BUILTIN).expect("the build script wrote the pack by the same model")
}

/// Reads all `*.toml` of a directory (not of those below it) in the order of their names.
/// `extended` are the rules that they are used with, whose ids they must not repeat.
///
/// # Errors
/// Every mistake in every file; a directory that cannot be read or holds no rule file is one.
pub fn load_dir(dir: &Path, extended: &[RuleFile]) -> Result<Vec<RuleFile>, Vec<RuleError>> {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for path in some_rule_files(dir).map_err(|error| vec![error])? {
        match read_bounded(&path) {
            Ok(text) => sources.push(Source {
                name: path.display().to_string(),
                text,
            }),
            Err(error) => errors.push(unreadable(&path, &error)),
        }
    }
    match read(&sources, extended) {
        Ok(files) if errors.is_empty() => Ok(files),
        Ok(_) => Err(errors),
        Err(more) => Err(errors.into_iter().chain(more).collect()),
    }
}

fn some_rule_files(dir: &Path) -> Result<Vec<PathBuf>, RuleError> {
    let paths = rule_files(dir).map_err(|error| unreadable(dir, &error))?;
    if paths.is_empty() {
        return Err(RuleError {
            file: dir.display().to_string(),
            place: None,
            rule: None,
            reason: "the directory holds no rule file".to_owned(),
            help: "name a directory with `*.toml` files in it".to_owned(),
        });
    }
    Ok(paths)
}

fn unreadable(path: &Path, error: &io::Error) -> RuleError {
    RuleError {
        file: path.display().to_string(),
        place: None,
        rule: None,
        reason: format!("it cannot be read: {error}"),
        help: "check the path and its permissions; rule files are UTF-8, of 1 MiB at most"
            .to_owned(),
    }
}
