//! Which frameworks and applications a tree holds, and where.

use serde::Serialize;

use crate::finding::Reason;
use crate::input::Files;

use super::index::Index;
use super::packages::{Ecosystem, Packages};
use super::path;

/// More are not told.
const MAX_FRAMEWORKS: usize = 200;

/// A framework, or a whole application, in a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Framework {
    /// The directory that it has for its own, as reports name it; the empty name is the scanned directory.
    pub directory: String,
    /// Its name.
    pub name: String,
    /// Its version, if a lock file or the code tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What says so.
    pub because: Vec<Reason>,
}

/// How a framework is known: a file of the first kind, with another one beside it.
struct Sign {
    name: &'static str,
    /// Its name, in lower case.
    file: &'static str,
    /// How many directories above the file the framework's own directory is.
    up: usize,
    /// One of these stands in that directory as well; none are needed if this is empty.
    beside: &'static [&'static str],
    /// The package that has its version.
    package: Option<(Ecosystem, &'static str)>,
}

const fn sign(
    name: &'static str,
    file: &'static str,
    up: usize,
    beside: &'static [&'static str],
    package: Option<(Ecosystem, &'static str)>,
) -> Sign {
    Sign {
        name,
        file,
        up,
        beside,
        package,
    }
}

use Ecosystem::{Composer, Npm, WordpressCore};

const SIGNS: &[Sign] = &[
    sign(
        "Laravel",
        "artisan",
        0,
        &["bootstrap/app.php"],
        Some((Composer, "laravel/framework")),
    ),
    sign(
        "Symfony",
        "console",
        1,
        &["src/Kernel.php", "app/AppKernel.php"],
        Some((Composer, "symfony/http-kernel")),
    ),
    sign(
        "WordPress",
        "wp-includes",
        0,
        &["wp-admin", "wp-load.php", "wp-config.php"],
        Some((WordpressCore, "wordpress")),
    ),
    sign(
        "Drupal",
        "drupal.php",
        2,
        &["core/includes"],
        Some((Composer, "drupal/core")),
    ),
    sign("Joomla", "joomla.xml", 0, &["administrator"], None),
    sign("Joomla", "configuration.php", 0, &["administrator"], None),
    sign(
        "Magento",
        "magento",
        1,
        &["app/etc"],
        Some((Composer, "magento/product-community-edition")),
    ),
    sign("PrestaShop", "settings.inc.php", 1, &["classes"], None),
    sign(
        "CodeIgniter",
        "spark",
        0,
        &["app"],
        Some((Composer, "codeigniter4/framework")),
    ),
    sign(
        "Yii",
        "yii",
        0,
        &["config", "common"],
        Some((Composer, "yiisoft/yii2")),
    ),
    sign(
        "CakePHP",
        "cake.php",
        1,
        &["config"],
        Some((Composer, "cakephp/cakephp")),
    ),
    sign("Nextcloud", "occ", 0, &["lib/versioncheck.php"], None),
    sign("Django", "manage.py", 0, &[], None),
    sign("Rails", "config.ru", 0, &["config/application.rb"], None),
    sign(
        "Spring",
        "application.properties",
        3,
        &["pom.xml", "build.gradle", "build.gradle.kts"],
        None,
    ),
    sign(
        "Spring",
        "application.yml",
        3,
        &["pom.xml", "build.gradle", "build.gradle.kts"],
        None,
    ),
];

/// Node packages that are frameworks.
const NODE: &[(&str, &str)] = &[
    ("@nestjs/core", "Nest"),
    ("astro", "Astro"),
    ("express", "Express"),
    ("fastify", "Fastify"),
    ("gatsby", "Gatsby"),
    ("koa", "Koa"),
    ("next", "Next.js"),
    ("nuxt", "Nuxt"),
    ("react-scripts", "Create React App"),
    ("@angular/core", "Angular"),
    ("@sveltejs/kit", "SvelteKit"),
    ("vite", "Vite"),
    ("@vue/cli-service", "Vue CLI"),
];

/// Python packages that are frameworks.
const PYTHON: &[(&str, &str)] = &[
    ("django", "Django"),
    ("fastapi", "FastAPI"),
    ("flask", "Flask"),
];

/// The frameworks of a tree, sorted by directory and name.
pub fn frameworks(files: &dyn Files, index: &Index) -> Vec<Framework> {
    let packages = Packages::of(files, index);
    let mut found: Vec<Framework> = Vec::new();
    for sign in SIGNS {
        found.extend(
            index
                .named(sign.file)
                .filter_map(|file| sign.at(file, files, &packages)),
        );
    }
    for manifest in index.named("package.json") {
        found.extend(node(manifest, files, &packages));
    }
    for list in index
        .named("requirements.txt")
        .chain(index.named("pyproject.toml"))
    {
        found.extend(python(list, files));
    }
    found.sort();
    found.dedup_by(|later, first| later.directory == first.directory && later.name == first.name);
    found.truncate(MAX_FRAMEWORKS);
    found
}

