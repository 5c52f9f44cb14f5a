//! Versions as pip compares them: <https://packaging.python.org/en/latest/specifications/version-specifiers/>.

use std::cmp::Ordering;

/// A version; what follows `+` is left out, since no advisory names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    epoch: u64,
    /// Without zeros at the end.
    release: Vec<u64>,
    stage: Stage,
    /// 0 for none, since a version that has one is later.
    post: u64,
    /// The largest number for none, since a version that has one is earlier.
    dev: u64,
}

/// A development version of no stage comes before all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Development,
    Alpha(u64),
    Beta(u64),
    Candidate(u64),
    Release,
}

/// Compares two; nothing, if one of them is no version.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    Some(parse(a)?.cmp(&parse(b)?))
}

fn parse(text: &str) -> Option<Version> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let text = text.split('+').next()?;
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, text)) => (number(epoch)?, text),
        None => (0, text),
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (core, mut rest) = text.split_at(end.unwrap_or(text.len()));
    let mut release: Vec<u64> = Vec::new();
    for part in core.trim_end_matches('.').split('.') {
        release.push(number(part)?);
    }
    while release.len() > 1 && release.last() == Some(&0) {
        release.pop();
    }
    let mut version = Version {
        epoch,
        release,
        stage: Stage::Release,
        post: 0,
        dev: u64::MAX,
    };
    while !rest.is_empty() {
        rest = version.suffix(rest)?;
    }
    if version.dev != u64::MAX && version.stage == Stage::Release && version.post == 0 {
        version.stage = Stage::Development;
    }
    Some(version)
}

impl Version {
    /// Reads `rc1`, `.post2`, `-dev`; gives what follows it.
    fn suffix<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let is_separator = |c: char| matches!(c, '.' | '-' | '_');
        let text = text.trim_start_matches(is_separator);
        let end = text.find(|c: char| !c.is_ascii_alphabetic());
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        let digits = rest.trim_start_matches(is_separator);
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let (digits, after) = digits.split_at(end.unwrap_or(digits.len()));
        let (count, rest) = match number(digits) {
            Some(count) => (count, after),
            None => (0, rest),
        };
        match word {
            "a" | "alpha" => self.stage = Stage::Alpha(count),
            "b" | "beta" => self.stage = Stage::Beta(count),
            "rc" | "c" | "pre" | "preview" => self.stage = Stage::Candidate(count),
            "post" | "rev" | "r" => self.post = count.saturating_add(1),
            // `1.0-1` is `1.0.post1`.
            "" if !digits.is_empty() => self.post = count.saturating_add(1),
            "dev" => self.dev = count,
            _ => return None,
        }
        Some(rest)
    }
}

/// Digits only; larger than any real number is the largest but one.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX).min(u64::MAX - 1))
}
