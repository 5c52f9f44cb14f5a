//! Trees made to confuse: names, links, special files, depth.

#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::support::{Outcome, Tree, env_file, findings, formats, mailgun_key};

/// What a terminal would act on, a new line apart.
fn acts_on_terminals(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\n')
}

fn every_format(tree: &Tree) -> Vec<(&'static str, Outcome)> {
    formats()
        .map(|format| (format, tree.run(&["--show-skipped", "--format", format])))
        .collect()
}

#[test]
fn names_cannot_write_to_the_terminal() {
    let names: [&[u8]; 6] = [
        b"a\nno findings\n.env",
        b"\x1b[2J\x1b[1;1H.env",
        b"\x1b]0;title\x07.env",
        b"\xff\xfe.env",
        "\u{202e}vne.env".as_bytes(),
        b"c:\\a\tb\r.env",
    ];
    let tree = Tree::new();
    for (seed, name) in (40..).zip(names) {
        tree.write(OsStr::from_bytes(name), env_file(&mailgun_key(seed)));
        let link = [name, b".link"].concat();
        symlink(OsStr::from_bytes(name), tree.at(OsStr::from_bytes(&link))).unwrap();
    }
    for (format, run) in every_format(&tree) {
        run.exits(1);
        // Lines of CSV end so (RFC 4180, 2).
        let stdout = match format {
            "csv" => run.stdout.replace("\r\n", "\n"),
            _ => run.stdout.clone(),
        };
        assert!(!acts_on_terminals(&stdout), "{format}: {run:?}");
        assert!(!acts_on_terminals(&run.stderr), "{format}: {run:?}");
        assert!(
            !run.stdout.contains('\u{202e}') || format != "human",
            "{run:?}"
        );
    }
    let report = tree.run(&["--format=json"]).json();
    assert_eq!(findings(&report).len(), names.len());
    let lines = tree.run(&["--quiet"]).stdout;
    assert!(!lines.lines().any(|line| line == "no findings"), "{lines}");
}

#[test]
fn a_name_that_cannot_be_found_is_escaped_too() {
    let tree = Tree::new();
    for args in [
        &["\u{1b}[2J"][..],
        &["--config", "\u{1b}[2J"],
        &["--rules", "\u{1b}[2J"],
        &["rules", "check", "\u{1b}[2J"],
        &["--output", "json=\u{1b}[2J/x"],
        &["demo", "--keep", "/proc/\u{1b}[2J"],
    ] {
        let run = tree.run(args);
        assert_ne!(run.code, Some(0), "{args:?}");
        assert!(!acts_on_terminals(&run.stderr), "{args:?}: {run:?}");
        assert!(!acts_on_terminals(&run.stdout), "{args:?}: {run:?}");
    }
}

#[test]
fn links_are_not_followed_and_loops_end() {
    let outside = Tree::of(&[(".env", &env_file(&mailgun_key(50)))]);
    let tree = Tree::of(&[("a/b/text", "hello\n")]);
    symlink(outside.path(), tree.at("out")).unwrap();
    symlink(outside.at(".env"), tree.at("a/.env")).unwrap();
    symlink("..", tree.at("a/b/up")).unwrap();
    symlink("self", tree.at("self")).unwrap();
    symlink("missing", tree.at("dangling")).unwrap();
    let run = tree.run(&["--format=json"]);
    run.exits(0);
    let report = run.json();
    assert_eq!(report["coverage"]["files"], 1);
    assert_eq!(
        report["coverage"]["skipped_by_reason"]["symlink"], 5,
        "{report:#}"
    );
    tree.run(&["a/.env"]).exits(1);
}

#[test]
fn special_files_are_not_opened() {
    let tree = Tree::of(&[("text", "hello\n")]);
    let _socket = UnixListener::bind(tree.at("socket")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(tree.at("fifo"))
        .status()
        .unwrap();
    assert!(made.success());
    let run = tree.run(&["--show-skipped"]);
    run.exits(0)
        .says("fifo: special: FIFO")
        .says("socket: special: socket")
        .says("2 special");
    // Named explicitly it is not opened either: that would wait for a writer.
    tree.run(&["fifo", "--show-skipped"])
        .exits(3)
        .says("fifo: special")
        .says("nothing was scanned");
}

#[test]
fn special_files_are_no_configuration() {
    let tree = Tree::of(&[("a.txt", "hello\n"), ("rules/readme", "")]);
    for name in ["spillcheck.toml", "rules/a.toml"] {
        let made = std::process::Command::new("mkfifo")
            .arg(tree.at(name))
            .status()
            .unwrap();
        assert!(made.success());
    }
    tree.run(&["."]).exits(0);
    tree.run(&["--rules", "rules", "a.txt"]).exits(2);
    tree.run(&["--config", "spillcheck.toml", "a.txt"]).exits(2);
}

#[test]
fn depth_is_no_obstacle() {
    let tree = Tree::new();
    let deep = format!("{}.env", "d/".repeat(400));
    tree.write(&deep, env_file(&mailgun_key(51)));
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let report = run.json();
    assert_eq!(findings(&report)[0]["occurrences"][0]["path"], deep);
}

#[test]
fn small_and_empty_files_and_nuls() {
    let tree = Tree::of(&[("empty", "")]);
    for byte in 0..=255_u8 {
        tree.write(format!("one/{byte}"), [byte]);
    }
    tree.write("nul", b"\0");
    tree.write(
        "separated",
        [
            b"A=1\0".as_slice(),
            env_file(&mailgun_key(52)).as_bytes(),
            b"\0B=2\0",
        ]
        .concat(),
    );
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let coverage = &run.json()["coverage"];
    let skipped = coverage["skipped"].as_array().unwrap().len() as u64;
    assert_eq!(coverage["files"].as_u64().unwrap() + skipped, 256 + 3);
    assert_eq!(coverage["complete"], true);
}

#[test]
fn the_configuration_of_a_hostile_tree_can_be_refused() {
    let tree = Tree::of(&[
        (".env", &env_file(&mailgun_key(53))),
        (
            "spillcheck.toml",
            "[rules]\ndisable = [\"*\"]\n[[exclude]]\npath = \"*\"\nreason = \"trust me\"\n",
        ),
    ]);
    // What it does is said, and an all-clear it cannot get.
    tree.run(&[])
        .exits(3)
        .says("nothing was scanned")
        .says("rules switched off")
        .says("2 excluded");
    tree.run(&["--isolated"]).exits(1);
}
