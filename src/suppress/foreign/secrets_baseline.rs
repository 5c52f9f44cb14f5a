//! `.secrets.baseline` of detect-secrets: files, kinds and SHA-1 hashes of what was found,
//! <https://github.com/Yelp/detect-secrets#usage>. Lines move, so they do not count, as they do not there.

use std::collections::{BTreeMap, HashMap};

use regex_automata::meta::Regex;
use serde::Deserialize;
use sha1::{Digest as _, Sha1};

use crate::finding::hex;

use super::{ForeignSight, compiled, counted, line};

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct SecretsBaseline {
    /// By path and hash, what detect-secrets took it for.
    known: HashMap<(String, String), String>,
    /// What its filters leave out.
    left_out: Vec<(Filtered, Regex)>,
}

/// What the expression of a filter is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filtered {
    File,
    Line,
    Secret,
}

#[derive(Deserialize)]
struct Written {
    results: BTreeMap<String, Vec<Found>>,
    #[serde(default)]
    filters_used: Vec<Filter>,
    /// Of old versions.
    #[serde(default)]
    exclude: Exclude,
    /// Of old versions, patterns beside the plugins' own.
    #[serde(default)]
    custom_plugin_paths: Vec<String>,
    #[serde(default)]
    word_list: WordList,
}

#[derive(Deserialize)]
struct Filter {
    path: String,
    #[serde(default)]
    pattern: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Exclude {
    #[serde(default)]
    files: Option<String>,
    #[serde(default)]
    lines: Option<String>,
}

#[derive(Default, Deserialize)]
struct WordList {
    #[serde(default)]
    file: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "type")]
    kind: String,
    hashed_secret: String,
    /// What a person said of it in `detect-secrets audit`.
    #[serde(default)]
    is_secret: Option<bool>,
}

