//! What was read before, and what was found clean, is passed over, and nothing else changes by it.

use std::fs;

use super::{Repository, git_in};
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
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
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
    let [memory, base, last] = &files[..] else {
        panic!("{files:?}");
    };
    let kept = fs::read(memory).unwrap();
    let (file, base) = (last, fs::read(base).unwrap());
    let last = fs::read(file).unwrap();
    let key = mailgun_key(1);
    for file in [&kept, &base, &last] {
        let holds = |what: &[u8]| file.windows(what.len()).any(|window| window == what);
        assert!(!holds(b"MAILGUN_AP") && !holds(&key.as_bytes()[..10]));
    }
    for more in [&[][..], &["--no-cache"]] {
        assert_eq!(history(&repository, &cache, more).stdout, first.stdout);
    }
    assert_eq!(fs::read(memory).unwrap(), kept);
    assert_eq!(fs::read(file).unwrap(), last);

    // Half-written, then changed in one place, then there for something else.
    let mut changed = last.clone();
    changed[last.len() / 2] ^= 1;
    for damaged in [&last[..last.len() / 2], &changed, &kept] {
        fs::write(file, damaged).unwrap();
        assert_eq!(history(&repository, &cache, &[]).stdout, first.stdout);
        assert_eq!(fs::read(file).unwrap(), last);
    }

    fs::remove_file(file).unwrap();
    fs::remove_file(&files[1]).unwrap();
    fs::write(memory, &kept[..kept.len() - 1]).unwrap();
    assert_eq!(history(&repository, &cache, &[]).stdout, first.stdout);
    assert_eq!(fs::read(memory).unwrap().len(), kept.len());

    let config = "[rules]\ndisable = [\"stripe-*\"]\n";
    repository.tree.write("spillcheck.toml", config);
    history(&repository, &cache, &[]).exits(1);
    // What stands for the rules comes behind the form and the program.
    assert_ne!(fs::read(memory).unwrap()[48..80], kept[48..80]);
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

/// What happens to a repository between two runs.
fn change(repository: &Repository, step: u32) {
    let git = |args: &[&str]| drop(repository.git(args));
    let tree = &repository.tree;
    match step {
        0 => {
            tree.write("docs/a.md", "text\n");
            tree.write("app/.env", env_file(&mailgun_key(1)));
            repository.commit("leak");
        }
        1 => git(&["checkout", "-q", "-b", "side"]),
        2 => {
            git(&["mv", "app/.env", "app/env.php"]);
            repository.commit("rename");
        }
        3 => {
            tree.write("app/other.env", env_file(&mailgun_key(2)));
            repository.commit("another");
        }
        4 => {
            git(&["checkout", "-q", "main"]);
            tree.write("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
            repository.commit("picture");
        }
        5 => git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]),
        6 => git(&["tag", "-a", "-m", "v1", "v1"]),
        // A rewritten branch, and what was on it is gone.
        7 => git(&["commit", "-q", "--amend", "-m", "amended"]),
        8 => git(&["branch", "-q", "-f", "side", "main~1"]),
        9 => git(&["gc", "-q", "--prune=now"]),
        10 => {
            git(&["reset", "-q", "--hard", "main~1"]);
            git(&["tag", "-d", "v1"]);
            git(&["reflog", "expire", "--expire=all", "--all"]);
            git(&["gc", "-q", "--prune=now"]);
        }
        // What is gone comes back under another path.
        _ => {
            tree.write("b/settings", env_file(&mailgun_key(2)));
            repository.commit("back");
        }
    }
}

#[test]
fn whatever_happens_between_runs_the_cache_changes_nothing() {
    let repository = Repository::of(&[("readme", "a\n"), ("b/c.txt", "text\n")]);
    let cache = Tree::new();
    for step in 0..12 {
        change(&repository, step);
        let more: &[&str] = match step % 5 {
            0 => &["--max-commits", "1"],
            1 => &["--branch", "main"],
            2 => &["--unreachable"],
            _ => &[],
        };
        let afresh = history(&repository, &cache, &[more, &["--no-cache"]].concat());
        // The second time nothing has changed.
        for _ in 0..2 {
            let known = history(&repository, &cache, more);
            assert_eq!(known.stdout, afresh.stdout, "{step} {more:?}");
            assert_eq!(known.code, afresh.code);
        }
    }
}

