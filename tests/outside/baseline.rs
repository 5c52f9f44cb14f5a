//! Baselines: what is known stays known, whatever is done to its files, and what is new is new.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use spillcheck::detect::Engine;
use spillcheck::finding::{Confidence, FingerprintKey, Suppression, Suppressor};
use spillcheck::input::{self, GitStates, Only, Root};
use spillcheck::rules::builtin;
use spillcheck::rules::compile::RuleSet;
use spillcheck::suppress::{Baseline, Entry, Judged, judge_findings};
use spillcheck::trace::{Collector, Judgement, assemble};

use super::git::git_command;
use super::support::{Tree, env_file, findings, mailgun_key, render};

const DEBUG: &str = "APP_ENV=production\nAPP_DEBUG=true\nAPP_KEY=\n";

#[test]
fn what_a_baseline_knows_does_not_count() {
    let tree = Tree::of(&[("a/.env", &env_file(&mailgun_key(1)))]);
    tree.run(&["--baseline", "spillcheck.baseline"])
        .exits(2)
        .warns("spillcheck baseline create");
    tree.run(&["baseline", "create"])
        .exits(0)
        .warns("merge=union");
    tree.run(&["baseline", "create"]).exits(2).warns("--force");
    let text = fs::read_to_string(tree.at("spillcheck.baseline")).unwrap();
    assert!(
        text.lines()
            .any(|line| line.starts_with("mailgun-") && line.ends_with(" a/.env")),
        "{text}"
    );
    let known = ["--baseline", "spillcheck.baseline"];
    tree.run(&known).exits(0).says("1 known by the baseline");

    tree.write("b/.env", env_file(&mailgun_key(2)));
    let report = tree.run(&[&known[..], &["--format=json"]].concat());
    assert_eq!(findings(&report.exits(1).json()).len(), 1);
    tree.run(&["baseline", "update"])
        .exits(0)
        .warns("1 entries added, 0 moved");
    tree.run(&known).exits(0);

    fs::remove_file(tree.at("a/.env")).unwrap();
    tree.run(&known)
        .exits(0)
        .says("1 entry of spillcheck.baseline was not found again");
    tree.run(&["baseline", "audit"])
        .exits(0)
        .says("b/.env:2:")
        .warns("a/.env: mailgun-");
    tree.run(&["baseline", "audit", "--fail-on=high"]).exits(1);
    tree.run(&["baseline", "prune"])
        .exits(0)
        .warns("1 entries taken out");
    let text = fs::read_to_string(tree.at("spillcheck.baseline")).unwrap();
    assert!(
        !text.contains("a/.env") && text.contains("b/.env"),
        "{text}"
    );
}

#[test]
fn known_misconfigurations_do_not_count_either() {
    let tree = Tree::of(&[
        ("artisan", "#!/usr/bin/env php\n"),
        (
            "composer.json",
            "{\"require\":{\"laravel/framework\":\"^11.0\"}}",
        ),
        ("public/index.php", "<?php\n"),
        (".env", DEBUG),
    ]);
    tree.run(&["."]).exits(1);
    tree.run(&["baseline", "create"]).exits(0);
    tree.write(".env", format!("# moved down\n\n{DEBUG}"));
    tree.run(&["--baseline=spillcheck.baseline"]).exits(0);
    let log = tree.run(&[
        "--baseline=spillcheck.baseline",
        "--report-suppressed",
        "--format=sarif",
    ]);
    let results = log.exits(0).json()["runs"][0]["results"].clone();
    let results = results.as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        assert_eq!(result["baselineState"], "unchanged", "{result}");
        assert_eq!(result["suppressions"][0]["kind"], "external", "{result}");
    }
}

#[test]
fn a_whole_path_finds_the_same_entries() {
    let tree = Tree::of(&[("site/.env", &env_file(&mailgun_key(1)))]);
    tree.run(&["baseline", "create", "site", "--baseline=known"])
        .exits(0);
    let whole = fs::canonicalize(tree.at("site")).unwrap();
    tree.run(&["--baseline=known", whole.to_str().unwrap()])
        .exits(0);
    tree.run(&["--baseline=known", "site"]).exits(0);
}

