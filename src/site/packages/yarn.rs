//! `yarn.lock`, of Yarn 1 and of the later ones ("berry"). Neither says what is for development.

use super::yaml::unquoted;
use super::{Ecosystem, Package, ReadError};

/// Reads a lock file.
///
/// A package is a line at the margin, with what it satisfies, and indented lines. Yarn 1 writes `version "1.0.0"`;
/// the later ones write YAML, with the true name and version in `resolution: "name@npm:1.0.0"`.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let mut found: Vec<Package> = Vec::new();
    let mut head: Option<(u32, String)> = None;
    for (number, raw) in (1..).zip(text.lines()) {
        if raw.starts_with("<<<<<<<") || raw.starts_with(">>>>>>>") {
            return Err(ReadError::new(
                file,
                number,
                "a merge conflict stands in it",
            ));
        }
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !raw.starts_with([' ', '\t']) {
            head = line
                .strip_suffix(':')
                .and_then(name_in)
                .map(|name| (number, name));
            continue;
        }
        // Deeper lines belong to the lists of dependencies.
        if raw.starts_with("   ") {
            continue;
        }
        let Some((number, name)) = &mut head else {
            continue;
        };
        if let Some(version) = field(line, "version") {
            found.push(Package {
                ecosystem: Ecosystem::Npm,
                name: name.clone(),
                version,
                is_dev: false,
                file: file.to_owned(),
                line: *number,
            });
        } else if let Some(resolution) = field(line, "resolution") {
            correct(&mut found, *number, &resolution);
        }
    }
    Ok(found)
}

/// `version "1"`, `version: 1`.
fn field(line: &str, name: &str) -> Option<String> {
    let rest = line.strip_prefix(name)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    rest.starts_with(' ').then(|| unquoted(rest))
}

/// The name in the first of `a@^1, "@b/c@^2"`. An alias is `alias@npm:name@^1`.
fn name_in(head: &str) -> Option<String> {
    let first = unquoted(
        head.split(", ")
            .next()?
            .trim_start_matches('"')
            .trim_end_matches('"'),
    );
    let (name, range) = name_and_rest(&first)?;
    let target = range.strip_prefix("npm:").and_then(name_and_rest);
    Some(target.map_or(name, |(name, _)| name).to_owned())
}

fn name_and_rest(text: &str) -> Option<(&str, &str)> {
    let from = usize::from(text.starts_with('@'));
    let at = from + text.get(from..)?.find('@')?;
    (at > 0).then(|| (&text[..at], &text[at + 1..]))
}

/// What a resolution says goes before what the head says; what is not from the registry is the project's own.
fn correct(found: &mut Vec<Package>, number: u32, resolution: &str) {
    let Some(last) = found.last_mut().filter(|package| package.line == number) else {
        return;
    };
    match name_and_rest(resolution) {
        Some((_, rest)) if rest.starts_with("workspace:") => {
            found.pop();
        }
        Some((name, _)) => name.clone_into(&mut last.name),
        None => {}
    }
}
