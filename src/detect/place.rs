//! What the path of a file says about the values in it.

/// What kind of place a file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Tests, fixtures, mocks, documentation, translations: values in it are mostly made up.
    pub(super) made_up: bool,
    /// A template of a configuration file, which people fill in where it stands.
    pub(super) sample: bool,
    /// Code that came from elsewhere: installed packages, bundled libraries.
    pub(super) third_party: bool,
    /// What a CI service does: databases that it starts live as long as a job.
    pub(super) ci: bool,
}

const MADE_UP_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "__tests__",
    "__mocks__",
    "spec",
    "specs",
    "testdata",
    "test-data",
    "testsuite",
    "fixture",
    "fixtures",
    "__fixtures__",
    "mock",
    "mocks",
    "cassettes",
    "vcr_cassettes",
    "e2e",
    "cypress",
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "tutorial",
    "tutorials",
    "stubs",
    "benchmark",
    "benchmarks",
    "locale",
    "locales",
    "lang",
    "langs",
    "languages",
    "i18n",
    "l10n",
    "translations",
    "man",
    "guides",
];

const THIRD_PARTY_FOLDERS: &[&str] = &[
    "node_modules",
    "bower_components",
    "site-packages",
    "dist-packages",
    "third_party",
    "third-party",
    "thirdparty",
    "gems",
    "wp-includes",
    "wp-admin",
    "vendor",
    "vendors",
    "jspm_packages",
    ".yarn",
    "externals",
];

const CI_FOLDERS: &[&str] = &[
    ".github",
    ".gitlab",
    ".circleci",
    ".woodpecker",
    ".gitea",
    ".forgejo",
];

const CI_FILES: &[&str] = &[
    ".gitlab-ci.yml",
    ".travis.yml",
    ".drone.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "appveyor.yml",
];

const MADE_UP_NAME_PARTS: &[&str] = &[".test.", ".spec.", "_test.", "_spec.", "mock_", "_mock."];

const SAMPLE_NAME_PARTS: &[&str] = &[
    ".example",
    ".sample",
    ".dist",
    ".stub",
    "-example.",
    "-sample.",
    "_example.",
    "_sample.",
    ".template",
    ".tmpl",
];

const MADE_UP_NAME_STARTS: &[&str] = &[
    "test_",
    "test-",
    "readme",
    "changelog",
    "changes",
    "contributing",
    "history.",
];

const MADE_UP_NAME_ENDS: &[&str] = &[".md", ".rst", ".adoc", ".pod", ".po", ".pot", ".xlf"];

impl Place {
    /// Reads a path that is relative to the scanned root, with forward slashes.
    pub(super) fn of(path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let within = |list: &[&str]| folders.split('/').any(|folder| list.contains(&folder));
        let made_up = within(MADE_UP_FOLDERS)
            || MADE_UP_NAME_PARTS.iter().any(|part| name.contains(part))
            || MADE_UP_NAME_STARTS
                .iter()
                .any(|start| name.starts_with(start))
            || MADE_UP_NAME_ENDS.iter().any(|end| name.ends_with(end));
        Self {
            made_up,
            sample: SAMPLE_NAME_PARTS.iter().any(|part| name.contains(part)),
            third_party: within(THIRD_PARTY_FOLDERS),
            ci: within(CI_FOLDERS) || CI_FILES.contains(&name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_places_apart() {
        let made_up = |path| Place::of(path).made_up;
        assert!(made_up("tests/Feature/MailTest.php"));
        assert!(made_up("src/auth.spec.ts"));
        assert!(Place::of(".env.example").sample);
        assert!(made_up("README.md"));
        assert!(Place::of(".github/workflows/ci.yml").ci && Place::of("a/.gitlab-ci.yml").ci);
        assert!(!Place::of("ci/deploy.yml").ci);
        assert!(!made_up(".env"));
        assert!(!made_up("config/services.php"));
        assert!(!made_up("notes.txt"));
        assert!(!made_up("contest/attest.php"));
        assert!(Place::of("a/node_modules/b/index.js").third_party);
        assert!(!Place::of("wp-content/plugins/b/index.php").third_party);
    }
}
