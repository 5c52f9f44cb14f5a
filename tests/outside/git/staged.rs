//! `--staged` and `--diff`.

use std::fs;

use super::{Repository, git_command, places};
use crate::support::{command, env_file, mailgun_key, outcome};

const STAGED: &[&str] = &["--staged", "--format", "json"];

#[test]
fn the_index_is_read_and_not_the_work_tree() {
    let repository = Repository::of(&[("a.txt", "a\n")]);
    repository.stage("new/.env", env_file(&mailgun_key(1)));
    repository.tree.write("new/.env", "clean\n");
    repository.tree.write(".env", env_file(&mailgun_key(2)));
    let staged = repository.run(STAGED);
    staged.exits(1);
    assert_eq!(places(&staged), ["new/.env:2"]);
    assert_eq!(staged.json()["coverage"]["files"], 1);
    repository.git(&["add", "new/.env"]);
    repository.run(STAGED).exits(0);
}

#[test]
fn a_first_commit_has_everything_new() {
    let repository = Repository::new();
    repository.stage(".env", env_file(&mailgun_key(1)));
    assert_eq!(places(&repository.run(STAGED)), [".env:2"]);
}

#[test]
fn only_added_lines_count() {
    let old = env_file(&mailgun_key(1));
    let repository = Repository::of(&[(".env", &old), ("moved.env", &env_file(&mailgun_key(3)))]);
    repository.stage(".env", format!("# new\n{old}{}", env_file(&mailgun_key(2))));
    let staged = repository.run(STAGED);
    staged.exits(1);
    assert_eq!(places(&staged), [".env:5"]);
    repository
        .run(&["--staged"])
        .says("1 credential in changed files is not shown");
    // A line that only gets another end is not new, nor is a file that only moves.
    repository.git(&["reset", "-q", "--hard"]);
    repository.stage(".env", old.replace('\n', "\r\n"));
    repository.git(&["mv", "moved.env", "elsewhere.env"]);
    repository.run(STAGED).exits(0);
    repository.stage(
        "elsewhere.env",
        format!("{}OTHER=1\n", env_file(&mailgun_key(3))),
    );
    repository.run(STAGED).exits(0);
}

#[test]
fn nothing_staged_is_said() {
    let repository = Repository::of(&[("a.txt", "a\n")]);
    repository.tree.write("a.txt", "b\n");
    repository.run(STAGED).exits(3).warns("nothing is staged");
    repository.tree.write("c.env", env_file(&mailgun_key(1)));
    repository.git(&["add", "--intent-to-add", "c.env"]);
    let intended = repository.run(STAGED);
    intended.exits(3).says("intent-to-add");
    // A hook of a commit that changes its message alone, and one that only deletes.
    let mut hook = command(repository.tree.path(), STAGED);
    hook.env("GIT_INDEX_FILE", repository.tree.at(".git/absent"));
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["rm", "-q", "a.txt"]);
    repository.run(STAGED).exits(0);
    outcome(hook).exits(0);
}

#[test]
fn the_index_that_a_hook_is_told_of_is_read() {
    let repository = Repository::of(&[("a.txt", "a\n"), ("b.env", "b\n")]);
    let hook = repository.tree.at(".git/hooks/pre-commit");
    let binary = env!("CARGO_BIN_EXE_spillcheck");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(
        &hook,
        format!("#!/bin/sh\nexec {binary} --staged --quiet\n"),
    )
    .unwrap();
    #[cfg(unix)]
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let commit = |args: &[&str]| {
        let args = [&["commit", "-q", "-m", "x"], args].concat();
        let output = git_command(repository.tree.path(), &args).output().unwrap();
        output.status.success()
    };
    repository.tree.write("a.txt", "changed\n");
    repository.tree.write("b.env", env_file(&mailgun_key(1)));
    assert!(!commit(&["-a"]));
    assert!(!commit(&["b.env"]));
    assert!(commit(&["a.txt"]));
    assert!(commit(&["--amend"]));
    assert!(commit(&["--allow-empty"]));
    repository.tree.write("a.txt", "again\n");
    assert!(!commit(&["-a"]));
}

