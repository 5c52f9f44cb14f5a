//! `pom.xml`: <https://maven.apache.org/pom.html>.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

use crate::input::Files;
use crate::site::{Index, path};

use super::{Package, ReadError, Wanted, is_list_of};

/// Files with more nodes are not read.
const MAX_NODES: u32 = 100_000;
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
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| ReadError::new(file, error.pos().row, error.to_string()))?;
    let root = document.root_element();
    let reader = Reader {
        ends: text.match_indices('\n').map(|(at, _)| at).collect(),
    };
    let mut pom = Pom {
        file: file.to_owned(),
        group: text_of(root, "groupId"),
        artifact: text_of(root, "artifactId").unwrap_or_default(),
        version: text_of(root, "version"),
        ..Pom::default()
    };
    if let Some(parent) = child(root, "parent") {
        pom.parent = reader.wanted(parent);
        let relative = text_of(parent, "relativePath").unwrap_or_else(|| "../pom.xml".to_owned());
        let relative = if relative.ends_with(".xml") {
            relative
        } else {
            format!("{}/pom.xml", relative.trim_end_matches('/'))
        };
        pom.parent_path = path::join(path::parent(file), &relative);
    }
    let profiles = child(root, "profiles").into_iter().flat_map(children);
    for part in std::iter::once(root).chain(profiles) {
        for property in child(part, "properties").into_iter().flat_map(children) {
            let value = property.text().unwrap_or_default().trim().to_owned();
            let name = property.tag_name().name().to_owned();
            pom.properties.entry(name).or_insert(value);
        }
        pom.dependencies.extend(reader.dependencies(part));
        if let Some(managed) = child(part, "dependencyManagement") {
            for dependency in child(managed, "dependencies")
                .into_iter()
                .flat_map(children)
            {
                let is_import = text_of(dependency, "scope").is_some_and(|scope| scope == "import");
                let list = if is_import {
                    &mut pom.imported
                } else {
                    &mut pom.managed
                };
                list.extend(reader.wanted(dependency));
            }
        }
    }
    Ok(pom)
}

struct Reader {
    /// Where lines end.
    ends: Vec<usize>,
}

impl Reader {
    fn dependencies(&self, part: Node<'_, '_>) -> Vec<Wanted> {
        let all = child(part, "dependencies").into_iter().flat_map(children);
        all.filter_map(|one| self.wanted(one)).collect()
    }

    fn wanted(&self, node: Node<'_, '_>) -> Option<Wanted> {
        let version = child(node, "version");
        let place = version.unwrap_or(node).range().start;
        let above = self.ends.partition_point(|&end| end < place);
        Some(Wanted {
            group: text_of(node, "groupId")?,
            artifact: text_of(node, "artifactId")?,
            version: text_of(node, "version"),
            is_dev: text_of(node, "scope").is_some_and(|scope| scope == "test"),
            line: u32::try_from(above).unwrap_or(u32::MAX).saturating_add(1),
        })
    }
}

fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node).find(|child| child.tag_name().name() == name)
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    let text = child(node, name)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
