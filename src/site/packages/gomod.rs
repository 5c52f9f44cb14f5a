//! `go.mod`, which names every module that a program of Go is built with.

use std::collections::BTreeMap;

use super::{Ecosystem, Package};

/// Reads it: <https://go.dev/ref/mod#go-mod-file>. Since Go 1.17 it names the indirect ones as well. A module that is
/// replaced by a directory is not known any more.
pub(super) fn read(file: &str, text: &str) -> Vec<Package> {
    let mut found = Vec::new();
    let mut replaced: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut block = "";
    for (line, written) in (1..).zip(text.lines()) {
        let written = written.split("//").next().unwrap_or_default().trim();
        if written == ")" {
            block = "";
            continue;
        }
        if let Some(verb) = written.strip_suffix('(') {
            block = verb.trim();
            continue;
        }
        let (verb, rest) = match block {
            "" => written.split_once(char::is_whitespace).unwrap_or_default(),
            block => (block, written),
        };
        match verb {
            "require" => found.extend(module(file, line, rest)),
            "replace" => replaced.extend(replacement(rest)),
            _ => {}
        }
    }
    found.retain_mut(|package| match replaced.get(package.name.as_str()) {
        Some(Some(version)) => {
            (*version).clone_into(&mut package.version);
            true
        }
        Some(None) => false,
        None => true,
    });
    found
}

/// `github.com/a/b v1.2.3`.
fn module(file: &str, line: u32, written: &str) -> Option<Package> {
    let (name, version) = written.split_once(char::is_whitespace)?;
    let version = version.trim().strip_prefix('v')?;
    Some(Package {
        ecosystem: Ecosystem::Go,
        name: name.trim_matches('"').to_owned(),
        version: version.trim_end_matches("+incompatible").to_owned(),
        is_dev: false,
        file: file.to_owned(),
        line,
    })
}

/// `a v1.0.0 => a v1.2.3`, `a => ../a`: the module, and its version, if it is still the same module.
fn replacement(written: &str) -> Option<(&str, Option<&str>)> {
    let (old, new) = written.split_once("=>")?;
    let old = old.split_whitespace().next()?;
    let mut new = new.split_whitespace();
    let same = new.next()? == old;
    let version = new.next().and_then(|version| version.strip_prefix('v'));
    Some((old, version.filter(|_| same)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_those_that_are_built_with() {
        let text = "module example.net/shop\n\ngo 1.22\n\nrequire github.com/a/one v1.2.3\n\nrequire (\n\tgithub.com/b/two/v2 v2.0.1 // indirect\n\t// github.com/c/three v1.0.0\n\tgithub.com/d/four v0.7.6\n\tgithub.com/e/five v1.0.0\n\tgithub.com/f/six v3.0.0+incompatible\n)\n\nreplace github.com/d/four => github.com/d/four v0.7.7\n\nreplace (\n\tgithub.com/e/five => ../five\n)\n";
        let found = read("go.mod", text);
        let found: Vec<(&str, &str, u32)> = found
            .iter()
            .map(|package| {
                (
                    package.name.as_str(),
                    package.version.as_str(),
                    package.line,
                )
            })
            .collect();
        let wanted = [
            ("github.com/a/one", "1.2.3", 5),
            ("github.com/b/two/v2", "2.0.1", 8),
            ("github.com/d/four", "0.7.7", 10),
            ("github.com/f/six", "3.0.0", 12),
        ];
        assert_eq!(found, wanted);
    }
}