#[test]
fn paths_narrow_what_is_read() {
    let repository = Repository::of(&[("x/a", "a\n"), ("y/a", "a\n")]);
    repository.stage("x/.env", env_file(&mailgun_key(1)));
    repository.stage("y/.env", env_file(&mailgun_key(2)));
    let in_x = repository.run(&["--staged", "--format", "json", "x"]);
    assert_eq!(places(&in_x), ["x/.env:2"]);
    let file = repository.run(&["--staged", "--format", "json", "y/.env"]);
    assert_eq!(places(&file), ["y/.env:2"]);
    let from_inside = repository.run_in("x", STAGED);
    assert_eq!(places(&from_inside), ["../x/.env:2", "../y/.env:2"]);
    let excluded = repository.run(&[
        "--staged",
        "--format",
        "json",
        "--exclude",
        "x/",
        "--exclude",
        "y/.env",
    ]);
    excluded.exits(3);
}

#[test]
fn what_differs_from_a_branch_is_read_from_the_work_tree() {
    let repository = Repository::of(&[(".env", &env_file(&mailgun_key(1))), ("a.env", "a\n")]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    repository.tree.write("b.env", env_file(&mailgun_key(2)));
    repository.commit("on topic");
    repository.git(&["checkout", "-q", "main"]);
    repository
        .tree
        .write("only-main.env", env_file(&mailgun_key(3)));
    repository.commit("on main");
    repository.git(&["checkout", "-q", "topic"]);
    repository.tree.write("a.env", env_file(&mailgun_key(4)));
    repository
        .tree
        .write(".env", format!("{}# more\n", env_file(&mailgun_key(1))));
    for base in [
        "main",
        "main~1",
        "topic^",
        &repository.git(&["rev-parse", "main"])[..10],
    ] {
        let diff = repository.run(&["--diff", base, "--format", "json"]);
        diff.exits(1);
        assert_eq!(places(&diff), ["a.env:2", "b.env:2"], "{base}");
    }
    repository
        .run(&["--diff", "nowhere"])
        .exits(2)
        .warns("`nowhere` names no commit here");
    repository
        .run(&["--diff", "main~9"])
        .exits(2)
        .warns("before the first commit");
}

#[test]
fn odd_repositories_are_understood() {
    let repository = Repository::of(&[("a/b/c.txt", "c\n"), ("d.txt", "d\n")]);
    // A split index in version 4, another work tree, and one that is packed.
    repository.git(&["config", "core.splitIndex", "true"]);
    repository.git(&["update-index", "--index-version", "4", "--split-index"]);
    repository.stage("d.txt", env_file(&mailgun_key(1)));
    repository.stage("a/b/e.env", env_file(&mailgun_key(2)));
    assert_eq!(places(&repository.run(STAGED)), ["a/b/e.env:2", "d.txt:2"]);
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["gc", "-q"]);
    repository.git(&["worktree", "add", "-q", "other"]);
    repository
        .tree
        .write("other/x.env", env_file(&mailgun_key(3)));
    super::git_in(&repository.tree.at("other"), &["add", "x.env"]);
    let other = repository.run_in("other", STAGED);
    assert_eq!(places(&other), ["x.env:2"]);
    assert_eq!(other.json()["coverage"]["files"], 1);
}

#[test]
fn damage_and_conflicts_make_the_coverage_incomplete() {
    let repository = Repository::of(&[("a.txt", "a\n")]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    repository.tree.write("a.txt", "b\n");
    repository.commit("b");
    repository.git(&["checkout", "-q", "main"]);
    repository.tree.write("a.txt", "c\n");
    repository.commit("c");
    let mut merge = git_command(repository.tree.path(), &["merge", "-q", "topic"]);
    assert!(!merge.output().unwrap().status.success());
    repository.run(STAGED).exits(3).says("it has conflicts");
    repository.git(&["reset", "-q", "--hard"]);
    repository.stage("d.txt", "some text\n");
    let id = repository.git(&["rev-parse", ":d.txt"]);
    let object = format!(".git/objects/{}/{}", &id[..2], id[2..].trim());
    fs::remove_file(repository.tree.at(object)).unwrap();
    repository
        .run(STAGED)
        .exits(3)
        .says("d.txt")
        .says("unreadable");
    let outside = crate::support::Tree::of(&[("a", "a")]);
    outside
        .run(&["--staged"])
        .exits(2)
        .warns("is in no git work tree");
}
