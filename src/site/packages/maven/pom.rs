//! `pom.xml`: <https://maven.apache.org/pom.html>.

use std::collections::BTreeMap;

use crate::input::Files;
use crate::site::lex::xml::{self, Element};
use crate::site::{Index, path};

use super::{Package, ReadError, Wanted, is_list_of};

/// Longer chains of parents, or of properties that name others, are not followed.
const MAX_CHAIN: usize = 8;
/// Names and versions are cut after so many characters: properties that name others twice each would explode.
const MAX_LENGTH: usize = 200;

/// One file.
#[derive(Debug, Default)]
struct Pom {
    file: String,
    group: Option<String>,
    artifact: String,
    version: Option<String>,
    parent: Option<Wanted>,
    /// Where the parent lies, if it is in the tree.
    parent_path: Option<String>,
    properties: BTreeMap<String, String>,
    managed: Vec<Wanted>,
    /// Lists of versions, of `dependencyManagement`.
    imported: Vec<Wanted>,
    dependencies: Vec<Wanted>,
}

type Poms = BTreeMap<String, Pom>;

/// What the files of a tree ask for, each where its version is written.
pub(super) fn of(files: &dyn Files, index: &Index) -> (Vec<Package>, Vec<ReadError>) {
    let mut errors = Vec::new();
    let mut poms = Poms::new();
    for path in index.named("pom.xml") {
        // A template for new projects is not XML yet.
        if path.split('/').any(|part| part == "archetype-resources") {
            continue;
        }
        let Some(text) = files.text(path) else {
            continue;
        };
        match read(path, &text) {
            Ok(pom) => {
                poms.insert(path.to_owned(), pom);
            }
            Err(error) => errors.push(error),
        }
    }
    let packages = poms.values().flat_map(|pom| {
        let chain = chain(&poms, pom);
        let found = pom.dependencies.iter();
        let found = found.filter_map(move |wanted| resolve(&chain, wanted));
        found.collect::<Vec<_>>()
    });
    (packages.collect(), errors)
}

/// A file and its parents, the nearest first.
fn chain<'p>(poms: &'p Poms, pom: &'p Pom) -> Vec<&'p Pom> {
    let mut chain = vec![pom];
    while let Some(above) = chain.last().and_then(|last| last.parent_path.as_ref()) {
        let Some(parent) = poms.get(above).filter(|_| chain.len() < MAX_CHAIN) else {
            break;
        };
        let named = chain.last().and_then(|last| last.parent.as_ref());
        if named.is_none_or(|named| named.artifact != parent.artifact) {
            break;
        }
        chain.push(parent);
    }
    chain
}

fn resolve(chain: &[&Pom], wanted: &Wanted) -> Option<Package> {
    let filled = Wanted {
        group: filled(chain, &wanted.group, 0),
        ..wanted.clone()
    };
    let package = |pom: &Pom, line: u32, version: &str| {
        filled.package(&pom.file, line, &self::filled(chain, version, 0))
    };
    if let Some(version) = &wanted.version {
        return package(chain.first()?, wanted.line, version);
    }
    let is_same = |one: &&Wanted| {
        one.artifact == wanted.artifact && self::filled(chain, &one.group, 0) == filled.group
    };
    for pom in chain {
        if let Some(managed) = pom.managed.iter().find(is_same) {
            return package(pom, managed.line, managed.version.as_ref()?);
        }
    }
    for pom in chain {
        let lists = pom.imported.iter().chain(&pom.parent);
        for list in lists.filter(|list| is_list_of(&list.artifact)) {
            if self::filled(chain, &list.group, 0) == filled.group {
                return package(pom, list.line, list.version.as_ref()?);
            }
        }
    }
    None
}

/// With properties in place of `${name}`; what is not known stays.
fn filled(chain: &[&Pom], text: &str, depth: usize) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        whole.push_str(before);
        match property(chain, name).filter(|_| depth < MAX_CHAIN) {
            Some(value) => whole.push_str(&filled(chain, value, depth + 1)),
            None => {
                whole.push_str("${");
                whole.push_str(name);
                whole.push('}');
            }
        }
        rest = after;
    }
    whole.push_str(rest);
    whole.chars().take(MAX_LENGTH).collect()
}

fn property<'p>(chain: &[&'p Pom], name: &str) -> Option<&'p str> {
    let own = chain.iter().find_map(|pom| pom.properties.get(name));
    if let Some(own) = own {
        return Some(own);
    }
    let parents = || chain.iter().filter_map(|pom| pom.parent.as_ref());
    match name.strip_prefix("project.").unwrap_or(name) {
        "version" | "pom.version" => {
            let own = chain.iter().find_map(|pom| pom.version.as_deref());
            own.or_else(|| parents().find_map(|parent| parent.version.as_deref()))
        }
        "groupId" | "pom.groupId" => {
            let own = chain.iter().find_map(|pom| pom.group.as_deref());
            own.or_else(|| parents().next().map(|parent| parent.group.as_str()))
        }
        "parent.version" => parents().find_map(|parent| parent.version.as_deref()),
        "parent.groupId" => parents().next().map(|parent| parent.group.as_str()),
        _ => None,
    }
}

fn read(file: &str, text: &str) -> Result<Pom, ReadError> {
    let root = xml::parse(&file.into(), text).map_err(|reason| ReadError {
        file: file.to_owned(),
        line: None,
        reason,
    })?;
    let mut pom = Pom {
        file: file.to_owned(),
        group: text_of(&root, "groupId"),
        artifact: text_of(&root, "artifactId").unwrap_or_default(),
        version: text_of(&root, "version"),
        ..Pom::default()
    };
    if let Some(parent) = root.all("parent").next() {
        pom.parent = wanted(parent);
        let relative = text_of(parent, "relativePath").unwrap_or_else(|| "../pom.xml".to_owned());
        let relative = if relative.ends_with(".xml") {
            relative
        } else {
            format!("{}/pom.xml", relative.trim_end_matches('/'))
        };
        pom.parent_path = path::join(path::parent(file), &relative);
    }
    let profiles = root.at(&["profiles", "profile"]);
    for part in std::iter::once(&root).chain(profiles) {
        for property in part.all("properties").flat_map(|all| &all.children) {
            let name = property.name.clone();
            pom.properties
                .entry(name)
                .or_insert_with(|| property.text.clone());
        }
        let dependencies = part.at(&["dependencies", "dependency"]);
        pom.dependencies
            .extend(dependencies.into_iter().filter_map(wanted));
        for managed in part.at(&["dependencyManagement", "dependencies", "dependency"]) {
            let is_import = text_of(managed, "scope").is_some_and(|scope| scope == "import");
            let list = if is_import {
                &mut pom.imported
            } else {
                &mut pom.managed
            };
            list.extend(wanted(managed));
        }
    }
    Ok(pom)
}

fn wanted(element: &Element) -> Option<Wanted> {
    let version = element.all("version").next();
    Some(Wanted {
        group: text_of(element, "groupId")?,
        artifact: text_of(element, "artifactId")?,
        version: text_of(element, "version"),
        is_dev: text_of(element, "scope").is_some_and(|scope| scope == "test"),
        line: version.unwrap_or(element).line,
    })
}

fn text_of(element: &Element, name: &str) -> Option<String> {
    let text = &element.all(name).next()?.text;
    (!text.is_empty()).then(|| text.clone())
}
