//! `.spillcheckignore`: what is found, and is not to be counted, by fingerprint or by rule and path, each with a reason.

use std::fmt;

use globset::{Glob, GlobMatcher};

use crate::finding::{Suppression, Suppressor};
use crate::input::PathGlobs;

/// The name of the file.
pub const IGNORE_FILE: &str = ".spillcheckignore";
/// So many characters of a line are shown in an error.
const MAX_SHOWN: usize = 80;

/// What a file says.
#[derive(Debug)]
pub struct IgnoreFile {
    /// As reports name it.
    name: String,
    entries: Vec<IgnoreEntry>,
    /// The globs of those entries that have one.
    globs: PathGlobs,
    /// Which entries these are.
    with_glob: Vec<usize>,
}

#[derive(Debug)]
struct IgnoreEntry {
    /// From 1.
    line: usize,
    what: What,
    reason: String,
}

#[derive(Debug)]
enum What {
    /// As reports show it.
    Fingerprint(String),
    /// What this rule or check found in files of the entry's glob.
    Path { rule: Option<GlobMatcher> },
}

/// Something that was found in one place.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'s> {
    /// The rule or check.
    pub rule: &'s str,
    /// As reports show it.
    pub fingerprint: &'s str,
    /// The file, relative to the directory of the ignore file; `outer.zip!inner` in an archive.
    pub path: Option<&'s str>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreError {
    /// From 1.
    pub line: usize,
    /// What is wrong there, and what to do.
    pub what: String,
}

impl fmt::Display for IgnoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for IgnoreError {}

impl IgnoreFile {
    /// Reads a file. `ids` are those of all rules and checks.
    ///
    /// # Errors
    /// The first line that is no entry, has no reason or names no rule.
    pub fn read(name: &str, text: &str, ids: &[&str]) -> Result<Self, IgnoreError> {
        let mut entries = Vec::new();
        let mut globs = Vec::new();
        let mut with_glob = Vec::new();
        let mut above = String::new();
        for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
            let line = line.trim();
            if line.is_empty() {
                above.clear();
                continue;
            }
            if let Some(comment) = line.strip_prefix('#') {
                above = comment.trim_matches(['#', ' ', '\t']).to_owned();
                continue;
            }
            let error = |what: String| IgnoreError { line: number, what };
            let (entry, reason) = line.split_once(" #").unwrap_or((line, ""));
            let entry = entry.trim();
            let reason = match reason.trim() {
                "" => above.as_str(),
                reason => reason,
            };
            if reason.is_empty() {
                return Err(error(format!(
                    "`{}` has no reason; write it behind, as in `tests/ # made up`, or in a comment above",
                    shortened(entry)
                )));
            }
            let (what, glob) = read_entry(entry, ids).map_err(error)?;
            if let Some(glob) = glob {
                globs.push((glob, number));
                with_glob.push(entries.len());
            }
            entries.push(IgnoreEntry {
                line: number,
                what,
                reason: reason.to_owned(),
            });
        }
        let compiled = PathGlobs::new(globs.iter().map(|(glob, _)| *glob));
        let globs = compiled.map_err(|(index, problem)| IgnoreError {
            line: globs.get(index).map_or(1, |(_, line)| *line),
            what: format!("this is no glob: {problem}"),
        })?;
        Ok(Self {
            name: name.to_owned(),
            entries,
            globs,
            with_glob,
        })
    }

    /// The numbers of the entries, from 0, that something falls under.
    pub fn matching(&self, sight: &Sight<'_>) -> Vec<usize> {
        let by_path = sight.path.map(|path| self.globs.of_file(path));
        let by_path: Vec<usize> = by_path.into_iter().flatten().collect();
        let is_meant = |&(index, entry): &(usize, &IgnoreEntry)| match &entry.what {
            What::Fingerprint(fingerprint) => fingerprint == sight.fingerprint,
            What::Path { rule } => {
                let is_there = |glob: &usize| self.with_glob[*glob] == index;
                rule.as_ref().is_none_or(|rule| rule.is_match(sight.rule))
                    && by_path.iter().any(is_there)
            }
        };
        let entries = self.entries.iter().enumerate();
        entries.filter(is_meant).map(|(index, _)| index).collect()
    }

    /// What reports say of an entry.
    pub fn suppression(&self, entry: usize) -> Option<Suppression> {
        let entry = self.entries.get(entry)?;
        let source = format!("{} line {}", self.name, entry.line);
        let suppression = Suppression::new(Suppressor::IgnoreFile, source);
        Some(suppression.because(Some(entry.reason.clone())))
    }

    /// As reports name it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lines of the entries for which this says so.
    pub fn lines(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let entries = self.entries.iter().enumerate();
        let wanted = entries.filter(|(index, _)| wanted(*index));
        wanted.map(|(_, entry)| entry.line).collect()
    }
}

