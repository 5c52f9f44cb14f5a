//! From arguments to an exit code: glue only.

mod advisories;
mod args;
mod baseline;
mod cache;
mod changes;
mod config;
mod demo;
mod doctor;
mod exit;
mod foreign;
mod history;
mod hook;
mod ignores;
mod investigate;
mod logs;
#[cfg(feature = "mailgun")]
mod mailgun;
mod options;
mod placement;
mod progress;
mod reports;
mod respond;
mod rules;
mod scan;
mod scanned;
mod servers;
mod site;
mod survey;

use std::io::{self, Write as _};
use std::panic;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Cli, Command};
use exit::Exit;

/// What stops a command before it has a result: said on standard error.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn usage(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.to_string(),
        }
    }

    /// A provider did not answer, or said no.
    #[cfg(feature = "mailgun")]
    fn provider(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::Incomplete,
            message: message.to_string(),
        }
    }

    fn internal(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::Internal,
            message: message.to_string(),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::internal(format!("the report cannot be written: {error}"))
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = parse();
    let exit = match panic::catch_unwind(|| run(cli)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            say(&format!("error: {}", failure.message));
            failure.exit
        }
        Err(_) => {
            say("error: this is a defect of spillcheck; what was scanned is not to be relied on");
            Exit::Internal
        }
    };
    exit.into()
}

#[cfg(feature = "mailgun")]
fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|mut error| {
        mailgun::mask(&mut error);
        error.exit()
    })
}

#[cfg(not(feature = "mailgun"))]
fn parse() -> Cli {
    Cli::parse()
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        None => scan::run(&cli.scan),
        Some(Command::Scan(args)) => scan::run(&args),
        Some(Command::History(args)) => history::run(&args),
        Some(Command::Site(args)) => site::run(&args),
        Some(Command::Investigate(args)) => investigate::run(&args),
        Some(Command::Respond(args)) => respond::run(&args),
        Some(Command::Demo(args)) => demo::run(&args),
        Some(Command::Doctor(args)) => doctor::run(&args),
        Some(Command::Rules { command }) => rules::run(command),
        Some(Command::Baseline { command }) => baseline::run(&command),
        Some(Command::Hook { command }) => hook::run(&command),
        Some(Command::Report { command }) => reports::run(&command),
        Some(Command::Merge(args)) => reports::merge(&args),
        #[cfg(feature = "mailgun")]
        Some(Command::Mailgun { command }) => mailgun::run(&command),
        Some(Command::Checks) => rules::list_checks(),
        Some(Command::Explain { id, rules }) => rules::explain(&id, &rules),
        Some(Command::Completions { shell }) => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "spillcheck", &mut out);
            print(&out)
        }
        Some(Command::Man) => {
            let mut out = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut out)?;
            print(&out)
        }
    }
}

/// Writes to standard output; a reader that has gone away is no error.
fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Exit::Clean),
    }
}

/// Writes a message to standard error, where failing to do so cannot be reported anywhere.
fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(message));
}

/// Messages repeat names and lines of files, which must not move the cursor, nor change what is seen.
fn printable(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for c in message.chars() {
        match c {
            '\n' | '\t' | '"' | '\'' | '\\' => out.push(c),
            _ => out.extend(c.escape_debug()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_not_acted_upon() {
        assert_eq!(printable("a \"b\" \\ 'ü'\n"), "a \"b\" \\ 'ü'\n");
        assert_eq!(printable("\u{1b}[2J\r\u{202e}"), "\\u{1b}[2J\\r\\u{202e}");
    }
}
