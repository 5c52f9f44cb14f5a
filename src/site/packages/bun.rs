//! `bun.lock`, the text form: <https://bun.com/docs/pm/lockfile>.

use std::collections::BTreeSet;

use super::json::{self, Member, Node};
use super::{Ecosystem, Package, ReadError};

/// Reads a lock file. It says of direct dependencies only whether they are for development.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = json::parse(file, text)?;
    let workspaces = root.get("workspaces").map_or(&[][..], Node::members);
    let names = |kind: &'static str| {
        let of = move |workspace: &'_ Member| {
            let dependencies = workspace.node.get(kind).map_or(&[][..], Node::members);
            dependencies
                .iter()
                .map(|member| member.key.clone())
                .collect::<Vec<_>>()
        };
        workspaces.iter().flat_map(of).collect::<BTreeSet<String>>()
    };
    let (normal, dev) = (names("dependencies"), names("devDependencies"));
    let packages = root.get("packages").map_or(&[][..], Node::members);
    let package = |member: &Member| {
        let (name, version) = member.node.items().first()?.text()?.rsplit_once('@')?;
        version
            .starts_with(|first: char| first.is_ascii_digit())
            .then(|| Package {
                ecosystem: Ecosystem::Npm,
                name: name.to_owned(),
                version: version.to_owned(),
                is_dev: dev.contains(&member.key) && !normal.contains(&member.key),
                file: file.to_owned(),
                line: member.line,
            })
    };
    Ok(packages.iter().filter_map(package).collect())
}
