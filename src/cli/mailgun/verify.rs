//! `spillcheck mailgun verify`

use std::fmt::Write as _;

use clap::Args;

use crate::cli::Failure;
use crate::cli::exit::Exit;
use crate::mailgun::{Verdict, Verification, verify};

use super::CommonArgs;
use super::output::{self, Outcome};
use super::session::Session;

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    #[command(flatten)]
    common: CommonArgs,
}

pub(super) fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    let session = Session::open(&args.common)?;
    let found = verify(&session.client, &session.key);
    let exit = match found.verdict {
        Verdict::Unknown => Exit::Incomplete,
        verdict => output::exit(verdict.is_live()),
    };
    let text = human(&found);
    output::write(args.common.format, &Outcome::Verify(found), &text)?;
    Ok(exit)
}

fn human(found: &Verification) -> String {
    let mut text = String::new();
    let name = match &found.key_id {
        Some(id) => format!("key {id}"),
        None => "this key".to_owned(),
    };
    let _ = writeln!(text, "{name}: {}", said(found.verdict));
    if let Some(row) = &found.row {
        let _ = writeln!(text, "  {}", super::keys::line(row));
    }
    for probe in &found.probes {
        let status = probe
            .status
            .map_or("no answer".to_owned(), |status| status.to_string());
        let _ = write!(text, "  {} {}: {status}", probe.region.word(), probe.path);
        if !probe.message.is_empty() {
            let _ = write!(text, " ({})", probe.message);
        }
        text.push('\n');
    }
    text
}

fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::LiveAdmin => "live; Mailgun accepts it, and it may list keys",
        Verdict::Live => "live; Mailgun accepts it",
        Verdict::LiveRestricted => {
            "live, restricted; Mailgun knows it, and does not let it do this"
        }
        Verdict::NotAccepted => {
            "not accepted from this machine\n  This does not prove that it is dead: Mailgun answers the same to an address \
             that is not on the account's IP allowlist,\n  and perhaps to a key that may only send. `spillcheck mailgun \
             keys`, with a key of an administrator, says whether it is still listed."
        }
        Verdict::Unknown => "could not be verified; nothing was learned, try again later",
    }
}
