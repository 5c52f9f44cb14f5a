//! `spillcheck history`.

use std::fs;

use serde_json::Value;

use super::{Repository, git_in, places};
use crate::support::{Outcome, Tree, env_file, findings, mailgun_key};

const HISTORY: &[&str] = &["history", "--format", "json"];

/// `path:line` without the commit, sorted.
fn paths(outcome: &Outcome) -> Vec<String> {
    let places = places(outcome).into_iter();
    let mut paths: Vec<String> = places
        .map(|place| place.split_once(':').unwrap().1.to_owned())
        .collect();
    paths.sort();
    paths
}

fn commits(outcome: &Outcome, path: &str) -> Value {
    let report = outcome.json();
    let mut all = findings(&report)
        .iter()
        .flat_map(|finding| finding["occurrences"].as_array().unwrap());
    let found = all.find(|place| place["path"].as_str().unwrap().ends_with(path));
    found.unwrap_or_else(|| panic!("{path} is not in {report:#}"))["commits"].clone()
}

/// A key that came in the second commit, changed its line in the third, and left in the fourth.
fn repository() -> Repository {
    let repository = Repository::of(&[("readme", "a\n")]);
    let env = env_file(&mailgun_key(1));
    repository.tree.write("app/.env", &env);
    repository.commit("second");
    repository.tree.write("app/.env", format!("# more\n{env}"));
    repository.commit("third");
    fs::remove_file(repository.tree.at("app/.env")).unwrap();
    repository.commit("fourth");
    repository
}

#[test]
fn what_was_deleted_is_found_with_its_commits() {
    let repository = repository();
    repository
        .run(&["--format", "json", "--no-checks"])
        .exits(0);
    let id = |revision: &str| repository.git(&["rev-parse", revision]).trim().to_owned();
    for _ in 0..2 {
        let history = repository.run(HISTORY);
        history.exits(1);
        assert_eq!(
            places(&history),
            [format!("{}:app/.env:2", &id("main~2")[..10])]
        );
        let commits = commits(&history, "app/.env");
        assert_eq!(commits["first"]["id"], id("main~2"));
        assert_eq!(commits["last"]["id"], id("main~1"));
        assert_eq!(commits["first"]["authored"], "2024-01-02T03:04:05Z");
        assert_eq!(commits["count"], 2);
        assert_eq!(commits["in_head"], false);
        assert_eq!(commits["refs"], serde_json::json!(["HEAD", "main"]));
        // Loose objects first, then a pack with deltas.
        repository.git(&["gc", "-q", "--aggressive", "--prune=now"]);
    }
    repository
        .run(&["history"])
        .says("the checked-out commit has it no longer")
        .says(":app/.env:2");
    let sarif = repository.run(&["history", "--format", "sarif"]);
    sarif.says("app/.env").says("2 commits from");
    let both = repository.run(&["scan", "--history", "--format", "json"]);
    assert_eq!(places(&both).len(), 1);
}

#[test]
fn commits_are_counted_once_however_often_a_version_has_the_secret() {
    let repository = Repository::of(&[("readme", "a\n")]);
    let twice = env_file(&mailgun_key(1)).repeat(2);
    for (version, name) in ["one", "two", "three"].iter().enumerate() {
        let text = format!("# {name}\n{twice}");
        repository.tree.write("app/.env", text.repeat(version + 1));
        repository.commit(name);
    }
    let history = repository.run(HISTORY);
    assert_eq!(commits(&history, "app/.env")["count"], 3);
}

#[test]
fn a_version_is_read_by_the_name_that_tells_what_is_in_it() {
    let text = "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n";
    let text = format!("# of the database\n{text}");
    let repository = Repository::of(&[("readme", "a\n")]);
    for number in 0..9 {
        let name = match number {
            4 => "compose.yml".to_owned(),
            _ => format!("checkout {number}"),
        };
        repository.tree.write(&name, &text);
        repository.commit(&name);
        fs::remove_file(repository.tree.at(&name)).unwrap();
    }
    let history = repository.run(HISTORY);
    let found = paths(&history);
    assert!(found.contains(&"compose.yml:5".to_owned()), "{found:?}");
}

#[test]
fn references_of_every_kind_lead_to_commits() {
    let repository = Repository::of(&[("readme", "a\n")]);
    let add = |name: &str, seed: u64| {
        repository.tree.write(name, env_file(&mailgun_key(seed)));
        repository.commit(name);
    };
    repository.git(&["checkout", "-q", "-b", "topic"]);
    add("on-topic.env", 1);
    repository.git(&["checkout", "-q", "--detach", "main"]);
    add("on-tag.env", 2);
    repository.git(&["tag", "-a", "-m", "x", "v1"]);
    repository.git(&["checkout", "-q", "--detach", "main"]);
    add("lost.env", 3);
    repository.git(&["checkout", "-q", "main"]);
    repository.stage("stashed.env", env_file(&mailgun_key(4)));
    repository.git(&["stash", "-q"]);
    repository.stage("only-staged.env", env_file(&mailgun_key(5)));
    let history = repository.run(HISTORY);
    assert_eq!(
        paths(&history),
        ["on-tag.env:2", "on-topic.env:2", "stashed.env:2"]
    );
    assert_eq!(
        commits(&history, "on-tag.env")["refs"],
        serde_json::json!(["v1"])
    );
    let logs = repository.run(&["history", "--reflogs", "--format", "json"]);
    assert!(paths(&logs).contains(&"lost.env:2".to_owned()), "{logs:?}");
    let all = repository.run(&["history", "--unreachable", "--format", "json"]);
    assert_eq!(findings(&all.json()).len(), 5);
    let topic = repository.run(&["history", "--branch", "topic", "--format", "json"]);
    assert_eq!(paths(&topic), ["on-topic.env:2"]);
}

