//! Trees to scan, and the binary to scan them with.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use spillcheck::rules::template;

/// Long enough for an unoptimised build on a busy machine; what takes longer hangs.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// How a run ended and what it wrote.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Ends the test unless the exit code is this one; the message shows what was written.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text),
            "`{text}` is missing in {self:#?}"
        );
        self
    }

    #[track_caller]
    pub(crate) fn warns(&self, text: &str) -> &Self {
        assert!(
            self.stderr.contains(text),
            "`{text}` is missing in {self:#?}"
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// The binary, with nothing in its environment that changes what it writes.
pub(crate) fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillcheck"));
    command.current_dir(dir).args(args).timeout(TIMEOUT);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    // What an earlier run remembers is no part of a test.
    command.env("XDG_CACHE_HOME", "none");
    // Of one of the formats a time is a part.
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    command
}

/// Runs a command to its end.
pub(crate) fn outcome(mut command: Command) -> Outcome {
    let output = command.output().expect("the binary starts");
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// A directory of files.
pub(crate) struct Tree(tempfile::TempDir);

impl Tree {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room for temporary files"))
    }

    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let tree = Self::new();
        for (name, text) in files {
            tree.write(name, text);
        }
        tree
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        // A file that every user of the machine can read would be one more finding.
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    /// Runs the binary in the directory.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        outcome(command(self.path(), args))
    }
}

/// What a template renders to.
pub(crate) fn render(text: &str, seed: u64) -> String {
    let rendered = template::render(text, seed).expect("the template is well-formed");
    String::from_utf8(rendered.text).expect("the template is UTF-8")
}

/// A Mailgun key of today's shape: critical, and of high confidence beside the name that [`env_file`] gives it.
pub(crate) fn mailgun_key(seed: u64) -> String {
    render("{hex:32}-{hex:8}-{hex:8}", seed)
}

/// An `.env` with one critical finding in line 2, column 16.
pub(crate) fn env_file(key: &str) -> String {
    format!("MAILGUN_DOMAIN=mg.example.com\nMAILGUN_SECRET={key}\n")
}

/// The names of all formats.
pub(crate) fn formats() -> impl Iterator<Item = &'static str> {
    spillcheck::report::Format::ALL
        .iter()
        .map(|format| format.word())
}

/// The findings of a JSON report.
pub(crate) fn findings(report: &Value) -> &[Value] {
    report["findings"]
        .as_array()
        .expect("a report has findings")
}

/// Where the findings of a JSON report lie, in its order: the first place of each.
pub(crate) fn paths(run: &Outcome) -> Vec<String> {
    let report = run.json();
    let paths = findings(&report).iter().map(|finding| {
        let place = &finding["occurrences"][0]["path"];
        place.as_str().unwrap().to_owned()
    });
    paths.collect()
}

/// The rules of the findings of a JSON report, in its order.
pub(crate) fn rules_found(report: &Value) -> Vec<&str> {
    let findings = findings(report).iter();
    findings
        .map(|finding| finding["rule"].as_str().expect("a finding has a rule"))
        .collect()
}
