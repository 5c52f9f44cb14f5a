//! `spillcheck hook`: scanning before a commit is made, or a push.

mod install;
mod push;
mod script;

use clap::{Args, Subcommand};

use super::Failure;
use super::exit::Exit;
use script::Hook;

#[derive(Debug, Subcommand)]
pub(super) enum HookCommand {
    /// Scan before each commit of this repository; a hook that is there already is kept and runs first
    Install(HookArgs),
    /// Take our hook out again, and put back the one that was there before
    Uninstall(HookArgs),
    /// Scan what a push would bring to the other side: git runs this as its pre-push hook
    PrePush {
        /// The remote, as git names it to the hook
        remote: Option<String>,
        /// Where it is, as git tells the hook
        url: Option<String>,
        /// Options of a scan
        #[arg(last = true)]
        options: Vec<String>,
    },
    /// Scan what a push brings before this server takes it: git runs this as its pre-receive hook
    PreReceive {
        /// Options of a scan
        #[arg(last = true)]
        options: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct HookArgs {
    /// Before each push instead: all that its commits bring, and not only how they leave files
    #[arg(long, conflicts_with = "pre_receive")]
    pre_push: bool,
    /// Before this repository, on a server, takes a push
    #[arg(long)]
    pre_receive: bool,
    /// Also where git takes its hooks from a directory outside of this repository
    #[arg(long)]
    force: bool,
}

impl HookArgs {
    fn hook(&self) -> Hook {
        if self.pre_push {
            Hook::Push
        } else if self.pre_receive {
            Hook::Receive
        } else {
            Hook::Commit
        }
    }
}

pub(super) fn run(command: &HookCommand) -> Result<Exit, Failure> {
    match command {
        HookCommand::Install(args) => install::install(args.hook(), args.force),
        HookCommand::Uninstall(args) => install::uninstall(args.hook(), args.force),
        HookCommand::PrePush {
            remote, options, ..
        } => push::leaving(remote.as_deref(), options),
        HookCommand::PreReceive { options } => push::arriving(options),
    }
}
