//! `spillcheck doctor`: what works, what is in force, what becomes of each file.

use super::support::{Tree, env_file, mailgun_key};

#[test]
fn every_stage_works() {
    let run = Tree::new().run(&["doctor"]);
    run.exits(0)
        .says("ok      archives")
        .says("ok      reports")
        .says("min-confidence:");
    assert!(!run.stdout.contains("FAILED"), "{run:#?}");
}

#[test]
fn settings_and_files_are_told() {
    let tree = Tree::of(&[
        (".env", &env_file(&mailgun_key(71))),
        ("logo.png", "\u{89}"),
        ("old/.env", "A=1\n"),
        (
            "spillcheck.toml",
            "fail-on = \"high\"\n[[exclude]]\npath = \"old\"\nreason = \"gone\"\n",
        ),
    ]);
    tree.write("logo.png", b"\x89PNG\r\n\x1a\n");
    tree.write("broken.gz", b"\x1f\x8b\x08\0");
    let run = tree.run(&["doctor", "."]);
    run.exits(0)
        .says("fail-on:          high")
        .says("gone")
        .says("read      .env (text, 96 bytes)")
        .says("left out  logo.png (binary: png)")
        .says("left out  old (excluded")
        .says("missed    broken.gz (unreadable");
    assert!(!run.stdout.contains(&mailgun_key(71)[4..32]));
    tree.run(&["doctor", "--no-archives", "."])
        .says("left out  broken.gz (binary: gzip)");
}
