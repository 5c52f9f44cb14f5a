//! The database of FriendsOfPHP: one YAML file for each advisory.

use crate::finding::Severity;
use crate::site::packages::version::Range;
use crate::site::packages::yaml::{self, Line};
use crate::site::packages::{Ecosystem, ReadError};

use super::Advisory;

/// A longer file is none of theirs.
const MAX_BYTES: usize = 64 * 1024;

/// Reads one file: `title`, `link`, `cve`, `branches` with their `versions`, `reference`. All comparisons of a branch
/// hold together; one branch has to hold.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Advisory, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError {
            file: file.to_owned(),
            line: None,
            reason: "it is too long for an advisory".to_owned(),
        });
    }
    let text = String::from_utf8_lossy(bytes);
    let mut reading = Reading::default();
    for line in yaml::lines(&text) {
        reading.line(file, &line)?;
    }
    reading.close(file)?;
    reading.finish(file)
}

#[derive(Default)]
struct Reading {
    title: Option<String>,
    link: Option<String>,
    cve: Option<String>,
    reference: Option<(String, u32)>,
    affected: Vec<Range>,
    /// A list of versions that goes on over several lines: its first line, its indentation and its items.
    open: Option<(u32, usize, Vec<String>)>,
    is_in_branches: bool,
}

impl Reading {
    fn line(&mut self, file: &str, line: &Line) -> Result<(), ReadError> {
        if let Some((_, indent, items)) = &mut self.open {
            if line.key == "-" && line.indent >= *indent {
                items.push(yaml::unquoted(&line.value));
                return Ok(());
            }
            self.close(file)?;
        }
        if line.indent == 0 {
            self.is_in_branches = line.key == "branches";
            self.top(line);
        } else if self.is_in_branches && line.key == "versions" {
            match flow(&line.value) {
                Some(items) => self.range(file, line.number, &items)?,
                None if line.value.is_empty() => {
                    self.open = Some((line.number, line.indent, Vec::new()));
                }
                None => return Err(ReadError::new(file, line.number, "`versions` is no list")),
            }
        }
        Ok(())
    }

    fn top(&mut self, line: &Line) {
        let value = yaml::unquoted(&line.value);
        if matches!(value.as_str(), "" | "~" | "null") {
            return;
        }
        match line.key.as_str() {
            "title" => self.title = Some(value),
            "link" => self.link = Some(value),
            "cve" => self.cve = Some(value),
            "reference" => self.reference = Some((value, line.number)),
            _ => {}
        }
    }

    fn close(&mut self, file: &str) -> Result<(), ReadError> {
        match self.open.take() {
            Some((number, _, items)) => self.range(file, number, &items),
            None => Ok(()),
        }
    }

    fn range(&mut self, file: &str, number: u32, items: &[String]) -> Result<(), ReadError> {
        let range = Range::of(items.iter().map(String::as_str));
        self.affected
            .push(range.map_err(|error| ReadError::new(file, number, error.to_string()))?);
        Ok(())
    }

    fn finish(self, file: &str) -> Result<Advisory, ReadError> {
        let whole = |reason: &str| ReadError {
            file: file.to_owned(),
            line: None,
            reason: reason.to_owned(),
        };
        let (reference, number) = self
            .reference
            .ok_or_else(|| whole("it has no `reference`"))?;
        let package = reference.strip_prefix("composer://").ok_or_else(|| {
            ReadError::new(
                file,
                number,
                "`reference` does not start with `composer://`",
            )
        })?;
        let stem = file.rsplit('/').next().unwrap_or(file);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        if self.affected.is_empty() {
            return Err(whole("it has no `versions`"));
        }
        Ok(Advisory {
            id: self.cve.unwrap_or_else(|| format!("{package}/{stem}")),
            title: self.title.ok_or_else(|| whole("it has no `title`"))?,
            ecosystem: Ecosystem::Composer,
            package: package.to_ascii_lowercase(),
            affected: self.affected,
            leaks: None,
            // They do not say how bad it is.
            severity: Severity::Medium,
            needs: None,
            condition: None,
            is_exploited: false,
            references: self.link.into_iter().collect(),
            images: Vec::new(),
            notice: None,
            is_builtin: false,
        })
    }
}

/// The items of `[a, 'b, c']`; `None` if the bracket does not close, as in a list of several lines.
fn flow(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?.trim_start();
    let mut items = Vec::new();
    while !rest.starts_with(']') {
        let first = rest.chars().next()?;
        let end = match first {
            '\'' | '"' => 2 + yaml::closing(&rest[1..], first)?,
            _ => rest.find([',', ']'])?,
        };
        items.push(yaml::unquoted(&rest[..end]));
        rest = rest[end..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        if !rest.starts_with(']') && rest.is_empty() {
            return None;
        }
    }
    Some(items)
}
