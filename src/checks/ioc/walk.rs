//! The files below directories into which visitors' files go.

use std::collections::BTreeSet;

use crate::checks::Context;
use crate::input::Kind;
use crate::site::Want;

/// Deeper directories are not entered.
const MAX_DEPTH: usize = 12;
/// More names than this are not looked at.
const MAX_NAMES: usize = 200_000;

/// The directories, by the name that ends their path.
pub(super) const WANTS: &[Want] = &[
    Want::name("uploads"),
    Want::name("upload"),
    Want::name("public"),
    Want::name("files"),
    Want::name("media"),
    Want::name(".well-known"),
];

/// How the path of such a directory ends: WordPress, Laravel, Drupal, Magento, and what people call it.
const UPLOADS: &[&str] = &[
    "uploads",
    "storage/app/public",
    "public/upload",
    "sites/default/files",
    "pub/media",
    ".well-known",
];

/// Source code may lie in a directory of such a name as well: `src/components/uploads`.
const SOURCES: &[&str] = &[
    "src",
    "app",
    "lib",
    "includes",
    "components",
    "modules",
    "controllers",
    "views",
    "templates",
];

/// All files in them, sorted.
pub(super) fn uploaded(context: &Context<'_>) -> BTreeSet<String> {
    let directories = context
        .index
        .all()
        .filter(|(_, kind)| *kind == Kind::Directory);
    let mut files = BTreeSet::new();
    let mut left = MAX_NAMES;
    for (path, _) in directories.filter(|(path, _)| is_upload_directory(context, path)) {
        below(context, path, &mut left, &mut files);
    }
    files
}

fn is_upload_directory(context: &Context<'_>, path: &str) -> bool {
    let is_source = |part: &str| SOURCES.contains(&part) && !context.is_in(path, "storage/app");
    UPLOADS.iter().any(|end| context.is_at(path, end))
        && !context.is_aside(&format!("{path}/x"))
        && !context.index.inside(path).split('/').any(is_source)
}

fn below(context: &Context<'_>, directory: &str, left: &mut usize, files: &mut BTreeSet<String>) {
    let mut open = vec![(directory.to_owned(), 0)];
    while let Some((directory, depth)) = open.pop() {
        for name in context.files.list(&directory) {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let path = format!("{directory}/{name}");
            match context.files.kind(&path) {
                Kind::Directory if depth < MAX_DEPTH => open.push((path, depth + 1)),
                Kind::File => {
                    files.insert(path);
                }
                _ => {}
            }
        }
    }
}

/// Whether servers run files of such a name as PHP, as far as they are commonly set up.
pub(super) fn is_php(name: &str) -> bool {
    let name = name
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let Some((_, end)) = name.rsplit_once('.') else {
        return false;
    };
    let is_numbered = end
        .strip_prefix("php")
        .is_some_and(|number| number.len() == 1 && number != "s");
    matches!(end, "php" | "phtml" | "pht" | "phar")
        || (is_numbered && end.ends_with(|c: char| c.is_ascii_digit()))
}
