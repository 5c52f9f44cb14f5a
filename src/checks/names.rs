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
    let name = name(path).to_ascii_lowercase();
    let is_script = [
        ".sh",
        ".md",
        ".txt",
        ".js",
        ".ts",
        ".go",
        ".py",
        ".dockerignore",
    ]
    .iter()
    .any(|end| name.ends_with(end));
    let is_named = |word: &str| {
        let rest = name.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    !is_script
        && (is_named("dockerfile") || is_named("containerfile") || name.ends_with(".dockerfile"))
}

/// Whether it is a compose file, by its name.
pub(super) fn is_compose(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    let is_named = name.starts_with("docker-compose")
        || name.starts_with("compose.")
        || name.starts_with("compose-");
    is_named && is_yaml(&name)
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
