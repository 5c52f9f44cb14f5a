//! `spillcheck hook`: scanning before a commit is made.

mod install;
mod script;

use clap::{Args, Subcommand};

use super::Failure;
use super::exit::Exit;

#[derive(Debug, Subcommand)]
pub(super) enum HookCommand {
    /// Scan before each commit of this repository; a hook that is there already is kept and runs first
    Install(HookArgs),
    /// Take our hook out again, and put back the one that was there before
    Uninstall(HookArgs),
}

#[derive(Debug, Args)]
pub(super) struct HookArgs {
    /// Also where git takes its hooks from a directory outside of this repository
    #[arg(long)]
    force: bool,
}

pub(super) fn run(command: &HookCommand) -> Result<Exit, Failure> {
    match command {
        HookCommand::Install(args) => install::install(args.force),
        HookCommand::Uninstall(args) => install::uninstall(args.force),
    }
}
