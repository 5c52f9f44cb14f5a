//! Secrets on their way into a commit.

use super::{Ends, Finds, Misses, Place, Row, Says, assert_right};

const STAGED: &str = "--staged";

// A row a line.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("new file", "index", STAGED, Finds("new.env:2")),
    ("staged, clean in the work tree", "index", STAGED, Finds("hidden.env:2")),
    ("clean staged, not in the work tree", "index", STAGED, Misses("clean.env")),
    ("staged, then unstaged", "index", STAGED, Misses("unstaged.env")),
    ("staged part of a file", "index", STAGED, Finds("partial.env:2")),
    ("part that is not staged", "index", STAGED, Misses("partial.env:5")),
    ("was there before", "index", STAGED, Misses("before.env:2")),
    ("added line beside", "index", STAGED, Finds("before.env:5")),
    ("only counted", "index", STAGED, Says("in changed files are not shown")),
    ("staged deletion", "index", STAGED, Misses("deleted.env")),
    ("rename", "index", STAGED, Misses("renamed.env")),
    ("rename with an edit, old line", "index", STAGED, Misses("moved.env:2")),
    ("rename with an edit, new line", "index", STAGED, Finds("moved.env:14")),
    ("mode changed", "index", STAGED, Misses("mode.env")),
    ("line ends changed", "index", STAGED, Misses("ends.env")),
    ("stored with other line ends", "index", STAGED, Finds("converted.env:2")),
    ("cleaned by a filter", "index", STAGED, Misses("filtered.env")),
    ("symlink", "index", STAGED, Says("a symbolic link")),
    ("intent to add", "index", STAGED, Says("intent-to-add")),
    ("ignored, forced in", "index", STAGED, Finds("forced.env:2")),
    ("untracked", "index", STAGED, Misses("untracked.env")),
    ("UTF-16", "index", STAGED, Finds("utf16.env:2")),
    ("odd name", "index", STAGED, Finds("odd \u{fffd}.env:2")),
    ("one directory", "index/sub", "--staged .", Finds("in-sub.env:2")),
    ("beside the directory", "index/sub", "--staged .", Misses("new.env")),
    ("index that GIT_INDEX_FILE names", "index", "INDEX=.git/other --staged", Finds("other-index.env:2")),
    ("and not git's own", "index", "INDEX=.git/other --staged", Misses("new.env")),
    ("conflict", "conflict", STAGED, Says("it has conflicts")),
    ("merge, staged by it", "conflict", STAGED, Finds("from-side.env:2")),
    ("first commit", "first", STAGED, Finds("new.env:2")),
    ("nothing staged", "nothing", STAGED, Ends(3, "nothing is staged")),
    ("no repository", ".", STAGED, Ends(2, "is in no git work tree")),
    ("index of version 4", "version-4", STAGED, Finds("new.env:2")),
    ("split index", "split", STAGED, Finds("new.env:2")),
    ("SHA-256", "sha256", STAGED, Finds("new.env:2")),
    ("sparse index", "sparse", STAGED, Finds("kept/new.env:2")),
];

