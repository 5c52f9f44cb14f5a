//! `--tracked`.

use super::{Repository, places};
use crate::support::{env_file, mailgun_key};

const TRACKED: &[&str] = &["--tracked", "--format", "json"];

#[test]
fn only_tracked_files_are_read_and_as_they_are() {
    let repository = Repository::of(&[("a/.env", "x\n"), (".gitignore", "ignored.env\n")]);
    repository.tree.write("a/.env", env_file(&mailgun_key(1)));
    repository
        .tree
        .write("a/new.env", env_file(&mailgun_key(2)));
    repository
        .tree
        .write("ignored.env", env_file(&mailgun_key(3)));
    repository
        .tree
        .write("whole/new.env", env_file(&mailgun_key(4)));
    let tracked = repository.run(TRACKED);
    tracked.exits(1).says("git does not track it");
    assert_eq!(places(&tracked), ["a/.env:2"]);
    assert_eq!(tracked.json()["coverage"]["files"], 2);
    let named = repository.run(&["--tracked", "--format", "json", "a/.env", "a/new.env"]);
    assert_eq!(places(&named), ["a/.env:2"]);
    repository
        .run(&["--tracked", "--staged"])
        .exits(2)
        .warns("cannot be used with");
}

#[test]
fn outside_of_a_repository_nothing_is_tracked() {
    let tree = crate::support::Tree::of(&[("a", "a")]);
    tree.run(&["--tracked"])
        .exits(2)
        .warns("is in no git work tree");
}
