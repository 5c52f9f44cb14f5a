//! What is written to standard output.

use std::io::{self, BufWriter, Write as _};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::{Failure, printable};
use crate::mailgun::{Audit, KeyRow, Verification};

use super::OutputFormat;
use super::audit::SentSince;
use super::keys::{DeletedKey, ListedKey};
use super::smtp::{ChangedLogin, ListedLogin};
use super::users::ListedUser;

const SCHEMA_ID: &str = "urn:spillcheck:schema:mailgun-1";

/// What a command of `spillcheck mailgun` found and did. No secret is in it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "spillcheck mailgun", extend("$id" = SCHEMA_ID))]
struct Document<'d> {
    /// Always `urn:spillcheck:schema:mailgun-1`.
    schema: &'static str,
    /// The version of spillcheck.
    tool: &'static str,
    #[serde(flatten)]
    outcome: &'d Outcome,
}

/// By command.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "command", content = "result", rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// Whether a key is accepted.
    Verify(Verification),
    /// The keys of the account.
    Keys(Vec<ListedKey>),
    /// The key that was made, without itself.
    CreateKey(KeyRow),
    /// The key that was deleted.
    DeleteKey(DeletedKey),
    /// The logins of the account.
    Smtp(Vec<ListedLogin>),
    /// The login that has a new password.
    ResetSmtp(ChangedLogin),
    /// The login that was deleted.
    DeleteSmtp(ChangedLogin),
    /// The users of the account.
    Users(Vec<ListedUser>),
    /// What is in the account.
    Audit(Audit),
    /// What was sent.
    Sends(SentSince),
}

/// Writes an outcome: its text for people, or the whole of it for programs.
pub(super) fn write(format: OutputFormat, outcome: &Outcome, human: &str) -> Result<(), Failure> {
    let text = match format {
        OutputFormat::Human => printable(human),
        OutputFormat::Json => {
            let document = Document {
                schema: SCHEMA_ID,
                tool: env!("CARGO_PKG_VERSION"),
                outcome,
            };
            serde_json::to_string_pretty(&document).map_err(Failure::internal)? + "\n"
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// 1 for what is left to do.
pub(super) fn exit(is_left: bool) -> Exit {
    if is_left { Exit::Findings } else { Exit::Clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/mailgun-1.json");
        let schema = schemars::schema_for!(Document<'static>).to_value();
        let current = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stored == current,
            "schemas/mailgun-1.json is stale: run `UPDATE_SCHEMA=1 cargo test --lib schema`"
        );
    }
}
