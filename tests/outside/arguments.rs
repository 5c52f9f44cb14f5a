//! What is scanned: paths, standard input, excludes.

use super::support::{Tree, command, env_file, findings, mailgun_key, outcome, rules_found};

#[test]
fn standard_input_is_read() {
    let tree = Tree::new();
    let key = mailgun_key(4);
    let mut command = command(tree.path(), &["-", "--format=json"]);
    command.write_stdin(env_file(&key));
    let run = outcome(command);
    run.exits(1);
    let report = run.json();
    assert_eq!(rules_found(&report), ["mailgun-api-key"]);
    let place = &findings(&report)[0]["occurrences"][0];
    assert_eq!(place["path"], "<stdin>");
    assert_eq!(place["offset"], 45);
    assert_eq!(place["git"], "no-repository");
}

#[test]
fn the_name_of_standard_input_decides_how_it_is_read() {
    let tree = Tree::new();
    // An assignment without quotes is one in a configuration file only.
    let text = "database_password = correcthorse7staple\n";
    let scan = |name: &str| {
        let mut command = command(
            tree.path(),
            &["-", "--format=json", "--stdin-filename", name],
        );
        command.write_stdin(text);
        outcome(command).json()
    };
    let report = scan("deploy/settings.ini");
    assert_eq!(rules_found(&report), ["database-password"]);
    assert_eq!(
        findings(&report)[0]["occurrences"][0]["path"],
        "deploy/settings.ini"
    );
    assert_eq!(rules_found(&scan("settings.py")), Vec::<&str>::new());
}

#[test]
fn standard_input_and_files_in_one_run() {
    let tree = Tree::of(&[("b.env", &env_file(&mailgun_key(5)))]);
    let mut command = command(tree.path(), &["b.env", "-", "--format=json"]);
    command.write_stdin(env_file(&mailgun_key(6)));
    let report = outcome(command).json();
    assert_eq!(report["coverage"]["files"], 2);
    let paths: Vec<_> = findings(&report)
        .iter()
        .map(|finding| finding["occurrences"][0]["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["<stdin>", "b.env"]);
}

#[test]
fn several_paths_are_one_report() {
    let key = mailgun_key(7);
    let tree = Tree::of(&[
        ("a/.env", &env_file(&key)),
        ("b/.env", &env_file(&key)),
        ("c/.env", &env_file(&mailgun_key(8))),
        ("d/.env", &env_file(&mailgun_key(9))),
    ]);
    let report = tree
        .run(&["b", "a", "c/.env", "./b/.env", "--format=json"])
        .json();
    assert_eq!(report["coverage"]["files"], 3);
    let paths: Vec<Vec<_>> = findings(&report)
        .iter()
        .map(|finding| {
            let places = finding["occurrences"].as_array().unwrap().iter();
            places
                .map(|place| place["path"].as_str().unwrap())
                .collect()
        })
        .collect();
    assert_eq!(paths, [vec!["a/.env", "b/.env"], vec!["c/.env"]]);
}

#[test]
fn one_secret_is_one_finding_with_all_its_places() {
    let key = mailgun_key(10);
    let twice = format!("{}# {key}\n", env_file(&key));
    let tree = Tree::of(&[("x/.env", &twice), ("y/prod.env", &env_file(&key))]);
    let report = tree.run(&["--format=json"]).json();
    assert_eq!(rules_found(&report), ["mailgun-api-key"]);
    let places = findings(&report)[0]["occurrences"].as_array().unwrap();
    let places: Vec<_> = places
        .iter()
        .map(|place| {
            (
                place["path"].as_str().unwrap(),
                place["start"]["line"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("x/.env", 2), ("x/.env", 3), ("y/prod.env", 2)]);
}

#[test]
fn an_exclude_is_said_and_an_explicit_file_is_read_all_the_same() {
    let tree = Tree::of(&[
        ("old/.env", &env_file(&mailgun_key(11))),
        ("new/a.txt", "hello\n"),
    ]);
    let run = tree.run(&["--exclude", "old", "--show-skipped"]);
    run.exits(0)
        .says("old: excluded: `old` of --exclude")
        .says("not scanned: 1 excluded");
    tree.run(&["--exclude", "old", "--exclude", "*.env", ".", "old/.env"])
        .exits(1)
        .says("--> old/.env:2:16");
}

#[test]
fn hidden_and_ignored_files_are_read_unless_asked_otherwise() {
    let tree = Tree::of(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitignore", ".env\n"),
        (".env", &env_file(&mailgun_key(12))),
        ("a.txt", "hello\n"),
    ]);
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let report = run.json();
    assert_eq!(findings(&report)[0]["occurrences"][0]["git"], "ignored");
    tree.run(&["--respect-gitignore"])
        .exits(0)
        .says("1 excluded");
}

#[test]
fn the_configuration_of_git_is_read_and_its_objects_are_not() {
    let url = format!(
        "[remote \"origin\"]\n\turl = https://deploy:{}@git.example.com/a.git\n",
        super::support::render("{base62:24}", 1)
    );
    let tree = Tree::of(&[
        (".git/config", &url),
        (".git/objects/ab/cd", &env_file(&mailgun_key(13))),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let report = run.json();
    assert_eq!(report["coverage"]["files"], 1);
    assert_eq!(
        findings(&report)[0]["occurrences"][0]["path"],
        ".git/config"
    );
    assert_eq!(
        report["coverage"]["skipped"][0]["reason"],
        "version-control"
    );
}

#[test]
fn a_file_without_anything_in_it_was_read() {
    let tree = Tree::of(&[("empty.txt", "")]);
    tree.run(&[]).exits(0).says("scanned 1 file (0 B)");
}
