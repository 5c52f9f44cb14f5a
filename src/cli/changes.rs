//! `--staged` and `--diff`: reading what changed.

use std::env;
use std::path::{Path, PathBuf};

use crate::input::{self, Changes, Root, Since};

use super::args::ReadArgs;
use super::options::Options;
use super::{Failure, say};

/// Finds what changed, if that is what is to be read. Without a PATH that is everything in the repository, and the
/// root becomes its top.
pub(super) fn find(args: &ReadArgs, options: &mut Options) -> Result<Option<Changes>, Failure> {
    let since = match &args.git.diff {
        _ if args.git.staged => Since::Head,
        Some(base) => Since::Base(base.clone()),
        None => return Ok(None),
    };
    if args.paths.is_empty() {
        options.roots = vec![Root::Path(top())];
    }
    let changes = input::changes(&options.roots, &since).map_err(Failure::usage)?;
    if changes.is_empty() {
        say(match since {
            Since::Head => "nothing is staged, so nothing was scanned: `git add` comes first",
            Since::Base(_) => "nothing changed, so nothing was scanned",
        });
    }
    Ok(Some(changes))
}

/// Whether it is no mistake that there is nothing to read: files were only removed, or git itself asks, which tells its
/// hooks by this variable which index it means.
pub(super) fn may_be_empty(changes: &Changes) -> bool {
    changes.only_removes() || (changes.is_empty() && env::var_os("GIT_INDEX_FILE").is_some())
}

/// What the reader of the report is to know.
pub(super) fn notes(changes: &Changes, unchanged: u64) -> Vec<String> {
    let mut notes = vec![
        "only what changed was read: how credentials get out was not looked at, since that depends on all files"
            .to_owned(),
    ];
    if changes.is_empty() {
        notes.push("nothing changed".to_owned());
    }
    if unchanged > 0 {
        let (are, s) = if unchanged == 1 {
            ("is", "")
        } else {
            ("are", "s")
        };
        notes.push(format!(
            "{unchanged} credential{s} in changed files {are} not shown: the lines were there before; scan without \
             --staged and --diff to see all"
        ));
    }
    notes
}

/// The top of the work tree around the current directory, from there: `../..`. Where there is none, the directory itself,
/// for an error that names it.
fn top() -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    let depth = here.ancestors().position(|path| path.join(".git").exists());
    let up: PathBuf = std::iter::repeat_n(Path::new(".."), depth.unwrap_or(0)).collect();
    if up.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        up
    }
}
