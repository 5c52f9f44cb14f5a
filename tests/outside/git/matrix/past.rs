//! Secrets in what was committed once.

use super::{Ends, Finds, Misses, Place, Row, Says, assert_right};

const ALL: &str = "history";
const LOGS: &str = "history --reflogs";
const LOOSE_ENDS: &str = "history --unreachable";

// A row a line.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("committed", "past", ALL, Finds("committed.env:2")),
    ("deleted", "past", ALL, Finds("deleted.env:2")),
    ("deleted, in files", "past", ".", Misses("deleted.env")),
    ("amended away", "past", ALL, Misses("amended.env")),
    ("amended away, logs", "past", LOGS, Finds("amended.env:2")),
    ("another branch", "past", ALL, Finds("branch.env:2")),
    ("light tag", "past", ALL, Finds("light-tag.env:2")),
    ("annotated tag", "past", ALL, Finds("annotated-tag.env:2")),
    ("tag of a tag", "past", ALL, Finds("tag-of-tag.env:2")),
    ("tag of a tree", "past", ALL, Finds("in-tree.env:2")),
    ("tag of a blob", "past", ALL, Says("\"path\": \"on-blob:")),
    ("stash", "past", ALL, Finds("stash.env:2")),
    ("older stash", "past", ALL, Misses("older-stash.env")),
    ("older stash, logs", "past", LOGS, Finds("older-stash.env:2")),
    ("untracked in a stash", "past", ALL, Finds("stash-untracked.env:2")),
    ("reflog only", "past", ALL, Misses("reset.env")),
    ("reflog only, logs", "past", LOGS, Finds("reset.env:2")),
    ("unreachable", "past", LOGS, Misses("unreachable:")),
    ("unreachable, all", "past", LOOSE_ENDS, Says("\"path\": \"unreachable:")),
    ("only in a merge", "past", ALL, Finds("evil-merge.env:2")),
    ("octopus", "past", ALL, Finds("octopus-two.env:2")),
    ("orphan branch", "past", ALL, Finds("orphan.env:2")),
    ("notes", "past", ALL, Says("\"notes/commits\"")),
    ("replaced commit", "past", ALL, Finds("replaced.env:2")),
    ("replacing commit", "past", ALL, Finds("replacing.env:2")),
    ("old name", "past", ALL, Finds("old-name.env:2")),
    ("new name", "past", ALL, Finds("new-name.env:2")),
    ("changed mode", "past", ALL, Finds("mode.env:2")),
    ("symlink's target", "past", ALL, Finds("link:1")),
    ("CRLF", "past", ALL, Finds("crlf.env:2")),
    ("UTF-16", "past", ALL, Finds("utf16.env:2")),
    ("big blob", "past", ALL, Finds("big.env:40002")),
    ("binary blob", "past", ALL, Says("\"binary\"")),
    ("odd name", "past", ALL, Finds("odd \u{fffd}\n\".env:2")),
    ("filter", "past", ALL, Finds("filtered.env:2")),
    ("remote branch", "past", ALL, Finds("remote.env:2")),
    ("packed reference", "past", ALL, Finds("packed-ref.env:2")),
    ("detached HEAD", "past", ALL, Finds("detached.env:2")),
    ("other work tree's HEAD", "past", ALL, Finds("in-worktree.env:2")),
    ("only staged", "past", ALL, Misses("only-staged.env")),
    ("branch", "past", "history --branch topic", Finds("branch.env:2")),
    ("not on branch", "past", "history --branch topic", Misses("orphan.env")),
    ("tag as branch", "past", "history --branch v1", Finds("annotated-tag.env:2")),
    ("range", "past", "history --range one..two", Finds("range.env:2")),
    ("before range", "past", "history --range one..two", Misses("deleted.env")),
    ("since, new", "past", "history --since 2024-06-01", Finds("late.env:2")),
    ("since, old", "past", "history --since 2024-06-01", Misses("range.env")),
    ("newest commit", "past", "history --max-commits 1", Finds("late.env:2")),
    ("older commit", "past", "history --max-commits 1", Misses("range.env")),
    ("no such branch", "past", "history --branch nowhere", Ends(2, "nowhere")),
    ("empty repository", "empty", ALL, Ends(3, "")),
    ("SHA-256", "sha256", ALL, Finds("deleted.env:2")),
    ("SHA-256, packed", "sha256-packed", ALL, Finds("deleted.env:2")),
];

