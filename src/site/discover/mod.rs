//! Which servers a tree has, found out from the files in it.
//!
//! What is certain goes first: what the user names, containers, start commands, configurations. Only where none of
//! them says how a part of the tree is served, directories are assumed to be document roots.

mod assumed;
mod commands;
mod configs;
mod container;
mod declared;
mod given;
mod iis;
mod infer;
mod links;
mod middleware;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod wants;

use std::collections::BTreeSet;

use crate::input::Files;

use super::index::Index;
use super::mapping::Pair;
use super::model::{Hosted, Model};
use super::path;

pub use wants::WANTS;

/// More servers are not modelled.
const MAX_SERVERS: usize = 200;

/// What the user says of the servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The directories that are scanned, as reports name them; none stands for the empty name.
    pub trees: Vec<String>,
    /// `--server-config`: configuration files or directories, as reports name them.
    pub configs: Vec<String>,
    /// `--docroot DIR[=URL-prefix]`: directories of the tree, and the URL that they lie under.
    pub roots: Vec<(String, String)>,
    /// `--map SERVER-PATH=LOCAL-PATH`.
    pub pairs: Vec<Pair>,
    /// Where the scanned directories lie on this machine: a server on it names them so.
    pub real: Vec<Pair>,
}

/// Finds the servers of a tree. `files` and `index` have the tree's names.
pub fn discover(files: &dyn Files, index: &Index, settings: &Settings) -> Model {
    let trees = match settings.trees.as_slice() {
        [] => vec![String::new()],
        trees => trees.to_vec(),
    };
    let search = Search {
        files,
        index,
        settings,
        trees,
    };
    let mut found = Found::default();
    given::find(&search, &mut found);
    container::find(&search, &mut found);
    commands::find(&search, &mut found);
    middleware::find(&search, &mut found);
    declared::find(&search, &mut found);
    configs::find(&search, &mut found);
    iis::find(&search, &mut found);
    assumed::find(&search, &mut found);
    let mut servers = found.servers;
    if servers.len() > MAX_SERVERS {
        found.notes.push(format!(
            "the tree has {} servers; the first {MAX_SERVERS} are looked at",
            servers.len()
        ));
        servers.truncate(MAX_SERVERS);
    }
    let servers = servers
        .into_iter()
        .map(|hosted| links::followed(hosted, &search))
        .collect();
    Model::new(servers, found.notes).with_elsewhere(found.elsewhere)
}

/// What is searched.
struct Search<'s> {
    files: &'s dyn Files,
    index: &'s Index,
    settings: &'s Settings,
    /// At least one.
    trees: Vec<String>,
}

impl Search<'_> {
    /// The scanned directory that a file lies in, the innermost of several.
    fn tree_of(&self, name: &str) -> &str {
        let trees = self.trees.iter();
        let around = trees.filter(|tree| path::below(tree, name).is_some());
        around
            .max_by_key(|tree| tree.len())
            .map_or("", String::as_str)
    }

    /// A name relative to its scanned directory.
    fn relative<'n>(&self, name: &'n str) -> &'n str {
        path::below(self.tree_of(name), name).unwrap_or(name)
    }

    /// Where the process of a program is started: beside the nearest file of those that a project has at its top.
    fn working(&self, program: &str, markers: &[&str]) -> String {
        let tree = self.tree_of(program);
        let mut directory = path::parent(program);
        for _ in 0..32 {
            let mut marked = markers.iter().map(|marker| path::inside(directory, marker));
            if marked.any(|marker| self.files.is_file(&marker)) {
                return directory.to_owned();
            }
            if directory == tree || directory.is_empty() {
                break;
            }
            directory = path::parent(directory);
        }
        tree.to_owned()
    }
}

/// What was found so far.
#[derive(Default)]
struct Found {
    servers: Vec<Hosted>,
    /// Those that serve nothing of the tree.
    elsewhere: Vec<Hosted>,
    notes: Vec<String>,
    /// Configuration files that a container uses.
    used: BTreeSet<String>,
}

impl Found {
    /// Whether a server has a document root at, above or below a directory of the tree.
    fn covers(&self, directory: &str) -> bool {
        let roots = self.servers.iter().flat_map(|hosted| {
            let hosts = hosted.server.hosts().iter();
            let aliases = hosts.clone().flat_map(|host| &host.aliases);
            let roots = hosts.filter_map(|host| host.root.as_ref());
            let all = roots.chain(aliases.map(|(_, directory)| directory));
            all.filter_map(|root| hosted.mapping.to_tree(root))
        });
        roots.into_iter().any(|root| {
            path::below(&root, directory).is_some() || path::below(directory, &root).is_some()
        })
    }
}

/// Whether a directory holds tests, examples or documentation, none of which is deployed.
fn is_aside(relative: &str) -> bool {
    const ASIDE: &[&str] = &[
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "fixtures",
        "testdata",
        "doc",
        "docs",
        "example",
        "examples",
        "sample",
        "samples",
        "demo",
        "demos",
        "e2e",
        "cypress",
        "stubs",
        "benchmark",
        "benchmarks",
    ];
    let parts = relative.split('/');
    parts
        .into_iter()
        .any(|part| ASIDE.contains(&part.trim_start_matches('.').to_ascii_lowercase().as_str()))
}
