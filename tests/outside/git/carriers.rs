//! Which commits carry a secret, in any history: the same as git tells, asked for each commit.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{Repository, git_command};
use crate::support::{env_file, findings, mailgun_key};

const PATHS: [&str; 4] = [".env", "app/.env", "app/deep/er/prod.env", "old/.env"];
const KEYS: u64 = 2;

/// What a commit does to the files that it has from its parents.
#[derive(Debug, Clone)]
enum Edit {
    /// Writes a file, with a key or without, in some version.
    Write(usize, Option<u64>, u8),
    Delete(usize),
    Rename(usize, usize),
}

#[derive(Debug, Clone)]
struct Step {
    /// One or two of the commits before.
    parents: Vec<Index>,
    edits: Vec<Edit>,
    /// Which files of a merge come from its second parent.
    from_second: Vec<bool>,
    /// Hours since the one before; many are committed at once.
    later: u8,
    branch: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let path = || 0..PATHS.len();
    let edit = prop_oneof![
        4 => (path(), prop::option::weighted(0.7, 1..=KEYS), 0..3_u8)
            .prop_map(|(path, key, version)| Edit::Write(path, key, version)),
        1 => path().prop_map(Edit::Delete),
        1 => (path(), path()).prop_map(|(from, to)| Edit::Rename(from, to)),
    ];
    let parents = prop::collection::vec(any::<Index>(), 1..3);
    let edits = prop::collection::vec(edit, 0..3);
    let from_second = prop::collection::vec(any::<bool>(), PATHS.len());
    (parents, edits, from_second, 0..3_u8, 0..4_u8).prop_map(
        |(parents, edits, from_second, later, branch)| Step {
            parents,
            edits,
            from_second,
            later,
            branch,
        },
    )
}

type Files = BTreeMap<usize, String>;

fn apply(files: &mut Files, edit: &Edit) {
    match *edit {
        Edit::Write(path, key, version) => {
            let key = key.map_or_else(String::new, |key| env_file(&mailgun_key(key)));
            let before = "# more\n".repeat(usize::from(version));
            files.insert(path, format!("{before}{key}"));
        }
        Edit::Delete(path) => drop(files.remove(&path)),
        Edit::Rename(from, to) => {
            if let Some(text) = files.remove(&from) {
                files.insert(to, text);
            }
        }
    }
}

/// Writes a history for `git fast-import`. Branches are moved to wherever the last commit for them is, so that some
/// commits are on none.
fn stream(steps: &[Step]) -> String {
    let mut out = String::new();
    let mut trees: Vec<Files> = Vec::new();
    let mut time = 1_700_000_000;
    for (at, step) in steps.iter().enumerate() {
        let mut parents = Vec::new();
        if at > 0 {
            parents.extend(step.parents.iter().map(|parent| parent.index(at)));
            parents.dedup();
        }
        let mut files = parents.first().map(|&first| trees[first].clone());
        if let [_, second] = parents[..] {
            let files = files.get_or_insert_default();
            for path in (0..PATHS.len()).filter(|&path| step.from_second[path]) {
                files.remove(&path);
                let theirs = trees[second].get(&path);
                files.extend(theirs.map(|text| (path, text.clone())));
            }
        }
        let mut files = files.unwrap_or_default();
        step.edits.iter().for_each(|edit| apply(&mut files, edit));
        time += u64::from(step.later) * 3600;
        let who = format!("A U Thor <author@example.com> {time} +0000");
        let branch = step.branch;
        writeln!(out, "commit refs/heads/b{branch}\nmark :{}", at + 1).unwrap();
        writeln!(out, "author {who}\ncommitter {who}\ndata 1\n.").unwrap();
        for (parent, word) in parents.iter().zip(["from", "merge"]) {
            writeln!(out, "{word} :{}", parent + 1).unwrap();
        }
        writeln!(out, "deleteall").unwrap();
        for (&path, text) in &files {
            let (path, len) = (PATHS[path], text.len());
            writeln!(out, "M 100644 inline {path}\ndata {len}\n{text}").unwrap();
        }
        if at % 7 == 3 {
            writeln!(out, "reset refs/tags/v{at}\nfrom :{}\n", at + 1).unwrap();
        }
        trees.push(files);
    }
    out
}