#[test]
fn what_a_shallow_clone_lacks_is_read_when_it_comes() {
    let origin = Repository::of(&[("app/.env", &env_file(&mailgun_key(1)))]);
    fs::remove_file(origin.tree.at("app/.env")).unwrap();
    origin.tree.write("readme", "a\n");
    origin.commit("second");
    let (clone, cache) = (Tree::new(), Tree::new());
    let url = format!("file://{}", origin.tree.path().display());
    git_in(clone.path(), &["clone", "-q", "--depth", "1", &url, "."]);
    let clone = Repository { tree: clone };
    let shallow = history(&clone, &cache, &[]);
    assert!(!shallow.stdout.contains("app/.env"));
    clone.git(&["fetch", "-q", "--unshallow"]);
    let whole = history(&clone, &cache, &[]);
    whole.exits(1).says("app/.env");
    assert_eq!(
        whole.stdout,
        history(&clone, &cache, &["--no-cache"]).stdout
    );
}

/// What is added to a repository between two runs.
fn add(repository: &Repository, step: u32) {
    let git = |args: &[&str]| drop(repository.git(args));
    let tree = &repository.tree;
    match step {
        0 => git(&["commit", "-q", "-m", "what was staged"]),
        1 => {
            tree.write("new/deep/.env", env_file(&mailgun_key(3)));
            tree.write("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
            repository.commit("leak");
        }
        2 => {
            tree.write("copy/settings", env_file(&mailgun_key(3)));
            repository.commit("copy");
        }
        3 => {
            git(&["rm", "-q", "-r", "app", "copy"]);
            repository.commit("removed");
        }
        4 => git(&["gc", "-q"]),
        5 => {
            git(&["checkout", "-q", "-b", "side", "main~2"]);
            git(&["mv", "new/deep/.env", "new/env.php"]);
            repository.commit("on the side");
        }
        6 => {
            git(&["tag", "-a", "-m", "v1", "v1"]);
            git(&["update-ref", "refs/remotes/origin/side", "side"]);
            git(&["checkout", "-q", "main"]);
        }
        7 => git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]),
        8 => git(&["revert", "--no-edit", "main~1"]),
        9 => git(&["checkout", "-q", "--detach", "side"]),
        _ => repository.commit("nothing"),
    }
}

#[test]
fn what_is_added_is_read_without_the_rest() {
    let repository = Repository::of(&[
        ("readme", "a\n"),
        ("b/c.txt", "text\n"),
        ("app/.env", &env_file(&mailgun_key(1))),
    ]);
    repository.git(&["remote", "add", "origin", "https://github.com/a/b.git"]);
    // A version that holds nothing new.
    let version = env_file(&mailgun_key(1)) + "# more\n";
    repository.tree.write("app/.env", &version);
    repository.commit("another version");
    // Here already, but nothing leads to it yet.
    repository.stage("later/.env", env_file(&mailgun_key(2)));
    let cache = Tree::new();
    let base = |cache: &Tree| {
        let files = cached(cache).into_iter();
        let mut files = files.filter(|file| file.extension().is_some_and(|end| end == "base"));
        fs::read(files.next().unwrap()).unwrap()
    };
    history(&repository, &cache, &[]).exits(1);
    let old = base(&cache);
    for step in 0..11 {
        add(&repository, step);
        let afresh = history(&repository, &cache, &["--no-cache"]);
        for _ in 0..2 {
            assert_eq!(
                history(&repository, &cache, &[]).stdout,
                afresh.stdout,
                "{step}"
            );
        }
        // A whole history would have been kept.
        assert!(base(&cache) == old, "{step}");
    }
    assert!(
        history(&repository, &cache, &[])
            .stdout
            .contains("later/.env")
    );
    // Elsewhere, both versions tell of something.
    repository.tree.write("third/a", &version);
    repository.tree.write("third/b", env_file(&mailgun_key(1)));
    repository.commit("versions elsewhere");
    let afresh = history(&repository, &cache, &["--no-cache"]);
    assert_eq!(history(&repository, &cache, &[]).stdout, afresh.stdout);
    let new = base(&cache);
    assert!(new != old);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit("all is gone");
    repository.git(&["branch", "-q", "-D", "main", "side"]);
    repository.git(&["tag", "-d", "v1"]);
    repository.git(&["update-ref", "-d", "refs/remotes/origin/side"]);
    let afresh = history(&repository, &cache, &["--no-cache"]);
    assert_eq!(history(&repository, &cache, &[]).stdout, afresh.stdout);
    assert!(base(&cache) != new);
}
