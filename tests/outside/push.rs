//! Pushes between real repositories: what leaks does not leave, and a server does not take it.

use std::fs;
use std::process::Command;

use super::git::{git_command, git_in};
use super::support::{Tree, env_file, mailgun_key};

/// A bare repository in `remote`, and a clone of it in `work` with one commit that has been pushed.
fn pair() -> Tree {
    let tree = Tree::new();
    git_in(
        tree.path(),
        &["init", "-q", "--bare", "-b", "main", "remote"],
    );
    git_in(tree.path(), &["init", "-q", "-b", "main", "work"]);
    let work = tree.at("work");
    git_in(&work, &["remote", "add", "origin", "../remote"]);
    tree.write("work/readme.md", "# Bakery\n");
    commit(&tree, "first");
    git_in(&work, &["push", "-q", "-u", "origin", "main"]);
    tree
}

fn commit(tree: &Tree, message: &str) {
    git_in(&tree.at("work"), &["add", "-A"]);
    git_in(&tree.at("work"), &["commit", "-qm", message]);
}

fn push(tree: &Tree, args: &[&str]) -> (bool, String) {
    let push = [&["push", "-q"], args].concat();
    let output = git_command(&tree.at("work"), &push).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        output.status.success(),
        said + &String::from_utf8_lossy(&output.stdout),
    )
}

/// Runs the hook's command with what git would tell it.
fn install(tree: &Tree, directory: &str, kind: &str) {
    let program = env!("CARGO_BIN_EXE_spillcheck");
    let output = Command::new(program)
        .current_dir(tree.at(directory))
        .args(["hook", "install", kind])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A commit that brings a key and one that takes it away, then a clean push after they are gone.
fn leaks_are_stopped(tree: &Tree) {
    let work = tree.at("work");
    tree.write("work/other.txt", "fine\n");
    commit(tree, "clean");
    let (passed, said) = push(tree, &["origin", "main"]);
    assert!(passed, "{said}");

    tree.write("work/app/.env", env_file(&mailgun_key(1)));
    commit(tree, "leak");
    let (passed, said) = push(tree, &["origin", "main"]);
    assert!(!passed && said.contains("mailgun-api-key"), "{said}");
    assert!(!said.contains(&mailgun_key(1)), "{said}");

    fs::remove_file(work.join("app/.env")).unwrap();
    commit(tree, "remove it");
    let (passed, said) = push(tree, &["origin", "main"]);
    assert!(!passed && said.contains("app/.env"), "{said}");
    let (passed, said) = push(tree, &["origin", "main:refs/heads/new"]);
    assert!(!passed && said.contains("app/.env"), "{said}");

    git_in(&work, &["reset", "-q", "--hard", "HEAD~2"]);
    tree.write("work/more.txt", "fine\n");
    commit(tree, "clean again");
    git_in(&work, &["tag", "-a", "-m", "one", "v1"]);
    let (passed, said) = push(tree, &["origin", "main", "v1", "main:refs/heads/new"]);
    assert!(passed, "{said}");
    let (passed, said) = push(tree, &["origin", ":new"]);
    assert!(passed, "{said}");
}

#[test]
fn a_leak_does_not_leave_even_if_a_later_commit_removes_it() {
    let tree = pair();
    install(&tree, "work", "--pre-push");
    leaks_are_stopped(&tree);
    let (passed, _) = push(&tree, &["--no-verify", "origin", "main"]);
    assert!(passed);
}

#[test]
fn a_server_does_not_take_a_leak_even_if_a_later_commit_removes_it() {
    let tree = pair();
    install(&tree, "remote", "--pre-receive");
    leaks_are_stopped(&tree);
}

/// What the other side had before the hook came is not held against a push.
#[test]
fn only_what_is_new_counts() {
    let tree = pair();
    tree.write("work/app/.env", env_file(&mailgun_key(2)));
    commit(&tree, "leak");
    let (passed, said) = push(&tree, &["origin", "main"]);
    assert!(passed, "{said}");
    install(&tree, "work", "--pre-push");
    install(&tree, "remote", "--pre-receive");
    tree.write("work/other.txt", "fine\n");
    commit(&tree, "clean");
    let (passed, said) = push(&tree, &["origin", "main"]);
    assert!(passed, "{said}");
}

#[test]
fn what_git_does_not_say_is_an_error() {
    let tree = pair();
    let work = tree.at("work");
    let program = env!("CARGO_BIN_EXE_spillcheck");
    let run = |arguments: &[&str], told: &str| {
        use std::io::Write as _;
        let mut child = Command::new(program)
            .current_dir(&work)
            .args(arguments)
            .stdin(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(told.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let (code, said) = run(&["hook", "pre-push"], "one two\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("line 1"), "{said}");
    let zeros = "0".repeat(40);
    let ones = "1".repeat(40);
    let (code, said) = run(
        &["hook", "pre-receive"],
        &format!("{zeros} {ones} refs/heads/x\n"),
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("not here"), "{said}");
    let (code, said) = run(&["hook", "pre-push", "origin", "u"], "");
    assert_eq!(code, Some(0), "{said}");
    let line = format!("HEAD {ones} refs/heads/x {zeros}\n");
    let (code, said) = run(&["hook", "pre-push", "origin", "u", "--", "--nope"], &line);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--nope"), "{said}");
}
