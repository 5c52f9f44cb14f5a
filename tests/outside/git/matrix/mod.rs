//! Where a secret can lie in git, and which command has to find it there: a table, and the repositories it speaks of.
//!
//! Every secret is another one, in a file that has the name of its situation. The repositories of a part are made once,
//! each command runs once, and all rows are held against what it wrote.

mod clones;
mod past;
mod staged;
mod tracked;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use super::{git_command, git_in, places};
use crate::support::{Outcome, Tree, command, env_file, mailgun_key, outcome};

/// What a row asks for.
enum Want {
    /// A place, as `PATH:LINE`, without the commit that stands before it in a history.
    Finds(&'static str),
    /// No place has this in it.
    Misses(&'static str),
    /// The report says this: an entry of the ledger, or a note.
    Says(&'static str),
    /// Standard error says this, and the exit code is that one.
    Ends(i32, &'static str),
}

use Want::{Ends, Finds, Misses, Says};

/// The situation, the directory, the command in it, and what is to come of it.
type Row = (&'static str, &'static str, &'static str, Want);

/// Runs each command of the table once, in two threads, and gives the rows that are not as they should be.
fn wrong(tree: &Tree, rows: &[Row]) -> Vec<String> {
    let runs = rows.iter().map(|row| (row.1, row.2));
    let mut waiting: Vec<(&str, &str)> = runs.collect();
    waiting.sort_unstable();
    waiting.dedup();
    let waiting = Mutex::new(waiting);
    let done: Mutex<BTreeMap<(&str, &str), Outcome>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((directory, words)) = waiting.lock().unwrap().pop() else {
                        break;
                    };
                    let run = run(&tree.at(directory), words);
                    done.lock().unwrap().insert((directory, words), run);
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    let complaints = rows
        .iter()
        .filter_map(|(situation, directory, words, want)| {
            let run = &done[&(*directory, *words)];
            let why = complaint(run, want)?;
            Some(format!(
                "{situation}: `{words}` in `{directory}` {why}\n{run:#?}"
            ))
        });
    complaints.collect()
}

fn run(directory: &Path, words: &str) -> Outcome {
    let mut args: Vec<&str> = words.split(' ').collect();
    let index = args.iter().position(|word| word.starts_with("INDEX="));
    let index = index.map(|at| args.remove(at));
    args.extend(["--format", "json", "--no-checks"]);
    let mut command = command(directory, &args);
    if let Some(index) = index.and_then(|word| word.strip_prefix("INDEX=")) {
        command.env("GIT_INDEX_FILE", index);
    }
    outcome(command)
}

fn complaint(run: &Outcome, want: &Want) -> Option<String> {
    if let Ends(code, said) = want {
        let is_right = run.code == Some(*code) && run.stderr.contains(said);
        return (!is_right).then(|| format!("does not end with {code} and `{said}`"));
    }
    if !matches!(run.code, Some(0 | 1 | 3)) {
        return Some(format!("ends with {:?}", run.code));
    }
    match want {
        Finds(place) => {
            let is_it = |found: &String| {
                let rest = found.strip_suffix(place);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(':'))
            };
            (!places(run).iter().any(is_it)).then(|| format!("does not find {place}"))
        }
        Misses(path) => {
            let is_found = places(run).iter().any(|found| found.contains(path));
            is_found.then(|| format!("finds {path}"))
        }
        Says(text) => (!run.stdout.contains(text)).then(|| format!("does not say `{text}`")),
        Ends(..) => None,
    }
}

#[track_caller]
fn assert_right(tree: &Tree, rows: &[Row]) {
    let wrong = wrong(tree, rows);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Repositories in one directory; each secret that is written is another one.
struct Place {
    tree: Tree,
    seed: std::cell::Cell<u64>,
}

impl Place {
    fn new() -> Self {
        Self {
            tree: Tree::new(),
            seed: std::cell::Cell::new(1000),
        }
    }

    /// An `.env` with a key that stands nowhere else, in line 2.
    fn secret(&self) -> String {
        self.seed.set(self.seed.get() + 1);
        env_file(&mailgun_key(self.seed.get()))
    }

    fn init(&self, name: &str, more: &[&str]) {
        let args = [&["init", "-q", "-b", "main"], more, &[name]].concat();
        git_in(self.tree.path(), &args);
        self.tree.write(format!("{name}/readme"), "# Bakery\n");
        self.commit(name, "first");
    }

    /// Runs git in a repository; blanks part the arguments.
    fn git(&self, name: &str, words: &str) -> String {
        let args: Vec<&str> = words.split(' ').collect();
        git_in(&self.tree.at(name), &args).trim().to_owned()
    }

    /// Runs git where it may fail: a merge with conflicts.
    fn try_git(&self, name: &str, words: &str) {
        let args: Vec<&str> = words.split(' ').collect();
        git_command(&self.tree.at(name), &args).output().unwrap();
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        self.tree.write(path, text);
    }

    /// Writes a file with a secret.
    fn plant(&self, path: &str) {
        self.write(path, self.secret());
    }

    /// A repository's file with a secret, and a commit of it.
    fn commit_plant(&self, name: &str, path: &str) {
        self.plant(&format!("{name}/{path}"));
        self.commit(name, path);
    }

    fn commit(&self, name: &str, message: &str) {
        self.git(name, "add -A");
        let message = message.replace(' ', "-");
        self.git(name, &format!("commit -q --allow-empty -m {message}"));
    }
}
