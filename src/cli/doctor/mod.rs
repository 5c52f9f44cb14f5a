//! `spillcheck doctor`: what works, what is in force, and what would become of each file.

mod canary;
mod files;

use std::fmt::Write as _;

use crate::checks;
use crate::finding::Severity;
use crate::rules;

use super::args::ReadArgs;
use super::exit::Exit;
use super::options::{Options, ids, jobs};
use super::{Failure, print, printable};

/// Tries every stage on made-up credentials, and says what a scan with these arguments would do.
pub(super) fn run(args: &ReadArgs) -> Result<Exit, Failure> {
    if args.git.staged || args.git.diff.is_some() {
        return Err(Failure::usage(
            "doctor looks at files as they are on disk: leave --staged and --diff out",
        ));
    }
    let options = Options::resolve(args)?;
    let mut out = String::new();
    let tried = canary::try_all()?;
    for stage in &tried {
        let word = if stage.works { "ok" } else { "FAILED" };
        let _ = writeln!(out, "{word:8}{}", stage.what);
    }
    out.push('\n');
    for (name, value) in settings(args, &options) {
        let _ = writeln!(out, "{:18}{}", format!("{name}:"), printable(&value));
    }
    if !args.paths.is_empty() {
        out.push('\n');
        files::describe(args, &options, &mut out)?;
    }
    print(out.as_bytes())?;
    if tried.iter().all(|stage| stage.works) {
        Ok(Exit::Clean)
    } else {
        Err(Failure::internal(
            "a stage did not find what was planted for it: a scan by this program is not to be relied on",
        ))
    }
}

/// What is in force, by name.
fn settings(args: &ReadArgs, options: &Options) -> Vec<(&'static str, String)> {
    let built_in = rules::builtin();
    let rule_count = ids(&options.rules).count();
    let archives = args.archives().map_or_else(
        || "left closed (--no-archives)".to_owned(),
        |archives| {
            format!(
                "{} deep, up to {} entries and {} bytes of one file on disk",
                archives.depth, archives.entries, archives.bytes
            )
        },
    );
    let fail_on = options.fail_on.unwrap_or(Severity::Low);
    let mut settings = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "rules",
            format!("{rule_count} on, {} built in", ids(&built_in).count()),
        ),
        (
            "checks",
            format!(
                "{} on, {} built in",
                options.checks.len(),
                checks::ALL.len()
            ),
        ),
        (
            "min-confidence",
            options.judgement.min_confidence.word().to_owned(),
        ),
        ("fail-on", fail_on.word().to_owned()),
        ("threads", jobs(args).to_string()),
        ("archives", archives),
        (
            "allowed",
            format!("{} values", options.judgement.allowed.len()),
        ),
    ];
    for exclude in &options.excludes {
        let reason = exclude.reason.as_deref().unwrap_or("no reason given");
        let shown = format!("{} ({}: {reason})", exclude.glob, exclude.who);
        settings.push(("exclude", shown));
    }
    settings.extend(options.notes.iter().map(|note| ("note", note.clone())));
    settings
}
