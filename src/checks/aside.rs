//! What lies beside the application: tests, documentation, examples, installed packages.

use crate::site::is_installed;

/// Directories whose files nobody deploys, or deploys by mistake only.
const FOLDERS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "__tests__",
    "spec",
    "specs",
    "testdata",
    "fixture",
    "fixtures",
    "__fixtures__",
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "sample",
    "samples",
    "benchmark",
    "benchmarks",
    "stubs",
    "devcontainer",
];

/// Those of forges. A directory `gitlab` may be what runs one.
const FORGES: &[&str] = &[".github", ".gitlab"];

/// Whether a file is not part of the application itself.
pub(super) fn is_aside(path: &str) -> bool {
    let directories = path
        .rsplit_once('/')
        .map_or("", |(directories, _)| directories);
    let is_folder = |part: &str| {
        let part = part.trim_start_matches('.');
        FOLDERS
            .iter()
            .any(|folder| part.eq_ignore_ascii_case(folder))
    };
    let is_aside = |part: &str| is_folder(part) || FORGES.contains(&part);
    is_installed(path) || directories.split('/').any(is_aside)
}
