//! Directories that are by convention document roots, where nothing says how they are served.

use std::collections::BTreeSet;

use crate::finding::Reason;

use super::super::apache::{Apache, Defaults};
use super::super::index::is_installed;
use super::super::mapping::{Mapped, Mapping};
use super::super::model::Hosted;
use super::super::path;
use super::super::server::Software;
use super::super::simple::{Manner, Mount, Simple};
use super::{Found, Search, is_aside};

/// Deeper in the tree nothing is assumed.
const MAX_DEPTH: usize = 5;
/// More roots are not assumed.
const MAX_ROOTS: usize = 40;

/// Names of directories that are document roots and nothing else.
const SURE: &[&str] = &[
    "public_html",
    "htdocs",
    "httpdocs",
    "wwwroot",
    "webroot",
    "public",
];
/// Names that have other uses: the directory must hold what a document root does.
const UNSURE: &[&str] = &["www", "web", "pub", "html", "dist", "build"];
/// What a document root holds.
const ENTRIES: &[&str] = &[
    "index.php",
    "index.html",
    "index.htm",
    "app.php",
    ".htaccess",
    "robots.txt",
];

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    let mut roots = BTreeSet::new();
    for candidate in candidates(search) {
        if !found.covers(&candidate.0) {
            roots.insert(candidate);
        }
    }
    let mut taken: Vec<String> = Vec::new();
    for (directory, why) in roots {
        let is_inside = |outer: &String| path::below(outer, &directory).is_some();
        if taken.iter().any(is_inside) {
            continue;
        }
        if taken.len() == MAX_ROOTS {
            found.notes.push(format!(
                "more than {MAX_ROOTS} directories look like document roots; the others are not looked at"
            ));
            break;
        }
        found.servers.push(assume(search, &directory, &why));
        taken.push(directory);
    }
}

fn assume(search: &Search<'_>, directory: &str, why: &str) -> Hosted {
    let at = Reason::fact(why.to_owned());
    if has_htaccess(search, directory) {
        return apache(search, directory, at);
    }
    let mut hosted = plain(search, directory, at);
    hosted.assumed = Some(format!(
        "{why}; no configuration of a server was found, so it is taken for one that sends every file and runs PHP"
    ));
    hosted
}

/// A server that sends every file of a directory and runs PHP.
fn plain(search: &Search<'_>, directory: &str, at: Reason) -> Hosted {
    let tree = search.tree_of(directory);
    let mount = Mount {
        url: "/".to_owned(),
        dir: path::inside("/", path::below(tree, directory).unwrap_or_default()),
        manner: Manner::CONVENTION,
        at,
    };
    Hosted {
        server: Box::new(Simple::new(Software::Assumed, "*", vec![mount])),
        mapping: Mapping::whole(tree),
        assumed: None,
        because: Vec::new(),
    }
}

/// Whether a directory, or one below it, has a `.htaccess`.
pub(super) fn has_htaccess(search: &Search<'_>, directory: &str) -> bool {
    let mut all = search.index.named(".htaccess");
    all.any(|file| path::below(directory, file).is_some())
}

/// Apache as it is for those who cannot configure it: every `.htaccess` counts.
pub(super) fn apache(search: &Search<'_>, directory: &str, at: Reason) -> Hosted {
    let tree = search.tree_of(directory);
    let mapping = Mapping::whole(tree);
    let root = path::inside("/", path::below(tree, directory).unwrap_or_default());
    let defaults = Defaults::debian().with_php().with_root(&root);
    let server = Apache::load(&[], &Mapped::new(search.files, &mapping), &defaults);
    Hosted {
        server: Box::new(server),
        mapping,
        assumed: Some(
            "a .htaccess stands here and no configuration of Apache was found, so every .htaccess is taken to count"
                .to_owned(),
        ),
        because: vec![at],
    }
}