impl Sign {
    fn at(&self, file: &str, files: &dyn Files, packages: &Packages) -> Option<Framework> {
        let mut directory = path::parent(file);
        for _ in 0..self.up {
            directory = path::parent(directory);
        }
        let there = |name: &&&str| {
            let name = path::inside(directory, name);
            files.is_file(&name) || files.is_directory(&name)
        };
        let beside = self.beside.iter().find(there);
        if beside.is_none() && !self.beside.is_empty() {
            return None;
        }
        let mut because = vec![Reason {
            file: Some(file.to_owned()),
            line: None,
            directive: match beside {
                Some(beside) => format!("{} beside {beside}", path::base(file)),
                None => path::base(file).to_owned(),
            },
        }];
        let inside = path::inside(directory, "x");
        // WordPress's own version stands in one of its files, further in.
        let version = self.package.and_then(|(ecosystem, name)| match ecosystem {
            WordpressCore => {
                let of = |package: &&super::packages::Package| {
                    package.ecosystem == ecosystem
                        && path::parent(path::parent(&package.file)) == directory
                };
                packages.all().iter().find(of)
            }
            _ => packages.near(&inside, ecosystem, name),
        });
        if let Some(package) = version {
            because.push(Reason::at(
                &package.file,
                package.line,
                format!("{} {}", package.name, package.version),
            ));
        }
        Some(Framework {
            directory: directory.to_owned(),
            name: self.name.to_owned(),
            version: version.map(|package| package.version.clone()),
            because,
        })
    }
}

fn node(manifest: &str, files: &dyn Files, packages: &Packages) -> Vec<Framework> {
    let Some(json) = files
        .text(manifest)
        .and_then(|text| super::packages::json::parse(manifest, &text).ok())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for section in ["dependencies", "devDependencies"] {
        for member in json.get(section).map_or(&[][..], |node| node.members()) {
            let Some((package, name)) = NODE.iter().find(|(package, _)| *package == member.key)
            else {
                continue;
            };
            let wanted = member.node.text().unwrap_or_default();
            let locked = packages.near(manifest, Npm, package);
            found.push(Framework {
                directory: path::parent(manifest).to_owned(),
                name: (*name).to_owned(),
                version: locked.map(|package| package.version.clone()),
                because: vec![Reason::at(
                    manifest,
                    member.line,
                    format!("{package} {wanted}"),
                )],
            });
        }
    }
    found
}

/// `django==5.1` in `requirements.txt`, `"django>=5"` in `pyproject.toml`.
fn python(list: &str, files: &dyn Files) -> Vec<Framework> {
    let Some(text) = files.text(list) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line
            .trim()
            .trim_matches(['"', '\'', ','])
            .to_ascii_lowercase();
        let end = line
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let Some((_, shown)) = PYTHON.iter().find(|(package, _)| *package == name) else {
            continue;
        };
        let exact = rest.trim_start().strip_prefix("==").map(str::trim);
        found.push(Framework {
            directory: path::parent(list).to_owned(),
            name: (*shown).to_owned(),
            version: exact.map(|version| {
                version
                    .split([' ', ';', ',', '#'])
                    .next()
                    .unwrap_or(version)
                    .to_owned()
            }),
            because: vec![Reason::at(list, number, line.clone())],
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::discover::testing::index_of;
    use super::*;
    use crate::input::Memory;

    #[test]
    fn frameworks_are_known_by_their_files() {
        let files: Memory = [
            ("shop/artisan", ""),
            ("shop/bootstrap/app.php", ""),
            (
                "shop/composer.lock",
                r#"{"packages":[{"name":"laravel/framework","version":"v11.2.0"}]}"#,
            ),
            (
                "blog/wp-includes/version.php",
                "<?php\n$wp_version = '6.8.1';\n",
            ),
            ("blog/wp-load.php", ""),
            (
                "api/package.json",
                r#"{"dependencies":{"express":"^5.0.0"}}"#,
            ),
            (
                "py/requirements.txt",
                "# x\nDjango==5.1.2 ; python_version > '3'\nfastapi>=1\n",
            ),
            ("artisan", "no Laravel"),
        ]
        .into_iter()
        .collect();
        let found = frameworks(&files, &index_of(&files));
        let short: Vec<(&str, &str, Option<&str>)> = found
            .iter()
            .map(|f| (f.directory.as_str(), f.name.as_str(), f.version.as_deref()))
            .collect();
        assert_eq!(
            short,
            [
                ("api", "Express", None),
                ("blog", "WordPress", Some("6.8.1")),
                ("py", "Django", Some("5.1.2")),
                ("py", "FastAPI", None),
                ("shop", "Laravel", Some("v11.2.0")),
            ]
        );
    }
}