/// One repository with nearly everything in it.
fn past(place: &Place) {
    let at = "past";
    place.init(at, &[]);
    let git = |words: &str| place.git(at, words);
    let branch = |name: &str, file: &str| {
        git(&format!("checkout -q -b {name} main"));
        place.commit_plant(at, file);
        git("checkout -q main");
    };
    let aside = |file: &str| {
        git("checkout -q --detach main");
        place.commit_plant(at, file);
        let id = git("rev-parse HEAD");
        git("checkout -q main");
        id
    };
    place.commit_plant(at, "deleted.env");
    git("rm -q deleted.env");
    place.commit_plant(at, "committed.env");
    git("tag one");
    place.commit_plant(at, "range.env");
    git("tag two");
    contents(place);
    names(place);
    branch("topic", "branch.env");
    tags(place, &aside);
    stashes(place);
    merges(place, &branch);
    git("checkout -q --orphan alone main");
    place.commit_plant(at, "orphan.env");
    git("checkout -q main");
    place.write("note", place.secret());
    git("notes add -F ../note");
    let (old, new) = (aside("replaced.env"), aside("replacing.env"));
    git(&format!("branch to-replace {old}"));
    git(&format!("replace {old} {new}"));
    git(&format!(
        "update-ref refs/remotes/origin/gone {}",
        aside("remote.env")
    ));
    git(&format!(
        "update-ref refs/other/packed {}",
        aside("packed-ref.env")
    ));
    git("pack-refs --all");
    let other = aside("in-worktree.env");
    git(&format!("worktree add -q --detach ../elsewhere {other}"));
    place.commit_plant(at, "reset.env");
    git("reset -q --hard HEAD~1");
    place.commit_plant(at, "amended.env");
    git("rm -q --cached amended.env");
    git("commit -q --allow-empty --amend -m amended");
    std::fs::remove_file(place.tree.at("past/amended.env")).unwrap();
    place.write("lost", place.secret());
    git("hash-object -w ../lost");
    git("checkout -q --detach");
    place.commit_plant(at, "detached.env");
    git("checkout -q -b late");
    place.plant("past/late.env");
    git("add late.env");
    // The committer's date counts, which only the environment sets.
    let mut late = super::git_command(&place.tree.at(at), &["commit", "-q", "-m", "late"]);
    late.env("GIT_COMMITTER_DATE", "2024-07-01T00:00:00+00:00");
    assert!(late.status().unwrap().success());
    git("checkout -q --detach");
    place.plant("past/only-staged.env");
    git("add only-staged.env");
}

/// Files of every kind of content.
fn contents(place: &Place) {
    place.write("past/crlf.env", place.secret().replace('\n', "\r\n"));
    let units = place.secret();
    let units = units.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    place.write("past/utf16.env", utf16);
    let lines = "SOME_SETTING=1\n".repeat(40_000);
    place.write("past/big.env", lines + &place.secret());
    place.write("past/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0");
    // What a filter makes of it in the work tree is no matter: the blob is read.
    place.write("past/.gitattributes", "filtered.env ident eol=crlf\n");
    place.plant("past/filtered.env");
    place.commit("past", "contents");
}

fn names(place: &Place) {
    let at = "past";
    place.commit_plant(at, "old-name.env");
    place.git(at, "mv old-name.env new-name.env");
    place.commit_plant(at, "mode.env");
    place.git(at, "update-index --chmod=+x mode.env");
    place.git(at, "commit -q -m mode");
    place.git(at, "reset -q --hard");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let password = crate::support::render("{base62:20}", 78);
        let target = format!("postgres://admin:{password}@db.example.com/shop");
        std::os::unix::fs::symlink(target, place.tree.at("past/link")).unwrap();
        let name = std::ffi::OsStr::from_bytes(b"past/odd \xff\n\".env");
        place.tree.write(name, place.secret());
    }
    place.commit(at, "names");
}

fn tags(place: &Place, aside: &dyn Fn(&str) -> String) {
    let git = |words: &str| place.git("past", words);
    git(&format!("tag light {}", aside("light-tag.env")));
    git(&format!("tag -a -m x v1 {}", aside("annotated-tag.env")));
    git(&format!("tag -a -m x inner {}", aside("tag-of-tag.env")));
    git("tag -a -m x outer inner");
    git("tag -d inner");
    place.write("loose", place.secret());
    let blob = git("hash-object -w ../loose");
    git(&format!("tag on-blob {blob}"));
    place.write("loose", place.secret());
    let blob = git("hash-object -w ../loose");
    git(&format!(
        "update-index --add --cacheinfo 100644,{blob},in-tree.env"
    ));
    let tree = git("write-tree");
    git("reset -q --hard");
    git(&format!("tag -a -m x on-tree {tree}"));
}

fn stashes(place: &Place) {
    let git = |words: &str| place.git("past", words);
    place.plant("past/older-stash.env");
    git("add older-stash.env");
    git("stash -q");
    place.plant("past/stash.env");
    git("add stash.env");
    place.plant("past/stash-untracked.env");
    git("stash -q --include-untracked");
}

fn merges(place: &Place, branch: &dyn Fn(&str, &str)) {
    let git = |words: &str| place.git("past", words);
    branch("side", "merged.env");
    git("merge -q --no-ff --no-commit side");
    place.commit_plant("past", "evil-merge.env");
    branch("octopus-1", "octopus-one.env");
    branch("octopus-2", "octopus-two.env");
    git("merge -q -m octopus octopus-1 octopus-2");
    git("branch -q -D octopus-1 octopus-2 side");
}

fn sha256(place: &Place, name: &str) {
    place.init(name, &["--object-format=sha256"]);
    place.commit_plant(name, "deleted.env");
    place.git(name, "rm -q deleted.env");
    place.commit(name, "gone");
}

#[test]
fn what_was_committed_once() {
    let place = Place::new();
    past(&place);
    sha256(&place, "sha256");
    sha256(&place, "sha256-packed");
    place.git("sha256-packed", "gc -q");
    super::git_in(place.tree.path(), &["init", "-q", "empty"]);
    assert_right(&place.tree, ROWS);
}
