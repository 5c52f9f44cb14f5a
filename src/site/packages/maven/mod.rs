//! Java's libraries: what `pom.xml` and Gradle's files ask for, and the names of jars that lie in the tree.

mod catalog;
mod gradle;
mod jar;
mod pom;
#[cfg(test)]
mod tests;

use crate::input::Files;
use crate::site::{Index, Want};

use super::{Ecosystem, Package, ReadError};

/// The files that name libraries.
pub(super) const WANTS: &[Want] = &[
    Want::name("pom.xml"),
    Want::name("build.gradle"),
    Want::name("build.gradle.kts"),
    Want::name("gradle.lockfile"),
    Want::end(".versions.toml"),
    Want::end(".jar"),
];

/// All libraries of a tree, and the files that could not be read.
pub(super) fn of(files: &dyn Files, index: &Index) -> (Vec<Package>, Vec<ReadError>) {
    let (mut found, mut errors) = pom::of(files, index);
    for name in ["build.gradle", "build.gradle.kts"] {
        for path in index.named(name) {
            found.extend(gradle::build(files, path));
        }
    }
    for path in index.named("gradle.lockfile") {
        let text = files.text(path).unwrap_or_default();
        found.extend(gradle::lock(path, &text));
    }
    for path in index.ending(".versions.toml") {
        let text = files.text(path).unwrap_or_default();
        match catalog::read(path, &text) {
            Ok(libraries) => found.extend(libraries),
            Err(error) => errors.push(error),
        }
    }
    found.extend(index.ending(".jar").filter_map(jar::of));
    (found, errors)
}

/// What a file asks for; no version, where something else has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    group: String,
    artifact: String,
    version: Option<String>,
    is_dev: bool,
    line: u32,
}

impl Wanted {
    /// A package, if a version is known that is one: no range, no variable that stayed.
    fn package(&self, file: &str, line: u32, version: &str) -> Option<Package> {
        let is_version = version.starts_with(|first: char| first.is_ascii_digit())
            && !version.contains(['$', '[', ']', '(', ')', ',', '+', ' ']);
        is_version.then(|| Package {
            ecosystem: Ecosystem::Maven,
            name: format!("{}:{}", self.group, self.artifact),
            version: version.to_owned(),
            is_dev: self.is_dev,
            file: file.to_owned(),
            line,
        })
    }
}

/// Whether a list of versions numbers all of its group as it is numbered itself: `spring-boot-dependencies`, not the
/// trains of Spring Cloud.
fn is_list_of(artifact: &str) -> bool {
    artifact.ends_with("-bom")
        || matches!(
            artifact,
            "spring-boot-dependencies" | "spring-boot-starter-parent" | "spring-boot-gradle-plugin"
        )
}