fn imported(steps: &[Step]) -> Repository {
    let repository = Repository::new();
    let mut import = git_command(
        repository.tree.path(),
        &["fast-import", "--quiet", "--force"],
    );
    let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
    let stdin = import.stdin.as_mut().unwrap();
    stdin.write_all(stream(steps).as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let branches = repository.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
    let first = branches.lines().next().unwrap();
    repository.git(&["symbolic-ref", "HEAD", first]);
    repository
}

/// For each path at which git finds a text in any commit, what is to be said of these.
fn told_by_git(repository: &Repository, text: &str) -> BTreeMap<String, Value> {
    let log = repository.git(&["log", "--all", "HEAD", "--format=%ct %at %H %P"]);
    let commits: Vec<Vec<&str>> = log.lines().map(|line| line.split(' ').collect()).collect();
    let mut args = vec!["rev-list", "HEAD"];
    let in_head = repository.git(&args);
    args = vec!["-c", "grep.fullName=true", "grep", "-l", "-F", text];
    args.extend(commits.iter().map(|commit| commit[2]));
    let found = git_command(repository.tree.path(), &args).output().unwrap();
    let found = String::from_utf8(found.stdout).unwrap();
    let mut carriers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (commit, path) in found.lines().filter_map(|line| line.split_once(':')) {
        carriers.entry(path).or_default().push(commit);
    }
    let head = repository.git(&["rev-parse", "HEAD"]);
    let told = carriers.into_iter().map(|(path, carriers)| {
        let mut having: Vec<&Vec<&str>> = commits.iter().collect();
        having.retain(|commit| carriers.contains(&commit[2]));
        having.sort();
        let brought = |commit: &&Vec<&str>| !commit[3..].iter().any(|at| carriers.contains(at));
        let first = having.iter().copied().find(brought).unwrap();
        let mut args = vec!["for-each-ref", "--format=%(refname:short)"];
        args.extend(carriers.iter().flat_map(|commit| ["--contains", commit]));
        let refs = repository.git(&args);
        let mut refs: Vec<&str> = refs.lines().collect();
        if carriers.iter().any(|commit| in_head.contains(commit)) {
            refs.push("HEAD");
        }
        refs.sort_unstable();
        let said = json!({
            "first": first[2],
            "last": having.last().unwrap()[2],
            "count": having.len(),
            "in_head": carriers.contains(&head.trim()),
            "refs": refs,
        });
        (path.to_owned(), said)
    });
    told.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn carriers_are_those_that_git_finds(steps in prop::collection::vec(step(), 2..24)) {
        let repository = imported(&steps);
        let report = repository.run(&["history", "--no-cache", "--format", "json"]).json();
        let mut told: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for place in findings(&report).iter().flat_map(|finding| finding["occurrences"].as_array().unwrap()) {
            let commits = &place["commits"];
            let (_, path) = place["path"].as_str().unwrap().split_once(':').unwrap();
            let first = commits["first"]["id"].as_str().unwrap();
            let text = repository.git(&["cat-file", "blob", &format!("{first}:{path}")]);
            let line = usize::try_from(place["start"]["line"].as_u64().unwrap()).unwrap();
            let line = text.lines().nth(line - 1).unwrap();
            let said = json!({
                "first": first,
                "last": commits["last"]["id"],
                "count": commits["count"],
                "in_head": commits["in_head"],
                "refs": commits["refs"],
            });
            told.entry(line.to_owned()).or_default().insert(path.to_owned(), said);
        }
        for key in 1..=KEYS {
            let line = format!("MAILGUN_SECRET={}", mailgun_key(key));
            let by_git = told_by_git(&repository, &line);
            prop_assert_eq!(told.remove(&line).unwrap_or_default(), by_git, "{}", stream(&steps));
        }
        prop_assert!(told.is_empty());
    }
}
