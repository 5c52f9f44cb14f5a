//! NuGet's packages: references of .NET projects, central versions, and `packages.config`.

use super::{Ecosystem, Package, ReadError};
use crate::site::lex::xml::{self, Element};

/// Reads a project, `Directory.Packages.props` or `packages.config`:
/// <https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files>,
/// <https://learn.microsoft.com/en-us/nuget/reference/packages-config>.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Package>, ReadError> {
    let root = xml::parse(&file.into(), text).map_err(|reason| ReadError {
        file: file.to_owned(),
        line: None,
        reason,
    })?;
    let mut found: Vec<Package> = Vec::new();
    let listed = root.all("package");
    found.extend(listed.filter_map(|one| package(file, one, one.get("id"), one.get("version"))));
    for group in root.all("ItemGroup") {
        let references = group.all("PackageReference");
        for one in references.chain(group.all("PackageVersion")) {
            let inside = one
                .all("Version")
                .next()
                .map(|version| version.text.as_str());
            let name = one.get("Include").or(one.get("Update"));
            found.extend(package(file, one, name, one.get("Version").or(inside)));
        }
    }
    Ok(found)
}

/// Whether a file is one of these, by its name in lower case.
pub(super) fn is_one(name: &str) -> bool {
    matches!(name, "packages.config" | "directory.packages.props")
        || [".csproj", ".fsproj", ".vbproj"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// A package of one version: no range, no variable. Names are compared in lower case.
fn package(
    file: &str,
    one: &Element,
    name: Option<&str>,
    version: Option<&str>,
) -> Option<Package> {
    let version = version?.trim().trim_matches(['[', ']']);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && !version.contains(['*', ',', '(', ')', '$']);
    is_version.then(|| Package {
        ecosystem: Ecosystem::Nuget,
        name: name.unwrap_or_default().to_lowercase(),
        version: version.to_owned(),
        is_dev: one.says("PrivateAssets", "all") || one.says("developmentDependency", "true"),
        file: file.to_owned(),
        line: one.line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_one_version_are_told() {
        let project = "<Project>\n<ItemGroup>\n<PackageReference Include=\"A.B\" Version=\"1.2.3\" />\n<PackageReference Include=\"C\"><Version>2.0.0</Version></PackageReference>\n<PackageReference Include=\"D\" Version=\"3.*\" />\n<PackageReference Include=\"E\" Version=\"4.0.0\" PrivateAssets=\"all\" />\n</ItemGroup>\n</Project>";
        let told = |file: &str, text: &str| -> Vec<(String, String, bool, u32)> {
            let found = read(file, text).unwrap();
            let parts = found
                .into_iter()
                .map(|one| (one.name, one.version, one.is_dev, one.line));
            parts.collect()
        };
        assert_eq!(
            told("a.csproj", project),
            [
                ("a.b".to_owned(), "1.2.3".to_owned(), false, 3),
                ("c".to_owned(), "2.0.0".to_owned(), false, 4),
                ("e".to_owned(), "4.0.0".to_owned(), true, 6),
            ]
        );
        let list =
            "<packages><package id=\"F\" version=\"4.8.5\" targetFramework=\"net48\" /></packages>";
        assert_eq!(
            told("packages.config", list),
            [("f".to_owned(), "4.8.5".to_owned(), false, 1)]
        );
        assert!(read("a.csproj", "<Project>").is_err());
    }
}
