//! `gradle/libs.versions.toml`: <https://docs.gradle.org/current/userguide/version_catalogs.html>.

use toml::{Table, Value};

use super::{Package, ReadError, Wanted};

pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| ReadError {
        file: file.to_owned(),
        line: None,
        reason: error.message().to_owned(),
    })?;
    let versions = table.get("versions").and_then(Value::as_table);
    let libraries = table.get("libraries").and_then(Value::as_table);
    let package = |(alias, value): (&String, &Value)| {
        let (wanted, version) = library(value, versions)?;
        wanted.package(file, line_of(text, alias), &version)
    };
    Ok(libraries
        .into_iter()
        .flatten()
        .filter_map(package)
        .collect())
}

fn library(value: &Value, versions: Option<&Table>) -> Option<(Wanted, String)> {
    if let Some(text) = value.as_str() {
        let mut parts = text.split(':');
        let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
        return Some((wanted(group, artifact), version.to_owned()));
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let (group, artifact) = match text("module") {
        Some(module) => module.split_once(':')?,
        None => (text("group")?, text("name")?),
    };
    let version = value.get("version")?;
    let version = match version.get("ref").and_then(Value::as_str) {
        Some(name) => rich(versions?.get(name)?)?,
        None => rich(version)?,
    };
    Some((wanted(group, artifact), version.to_owned()))
}

/// A version, or what it has to be.
fn rich(version: &Value) -> Option<&str> {
    let keys = ["strictly", "require", "prefer"];
    version
        .as_str()
        .or_else(|| keys.iter().find_map(|key| version.get(key)?.as_str()))
}

fn wanted(group: &str, artifact: &str) -> Wanted {
    Wanted {
        group: group.to_owned(),
        artifact: artifact.to_owned(),
        version: None,
        is_dev: false,
        line: 1,
    }
}

/// The line that gives a library its alias; the same name may stand in another table above.
fn line_of(text: &str, alias: &str) -> u32 {
    let mut is_inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            is_inside = line.starts_with("[libraries");
        }
        let key = line.split(['=', '.']).next().unwrap_or_default();
        if is_inside && key.trim().trim_matches(['"', '\'']) == alias {
            return number;
        }
    }
    1
}