/// An entry, and its glob if it has one.
fn read_entry<'e>(entry: &'e str, ids: &[&str]) -> Result<(What, Option<&'e str>), String> {
    if entry.starts_with('!') {
        return Err(
            "`!` is not known here: what an entry allows no other one takes back; write narrower entries"
                .to_owned(),
        );
    }
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if entry.len() == 32 && entry.bytes().all(is_digit) {
        return Ok((What::Fingerprint(entry.to_owned()), None));
    }
    let Some((rule, path)) = entry.split_once(':') else {
        return Ok((What::Path { rule: None }, Some(entry)));
    };
    let rule_glob = Glob::new(rule)
        .map_err(|problem| format!("`{}` is no glob of rules: {problem}", shortened(rule)))?
        .compile_matcher();
    if !ids.iter().any(|id| rule_glob.is_match(id)) {
        return Err(format!(
            "no rule or check is named `{}`: `spillcheck rules list` and `spillcheck checks` show them; of a path with a \
             colon write `*:PATH`",
            shortened(rule)
        ));
    }
    if path.is_empty() {
        return Err(format!(
            "there is no path behind `{}:`; `{0}:**` means all files",
            shortened(rule)
        ));
    }
    Ok((
        What::Path {
            rule: Some(rule_glob),
        },
        Some(path),
    ))
}

fn shortened(text: &str) -> String {
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown + "…"
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: &[&str] = &["mailgun-api-key", "ioc-shell"];

    fn read(text: &str) -> Result<IgnoreFile, IgnoreError> {
        IgnoreFile::read(IGNORE_FILE, text, IDS)
    }

    fn lines(text: &str, rule: &str, path: &str) -> Vec<usize> {
        let file = read(text).unwrap();
        let matching = file.matching(&Sight {
            rule,
            fingerprint: "0123456789abcdef0123456789abcdef",
            path: Some(path),
        });
        file.lines(|entry| matching.contains(&entry))
    }

    #[test]
    fn entries_are_paths_rules_with_paths_and_fingerprints() {
        let text = "\
# recorded, with made-up keys
tests/cassettes/
*.snap
mailgun-api-key:docs/*.md # example

ioc-*:** # ours
0123456789abcdef0123456789abcdef # revoked
";
        assert_eq!(lines(text, "x", "tests/cassettes/a/b.yml"), [2, 7]);
        assert_eq!(lines(text, "x", "a/tests/cassettes/b.yml"), [7]);
        assert_eq!(lines(text, "x", "deep/er/a.snap"), [3, 7]);
        assert_eq!(lines(text, "mailgun-api-key", "docs/a.md"), [4, 7]);
        assert_eq!(lines(text, "mailgun-api-key", "docs/a/a.md"), [7]);
        assert_eq!(lines(text, "x", "docs/a.md"), [7]);
        assert_eq!(lines(text, "ioc-shell", "a/b"), [6, 7]);
        let reason = read(text).unwrap().suppression(0).unwrap().words();
        assert_eq!(
            reason,
            "ignore-file, .spillcheckignore line 2: recorded, with made-up keys"
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        for (text, line, what) in [
            ("a.txt\n", 1, "no reason"),
            ("# why\n\na.txt\n", 3, "no reason"),
            ("a # b\n!c # d\n", 2, "`!`"),
            ("nope:a # b\n", 1, "no rule or check"),
            ("ioc-shell: # b\n", 1, "`ioc-shell:**`"),
            ("# x\n\na[ # b\n", 3, "no glob"),
            ("\r\na # b\r\n[:a # b\r\n", 3, "no glob of rules"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}");
            assert!(error.what.contains(what), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_path_in_an_archive_falls_under_the_archive_as_well() {
        let text = "backups/ # old\n*.zip # built\n**/.env # inside\n";
        assert_eq!(lines(text, "x", "backups/a.tar!b/.env"), [1, 3]);
        assert_eq!(lines(text, "x", "a.zip!b/c"), [2]);
    }
}
