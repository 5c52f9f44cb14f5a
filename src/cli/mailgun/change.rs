//! Changes at the provider: shown first, made only when a person says so.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;

use crate::cli::{Failure, say};
use crate::mailgun::{Client, Request};

/// Whether to change anything.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct ChangeArgs {
    /// Do it, after a confirmation that is typed on the terminal; without this, what would be sent is shown
    #[arg(long)]
    pub(super) apply: bool,
}

/// Shows what would be sent, and asks for a word if it is to be. `false` if nothing may be done.
pub(super) fn confirmed(
    change: ChangeArgs,
    client: &Client<'_>,
    (requests, word): (&[Request], &str),
) -> Result<bool, Failure> {
    for request in requests {
        say(&format!("would send {}", client.shown(request)));
    }
    if !change.apply {
        say("nothing was changed; add --apply to do it");
        return Ok(false);
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "--apply asks for a confirmation: run this on a terminal",
        ));
    }
    say(&format!("this cannot be taken back; type {word} to do it:"));
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == word {
        return Ok(true);
    }
    say("that is something else: nothing was changed");
    Ok(false)
}
