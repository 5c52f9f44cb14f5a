//! `Gemfile.lock`, which Bundler writes, and the groups of the `Gemfile` beside it.

use std::collections::BTreeSet;

use super::{Ecosystem, Package, ReadError};

/// Reads a lock file: <https://bundler.io/guides/gemfile.html>. A gem stands four spaces deep below `specs:`, what
/// it needs deeper. The file does not say what is for development; see [`for_development`].
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let mut found = Vec::new();
    let mut is_in_specs = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>") {
            return Err(ReadError::new(
                file,
                number,
                "a merge conflict stands in it",
            ));
        }
        let inside = line.trim_start_matches(' ');
        match line.len() - inside.len() {
            0 => is_in_specs = false,
            2 => is_in_specs = inside.trim_end() == "specs:",
            4 if is_in_specs => found.extend(gem(file, number, inside)),
            _ => {}
        }
    }
    Ok(found)
}

/// `nokogiri (1.10.1-x86_64-linux)`; what follows the hyphen is the platform.
fn gem(file: &str, line: u32, text: &str) -> Option<Package> {
    let (name, version) = text.trim_end().strip_suffix(')')?.split_once(" (")?;
    let version = version.split('-').next()?;
    Some(Package {
        ecosystem: Ecosystem::Gem,
        name: name.to_owned(),
        version: version.to_owned(),
        is_dev: false,
        file: file.to_owned(),
        line,
    })
}

/// The gems that a `Gemfile` has in groups for development and tests alone: in a block, or by `group:`.
pub(super) fn for_development(gemfile: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // Of each open block whether it is such a group.
    let mut blocks: Vec<bool> = Vec::new();
    for line in gemfile.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line == "end" {
            blocks.pop();
        } else if line.ends_with(" do") || line.starts_with("if ") || line.starts_with("unless ") {
            let groups = line.strip_prefix("group ");
            blocks.push(groups.is_some_and(|groups| is_development(groups.split(','))));
        } else if let Some(gem) = line.strip_prefix("gem ") {
            let mut parts = gem.split(',').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let own = gem
                .split_once("group:")
                .or_else(|| gem.split_once("groups:"))
                .or_else(|| gem.split_once(":group =>"));
            let is_own = own.is_some_and(|(_, groups)| {
                let groups = groups.trim().trim_start_matches('[');
                is_development(groups.split(']').next().unwrap_or_default().split(','))
            });
            if is_own || blocks.contains(&true) {
                names.insert(name.trim_matches(['"', '\'', '(', ')']).to_owned());
            }
        }
    }
    names
}

/// Whether all groups of a list are for development; what is no symbol ends it.
fn is_development<'g>(groups: impl Iterator<Item = &'g str>) -> bool {
    let groups = groups.map(|group| group.trim().trim_end_matches(" do").trim());
    let mut symbols = groups.map_while(|group| group.strip_prefix(':')).peekable();
    symbols.peek().is_some()
        && symbols.all(|group| matches!(group.trim(), "development" | "test" | "ci"))
}
