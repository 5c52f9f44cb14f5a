//! The file of what was found before: one line for each credential and file, and for each misconfiguration.
//!
//! No secret is in it, only hashes under a key of the file's own, and nothing that changes when lines move: so a
//! finding stays known, and `git merge` joins what two branches added.

use std::collections::BTreeSet;
use std::fmt;

use crate::finding::{Exposure, Fingerprint, FingerprintKey, Secret, hex};

/// The first line.
const HEAD: &str = "# spillcheck baseline 1";
/// For whoever opens the file.
const ABOUT: &str = "\
# What was found here before and does not count: rule, keyed hash, file. `spillcheck baseline audit` shows it.";
const KEY: &str = "key ";
/// Hexadecimal digits of a key and of a hash.
const DIGITS: usize = 32;
/// Separates hashes of misconfigurations from those of secrets.
const EXPOSURE: &str = "exposure";

/// Something that was found before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The file, relative to the directory that was scanned, with forward slashes.
    pub path: String,
    /// The rule or check that found it.
    pub rule: String,
    /// 32 hexadecimal digits, under the key of the file.
    pub hash: String,
}

/// A baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    key: String,
    /// What entries leave out of paths, if the directory that is scanned was named by a whole path.
    pub base: Option<String>,
    /// What was found before.
    pub entries: BTreeSet<Entry>,
}

/// What is wrong with a file that should be a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineError {
    /// From 1.
    pub line: usize,
    /// What is wrong there, and what to do.
    pub what: &'static str,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// An empty one. `key` is to be random.
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            key: hex(&key),
            base: None,
            entries: BTreeSet::new(),
        }
    }

    /// Reads what [`fmt::Display`] wrote, and what git made of it: the order of lines does not matter, nor that some
    /// are there twice.
    ///
    /// # Errors
    /// It is no baseline, or git could not merge it.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let error = |line: usize, what: &'static str| BaselineError { line, what };
        let mut lines = text.lines().map(str::trim_end).zip(1..);
        if lines.next().map(|(line, _)| line) != Some(HEAD) {
            let what = "this is no baseline of this version of spillcheck: its first line has to be `# spillcheck baseline 1`";
            return Err(error(1, what));
        }
        let mut key: Option<&str> = None;
        let mut entries = BTreeSet::new();
        for (line, number) in lines {
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                .iter()
                .any(|mark| line.starts_with(mark))
            {
                let what =
                    "git could not merge this; keep the lines of both sides and delete its marks";
                return Err(error(number, what));
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(digits) = line.strip_prefix(KEY) {
                if !is_hash(digits) {
                    return Err(error(number, "the key has to be 32 hexadecimal digits"));
                }
                if key.is_some_and(|key| key != digits) {
                    let what = "this is a second key: two baselines were put together that were made apart; make one anew with `spillcheck baseline create --force`";
                    return Err(error(number, what));
                }
                key = Some(digits);
                continue;
            }
            let what = "this is no entry; one is a rule, a hash of 32 hexadecimal digits and a file, with a blank between";
            entries.insert(Entry::read(line).ok_or(error(number, what))?);
        }
        let what = "there is no key: a line `key` with 32 hexadecimal digits";
        let key = key.ok_or(error(1, what))?.to_owned();
        Ok(Self {
            key,
            base: None,
            entries,
        })
    }

    /// What entries call a file.
    pub(super) fn name(&self, path: &str) -> String {
        let inside = self.base.as_deref().and_then(|base| {
            let inside = path.strip_prefix(base.trim_end_matches('/'))?;
            inside.strip_prefix('/')
        });
        inside.unwrap_or(path).to_owned()
    }

    fn key(&self) -> FingerprintKey {
        FingerprintKey::new(self.key.as_bytes())
    }

    /// The hash of a secret. The rule is no part of it, so that it stays when another rule takes the secret for its own;
    /// nor are carriage returns, which git puts into keys of several lines on Windows.
    pub(super) fn hash_of_secret(&self, secret: &Secret) -> String {
        let bytes = secret.expose().iter().copied();
        let bytes: Vec<u8> = bytes.filter(|&byte| byte != b'\r').collect();
        Fingerprint::of(&self.key(), "", &Secret::new(bytes)).to_string()
    }

    /// The hash of what an exposure says, without its numbers: those of lines move.
    pub(super) fn hash_of_exposure(&self, exposure: &Exposure) -> String {
        let said: Vec<u8> = exposure
            .message
            .bytes()
            .filter(|byte| !byte.is_ascii_digit())
            .collect();
        Fingerprint::of(&self.key(), EXPOSURE, &Secret::new(said)).to_string()
    }
}

impl Entry {
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, ' ');
        let (rule, hash, path) = (parts.next()?, parts.next()?, parts.next()?);
        let is_entry = !rule.is_empty() && is_hash(hash) && !path.is_empty();
        is_entry.then(|| Self {
            path: unescaped(path),
            rule: rule.to_owned(),
            hash: hash.to_owned(),
        })
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}\n{ABOUT}\n{KEY}{}", self.key)?;
        for entry in &self.entries {
            writeln!(f, "{} {} {}", entry.rule, entry.hash, escaped(&entry.path))?;
        }
        Ok(())
    }
}

fn is_hash(text: &str) -> bool {
    let right = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == DIGITS && text.bytes().all(right)
}

/// A path in one line: as in a URL for what would end the line, start another kind of it, or be lost at its end.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let last = path.len() - path.chars().next_back().map_or(0, char::len_utf8);
    for (at, c) in path.char_indices() {
        if c == '%' || c.is_control() || (c.is_whitespace() && (c != ' ' || at == last)) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn unescaped(path: &str) -> String {
    percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn baseline(paths: &[String]) -> Baseline {
        let mut baseline = Baseline::new([7; 16]);
        for path in paths {
            baseline.entries.insert(Entry {
                path: path.clone(),
                rule: "a-rule".to_owned(),
                hash: "0123456789abcdef".repeat(2),
            });
        }
        baseline
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(paths in prop::collection::vec(".{1,20}", 0..8), crlf: bool) {
            let baseline = baseline(&paths);
            let mut text = baseline.to_string();
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            prop_assert_eq!(Baseline::read(&text), Ok(baseline));
        }

        #[test]
        fn no_text_is_too_odd(text in "(\\PC|\n){0,200}") {
            let _ = Baseline::read(&text);
            let _ = Baseline::read(&format!("{HEAD}\n{text}"));
        }
    }

    #[test]
    fn what_is_none_is_refused_with_its_line() {
        let good = baseline(&["a".to_owned()]).to_string();
        let line = |text: &str| Baseline::read(text).unwrap_err().line;
        assert_eq!(line(""), 1);
        assert_eq!(line("{}"), 1);
        assert_eq!(line(&format!("{HEAD}\n")), 1);
        assert_eq!(line(&format!("{good}a-rule 0123 b\n")), 5);
        assert_eq!(line(&format!("{good}<<<<<<< HEAD\n")), 5);
        assert_eq!(line(&format!("{good}key {}\n", "0".repeat(32))), 5);
        assert_eq!(line(&good.replace("key 07", "key xx")), 3);
    }

    #[test]
    fn hashes_depend_on_the_key_and_not_on_numbers_of_lines() {
        let secret = Secret::new(*b"hunter2");
        let (one, other) = (Baseline::new([1; 16]), Baseline::new([2; 16]));
        assert_ne!(one.hash_of_secret(&secret), other.hash_of_secret(&secret));
        assert_eq!(one.hash_of_secret(&secret), one.hash_of_secret(&secret));
    }
}
