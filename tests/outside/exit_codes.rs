//! Exit codes, and that each is said in words.

use super::support::{Tree, env_file, formats, mailgun_key};

/// Opens and then fails to be read, whoever asks; `None` where there is no such file.
fn unreadable() -> Option<&'static str> {
    let path = "/proc/self/mem";
    std::path::Path::new(path).exists().then_some(path)
}

fn leaky() -> Tree {
    Tree::of(&[
        (".env", &env_file(&mailgun_key(1))),
        ("readme.txt", "hello\n"),
    ])
}

#[test]
fn clean_is_0() {
    let tree = Tree::of(&[("a.txt", "hello\n"), ("b/c.php", "<?php echo 1;\n")]);
    let run = tree.run(&[]);
    run.exits(0)
        .says("no findings\n")
        .says("scanned 2 files (20 B)");
    assert_eq!(run.stderr, "");
}

#[test]
fn findings_are_1() {
    let run = leaky().run(&["."]);
    run.exits(1)
        .says("error[mailgun-api-key]")
        .says("--> .env:2:16");
    run.says("1 finding: 1 critical; 1 at or over low (--fail-on)");
}

#[test]
fn the_scan_command_is_the_default() {
    let tree = leaky();
    let (short, long) = (
        tree.run(&["-q", "--format=json"]),
        tree.run(&["scan", "-q", "--format=json"]),
    );
    short.exits(1);
    assert_eq!((short.code, short.stdout), (long.code, long.stdout));
}

#[test]
fn findings_below_the_bar_are_0_and_shown() {
    let tree = Tree::of(&[(".env", &env_file(&mailgun_key(1)))]);
    tree.write(
        "spillcheck.toml",
        "[rules.severity]\nmailgun-api-key = \"medium\"\n",
    );
    tree.run(&["--fail-on", "medium"]).exits(1);
    let run = tree.run(&["--fail-on", "high"]);
    run.exits(0).says("warning[mailgun-api-key]");
    run.says("1 finding: 1 medium; 0 at or over high (--fail-on)");
}

#[test]
fn exit_zero_is_0_whatever_is_found_or_not_read() {
    leaky()
        .run(&["--exit-zero"])
        .exits(0)
        .says("1 at or over low");
    Tree::new()
        .run(&["--exit-zero"])
        .exits(0)
        .says("nothing was scanned");
}

#[test]
fn exit_zero_does_not_hide_a_wrong_command_line() {
    Tree::new().run(&["--exit-zero", "missing"]).exits(2);
}

#[test]
fn wrong_arguments_are_2() {
    let tree = leaky();
    tree.run(&["--no-such-option"])
        .exits(2)
        .warns("--no-such-option");
    tree.run(&["--fail-on", "awful"])
        .exits(2)
        .warns("possible values: info, low");
    tree.run(&["--min-confidence", "some"])
        .exits(2)
        .warns("possible values: low");
    tree.run(&["--format", "xml"]).exits(2).warns("sarif");
    tree.run(&["--jobs", "0"]).exits(2).warns("1..=256");
    tree.run(&["--output", "json"])
        .exits(2)
        .warns("FORMAT=PATH");
    tree.run(&["--output", "json="])
        .exits(2)
        .warns("path after `=`");
    tree.run(&["--exclude", "a[", "."])
        .exits(2)
        .warns("a[")
        .warns("--exclude");
    tree.run(&["--isolated", "--config", "x.toml"])
        .exits(2)
        .warns("--isolated");
}

#[test]
fn a_missing_path_is_2_and_named() {
    let run = leaky().run(&["readme.txt", "no/such/file"]);
    run.exits(2)
        .warns("no/such/file: no such file or directory");
    assert_eq!(
        run.stdout, "",
        "nothing is reported of a run that did not happen"
    );
}

#[test]
fn a_report_that_cannot_be_written_is_2() {
    let run = leaky().run(&["--output", "json=no/such/dir/report.json"]);
    run.exits(2).warns("no/such/dir/report.json");
}

#[test]
fn an_empty_directory_is_3() {
    let run = Tree::new().run(&[]);
    run.exits(3).says("nothing was scanned: there was no file");
    run.says("scanned 0 files (0 B)");
    assert!(!run.stdout.contains("no findings"), "{run:?}");
}

#[test]
fn a_directory_of_binaries_is_3() {
    let tree = Tree::new();
    tree.write("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
    tree.write("b.bin", b"\0".repeat(100));
    let run = tree.run(&[]);
    run.exits(3)
        .says("nothing was scanned: every file was skipped");
    run.says("not scanned: 2 binary");
    assert!(!run.stdout.contains("no findings"), "{run:?}");
}

#[test]
fn a_directory_that_is_excluded_as_a_whole_is_3() {
    let run = leaky().run(&["--exclude", "*"]);
    run.exits(3).says("nothing was scanned").says("2 excluded");
}

#[test]
fn empty_standard_input_is_3() {
    Tree::new().run(&["-"]).exits(3).says("nothing was scanned");
}

#[test]
fn what_cannot_be_read_is_3() {
    let Some(unreadable) = unreadable() else {
        return;
    };
    let tree = Tree::of(&[("a.txt", "hello\n")]);
    let run = tree.run(&[".", unreadable]);
    run.exits(3).says("coverage incomplete: 1 path");
    run.says(unreadable).says("no findings in what was read");
    let json = tree.run(&["--format=json", ".", unreadable]);
    json.exits(3);
    assert_eq!(json.json()["coverage"]["complete"], false);
}

#[test]
fn findings_win_over_what_cannot_be_read_and_both_are_said() {
    let Some(unreadable) = unreadable() else {
        return;
    };
    let run = leaky().run(&[".", unreadable]);
    run.exits(1)
        .says("coverage incomplete")
        .says("1 finding: 1 critical");
    let below = leaky().run(&["--fail-on=critical", "--min-confidence=high", unreadable]);
    below.exits(3);
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let empty = Tree::new();
    let leaky = leaky();
    for format in formats() {
        leaky.run(&["--format", format]).exits(1);
        leaky.run(&["--format", format, "readme.txt"]).exits(0);
        empty.run(&["--format", format]).exits(3);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::{Command, Stdio};
    let tree = leaky();
    for args in [&["--exit-zero"][..], &["rules", "list"], &["man"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spillcheck"))
            .current_dir(tree.path())
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_repository_whose_index_cannot_be_read_is_said_to_be_one() {
    let tree = Tree::of(&[
        (".env", &env_file(&mailgun_key(3))),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/index", "DIRC and nonsense"),
    ]);
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let notes = run.json()["notes"].to_string();
    assert!(
        notes.contains("index") && notes.contains("outside of a repository"),
        "{notes}"
    );
}
