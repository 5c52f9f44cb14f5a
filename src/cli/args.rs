//! The command line as clap sees it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum as _};

use crate::finding::{Confidence, Severity};
use crate::input::Archives;
use crate::report::Format;

use super::advisories::AdvisoryArgs;
use super::baseline::{BaselineCommand, KnownArgs};
use super::history::HistoryArgs;
use super::hook::HookCommand;
use super::investigate::InvestigateArgs;
use super::logs::LogArgs;
#[cfg(feature = "mailgun")]
use super::mailgun::MailgunCommand;
use super::reports::{MergeArgs, ReportCommand};
use super::respond::RespondArgs;
use super::servers::ServerArgs;
use super::site::SiteArgs;

/// Finds the credentials that a web application exposes, and how they got out.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = AFTER_HELP, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) scan: ScanArgs,
}

const AFTER_HELP: &str = "Exit codes: 0 clean and complete; 1 findings at or over --fail-on; 2 usage or configuration \
error; 3 something was not read, or nothing was; 70 internal error.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Scan files and directories (what spillcheck does without a command)
    Scan(Box<ScanArgs>),
    /// Scan everything that was ever committed to a git repository
    History(Box<HistoryArgs>),
    /// Show document roots, and what the web servers make of files and URLs
    Site(SiteArgs),
    /// Find out how credentials got out, after an account was abused: everything that a scan does, and one answer
    Investigate(Box<InvestigateArgs>),
    /// Go through what is to be done after an investigation, step by step
    Respond(RespondArgs),
    /// Scan a leaky sample application, to see what findings look like
    Demo(DemoArgs),
    /// Try every stage on made-up credentials, show what is in force, and say of each file below PATH why it would be
    /// read or not
    Doctor(Box<ReadArgs>),
    /// List, show, check and test rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Keep what is known, so that only what is new counts
    Baseline {
        #[command(subcommand)]
        command: Box<BaselineCommand>,
    },
    /// Scan before each commit
    Hook {
        #[command(subcommand)]
        command: HookCommand,
    },
    /// Turn saved reports into other formats
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Join JSON reports of several runs into one
    Merge(MergeArgs),
    /// Ask Mailgun whether a key is live, and replace what leaked; the only command that opens a connection
    #[cfg(feature = "mailgun")]
    Mailgun {
        #[command(subcommand)]
        command: MailgunCommand,
    },
    /// One line for each check of how credentials get out
    Checks,
    /// What a rule or a check finds, why it is bad, and what to do
    Explain {
        /// The id of a rule or a check, as findings show it
        id: String,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// One line for each rule
    List {
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Everything about one rule, as TOML
    Show {
        /// A rule id
        id: String,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Check the rule files of a directory
    Check {
        /// Where the `*.toml` files are
        dir: PathBuf,
    },
    /// Check the rule files of a directory and run their examples
    Test {
        /// Where the `*.toml` files are
        dir: PathBuf,
    },
}

#[derive(Debug, Default, Args)]
pub(super) struct RuleArgs {
    /// Directory of rule files (`*.toml`) to use besides the built-in ones, or a .gitleaks.toml, with its allowlists;
    /// may be repeated
    #[arg(long = "rules", value_name = "PATH")]
    pub(super) dirs: Vec<PathBuf>,
}

/// What is read, and what is looked for in it.
#[derive(Debug, Default, Args)]
pub(super) struct ReadArgs {
    /// Files and directories; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// What to call standard input: its name decides how it is read
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,
    /// Show findings that are at least this sure [default: medium]
    #[arg(long, value_name = "CONFIDENCE", value_parser = level::<Confidence>(Confidence::WORDS))]
    pub(super) min_confidence: Option<Confidence>,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
    #[command(flatten)]
    pub(super) servers: ServerArgs,
    #[command(flatten)]
    pub(super) logs: LogArgs,
    #[command(flatten)]
    pub(super) advisories: AdvisoryArgs,
    /// Look for credentials only, and not for how they get out
    #[arg(long)]
    pub(super) no_checks: bool,
    /// Leave out what a glob names, relative to the scanned directory; may be repeated
    #[arg(long = "exclude", value_name = "GLOB")]
    pub(super) excludes: Vec<String>,
    /// Leave out what git ignores
    #[arg(long, conflicts_with = "which")]
    pub(super) respect_gitignore: bool,
    #[command(flatten)]
    pub(super) git: GitArgs,
    /// Leave archives closed
    #[arg(long)]
    pub(super) no_archives: bool,
    /// Open archives that lie in others up to this depth; 1 opens those on disk only [default: 4]
    #[arg(long, value_name = "N", conflicts_with = "no_archives", value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(super) archive_depth: Option<u8>,
    /// Configuration file, instead of the one found upwards from the first PATH
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub(super) config: Option<PathBuf>,
    /// Honor this file of another scanner: a .gitleaksignore, the allowlists of a .gitleaks.toml, or a
    /// .secrets.baseline of detect-secrets; repeatable
    #[arg(long = "allowlist", value_name = "FILE")]
    pub(super) allowlists: Vec<PathBuf>,
    /// Read no configuration file and no .spillcheckignore
    #[arg(long)]
    pub(super) isolated: bool,
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: Option<u16>,
}

/// Which files, as git sees them.
#[derive(Debug, Default, Args)]
pub(super) struct GitArgs {
    /// Read what the next commit would contain, and show credentials in lines that it adds
    #[arg(long, group = "which")]
    pub(super) staged: bool,
    /// Read only files that git tracks
    #[arg(long, group = "which")]
    pub(super) tracked: bool,
    /// Read the files that changed since the history parted from BASE (a branch, tag or commit), and show credentials
    /// in lines that were added since
    #[arg(long, value_name = "BASE", group = "which")]
    pub(super) diff: Option<String>,
    /// Read all of a history again: usually what was found clean before is passed over, which the user's cache remembers
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Read everything that was ever committed as well; see `spillcheck history`
    #[arg(long, conflicts_with_all = ["staged", "diff"])]
    pub(super) history: bool,
}

impl ReadArgs {
    /// How far to go into archives.
    pub(super) fn archives(&self) -> Option<Archives> {
        let default = Archives::default();
        (!self.no_archives).then_some(Archives {
            depth: self.archive_depth.map_or(default.depth, usize::from),
            ..default
        })
    }
}

#[derive(Debug, Default, Args)]
pub(super) struct ScanArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    #[command(flatten)]
    pub(super) known: KnownArgs,
    /// Format of what is written to standard output
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// Write a report to a file as well: `sarif=spillcheck.sarif`; may be repeated
    #[arg(long = "output", value_name = "FORMAT=PATH", value_parser = parse_output)]
    pub(super) outputs: Vec<(Format, PathBuf)>,
    /// Exit with 1 if a finding is at least this severe [default: low]
    #[arg(long, value_name = "SEVERITY", value_parser = level::<Severity>(Severity::WORDS))]
    pub(super) fail_on: Option<Severity>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// No colours
    #[arg(long)]
    pub(super) no_color: bool,
    /// One line for each finding, and no progress
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Name every file that was not read
    #[arg(long)]
    pub(super) show_skipped: bool,
    /// Say where the time went, on standard error
    #[arg(long)]
    pub(super) timings: bool,
    /// Show the secrets themselves; only on a terminal
    #[arg(long)]
    pub(super) show_secrets: bool,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Keep the sample application here instead of deleting it
    #[arg(long, value_name = "DIR")]
    pub(super) keep: Option<PathBuf>,
    /// No colours
    #[arg(long)]
    pub(super) no_color: bool,
}

pub(super) fn level<T>(
    words: &'static [&'static str],
) -> impl clap::builder::TypedValueParser<Value = T>
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    use clap::builder::TypedValueParser as _;
    clap::builder::PossibleValuesParser::new(words.iter().copied())
        .try_map(|word| word.parse::<T>())
}

pub(super) fn parse_output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) = text
        .split_once('=')
        .ok_or("write it as FORMAT=PATH, such as `sarif=spillcheck.sarif`")?;
    if path.is_empty() {
        return Err("the path after `=` is missing".to_owned());
    }
    Ok((Format::from_str(format, false)?, PathBuf::from(path)))
}