/// Directories with the reason to take them for document roots.
fn candidates(search: &Search<'_>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for marker in search.index.named("wp-includes") {
        let directory = path::parent(marker);
        if is_own(search, directory)
            && has_one(
                search,
                directory,
                &["wp-load.php", "wp-config.php", "wp-login.php"],
            )
        {
            all.push((
                directory.to_owned(),
                "this is a WordPress directory".to_owned(),
            ));
        }
    }
    for marker in search.index.named("wp-config.php") {
        let directory = path::parent(marker);
        if is_own(search, directory)
            && has_one(
                search,
                directory,
                &["index.php", "wp-content", "wp-load.php"],
            )
        {
            all.push((
                directory.to_owned(),
                "this is a WordPress directory".to_owned(),
            ));
        }
    }
    for (names, needs_entry) in [(SURE, false), (UNSURE, true)] {
        for name in names {
            for directory in search.index.named(name) {
                let fits = is_own(search, directory)
                    && search.files.is_directory(directory)
                    && (!needs_entry || has_one(search, directory, ENTRIES));
                if fits {
                    all.push((
                        directory.to_owned(),
                        format!("`{name}` is by convention a document root"),
                    ));
                }
            }
        }
    }
    let named: Vec<String> = all.iter().map(|(directory, _)| directory.clone()).collect();
    all.extend(tops(search, &named));
    all
}

/// Directories with an entry page that no other document root explains.
fn tops(search: &Search<'_>, named: &[String]) -> Vec<(String, String)> {
    let mut tops: Vec<(String, String)> = Vec::new();
    let entries = ["index.php", "index.html", ".htaccess"];
    let mut directories: Vec<(&str, &str)> = Vec::new();
    for entry in entries {
        let files = search.index.named(entry);
        directories.extend(files.map(|file| (path::parent(file), entry)));
    }
    directories.sort_by_key(|(directory, _)| (directory.len(), *directory));
    for (directory, entry) in directories {
        let is_inside = |outer: &str| path::below(outer, directory).is_some();
        if !is_own(search, directory)
            || named.iter().any(|outer| is_inside(outer))
            || tops.iter().any(|(outer, _)| is_inside(outer))
        {
            continue;
        }
        let children: Vec<&String> = named
            .iter()
            .filter(|child| path::parent(child) == directory && *child != directory)
            .collect();
        if let Some(why) = top(search, directory, entry, &children) {
            tops.push((directory.to_owned(), why));
        }
    }
    tops
}

fn top(search: &Search<'_>, directory: &str, entry: &str, children: &[&String]) -> Option<String> {
    let has = |name: &str| search.files.is_file(&path::inside(directory, name));
    match entry {
        "index.php" => {
            let copied = has("artisan") || has("server.php");
            let child_has = children
                .iter()
                .any(|child| search.files.is_file(&path::inside(child, "index.php")));
            let why = "index.php stands here, and no directory for the public";
            (copied || !child_has).then(|| why.to_owned())
        }
        // Where packages are, the page is the source of another one.
        "index.html" => {
            let is_source = has("package.json") || has("angular.json");
            (children.is_empty() && !is_source).then(|| "index.html stands here".to_owned())
        }
        _ => {
            let text = search.files.text(&path::inside(directory, ".htaccess"))?;
            let leads_on = children
                .iter()
                .any(|child| text.contains(&format!("{}/", path::base(child))));
            (children.is_empty() || leads_on).then(|| "a .htaccess stands here".to_owned())
        }
    }
}

fn has_one(search: &Search<'_>, directory: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        let name = path::inside(directory, name);
        search.files.is_file(&name) || search.files.is_directory(&name)
    })
}

/// Neither installed nor aside nor deep down.
pub(super) fn is_own(search: &Search<'_>, directory: &str) -> bool {
    let relative = search.relative(directory);
    let inside = path::inside(relative, "x");
    // Laravel's `storage/app/public` is served through a link, if at all.
    let is_stored = relative.split('/').any(|part| part == "storage");
    relative.split('/').count() <= MAX_DEPTH
        && !is_stored
        && !is_installed(&inside)
        && !is_aside(relative)
}
