//! Repositories made by git itself.

mod cache;
mod carriers;
mod history;
mod matrix;
mod staged;
mod tracked;

use std::path::Path;
use std::process::Command;

use crate::support::{Outcome, Tree, command, findings, outcome};

/// A repository with a work tree.
pub(crate) struct Repository {
    pub(crate) tree: Tree,
}

impl Repository {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let tree = Tree::new();
        git_in(tree.path(), &["init", "-q", "-b", "main"]);
        Self { tree }
    }

    /// One with a commit of these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        for (name, text) in files {
            repository.tree.write(name, text);
        }
        repository.commit("first");
        repository
    }

    /// Runs git, and gives what it writes.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        git_in(self.tree.path(), args)
    }

    /// Commits all that is in the work tree.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// Writes a file and stages it.
    pub(crate) fn stage(&self, name: &str, text: impl AsRef<[u8]>) {
        self.tree.write(name, text);
        self.git(&["add", name]);
    }

    /// Runs the binary in a directory of the work tree.
    pub(crate) fn run_in(&self, directory: &str, args: &[&str]) -> Outcome {
        outcome(command(&self.tree.at(directory), args))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_in("", args)
    }
}

/// Runs git, which has to succeed, without the user's configuration.
pub(crate) fn git_in(directory: &Path, args: &[&str]) -> String {
    let output = git_command(directory, args).output().expect("git is there");
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Git, ready to be run.
pub(crate) fn git_command(directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(directory).args(args);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{who}_NAME"), "A U Thor")
            .env(format!("GIT_{who}_EMAIL"), "author@example.com")
            .env(format!("GIT_{who}_DATE"), "2024-01-02T03:04:05+00:00");
    }
    command
}

/// `path:line` of every occurrence of every finding in a JSON report, sorted.
pub(crate) fn places(outcome: &Outcome) -> Vec<String> {
    let report = outcome.json();
    let occurrences = findings(&report).iter().flat_map(|finding| {
        finding["occurrences"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    });
    let mut places: Vec<String> = occurrences
        .map(|occurrence| {
            let path = occurrence["path"].as_str().unwrap_or_default();
            format!("{path}:{}", occurrence["start"]["line"])
        })
        .collect();
    places.sort();
    places
}
