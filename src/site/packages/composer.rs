//! `composer.lock`, and `vendor/composer/installed.json`, which says what a server has.

use std::collections::BTreeSet;

use super::json::{self, Node};
use super::{Ecosystem, Package, ReadError};

/// A lock file: <https://getcomposer.org/doc/01-basic-usage.md>.
pub(super) fn lock(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = json::parse(file, text)?;
    let mut packages = list(file, root.get("packages"), |_| false);
    packages.extend(list(file, root.get("packages-dev"), |_| true));
    Ok(packages)
}

/// What is installed. Composer 1 writes a list, Composer 2 an object with it.
pub(super) fn installed(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = json::parse(file, text)?;
    let dev = root.get("dev-package-names").map_or(&[][..], Node::items);
    let dev: BTreeSet<&str> = dev.iter().filter_map(Node::text).collect();
    Ok(list(
        file,
        Some(root.get("packages").unwrap_or(&root)),
        |name| dev.contains(name),
    ))
}

fn list(file: &str, packages: Option<&Node>, is_dev: impl Fn(&str) -> bool) -> Vec<Package> {
    let package = |node: &Node| {
        let name = node.text_of("name")?;
        Some(Package {
            ecosystem: Ecosystem::Composer,
            name: name.to_ascii_lowercase(),
            version: node.text_of("version")?.to_owned(),
            is_dev: is_dev(name),
            file: file.to_owned(),
            line: node.get("name")?.line,
        })
    };
    packages
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(package)
        .collect()
}
