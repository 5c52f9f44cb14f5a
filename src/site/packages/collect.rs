//! All packages of a tree.

use std::collections::BTreeMap;

use crate::input::{Files, MAX_READ};
use crate::site::{Index, Want};

use super::{Ecosystem, Package, ReadError, gemfile, joomla, maven, python, read_lock, wordpress};

/// The files that name packages.
pub const WANTS: &[Want] =
    &Want::both::<{ OTHERS.len() + maven::WANTS.len() }>(OTHERS, maven::WANTS);

const OTHERS: &[Want] = &[
    Want::name("composer.lock"),
    Want::name("installed.json").deep(),
    Want::name("package-lock.json"),
    Want::name("npm-shrinkwrap.json"),
    Want::name("yarn.lock"),
    Want::name("pnpm-lock.yaml"),
    Want::name("bun.lock"),
    Want::name("gemfile.lock"),
    Want::name("gems.locked"),
    Want::name("poetry.lock"),
    Want::name("uv.lock"),
    Want::name("pdm.lock"),
    Want::name("pipfile.lock"),
    Want::name("go.mod"),
    Want::name("packages.config"),
    Want::name("directory.packages.props"),
    Want::end(".csproj"),
    Want::end(".fsproj"),
    Want::end(".vbproj"),
    Want::start("requirements"),
    Want::name("base.txt"),
    Want::name("common.txt"),
    Want::name("main.txt"),
    Want::name("prod.txt"),
    Want::name("production.txt"),
    Want::name("version.php"),
    Want::name("joomla.xml"),
    Want::text(".php", "plugin name:"),
    Want::text("readme.txt", "stable tag:"),
    Want::text("style.css", "theme name:"),
];

/// What is installed on a server, of the files in a directory `requirements`.
const BELOW_REQUIREMENTS: &[&str] = &[
    "base.txt",
    "common.txt",
    "main.txt",
    "prod.txt",
    "production.txt",
];

const LOCKS: &[&str] = &[
    "composer.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pipfile.lock",
    "go.mod",
    "packages.config",
    "directory.packages.props",
];

/// All packages of a tree, sorted, and the files that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    all: Vec<Package>,
    errors: Vec<ReadError>,
}

impl Packages {
    /// Reads every file that names packages. Lock files among installed packages are not the application's.
    pub fn of(files: &dyn Files, index: &Index) -> Self {
        let mut packages = Self::default();
        for name in LOCKS {
            for path in index.named(name) {
                packages.lock(files, path);
            }
        }
        for end in [".csproj", ".fsproj", ".vbproj"] {
            for path in index.ending(end) {
                packages.lock(files, path);
            }
        }
        // Where there is a lock file it says the same, and in the file that people edit.
        for path in index.named("installed.json") {
            let Some(root) = path.strip_suffix("vendor/composer/installed.json") else {
                continue;
            };
            if !index.is_installed(root) && !files.is_file(&format!("{root}composer.lock")) {
                packages.lock(files, path);
            }
        }
        for (lock, gemfile) in [("gemfile.lock", "Gemfile"), ("gems.locked", "gems.rb")] {
            for path in index.named(lock) {
                packages.gems(files, path, gemfile);
            }
        }
        let below = |name| index.named(name);
        let parts = BELOW_REQUIREMENTS.iter().copied().flat_map(below);
        for path in index.starting("requirements").chain(parts) {
            if python::is_requirements(path) {
                packages.lock(files, path);
            }
        }
        let (libraries, errors) = maven::of(files, index);
        packages.all.extend(libraries);
        packages.errors.extend(errors);
        packages.wordpress(files, index);
        let manifests = index.named("joomla.xml");
        for path in manifests.filter(|path| path.ends_with("manifests/files/joomla.xml")) {
            let package = files.text(path).and_then(|text| joomla::read(path, &text));
            packages.all.extend(package);
        }
        packages.all.sort();
        packages.all.dedup();
        packages.errors.sort();
        packages
    }

    /// All of them, by ecosystem and name.
    pub fn all(&self) -> &[Package] {
        &self.all
    }

    /// What could not be read.
    pub fn errors(&self) -> &[ReadError] {
        &self.errors
    }

    /// The package that a file of the application gets: that of the lock file in its directory, or in the nearest
    /// above. Of several versions the first.
    pub fn near(&self, path: &str, ecosystem: Ecosystem, name: &str) -> Option<&Package> {
        let named = |package: &&Package| package.ecosystem == ecosystem && package.name == name;
        let above = |package: &&Package| {
            let root = root_of(&package.file);
            root.is_empty()
                || path
                    .strip_prefix(root)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let near = self.all.iter().filter(named).filter(above);
        near.rev()
            .max_by_key(|package| root_of(&package.file).len())
    }

    fn lock(&mut self, files: &dyn Files, path: &str) {
        match files.read(path) {
            Some(bytes) => match read_lock(path, &bytes) {
                Ok(packages) => self.all.extend(packages),
                Err(error) => self.errors.push(error),
            },
            None if files.is_file(path) => self.errors.push(ReadError {
                file: path.to_owned(),
                line: None,
                reason: format!("it cannot be read, or has more than {} MiB", MAX_READ >> 20),
            }),
            None => {}
        }
    }

    /// The lock file does not tell groups; what is written by hand beside it does.
    fn gems(&mut self, files: &dyn Files, path: &str, gemfile: &str) {
        let first = self.all.len();
        self.lock(files, path);
        let root = path.rfind('/').map_or("", |slash| &path[..=slash]);
        if let Some(text) = files.text(&format!("{root}{gemfile}")) {
            let names = gemfile::for_development(&text);
            for package in &mut self.all[first..] {
                package.is_dev = names.contains(&package.name);
            }
        }
    }

    /// The header of a plugin goes before its `readme.txt`.
    fn wordpress(&mut self, files: &dyn Files, index: &Index) {
        let mut plugins: BTreeMap<String, Package> = BTreeMap::new();
        for path in index.holding("readme.txt", "stable tag:") {
            let package = files
                .text(path)
                .and_then(|text| wordpress::readme(path, &text));
            plugins.extend(package.map(|package| (package.name.clone(), package)));
        }
        let mut found: Vec<Package> = Vec::new();
        for path in index.holding(".php", "plugin name:") {
            found.extend(
                files
                    .text(path)
                    .and_then(|text| wordpress::plugin(path, &text)),
            );
        }
        for path in index.holding("style.css", "theme name:") {
            found.extend(
                files
                    .text(path)
                    .and_then(|text| wordpress::theme(path, &text)),
            );
        }
        for path in index
            .named("version.php")
            .filter(|path| path.ends_with("wp-includes/version.php"))
        {
            found.extend(
                files
                    .text(path)
                    .and_then(|text| wordpress::core(path, &text)),
            );
        }
        for package in &found {
            plugins.remove(&package.name);
        }
        self.all.extend(found);
        self.all.extend(plugins.into_values());
    }
}

/// The directory that a lock file speaks for.
fn root_of(file: &str) -> &str {
    if let Some(root) = file.strip_suffix("vendor/composer/installed.json") {
        return root.trim_end_matches('/');
    }
    file.rsplit_once('/').map_or("", |(root, _)| root)
}
