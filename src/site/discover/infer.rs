//! Where in the tree the directories lie that a configuration names.

use std::collections::BTreeSet;

use crate::finding::Reason;

use super::super::mapping::{Mapping, Pair};
use super::super::model::Hosted;
use super::super::path;
use super::super::server::Server;
use super::Search;
use super::commands::{self, words::Command};

/// Of the directories of a tree this many are tried.
const MAX_CHILDREN: usize = 200;
/// Directories that images and packages fill with what was built: the tree has no part in them by itself.
const FOREIGN: &[&str] = &[
    "/usr/share",
    "/usr/local/apache2/htdocs",
    "/usr/lib",
    "/etc",
    "/tmp",
    "/var/lib",
];

/// A mapping, and what it rests on.
pub(super) struct Inferred {
    pub(super) mapping: Mapping,
    /// Which directories were taken for which by what they hold.
    pub(super) by_content: Vec<String>,
    /// Why it is not certain.
    pub(super) assumed: Option<String>,
}

impl Inferred {
    /// The server with the mapping that it was loaded with.
    pub(super) fn hosted(self, server: Box<dyn Server>, mapping: Mapping) -> Hosted {
        Hosted {
            server,
            mapping,
            assumed: self.assumed,
            because: self.by_content.into_iter().map(Reason::fact).collect(),
        }
    }
}

/// A directory of the tree that is taken for one of the server's.
struct Guess {
    pair: Pair,
    /// More than a chance likeness of one name speaks for it.
    is_sure: bool,
}

/// The mapping for a configuration in the file `near` that names these directories.
pub(super) fn mapping(search: &Search<'_>, paths: &[String], near: &str) -> Inferred {
    let given = Mapping::new(search.settings.pairs.iter().cloned());
    let real = Mapping::new(search.settings.real.iter().cloned());
    let mut pairs: Vec<Pair> = Vec::new();
    let mut by_content: Vec<String> = Vec::new();
    let mut unsure: Vec<String> = Vec::new();
    for server in paths {
        let known = Mapping::new(pairs.iter().cloned());
        if given.to_tree(server).is_some() || known.to_tree(server).is_some() {
            continue;
        }
        let is_literal = server.starts_with('/') && search.files.is_directory(server);
        if real.to_tree(server).is_some() || is_literal {
            continue;
        }
        if let Some(Guess { pair, is_sure }) = guessed(search, server, near) {
            let shown = if pair.tree.is_empty() {
                "."
            } else {
                &pair.tree
            };
            let note = format!("mapped by content: {} is taken to be {shown}", pair.server);
            if !is_sure {
                unsure.push(note.clone());
            }
            by_content.push(note);
            pairs.push(pair);
        }
    }
    let literal = search.trees.iter().filter(|tree| tree.starts_with('/'));
    let literal = literal.map(|tree| Pair {
        server: tree.clone(),
        tree: tree.clone(),
    });
    let all = search.settings.pairs.iter().cloned();
    let mapping = Mapping::new(
        all.chain(pairs)
            .chain(search.settings.real.iter().cloned())
            .chain(literal),
    );
    Inferred {
        mapping,
        by_content,
        assumed: (!unsure.is_empty()).then(|| unsure.join("; ")),
    }
}

/// The directory of the tree with the longest common end, if there is just one.
fn guessed(search: &Search<'_>, server: &str, near: &str) -> Option<Guess> {
    let parts: Vec<&str> = server.split('/').filter(|part| !part.is_empty()).collect();
    let anchors = anchors(search, near);
    for start in 0..parts.len() {
        let end = parts[start..].join("/");
        let fits = |anchor: &&String| search.files.is_directory(&path::inside(anchor, &end));
        let found: Vec<&String> = anchors.iter().filter(fits).collect();
        let around = found
            .iter()
            .find(|anchor| path::below(anchor, near).is_some());
        let anchor = match found.as_slice() {
            [] => continue,
            [only] => only,
            _ => *around?,
        };
        let has_its_name = start > 0 && parts[start - 1] == own_name(search, anchor);
        // What a project's own configuration names, and what is there, is meant.
        let is_own = search
            .trees
            .iter()
            .any(|tree| path::below(tree, near).is_some());
        return Some(Guess {
            pair: Pair {
                server: format!("/{}", parts[..start].join("/")),
                tree: (*anchor).clone(),
            },
            is_sure: parts.len() - start >= 2 || has_its_name || is_own,
        });
    }
    // Nothing is named alike: the directory is the application's own, unless others fill it.
    let is_foreign = FOREIGN
        .iter()
        .any(|foreign| path::below(foreign, server).is_some());
    let anchor = anchors
        .iter()
        .find(|anchor| has_application(search, anchor))?;
    (!is_foreign && !parts.is_empty()).then(|| Guess {
        pair: Pair {
            server: server.to_owned(),
            tree: anchor.clone(),
        },
        is_sure: false,
    })
}

/// What a directory is called, also if reports call it `.`.
fn own_name<'s>(search: &'s Search<'_>, directory: &'s str) -> &'s str {
    let real = search.settings.real.iter();
    let mut real = real.filter(|pair| pair.tree == directory);
    path::base(real.next().map_or(directory, |pair| &pair.server))
}

/// Directories to look in: around the configuration from the inside out, then the tree, then what stands in it.
fn anchors(search: &Search<'_>, near: &str) -> Vec<String> {
    let tree = if search
        .trees
        .iter()
        .any(|tree| path::below(tree, near).is_some())
    {
        search.tree_of(near)
    } else {
        search.trees.first().map_or("", String::as_str)
    };
    let mut anchors: Vec<String> = Vec::new();
    let mut directory = path::parent(near);
    for _ in 0..16 {
        if path::below(tree, directory).is_none() || directory == tree {
            break;
        }
        anchors.push(directory.to_owned());
        directory = path::parent(directory);
    }
    anchors.push(tree.to_owned());
    let children = search.files.list(tree).into_iter().take(MAX_CHILDREN);
    let children = children.map(|name| path::inside(tree, &name));
    anchors.extend(children.filter(|name| search.files.is_directory(name)));
    let mut seen = BTreeSet::new();
    anchors.retain(|anchor| seen.insert(anchor.clone()));
    anchors
}

/// Whether a directory holds an application, and not just configuration.
fn has_application(search: &Search<'_>, directory: &str) -> bool {
    const SIGNS: &[&str] = &[
        "index.php",
        "index.html",
        "artisan",
        "composer.json",
        "package.json",
        "public",
        "manage.py",
        "wp-config.php",
        "src",
        "app",
        ".env",
        "config.php",
        ".git",
        ".htaccess",
    ];
    SIGNS.iter().any(|sign| {
        let name = path::inside(directory, sign);
        search.files.is_file(&name) || search.files.is_directory(&name)
    })
}

/// The servers that commands start in a directory that the server names.
pub(super) fn started(
    search: &Search<'_>,
    working: &str,
    commands: &[Command],
    at: &Reason,
) -> Vec<Hosted> {
    let near = at.file.as_deref().unwrap_or_default();
    let Inferred {
        mapping,
        by_content,
        assumed,
    } = mapping(search, &[working.to_owned()], near);
    let site = commands::Site {
        files: search.files,
        mapping: &mapping,
        directory: working,
    };
    let mut servers = commands::started(commands, &site, at);
    for hosted in &mut servers {
        hosted.assumed = hosted.assumed.take().or_else(|| assumed.clone());
        hosted
            .because
            .extend(by_content.iter().cloned().map(Reason::fact));
    }
    servers
}
