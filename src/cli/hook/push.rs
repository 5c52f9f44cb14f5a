//! What a push brings, before it leaves here or before a server takes it.

use std::env;
use std::io::{self, Read as _};
use std::path::PathBuf;

use clap::Parser;

use crate::cli::args::ScanArgs;
use crate::cli::exit::Exit;
use crate::cli::scan::{self, HistoryPart};
use crate::cli::{Failure, say};
use crate::input::{Push, Selection};

/// What git tells a hook is not longer, in bytes: a line for each reference.
const MAX_TOLD: u64 = 64 << 20;

/// Options of a scan, as they stand behind `--`.
#[derive(Debug, Parser)]
#[command(name = "spillcheck hook", no_binary_name = true)]
struct Given {
    #[command(flatten)]
    scan: ScanArgs,
}

/// What the commits that go to `remote` bring: git tells which on standard input,
/// <https://git-scm.com/docs/githooks#_pre_push>.
pub(super) fn leaving(remote: Option<&str>, options: &[String]) -> Result<Exit, Failure> {
    let mut push = Push::default();
    for line in Line::all(4)? {
        let [name, new, _, old] = line.fields()[..] else {
            continue;
        };
        push.add(name, new, old);
    }
    if let Some(remote) = remote.filter(|name| !name.contains([':', '/'])) {
        push.known_refs = Some(format!("refs/remotes/{remote}/"));
    }
    run(push, options)
}

/// What the commits that a server is about to take bring: git tells which on standard input, and keeps their objects
/// apart, <https://git-scm.com/docs/githooks#pre-receive>, <https://git-scm.com/docs/git-receive-pack#_quarantine_environment>.
pub(super) fn arriving(options: &[String]) -> Result<Exit, Failure> {
    let mut push = Push::default();
    for line in Line::all(3)? {
        let [old, new, name] = line.fields()[..] else {
            continue;
        };
        push.add(name, new, old);
    }
    push.known_refs = Some("refs/".to_owned());
    push.objects = env::var_os("GIT_OBJECT_DIRECTORY")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(more) = env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES") {
        push.objects.extend(env::split_paths(&more));
    }
    run(push, options)
}

fn run(push: Push, options: &[String]) -> Result<Exit, Failure> {
    if push.tips.is_empty() {
        say("nothing is pushed but deletions, so nothing was scanned");
        return Ok(Exit::Clean);
    }
    let given = Given::try_parse_from(options)
        .map_err(|error| Failure::usage(format!("the options behind `--`: {}", error.render())))?;
    let part = HistoryPart {
        selection: Selection {
            push: Some(push),
            ..Selection::default()
        },
        alone: true,
    };
    scan::run_with(&given.scan, Some(part))
}

/// A line that git gives to a hook.
struct Line(String);

impl Line {
    /// Reads standard input, in which each line has so many words. Names of references have no blanks.
    fn all(words: usize) -> Result<Vec<Self>, Failure> {
        let mut text = String::new();
        io::stdin()
            .lock()
            .take(MAX_TOLD)
            .read_to_string(&mut text)
            .map_err(|error| {
                Failure::usage(format!(
                    "standard input, where git says what is pushed: {error}"
                ))
            })?;
        let lines = text.lines().filter(|line| !line.is_empty());
        let lines: Vec<Self> = lines.map(|line| Self(line.to_owned())).collect();
        let bad = lines
            .iter()
            .position(|line| line.0.split(' ').count() != words);
        match bad {
            None => Ok(lines),
            Some(at) => Err(Failure::usage(format!(
                "line {} of standard input has not the {words} words that git gives to this hook: it is for git to run, \
                 as `spillcheck hook install` sets it up",
                at + 1
            ))),
        }
    }

    fn fields(&self) -> Vec<&str> {
        self.0.split(' ').collect()
    }
}
