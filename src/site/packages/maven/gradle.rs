//! Gradle's build files and its lock file. A build file is a program: what is read of it are the strings that name
//! libraries, and variables that get a string.

use std::collections::BTreeMap;

use crate::input::Files;
use crate::site::path;

use super::{Package, Wanted, is_list_of};

/// Longer chains of variables are not followed.
const MAX_CHAIN: usize = 4;

type Variables = BTreeMap<String, String>;

/// What a build file asks for, with the variables of the build files and of `gradle.properties` above it.
pub(super) fn build(files: &dyn Files, file: &str) -> Vec<Package> {
    let text = code(&files.text(file).unwrap_or_default());
    let mut variables = Variables::new();
    let mut directory = path::parent(file);
    loop {
        for name in ["build.gradle", "build.gradle.kts", "gradle.properties"] {
            let text = files.text(&path::inside(directory, name));
            let text = text.unwrap_or_default();
            let text = if name.ends_with(".properties") {
                text
            } else {
                code(&text)
            };
            for (name, value) in text.lines().filter_map(assignment) {
                variables.entry(name).or_insert(value);
            }
        }
        let above = path::parent(directory);
        if above == directory {
            break;
        }
        directory = above;
    }
    let mut wanted = Vec::new();
    let mut lists = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for one in named(number, line) {
            if is_list_of(&one.artifact) {
                lists.push(one);
            } else {
                wanted.push(one);
            }
        }
    }
    let resolve = |one: &Wanted| match &one.version {
        Some(version) => one.package(file, one.line, &filled(&variables, version, 0)),
        None => {
            let list = lists.iter().find(|list| list.group == one.group)?;
            let version = filled(&variables, list.version.as_ref()?, 0);
            one.package(file, list.line, &version)
        }
    };
    wanted.iter().filter_map(resolve).collect()
}

/// `group:artifact:version=configuration,configuration`.
pub(super) fn lock(file: &str, text: &str) -> Vec<Package> {
    let package = |(number, line): (u32, &str)| {
        let (name, configurations) = line.split_once('=')?;
        let mut wanted = coordinates(number, name)?;
        wanted.is_dev = configurations.split(',').all(is_for_development);
        wanted.package(file, number, wanted.version.as_deref()?)
    };
    (1..).zip(text.lines()).filter_map(package).collect()
}

/// The libraries that a line names.
fn named(number: u32, line: &str) -> Vec<Wanted> {
    let strings = strings(line);
    let first = line.trim_start().trim_start_matches(['"', '\'']);
    let end = first.find(|c: char| !c.is_ascii_alphanumeric());
    let is_dev = is_for_development(&first[..end.unwrap_or(first.len())]);
    let mut found: Vec<Wanted> = strings
        .iter()
        .filter_map(|(_, text)| coordinates(number, text))
        .collect();
    let of = |key: &str| {
        let has = |before: &str| before.trim_end_matches([':', '=', ' ', '(']).ends_with(key);
        let found = strings.iter().find(|(before, _)| has(before));
        found.map(|(_, text)| (*text).to_owned())
    };
    if let (Some(group), Some(artifact)) = (of("group"), of("name")) {
        found.push(Wanted {
            group,
            artifact,
            version: of("version"),
            is_dev,
            line: number,
        });
    }
    // The plugin brings its list of versions.
    if of("id").is_some_and(|id| id == "org.springframework.boot") {
        found.push(Wanted {
            group: "org.springframework.boot".to_owned(),
            artifact: "spring-boot-gradle-plugin".to_owned(),
            version: of("version"),
            is_dev,
            line: number,
        });
    }
    for one in &mut found {
        one.is_dev |= is_dev;
    }
    found
}

/// `org.springframework:spring-beans:5.3.17@jar`.
fn coordinates(line: u32, text: &str) -> Option<Wanted> {
    let mut parts = text.split('@').next()?.split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    let is_name = |name: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(is_allowed)
    };
    (is_name(group) && is_name(artifact)).then(|| Wanted {
        group: group.to_owned(),
        artifact: artifact.to_owned(),
        version: parts.next().map(str::to_owned),
        is_dev: false,
        line,
    })
}

/// What is for tests, or for the build itself.
fn is_for_development(configuration: &str) -> bool {
    let lower = configuration.to_ascii_lowercase();
    lower.contains("test") || matches!(lower.as_str(), "classpath" | "annotationprocessor" | "kapt")
}

/// The strings of a line, each with what stands between it and the one before.
fn strings(line: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = &rest[start..=start];
        let Some(end) = rest[start + 1..].find(quote) else {
            break;
        };
        found.push((&rest[..start], &rest[start + 1..start + 1 + end]));
        rest = &rest[start + end + 2..];
    }
    found
}

/// `def x = '1'`, `ext.x = "1"`, `val x by extra("1")`, `ext['x'] = '1'`, `set("x", "1")`, `x=1`.
fn assignment(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let strings = strings(line);
    let plain = |text: &str| {
        let words = text.trim().trim_end_matches(['"', '\'', ']']);
        let start = words.rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
        words[start.map_or(0, |at| at + 1)..].to_owned()
    };
    let name_and_value = match strings.as_slice() {
        [] => {
            let (name, value) = line.split_once('=')?;
            (name.trim().to_owned(), value.trim().to_owned())
        }
        [(before, value)] => {
            let before = before.trim_end_matches('(').trim_end();
            let before = before.trim_end_matches("by extra").trim_end_matches('=');
            (plain(before), (*value).to_owned())
        }
        [(before, name), (between, value)]
            if before.ends_with(['[', '(']) && between.trim_matches([']', ' ', ',']).len() < 2 =>
        {
            ((*name).to_owned(), (*value).to_owned())
        }
        _ => return None,
    };
    let (name, value) = name_and_value;
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

/// With variables in place of `$name` and `${name}`; what is not known stays.
fn filled(variables: &Variables, text: &str, depth: usize) -> String {
    let Some((before, after)) = text.split_once('$').filter(|_| depth < MAX_CHAIN) else {
        return text.to_owned();
    };
    let (name, rest) = match after
        .strip_prefix('{')
        .and_then(|inner| inner.split_once('}'))
    {
        Some(parts) => parts,
        None => {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            after.split_at(end.unwrap_or(after.len()))
        }
    };
    let last = name.trim_end_matches(['"', '\'', ']', ')']);
    let start = last.rfind(['.', '"', '\'', '[', '(']);
    let known = variables.get(name);
    let known = known.or_else(|| variables.get(&last[start.map_or(0, |at| at + 1)..]));
    match known {
        Some(value) => filled(variables, &format!("{before}{value}{rest}"), depth + 1),
        None => text.to_owned(),
    }
}

/// A build file without its comments; lines stay.
fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match quote {
            Some(open) if c == open || c == '\n' => quote = None,
            None if rest.starts_with("//") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            None if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
                kept.extend(rest[..end].chars().filter(|c| *c == '\n'));
                rest = &rest[end..];
                continue;
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(_) | None => {}
        }
        if c == '\\' && quote.is_some() {
            taken += rest[taken..].chars().next().map_or(0, char::len_utf8);
        }
        kept.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    kept
}
