//! `pnpm-lock.yaml`, versions 5 to 9: <https://github.com/pnpm/spec/tree/master/lockfile>.

use std::collections::{BTreeMap, BTreeSet};

use super::yaml::{self, Line};
use super::{Ecosystem, Package, ReadError};

/// Reads a lock file. Up to version 6 each package says whether it is for development; since version 9 that
/// follows from who depends on it.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let mut version = None;
    let mut found: Vec<Package> = Vec::new();
    let mut graph = Graph::default();
    let mut path: Vec<(usize, String)> = Vec::new();
    for line in yaml::lines(text) {
        while path
            .last()
            .is_some_and(|(indent, _)| *indent >= line.indent)
        {
            path.pop();
        }
        let above: Vec<&str> = path.iter().map(|(_, key)| key.as_str()).collect();
        match above.as_slice() {
            [] if line.key == "lockfileVersion" => version = major(&line.value),
            ["packages"] => found.extend(package(file, &line)),
            ["packages", _] if line.key == "dev" && line.value == "true" => {
                if let Some(package) = found.last_mut() {
                    package.is_dev = true;
                }
            }
            _ => graph.line(&above, &line),
        }
        path.push((line.indent, line.key));
    }
    match version {
        None => Err(ReadError::new(file, 1, "it has no `lockfileVersion`")),
        Some(9..) => {
            graph.mark(&mut found);
            Ok(found)
        }
        Some(_) => Ok(found),
    }
}

fn major(value: &str) -> Option<u32> {
    yaml::unquoted(value).split('.').next()?.parse().ok()
}

/// `/@a/b/1.0.0_peer@1`, `/@a/b@1.0.0(peer@1)`, `@a/b@1.0.0`.
fn package(file: &str, line: &Line) -> Option<Package> {
    let key = line.key.strip_prefix('/').unwrap_or(&line.key);
    let key = key.split('(').next()?;
    let scope = if key.starts_with('@') {
        key.find('/')? + 1
    } else {
        0
    };
    let (name, version) = match key[scope..].find('@') {
        Some(at) if !key[scope..scope + at].contains('/') => {
            (&key[..scope + at], &key[scope + at + 1..])
        }
        _ => {
            let at = scope + key[scope..].find('/')?;
            (&key[..at], key[at + 1..].split('_').next()?)
        }
    };
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| Package {
            ecosystem: Ecosystem::Npm,
            name: name.to_owned(),
            version: version.to_owned(),
            is_dev: false,
            file: file.to_owned(),
            line: line.number,
        })
}

/// Who depends on whom, since version 9. Packages are `name@version(peers)`.
#[derive(Default)]
struct Graph {
    roots: BTreeSet<String>,
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn line(&mut self, above: &[&str], line: &Line) {
        match *above {
            [
                "importers",
                _,
                "dependencies" | "optionalDependencies",
                name,
            ] if line.key == "version" => {
                self.roots.insert(target(name, &line.value));
            }
            ["snapshots", from, "dependencies" | "optionalDependencies"] => {
                let edges = self.edges.entry(from.to_owned()).or_default();
                edges.insert(target(&line.key, &line.value));
            }
            _ => {}
        }
    }

    /// What nothing but development needs.
    fn mark(self, found: &mut [Package]) {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(
                    self.edges
                        .get(next)
                        .into_iter()
                        .flatten()
                        .map(String::as_str),
                );
            }
        }
        let reached: BTreeSet<&str> = reached
            .into_iter()
            .map(|key| key.split('(').next().unwrap_or(key))
            .collect();
        for package in found {
            let key = format!("{}@{}", package.name, package.version);
            package.is_dev = !reached.contains(key.as_str());
        }
    }
}

/// The key of a dependency: under an alias the value is the whole key.
fn target(name: &str, value: &str) -> String {
    let value = yaml::unquoted(value);
    let bare = value.split('(').next().unwrap_or_default();
    if bare.get(1..).is_some_and(|rest| rest.contains('@')) {
        value
    } else {
        format!("{name}@{value}")
    }
}
