//! The hook in real repositories: what leaks is not committed, and what was there before goes on.

use std::fs;

use super::git::{git_command, git_in};
use super::support::{Tree, env_file, mailgun_key};

fn repository() -> Tree {
    let tree = Tree::of(&[("readme.md", "# Bakery\n")]);
    git_in(tree.path(), &["init", "-q", "-b", "main"]);
    tree
}

fn commit(tree: &Tree) -> (bool, String) {
    git_in(tree.path(), &["add", "-A"]);
    let commit = &["commit", "-qm", "change"];
    let output = git_command(tree.path(), commit).output().unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_leak_is_not_committed_and_a_clean_change_is() {
    let tree = repository();
    tree.run(&["hook", "install"]).exits(0).warns("pre-commit");
    tree.run(&["hook", "install"]).exits(0);
    let (passed, said) = commit(&tree);
    assert!(passed, "{said}");
    tree.write("config/.env", env_file(&mailgun_key(1)));
    let (passed, said) = commit(&tree);
    assert!(!passed && said.contains("--no-verify"), "{said}");
    fs::remove_file(tree.at("config/.env")).unwrap();
    tree.write("other.txt", "fine\n");
    let (passed, said) = commit(&tree);
    assert!(passed, "{said}");
    tree.run(&["hook", "uninstall"]).exits(0);
    tree.write("config/.env", env_file(&mailgun_key(1)));
    assert!(commit(&tree).0);
    tree.run(&["hook", "uninstall"])
        .exits(0)
        .warns("there is no hook");
}

#[cfg(unix)]
#[test]
fn the_hook_of_before_is_kept_and_runs_first() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = repository();
    let hook = tree.at(".git/hooks/pre-commit");
    tree.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\ntouch was-run\ntest ! -e refuse\n",
    );
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let before = fs::read(&hook).unwrap();
    tree.run(&["hook", "uninstall"])
        .exits(2)
        .warns("is not ours");
    tree.run(&["hook", "install"]).exits(0).warns("runs first");
    assert!(commit(&tree).0);
    assert!(tree.at("was-run").exists());
    tree.write("refuse", "");
    assert!(!commit(&tree).0);
    tree.run(&["hook", "uninstall"]).exits(0).warns("back");
    assert_eq!(fs::read(&hook).unwrap(), before);
}

#[test]
fn hooks_that_others_share_are_left_alone() {
    let tree = repository();
    let shared = Tree::new();
    git_in(
        tree.path(),
        &["config", "core.hooksPath", shared.path().to_str().unwrap()],
    );
    tree.run(&["hook", "install"]).exits(2).warns("--force");
    assert!(!shared.at("pre-commit").exists());
    tree.run(&["hook", "install", "--force"]).exits(0);
    assert!(shared.at("pre-commit").exists());

    git_in(tree.path(), &["config", "core.hooksPath", ".hooks"]);
    tree.run(&["hook", "install"]).exits(0);
    assert!(tree.at(".hooks/pre-commit").exists());
    let outside = Tree::new();
    outside.run(&["hook", "install"]).exits(2).warns("git says");
}
