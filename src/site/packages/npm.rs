//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3:
//! <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>.

use super::json::{self, Member, Node};
use super::{Ecosystem, Package, ReadError};

const FOLDER: &str = "node_modules/";

/// Reads a lock file. Version 2 has both forms; the newer one counts.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = json::parse(file, text)?;
    if let Some(packages) = root.get("packages") {
        return Ok(packages
            .members()
            .iter()
            .filter_map(|member| placed(file, member))
            .collect());
    }
    let mut found = Vec::new();
    let mut open: Vec<&Node> = root.get("dependencies").into_iter().collect();
    while let Some(dependencies) = open.pop() {
        for member in dependencies.members() {
            found.extend(nested(file, member));
            open.extend(member.node.get("dependencies"));
        }
    }
    found.sort_by_key(|package: &Package| package.line);
    Ok(found)
}

/// By place, since version 2: `node_modules/a/node_modules/@b/c`. What lies elsewhere is the project itself.
fn placed(file: &str, member: &Member) -> Option<Package> {
    let at = member.key.rfind(FOLDER)?;
    if member.node.is_true("link") {
        return None;
    }
    // Under an alias, the name is written beside it.
    let name = member
        .node
        .text_of("name")
        .unwrap_or(&member.key[at + FOLDER.len()..]);
    Some(Package {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: member.node.text_of("version")?.to_owned(),
        is_dev: is_dev(&member.node),
        file: file.to_owned(),
        line: member.line,
    })
}

/// By name, in version 1, one in another. The version of an alias is `npm:NAME@VERSION`.
fn nested(file: &str, member: &Member) -> Option<Package> {
    let version = member.node.text_of("version")?;
    let alias = version
        .strip_prefix("npm:")
        .and_then(|alias| alias.rsplit_once('@'));
    let (name, version) = alias.unwrap_or((&member.key, version));
    Some(Package {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: version.to_owned(),
        is_dev: is_dev(&member.node),
        file: file.to_owned(),
        line: member.line,
    })
}

fn is_dev(node: &Node) -> bool {
    node.is_true("dev") || node.is_true("devOptional")
}
