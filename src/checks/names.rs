//! What the name of a file says.

/// Words of names of files that are for development.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "development",
    "local",
    "test",
    "testing",
    "tests",
    "ci",
    "e2e",
    "example",
    "sample",
    "override",
    "debug",
    "devcontainer",
    "storybook",
];

/// Words of names of files whose values only tests use.
const TESTS: &[&str] = &[
    "test", "tests", "testing", "dusk", "ci", "e2e", "unit", "phpunit", "cypress",
];

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The directory of a file; the empty name is the root.
pub(super) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A name in a directory.
pub(super) fn join(directory: &str, name: &str) -> String {
    match directory {
        "" => name.to_owned(),
        _ => format!("{directory}/{name}"),
    }
}

/// Whether the name of a file, or of the directory that it is in, says that it is for development:
/// `docker-compose.dev.yml`. Names further up may be those of the machine on which the tree is looked at.
pub(super) fn is_for_development(path: &str) -> bool {
    let near = path.rsplit('/').take(2);
    let mut words = near.flat_map(|part| part.split(['.', '-', '_']));
    words.any(|word| DEVELOPMENT.iter().any(|one| one.eq_ignore_ascii_case(word)))
}

/// Whether the name of a file says that only tests read it: `.env.testing`, `phpunit.xml`.
pub(super) fn is_for_tests(path: &str) -> bool {
    let mut words = name(path).split(['.', '-', '_']);
    words.any(|word| TESTS.iter().any(|one| one.eq_ignore_ascii_case(word)))
}

/// Whether it is a Dockerfile, by its name.
pub(super) fn is_dockerfile(path: &str) -> bool {
    const SCRIPTS: &[&str] = &[
        ".sh",
        ".md",
        ".txt",
        ".js",
        ".ts",
        ".go",
        ".py",
        ".dockerignore",
    ];
    let name = name(path);
    let is_named = |word: &str| {
        let rest = starts_with(name, word).then(|| &name[word.len()..]);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    (is_named("dockerfile") || is_named("containerfile") || ends_with(name, ".dockerfile"))
        && !SCRIPTS.iter().any(|end| ends_with(name, end))
}

/// Whether it is a compose file, by its name.
pub(super) fn is_compose(path: &str) -> bool {
    let name = name(path);
    let is_named = ["docker-compose", "compose.", "compose-"]
        .iter()
        .any(|start| starts_with(name, start));
    is_named && (ends_with(name, ".yml") || ends_with(name, ".yaml"))
}

/// In any case.
fn starts_with(name: &str, start: &str) -> bool {
    let there = name.as_bytes().get(..start.len());
    there.is_some_and(|there| there.eq_ignore_ascii_case(start.as_bytes()))
}

/// In any case.
fn ends_with(name: &str, end: &str) -> bool {
    let at = name.len().checked_sub(end.len());
    at.is_some_and(|at| name.as_bytes()[at..].eq_ignore_ascii_case(end.as_bytes()))
}

/// Whether it is YAML, by its name.
pub(super) fn is_yaml(path: &str) -> bool {
    path.ends_with(".yml") || path.ends_with(".yaml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_for_development_are_told_by_what_is_near() {
        for path in [
            "docker-compose.dev.yml",
            "a/Dockerfile.local",
            "shop/settings/dev.py",
            "docker/dev/Dockerfile",
        ] {
            assert!(is_for_development(path), "{path}");
        }
        for path in [
            "docker-compose.yml",
            "/home/dev/shop/deploy/Dockerfile",
            "devices/Dockerfile",
        ] {
            assert!(!is_for_development(path), "{path}");
        }
    }
}