#[test]
fn a_part_of_a_history_is_what_its_commits_brought() {
    let repository = Repository::of(&[("old.env", &env_file(&mailgun_key(1)))]);
    repository.tree.write("new.env", env_file(&mailgun_key(2)));
    repository.commit("second");
    repository
        .tree
        .write("newest.env", env_file(&mailgun_key(3)));
    repository.commit("third");
    let range = repository.run(&["history", "--range", "main~2..main~1", "--format", "json"]);
    assert_eq!(paths(&range), ["new.env:2"]);
    let newest = repository.run(&["history", "--max-commits", "3", "--format", "json"]);
    assert_eq!(paths(&newest).len(), 3);
    repository
        .run(&["history", "--since", "2024-01-01"])
        .exits(1);
    repository
        .run(&["history", "--since", "2025-01-01"])
        .exits(3);
    repository
        .run(&["history", "--since", "yesterday"])
        .exits(2);
    repository.run(&["history", "--range", "main...x"]).exits(2);
    repository.run(&["history", "--branch", "nowhere"]).exits(2);
}

#[test]
fn clones_of_every_kind_are_read() {
    let origin = repository();
    let place = Tree::new();
    let url = format!("file://{}", origin.tree.path().display());
    let history = |name: &str| place.run(&["history", name, "--format", "json"]);
    git_in(place.path(), &["clone", "-q", "--bare", &url, "bare"]);
    assert_eq!(paths(&history("bare")), ["app/.env:2"]);
    git_in(
        place.path(),
        &[
            "clone",
            "-q",
            "--shared",
            &origin.tree.path().to_string_lossy(),
            "shared",
        ],
    );
    let shared = history("shared");
    assert_eq!(paths(&shared), ["app/.env:2"]);
    assert_eq!(
        commits(&shared, "app/.env")["remotes"],
        serde_json::json!(["origin"])
    );
    git_in(
        &place.at("shared"),
        &["remote", "set-url", "origin", "https://github.com/a/b.git"],
    );
    let pushed = history("shared");
    assert_eq!(pushed.json()["findings"][0]["reach"], "published");
    git_in(
        place.path(),
        &["clone", "-q", "--depth", "1", &url, "shallow"],
    );
    history("shallow").exits(3).says("shallow clone");
    git_in(
        &place.at("bare"),
        &["worktree", "add", "-q", "../tree", "main~1"],
    );
    assert_eq!(paths(&history("tree")), ["app/.env:2"]);
}

#[test]
fn damage_is_told() {
    let repository = repository();
    repository.git(&["gc", "-q"]);
    let packs = fs::read_dir(repository.tree.at(".git/objects/pack")).unwrap();
    let pack = packs
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "pack")
        })
        .unwrap();
    let mut bytes = fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8].fill(0x5a);
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, bytes).unwrap();
    let history = repository.run(HISTORY);
    assert!(matches!(history.code, Some(1 | 3)), "{history:?}");
    history.says("\"unreadable\"");
    fs::remove_file(&pack).unwrap();
    repository.run(HISTORY);
    Tree::of(&[("a", "a")])
        .run(HISTORY)
        .exits(2)
        .warns("is in no git work tree");
}

#[test]
fn excludes_reach_into_the_history_and_say_what_they_left_out() {
    let repository = repository();
    let run = repository.run(&[HISTORY, &["--exclude", "app/"]].concat());
    run.exits(0);
    let skipped = &run.json()["coverage"]["skipped"][0];
    assert_eq!(skipped["path"], "history:app");
    assert_eq!(skipped["reason"], "excluded");
    repository
        .run(&[HISTORY, &["--exclude", "other"]].concat())
        .exits(1);
    // One of two paths of the same content is left.
    repository
        .tree
        .write("kept/.env", env_file(&mailgun_key(1)));
    repository.commit("fifth");
    let run = repository.run(&[HISTORY, &["--exclude", "app/"]].concat());
    assert_eq!(paths(&run), ["kept/.env:2"]);
}

#[test]
fn an_answer_of_the_length_that_a_file_had_once_is_proof() {
    let old = env_file(&mailgun_key(5));
    let repository = Repository::of(&[
        ("Dockerfile", "FROM php:8.3-apache\nCOPY . /var/www/html\n"),
        (".env", &format!("{old}# of old\n")),
    ]);
    let tree = &repository.tree;
    tree.write(".env", format!("# two more lines\n# since then\n{old}"));
    repository.commit("second");
    let log = |len: usize| {
        format!(
            "203.0.113.9 - - [21/Nov/2026:03:01:07 +0000] \"GET /.env HTTP/1.1\" 200 {len} \"-\" \"curl\"\n"
        )
    };
    let len = old.len() + "# of old\n".len();
    let logs = Tree::of(&[("access.log", &log(len)), ("other.log", &log(len + 1))]);
    let ways = |name: &str, more: &[&str]| {
        let log = format!("--access-log={}", logs.at(name).display());
        let run = repository.run(&[&["--format=json", &log], more].concat());
        run.json()["findings"].to_string()
    };
    let proven = ways("access.log", &["--history"]);
    let told = format!("exactly the {len} bytes that the file had in commit");
    assert!(proven.contains(&told), "{proven}");
    assert!(!ways("access.log", &[]).contains("observed-leak"));
    assert!(!ways("other.log", &["--history"]).contains("observed-leak"));
}