#[cfg(unix)]
#[test]
fn a_baseline_of_half_a_tree_is_not_written() {
    let tree = Tree::of(&[("empty/nothing/.keep", "")]);
    fs::remove_file(tree.at("empty/nothing/.keep")).unwrap();
    tree.run(&["baseline", "create", "empty"])
        .exits(3)
        .warns("not written");
    assert!(!tree.at("spillcheck.baseline").exists());
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(RuleSet::new(builtin())).unwrap());

/// What a baseline makes of the credentials of a directory.
fn judged(root: &Path, baseline: &Baseline) -> Judged<spillcheck::finding::Finding> {
    let collector = Collector::new(&ENGINE, None, false);
    let options = input::Options {
        jobs: 1,
        excludes: Vec::new(),
        only: Only::All,
        archives: None,
    };
    input::read(&[Root::Path(root.to_owned())], &options, &collector).unwrap();
    let judgement = Judgement {
        min_confidence: Confidence::Medium,
        severities: Default::default(),
        allowed: Vec::new(),
        key: FingerprintKey::default(),
    };
    let files = collector.finish().files;
    let found = assemble(ENGINE.rules(), files, &judgement, &GitStates::new());
    let known = Suppression::new(Suppressor::Baseline, "known");
    judge_findings(baseline, found.findings, &known)
}

/// A few, or as many as a variable says.
fn cases(variable: &str) -> u32 {
    std::env::var(variable).map_or(12, |cases| cases.parse().unwrap())
}

/// What may be done to a file between two scans.
#[derive(Debug, Clone)]
enum Edit {
    Insert(usize, String),
    Rotate(usize),
    Crlf,
    Rename(String),
}

const PEM: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI{base64:55}\n{base64:64}\n{base64:33}Q==\n-----END EC PRIVATE KEY-----";

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (0usize..9, "(# [a-z ]{0,20}|COLOUR=blue|)").prop_map(|(at, line)| Edit::Insert(at, line)),
        (0usize..9).prop_map(Edit::Rotate),
        Just(Edit::Crlf),
        "[a-z]{1,6}(/[a-z]{1,6})?".prop_map(Edit::Rename),
    ];
    prop::collection::vec(edit, 1..6)
}

fn edited(name: &str, lines: &[String], edits: &[Edit]) -> (String, String) {
    let mut name = name.to_owned();
    let mut lines = lines.to_vec();
    let mut end = "\n";
    for edit in edits {
        match edit {
            Edit::Insert(at, line) => lines.insert(at % (lines.len() + 1), line.clone()),
            Edit::Rotate(by) => {
                let by = by % lines.len();
                lines.rotate_left(by);
            }
            Edit::Crlf => end = "\r\n",
            Edit::Rename(to) => name = format!("moved/{to}.env"),
        }
    }
    (name, (lines.join("\n") + "\n").replace('\n', end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases("SPILLCHECK_EDITS")))]

    #[test]
    fn known_stays_known_over_edits_and_new_is_new(
        seeds in prop::collection::btree_set(0u64..100, 1..5),
        edits in edits(),
        adds: bool,
    ) {
        let mut lines: Vec<String> = vec!["APP_NAME=Bakery".to_owned(), "APP_URL=https://bakery.example".to_owned()];
        for &seed in &seeds {
            lines.push(format!("MAIL_{seed}_API_KEY={}", mailgun_key(seed)));
            lines.push(render("DB_PASSWORD={base62:12}", seed));
        }
        // One that takes several lines.
        lines.push(render(PEM, 1));
        let before = Tree::of(&[("shop/.env", &lines.join("\n"))]);
        let mut baseline = Baseline::new([9; 16]);
        baseline.base = Some(before.path().to_str().unwrap().to_owned());
        let first = judged(before.path(), &baseline);
        prop_assert!(first.counted.len() > seeds.len(), "{:?}", first.counted.len());
        baseline.entries = first.account.current;

        let after = Tree::new();
        let (name, mut text) = edited("shop/.env", &lines, &edits);
        if adds {
            text.push_str(&format!("NEW_MAILGUN_API_KEY={}\n", mailgun_key(1000)));
        }
        after.write(name, text);
        baseline.base = Some(after.path().to_str().unwrap().to_owned());
        let second = judged(after.path(), &baseline);
        let new: Vec<String> = second.counted.iter().map(|finding| format!("{:?}", finding.occurrences)).collect();
        prop_assert_eq!(second.counted.len(), usize::from(adds), "{:?}", new);
        prop_assert_eq!(second.account.used.len(), baseline.entries.len());
    }
}

