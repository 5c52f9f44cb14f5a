//! Secrets in the work tree, as git sees it.

use super::{Ends, Finds, Misses, Place, Row, Says, assert_right};

const TRACKED: &str = "--tracked";
const DIFF: &str = "--diff main";

// A row a line.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("tracked", "tree", TRACKED, Finds("old.env:2")),
    ("tracked, though ignored", "tree", TRACKED, Finds("ignored-but-tracked.env:2")),
    ("untracked", "tree", TRACKED, Misses("untracked.env")),
    ("untracked, all files", "tree", ".", Finds("untracked.env:2")),
    ("ignored", "tree", TRACKED, Misses("ignored.env")),
    ("ignored, all files", "tree", ".", Finds("ignored.env:2")),
    ("ignored, left out", "tree", ". --respect-gitignore", Misses("ignored.env")),
    ("left out is said", "tree", ". --respect-gitignore", Says("\"excluded\"")),
    ("since base, committed", "tree", DIFF, Finds("committed.env:2")),
    ("since base, staged", "tree", DIFF, Finds("staged.env:2")),
    ("since base, changed", "tree", DIFF, Finds("old.env:5")),
    ("since base, was there", "tree", DIFF, Misses("old.env:2")),
    ("since base, untracked", "tree", DIFF, Misses("untracked.env")),
    ("since base, moved on", "tree", DIFF, Misses("on-main.env")),
    ("no such base", "tree", "--diff nowhere", Ends(2, "nowhere")),
    ("base without a common commit", "tree", "--diff alone", Ends(2, "")),
];

#[test]
fn what_git_makes_of_a_work_tree() {
    let place = Place::new();
    let at = "tree";
    place.init(at, &[]);
    let old = place.secret();
    place.write("tree/old.env", &old);
    place.commit_plant(at, "ignored-but-tracked.env");
    place.git(at, "checkout -q -b topic");
    place.write("tree/.gitignore", "ignored*.env\n");
    place.commit_plant(at, "committed.env");
    place.git(at, "checkout -q --orphan alone");
    place.git(at, "commit -q -m alone");
    place.git(at, "checkout -q main");
    place.commit_plant(at, "on-main.env");
    place.git(at, "checkout -q topic");
    place.write("tree/old.env", format!("{old}# more\n{}", place.secret()));
    place.plant("tree/staged.env");
    place.git(at, "add staged.env");
    place.plant("tree/untracked.env");
    place.plant("tree/ignored.env");
    assert_right(&place.tree, ROWS);
}