impl SecretsBaseline {
    pub(super) fn read(text: &str, unheard: &mut Vec<String>) -> Result<Self, String> {
        let written: Written = serde_json::from_str(text)
            .map_err(|error| format!("this is no baseline of detect-secrets: {error}"))?;
        let mut baseline = Self::default();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (path, all) in written.results {
            let path = path.trim_start_matches("./").replace('\\', "/");
            for found in all {
                let hash = found.hashed_secret.to_ascii_lowercase();
                if hash.len() != 40 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    *counts.entry("without a SHA-1 hash").or_default() += 1;
                } else if found.is_secret == Some(true) {
                    *counts
                        .entry("that an audit calls real secrets")
                        .or_default() += 1;
                } else {
                    baseline.known.insert((path.clone(), hash), found.kind);
                }
            }
        }
        baseline.filter(&written.filters_used, unheard);
        let files = written.exclude.files.into_iter();
        let lines = written.exclude.lines.into_iter();
        baseline.leave_out(Filtered::File, &files.collect::<Vec<_>>(), unheard);
        baseline.leave_out(Filtered::Line, &lines.collect::<Vec<_>>(), unheard);
        if !counts.is_empty() {
            unheard.push(format!(
                "entries that are not honoured: {}",
                counted(&counts)
            ));
        }
        if written.word_list.file.is_some() {
            unheard.push("its word list is not honoured".to_owned());
        }
        if !written.custom_plugin_paths.is_empty() {
            unheard.push("its custom plugins are not known here".to_owned());
        }
        Ok(baseline)
    }

    /// Those filters that a user gives expressions to.
    fn filter(&mut self, filters: &[Filter], unheard: &mut Vec<String>) {
        for filter in filters.iter().filter(|filter| !filter.pattern.is_empty()) {
            let name = filter.path.rsplit('.').next().unwrap_or_default();
            let what = match name {
                "should_exclude_file" => Filtered::File,
                "should_exclude_line" => Filtered::Line,
                "should_exclude_secret" => Filtered::Secret,
                _ => {
                    unheard.push(format!("its filter {name} is not known here"));
                    continue;
                }
            };
            self.leave_out(what, &filter.pattern, unheard);
        }
    }

    fn leave_out(&mut self, what: Filtered, patterns: &[String], unheard: &mut Vec<String>) {
        let expressions = compiled(patterns, unheard).into_iter();
        self.left_out.extend(expressions.map(|regex| (what, regex)));
    }

    fn filtered(&self, sight: &ForeignSight<'_>) -> Option<&'static str> {
        let secret = sight.finding.secret.expose();
        let fits = |(what, regex): &&(Filtered, Regex)| match what {
            Filtered::File => regex.is_match(sight.path),
            Filtered::Line => line(sight).is_some_and(|(line, ..)| regex.is_match(&line)),
            Filtered::Secret => regex.is_match(secret),
        };
        let (what, _) = self.left_out.iter().find(fits)?;
        Some(match what {
            Filtered::File => "filter of files",
            Filtered::Line => "filter of lines",
            Filtered::Secret => "filter of secrets",
        })
    }

    /// What detect-secrets took for this secret in this file, or which filter leaves it out.
    pub(super) fn kind(&self, sight: &ForeignSight<'_>) -> Option<String> {
        if let Some(filter) = self.filtered(sight) {
            return Some(filter.to_owned());
        }
        let secret = sight.finding.secret.expose();
        let is_hash = |(_, hash): &(String, String)| hash.as_bytes() == secret;
        if sight.is_own && self.known.keys().any(is_hash) {
            return Some("hash in itself".to_owned());
        }
        // Of a private key detect-secrets keeps the hash of the header.
        let header = secret
            .starts_with(b"-----")
            .then(|| secret[5..].split(|&byte| byte == b'-').next())
            .flatten();
        let path = sight.path.to_owned();
        let mut hashes = [Some(secret), header].into_iter().flatten().map(hash);
        let kind = hashes.find_map(|hash| self.known.get(&(path.clone(), hash)))?;
        Some(format!("as {kind}"))
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_audit_calls_real_is_not_honoured() {
        let entry = |kind: &str, more: &str| {
            let hash = hash(kind.as_bytes());
            format!(r#"{{"type":"{kind}","hashed_secret":"{hash}","line_number":3{more}}}"#)
        };
        let text = format!(
            r#"{{"version":"1.4.0","plugins_used":[],"results":{{"a/b.py":[{},{}]}}}}"#,
            entry("one", ""),
            entry("two", r#","is_secret":true"#)
        );
        let mut unheard = Vec::new();
        let baseline = SecretsBaseline::read(&text, &mut unheard).unwrap();
        let one = ("a/b.py".to_owned(), hash(b"one"));
        assert_eq!(baseline.known.get(&one).map(String::as_str), Some("one"));
        assert_eq!(baseline.known.len(), 1);
        assert_eq!(
            unheard,
            ["entries that are not honoured: 1 that an audit calls real secrets"]
        );
        assert!(SecretsBaseline::read("{}", &mut Vec::new()).is_err());
    }

    #[test]
    fn filters_that_a_user_gave_expressions_to_are_taken_over_or_told() {
        let text = r#"{"results":{},"exclude":{"files":"^docs/","lines":null},"filters_used":[
            {"path":"detect_secrets.filters.common.is_baseline_file","filename":".secrets.baseline"},
            {"path":"detect_secrets.filters.regex.should_exclude_file","pattern":["tests/.*\\.py"]},
            {"path":"detect_secrets.filters.regex.should_exclude_secret","pattern":["(?=a)b"]},
            {"path":"ours.filters.odd","pattern":["x"]}]}"#;
        let mut unheard = Vec::new();
        let baseline = SecretsBaseline::read(text, &mut unheard).unwrap();
        let what: Vec<Filtered> = baseline.left_out.iter().map(|(what, _)| *what).collect();
        assert_eq!(what, [Filtered::File, Filtered::File]);
        assert_eq!(
            unheard,
            [
                "this expression is not understood: (?=a)b",
                "its filter odd is not known here"
            ]
        );
    }

    #[test]
    fn hashes_are_those_of_sha_1() {
        assert_eq!(hash(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