/// Runs git; whether it succeeds.
fn git(dir: &Path, args: &[&str]) -> bool {
    let run = git_command(dir, args).output().expect("git starts");
    run.status.success()
}

fn entries() -> impl Strategy<Value = BTreeSet<Entry>> {
    let entry =
        ("[a-z]{1,6}(/[a-z]{1,6}){0,2}\\.(env|php|js)", 0u8..=255).prop_map(|(path, hash)| Entry {
            path,
            rule: "mailgun-api-key".to_owned(),
            hash: format!("{hash:02x}").repeat(16),
        });
    prop::collection::btree_set(entry, 0..3)
}

fn with(baseline: &Baseline, added: &BTreeSet<Entry>, drop: usize) -> Baseline {
    let mut changed = baseline.clone();
    let gone = changed.entries.iter().nth(drop).cloned();
    if let Some(gone) = gone {
        changed.entries.remove(&gone);
    }
    changed.entries.extend(added.iter().cloned());
    changed
}

/// Both sides add up to two entries and may lose one, in a baseline of this many. Tells how many of `cases` merges had
/// no conflict, and holds each of those to having what both sides have.
fn merges(size: usize, cases: u32, attributes: Option<&str>) -> u32 {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut good = 0;
    let start = prop::collection::btree_set(entries(), size..size * 2);
    let side = || (entries(), 0..size * 8);
    for _ in 0..cases {
        let (start, one, other) = (&start, side(), side())
            .new_tree(&mut runner)
            .map(|tree| proptest::strategy::ValueTree::current(&tree))
            .unwrap();
        let mut base = Baseline::new([3; 16]);
        base.entries = start.into_iter().flatten().collect();
        let (ours, theirs) = (with(&base, &one.0, one.1), with(&base, &other.0, other.1));
        let tree = Tree::new();
        let write = |baseline: &Baseline| tree.write("b", baseline.to_string());
        assert!(git(tree.path(), &["init", "-q", "-b", "main"]));
        write(&base);
        if let Some(attributes) = attributes {
            tree.write(".gitattributes", attributes);
        }
        git(tree.path(), &["add", "."]);
        git(tree.path(), &["commit", "-qm", "base"]);
        git(tree.path(), &["checkout", "-qb", "other"]);
        write(&theirs);
        git(tree.path(), &["commit", "-qam", "theirs", "--allow-empty"]);
        git(tree.path(), &["checkout", "-q", "main"]);
        write(&ours);
        git(tree.path(), &["commit", "-qam", "ours", "--allow-empty"]);
        if git(tree.path(), &["merge", "-q", "--no-edit", "other"]) {
            good += 1;
            let merged = Baseline::read(&fs::read_to_string(tree.at("b")).unwrap()).unwrap();
            let lost = one
                .0
                .union(&other.0)
                .filter(|entry| !merged.entries.contains(*entry))
                .count();
            assert_eq!(lost, 0, "{merged}");
        }
    }
    good
}

#[test]
fn git_merges_what_two_branches_added() {
    let cases = cases("SPILLCHECK_MERGES");
    assert_eq!(merges(4, cases, Some("b merge=union\n")), cases);
    let plain = merges(60, cases, None);
    assert!(plain * 100 >= cases * 80, "{plain} of {cases} merges");
}
