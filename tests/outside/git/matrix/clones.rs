//! The same history in every form that a repository has.

use std::fs;

use super::{Finds, Misses, Place, Row, Says, assert_right};

const ALL: &str = "history";

// A row a line.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("loose objects", "origin", ALL, Finds("deleted.env:2")),
    ("one pack", "packed", ALL, Finds("deleted.env:2")),
    ("two packs", "two-packs", ALL, Finds("deleted.env:2")),
    ("two packs, newer one", "two-packs", ALL, Finds("second.env:2")),
    ("bare", "bare", ALL, Finds("deleted.env:2")),
    ("alternates", "shared", ALL, Finds("deleted.env:2")),
    ("own objects beside alternates", "shared", ALL, Finds("own.env:2")),
    ("shallow clone", "shallow", ALL, Says("this is a shallow clone")),
    ("shallow clone, what is there", "shallow", ALL, Finds("kept.env:2")),
    ("shallow clone, what is not", "shallow", ALL, Misses("deleted.env")),
    ("partial clone", "partial", ALL, Says("this is a partial clone")),
    ("partial clone, what is there", "partial", ALL, Finds("kept.env:2")),
    ("work tree", "worktree", ALL, Finds("deleted.env:2")),
    ("work tree, staged", "worktree", "--staged", Finds("staged.env:2")),
    ("submodule", "super/part", ALL, Finds("deleted.env:2")),
    ("submodule's files, from above", "super", "--tracked", Finds("part/kept.env:2")),
    ("submodule, tracked", "super/part", "--tracked", Finds("kept.env:2")),
    ("submodule, staged from above", "super", "--staged", Says("submodule")),
    ("loose object that is broken", "broken", ALL, Says("\"unreadable\"")),
    ("what is beside a broken object", "broken", ALL, Finds("kept.env:2")),
    ("pack that is broken", "broken-pack", ALL, Says("\"unreadable\"")),
];

fn origin(place: &Place) {
    place.init("origin", &[]);
    place.commit_plant("origin", "deleted.env");
    place.git("origin", "rm -q deleted.env");
    place.commit_plant("origin", "kept.env");
    place.git("origin", "config uploadpack.allowFilter true");
}

/// Breaks the object of a file: its last bytes are gone.
fn break_loose(place: &Place) {
    place.init("broken", &[]);
    place.commit_plant("broken", "kept.env");
    place.write(
        "broken/long.txt",
        "some text that is long enough\n".repeat(40),
    );
    place.commit("broken", "second");
    let id = place.git("broken", "rev-parse HEAD:long.txt");
    let path = format!("broken/.git/objects/{}/{}", &id[..2], &id[2..]);
    let bytes = fs::read(place.tree.at(&path)).unwrap();
    fs::remove_file(place.tree.at(&path)).unwrap();
    place.write(&path, &bytes[..bytes.len() / 2]);
}

fn break_pack(place: &Place) {
    let directory = place.tree.at("broken-pack/.git/objects/pack");
    let paths = fs::read_dir(directory).unwrap();
    let mut paths = paths.map(|entry| entry.unwrap().path());
    let pack = paths
        .find(|path| path.extension().is_some_and(|end| end == "pack"))
        .unwrap();
    let bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn a_repository_of_any_form() {
    let place = Place::new();
    origin(&place);
    let top = place.tree.path();
    let url = format!("file://{}/origin", top.display());
    let clone = |words: &str, name: &str| {
        let mut args = vec!["-c", "protocol.file.allow=always", "clone", "-q"];
        args.extend(words.split_whitespace());
        super::git_in(top, &[&args[..], &[&url, name]].concat());
    };
    clone("", "packed");
    clone("", "two-packs");
    place.commit_plant("two-packs", "second.env");
    place.git("two-packs", "repack -q");
    clone("--bare", "bare");
    super::git_in(top, &["clone", "-q", "--shared", "origin", "shared"]);
    place.commit_plant("shared", "own.env");
    clone("--depth=1", "shallow");
    clone("--filter=blob:none", "partial");
    clone("", "broken-pack");
    break_pack(&place);
    place.git("packed", "worktree add -q --detach ../worktree HEAD~1");
    place.plant("worktree/staged.env");
    place.git("worktree", "add staged.env");
    place.init("super", &[]);
    let add = format!("-c protocol.file.allow=always submodule --quiet add {url} part");
    place.git("super", &add);
    break_loose(&place);
    assert_right(&place.tree, ROWS);
}
