//! What was found clean before is passed over, and nothing else changes by it.

use std::fs;

use super::Repository;
use crate::support::{Outcome, Tree, command, env_file, mailgun_key, outcome};

fn history(repository: &Repository, cache: &Tree, more: &[&str]) -> Outcome {
    let args = [&["history", "--format", "json"], more].concat();
    let mut command = command(repository.tree.path(), &args);
    command.env("XDG_CACHE_HOME", cache.path());
    outcome(command)
}

fn cached(cache: &Tree) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(cache.at("spillcheck/history"));
    let files = files.into_iter().flatten();
    files.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_second_run_says_the_same_and_new_leaks_are_found() {
    let repository = Repository::of(&[("readme", "a\n"), ("b/c.txt", "text\n")]);
    repository.tree.write("app/.env", env_file(&mailgun_key(1)));
    repository
        .tree
        .write("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    repository.commit("leak");
    let cache = Tree::new();
    let first = history(&repository, &cache, &[]);
    first.exits(1);
    let files = cached(&cache);
    assert_eq!(files.len(), 1);
    let kept = fs::read(&files[0]).unwrap();
    // A head, a key and a checksum, and two files that are clean.
    assert_eq!(kept.len(), 16 + 32 + 32 + 2 * 24);
    for more in [&[][..], &["--no-cache"]] {
        assert_eq!(history(&repository, &cache, more).stdout, first.stdout);
    }
    assert_eq!(fs::read(&files[0]).unwrap(), kept);

    fs::write(&files[0], &kept[..kept.len() - 1]).unwrap();
    assert_eq!(history(&repository, &cache, &[]).stdout, first.stdout);
    assert_eq!(fs::read(&files[0]).unwrap(), kept);

    let config = "[rules]\ndisable = [\"stripe-*\"]\n";
    repository.tree.write("spillcheck.toml", config);
    history(&repository, &cache, &[]).exits(1);
    assert_ne!(fs::read(&files[0]).unwrap(), kept);
    fs::remove_file(repository.tree.at("spillcheck.toml")).unwrap();

    repository
        .tree
        .write("more/.env", env_file(&mailgun_key(2)));
    repository.commit("another");
    let run = history(&repository, &cache, &[]);
    assert!(run.exits(1).stdout.contains("more/.env"));
    assert_eq!(
        run.stdout,
        history(&repository, &cache, &["--no-cache"]).stdout
    );
}

#[test]
fn a_cache_that_cannot_be_written_does_no_harm() {
    let repository = Repository::of(&[("readme", "a\n")]);
    let cache = Tree::of(&[("spillcheck", "a file\n")]);
    history(&repository, &cache, &[]).exits(0);
    history(&repository, &cache, &["--no-cache"]).exits(0);
}