/// One index with nearly everything in it.
fn index(place: &Place) {
    let at = "index";
    place.init(at, &[]);
    let git = |words: &str| place.git(at, words);
    let filler = "SOME_SETTING=1\n".repeat(10);
    let known = [
        place.secret(),
        place.secret() + &filler,
        place.secret(),
        place.secret(),
    ];
    place.plant("index/deleted.env");
    place.plant("index/old-name.env");
    place.plant("index/mode.env");
    for (name, text) in ["before", "old-place", "ends", "partial"]
        .iter()
        .zip(&known)
    {
        place.write(&format!("index/{name}.env"), text);
    }
    place.write("index/partial.env", "A=1\n");
    place.write("index/.gitignore", "forced.env\n");
    let filters = "filtered.env filter=blank\nconverted.env text eol=crlf\n";
    place.write("index/.gitattributes", filters);
    place.commit(at, "before");
    git("config filter.blank.clean true");
    for name in [
        "new",
        "forced",
        "filtered",
        "sub/in-sub",
        "unstaged",
        "hidden",
    ] {
        place.plant(&format!("index/{name}.env"));
    }
    place.write("index/converted.env", place.secret().replace('\n', "\r\n"));
    let units = place.secret();
    let units = units.encode_utf16().flat_map(u16::to_be_bytes);
    let utf16: Vec<u8> = [0xfe, 0xff].into_iter().chain(units).collect();
    place.write("index/utf16.env", utf16);
    let part = place.secret();
    place.write("index/partial.env", &part);
    place.write(
        "index/before.env",
        format!("{}# new\n{}", known[0], place.secret()),
    );
    place.write("index/ends.env", known[2].replace('\n', "\r\n"));
    place.write("index/clean.env", "A=1\n");
    git("rm -q deleted.env");
    git("mv old-name.env renamed.env");
    git("mv old-place.env moved.env");
    place.write("index/moved.env", known[1].clone() + &place.secret());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        std::os::unix::fs::symlink("/etc/passwd", place.tree.at("index/link")).unwrap();
        let name = std::ffi::OsStr::from_bytes(b"index/odd \xff.env");
        place.tree.write(name, place.secret());
    }
    git("add -A");
    git("add -f forced.env");
    git("update-index --chmod=+x mode.env");
    git("reset -q unstaged.env");
    place.write("index/hidden.env", "A=1\n");
    place.plant("index/clean.env");
    place.write("index/partial.env", part + "# later\n" + &place.secret());
    place.plant("index/untracked.env");
    place.plant("index/intended.env");
    git("add --intent-to-add intended.env");
    // What `git commit PATH` does: another index, made from HEAD.
    place.plant("other-index.env");
    let blob = git("hash-object -w ../other-index.env");
    let other = |args: &[&str]| {
        let mut command = super::git_command(&place.tree.at(at), args);
        command.env("GIT_INDEX_FILE", ".git/other");
        assert!(command.status().unwrap().success());
    };
    other(&["read-tree", "HEAD"]);
    let entry = format!("100644,{blob},other-index.env");
    other(&["update-index", "--add", "--cacheinfo", &entry]);
}

/// A merge that stopped.
fn conflict(place: &Place) {
    let at = "conflict";
    place.init(at, &[]);
    place.git(at, "checkout -q -b side");
    place.write("conflict/readme", "side\n");
    place.commit_plant(at, "from-side.env");
    place.git(at, "checkout -q main");
    place.write("conflict/readme", "main\n");
    place.commit(at, "main");
    place.try_git(at, "merge -q side");
}

/// A repository with one new file staged.
fn simple(place: &Place, name: &str, more: &[&str]) {
    place.init(name, more);
    place.plant(&format!("{name}/new.env"));
}

#[test]
fn what_is_about_to_be_committed() {
    let place = Place::new();
    index(&place);
    conflict(&place);
    super::git_in(place.tree.path(), &["init", "-q", "first"]);
    place.plant("first/new.env");
    place.git("first", "add -A");
    place.init("nothing", &[]);
    simple(&place, "version-4", &[]);
    place.git("version-4", "update-index --index-version 4 --add new.env");
    simple(&place, "split", &[]);
    place.git("split", "update-index --split-index");
    place.git("split", "add new.env");
    simple(&place, "sha256", &["--object-format=sha256"]);
    place.git("sha256", "add new.env");
    place.init("sparse", &[]);
    place.write("sparse/kept/a", "a\n");
    place.write("sparse/left/a", "a\n");
    place.commit("sparse", "dirs");
    place.git("sparse", "sparse-checkout set --sparse-index kept");
    place.plant("sparse/kept/new.env");
    place.git("sparse", "add kept/new.env");
    assert_right(&place.tree, ROWS);
}
