//! The binary, and what it writes.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::mailgun_mock::Mock;

/// How a run ended and what it wrote.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
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

    #[track_caller]
    pub(crate) fn holds_none_of(&self, secrets: &[String]) {
        for secret in secrets {
            let is_there = self.stdout.contains(secret) || self.stderr.contains(secret);
            assert!(!is_there, "a secret in {self:#?}");
        }
    }

    /// The result in the JSON document, which is held to its schema.
    #[track_caller]
    pub(crate) fn result(&self) -> Value {
        let document: Value = serde_json::from_str(&self.stdout).unwrap();
        let schema = include_str!("../../schemas/mailgun-1.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?} in {document:#}");
        document["result"].clone()
    }
}

/// Runs `spillcheck mailgun` with a key against the mock. No secret of the account comes out, whatever is done.
#[track_caller]
pub(crate) fn run(mock: &Mock, dir: &Path, key: &str, args: &[&str]) -> Outcome {
    let output = command(mock, dir, args)
        .env("MAILGUN_API_KEY", key)
        .output()
        .unwrap();
    let ran = outcome(output);
    ran.holds_none_of(&mock.account().secrets());
    ran
}

/// The command without a key.
pub(crate) fn command(mock: &Mock, dir: &Path, args: &[&str]) -> Command {
    let [us, eu] = mock.urls();
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillcheck"));
    command
        .current_dir(dir)
        .arg("mailgun")
        .args(args)
        .args(["--base-url", &us, &eu])
        .env_remove("MAILGUN_API_KEY");
    command
}

pub(crate) fn outcome(output: Output) -> Outcome {
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
