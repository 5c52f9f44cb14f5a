//! What Python projects pin: `requirements.txt`, `poetry.lock`, `uv.lock`, `pdm.lock`, `Pipfile.lock`.

use super::json::{self, Node};
use super::{Ecosystem, Package, ReadError};

/// The pins of a requirements file: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>. What is
/// not pinned by `==` says nothing of the version.
pub(super) fn requirements(file: &str, text: &str) -> Vec<Package> {
    let is_dev = is_for_development(file);
    let pin = |(number, line): (u32, &str)| {
        // A comment starts a line or follows a space.
        let line = line.split(" #").next()?.trim();
        if line.starts_with(['#', '-']) {
            return None;
        }
        let (name, version) = line.split_once("==")?;
        let name = name.split('[').next()?.trim();
        let version = version.trim_start_matches('=').trim_start();
        let end = version.find(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\\'));
        let version = &version[..end.unwrap_or(version.len())];
        is_name(name).then(|| package(file, number, name, version, is_dev))
    };
    (1..).zip(text.lines()).filter_map(pin).collect()
}

/// The lock files that are TOML, written by programs: tables `[[package]]` with a name and a version each, a key on
/// a line. `category` is that of Poetry 1, `groups` that of Poetry 2 and of PDM; uv says nothing of it.
pub(super) fn tables(file: &str, text: &str) -> Vec<Package> {
    let mut found: Vec<Package> = Vec::new();
    let mut open: Option<(u32, String)> = None;
    let mut is_package = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if line.starts_with('[') {
            is_package = matches!(line, "[[package]]" | "[[packages]]");
            open = None;
            continue;
        }
        let Some((key, value)) = line.split_once(" = ").filter(|_| is_package) else {
            continue;
        };
        match (key, open.as_ref()) {
            ("name", _) => open = Some((number, unquoted(value).to_owned())),
            ("version", Some((at, name))) => {
                found.push(package(file, *at, name, unquoted(value), false));
            }
            ("category" | "groups", Some((at, _))) => {
                let groups = value.trim_matches(['[', ']']).split(',').map(unquoted);
                let is_dev = groups.filter(|group| !group.is_empty()).all(is_development);
                if let Some(last) = found.last_mut().filter(|last| last.line == *at) {
                    last.is_dev = is_dev;
                }
            }
            _ => {}
        }
    }
    found
}

/// `Pipfile.lock`: <https://pipenv.pypa.io/en/stable/pipfile.html>.
pub(super) fn pipfile(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = json::parse(file, text)?;
    let mut found = Vec::new();
    for (section, is_dev) in [("default", false), ("develop", true)] {
        for member in root.get(section).map_or(&[][..], Node::members) {
            let version = member.node.text_of("version").unwrap_or_default();
            if let Some(version) = version.strip_prefix("==") {
                found.push(package(file, member.line, &member.key, version, is_dev));
            }
        }
    }
    Ok(found)
}

/// Whether a file's name is that of a requirements file: `requirements.txt`, `requirements-dev.txt`,
/// `requirements/base.txt`.
pub(super) fn is_requirements(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    name.ends_with(".txt")
        && (name.starts_with("requirements") || parts.next() == Some("requirements"))
}

fn is_for_development(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.trim_end_matches(".txt")
        .split(['-', '_', '.'])
        .any(is_development)
}

fn is_development(group: &str) -> bool {
    matches!(
        group.to_ascii_lowercase().as_str(),
        "dev"
            | "devel"
            | "develop"
            | "development"
            | "test"
            | "tests"
            | "testing"
            | "lint"
            | "docs"
            | "doc"
            | "ci"
    )
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.chars().all(is_allowed)
}

/// Names that differ by case or by `-`, `_` and `.` alone are one:
/// <https://packaging.python.org/en/latest/specifications/name-normalization/>.
fn package(file: &str, line: u32, name: &str, version: &str, is_dev: bool) -> Package {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if plain.ends_with('-') => {}
            '-' | '_' | '.' => plain.push('-'),
            c => plain.push(c.to_ascii_lowercase()),
        }
    }
    Package {
        ecosystem: Ecosystem::Pypi,
        name: plain,
        version: version.to_owned(),
        is_dev,
        file: file.to_owned(),
        line,
    }
}
