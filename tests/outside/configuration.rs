//! The configuration file: where it is found, what it may say, and how a mistake is shown.

use sha2::{Digest as _, Sha256};

use super::support::{Outcome, Tree, env_file, findings, mailgun_key};

fn leaky(config: &str) -> Tree {
    Tree::of(&[
        (".env", &env_file(&mailgun_key(20))),
        ("spillcheck.toml", config),
    ])
}

fn run(config: &str) -> Outcome {
    leaky(config).run(&[])
}

#[test]
fn rules_can_be_switched_off_and_that_is_said() {
    run("[rules]\ndisable = [\"mailgun-api-key\"]\n").says("rules switched off: mailgun-api-key");
    let all_but_one = "[rules]\ndisable = [\"*\"]\nenable = [\"mailgun-api-key\"]\n";
    run(all_but_one).exits(1).says("error[mailgun-api-key]");
    let all = run("[rules]\ndisable = [\"*\"]\n");
    all.exits(0).says("rules switched off: ");
}

#[test]
fn severities_can_be_replaced() {
    let run = run("[rules.severity]\nmailgun-api-key = \"info\"\n");
    run.exits(0).says("1 finding: 1 info; 0 at or over low");
}

#[test]
fn fail_on_and_min_confidence_are_as_on_the_command_line_which_wins() {
    let tree = leaky(
        "fail-on = \"critical\"\nmin-confidence = \"high\"\n[rules.severity]\nmailgun-api-key = \"high\"\n",
    );
    tree.run(&[]).exits(0).says("0 at or over critical");
    tree.run(&["--fail-on=low"])
        .exits(1)
        .says("1 at or over low");
    let tree = Tree::of(&[
        ("tests/.env", &env_file(&mailgun_key(21))),
        ("spillcheck.toml", "min-confidence = \"high\"\n"),
    ]);
    tree.run(&[]).exits(0).says("below --min-confidence");
    tree.run(&["--min-confidence=low"]).exits(1);
}

#[test]
fn an_exclude_has_a_reason_and_the_report_says_both_and_where() {
    let tree = leaky("[[exclude]]\npath = \".env\"\nreason = \"rotated on Monday\"\n");
    tree.run(&["--show-skipped"])
        .exits(0)
        .says(".env: excluded: `.env` of spillcheck.toml line 2: rotated on Monday");
}

#[test]
fn a_value_can_be_allowed_by_its_fingerprint_or_its_hash() {
    let key = mailgun_key(20);
    let report = leaky("").run(&["--format=json"]).json();
    let fingerprint = findings(&report)[0]["fingerprint"].as_str().unwrap();
    let sha256: String = Sha256::digest(key.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for entry in [
        format!("fingerprint = \"{fingerprint}\""),
        format!("sha256 = \"{sha256}\""),
    ] {
        let tree = leaky(&format!("[[allow]]\n{entry}\nreason = \"revoked\"\n"));
        tree.run(&[]).exits(0).says("not shown: 1 allowed");
        let report = tree.run(&["--format=json"]).json();
        assert_eq!(findings(&report).len(), 0);
        assert_eq!(report["summary"]["withheld"]["allowed"], 1, "{report:#}");
    }
    let other = format!("sha256 = \"{}\"", "0".repeat(64));
    run(&format!("[[allow]]\n{other}\nreason = \"revoked\"\n")).exits(1);
}

/// Every mistake is shown with the file, the line and the text on it.
#[test]
fn mistakes_are_shown_with_their_line() {
    let digits = "0".repeat(31);
    let allow = format!("[[allow]]\nfingerprint = \"{digits}\"\nreason = \"x\"\n");
    let cases: &[(&str, usize, &str)] = &[
        ("fail-on = \"low\"\nfail-of = \"low\"\n", 2, "fail-of"),
        ("\n\nfail-on = \"lowest\"\n", 3, "lowest"),
        ("fail-on = \n", 1, "fail-on"),
        (
            "[rules]\ndisable = [\"nope-*\"]\n",
            2,
            "no rule has this id",
        ),
        ("[rules]\nenable = [\"nope\"]\n", 2, "no rule has this id"),
        ("[rules]\ndisable = [\"a[\"]\n", 2, "this is no glob"),
        ("[rules.severity]\nnope = \"low\"\n", 2, "has this id"),
        (
            "[[exclude]]\npath = \"a[\"\nreason = \"x\"\n",
            2,
            "this is no glob",
        ),
        ("[[exclude]]\npath = \"a\"\nreason = \" \"\n", 2, "`reason`"),
        ("[[exclude]]\npath = \"a\"\n", 1, "missing field `reason`"),
        (&allow, 2, "32 lower-case hexadecimal digits"),
        ("[[allow]]\nreason = \"x\"\n", 2, "either `fingerprint`"),
    ];
    for (config, line, what) in cases {
        let run = run(config);
        run.exits(2)
            .warns("spillcheck.toml: ")
            .warns(&format!("line {line}"))
            .warns(what);
        let text = config.lines().nth(line - 1).unwrap();
        run.warns(&format!("{line} | {text}"));
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn it_is_found_upwards_to_the_root_of_the_repository() {
    let tree = Tree::of(&[
        ("spillcheck.toml", "broken = 1\n"),
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
        ("repo/.spillcheck.toml", "fail-on = \"critical\"\n"),
        ("repo/sub/dir/a.txt", "hello\n"),
        ("repo/sub/dir/b.txt", "hello\n"),
        ("other/dir/a.txt", "hello\n"),
    ]);
    for path in ["repo", "repo/sub/dir", "repo/sub/dir/a.txt"] {
        let run = tree.run(&[path]);
        run.exits(0)
            .says("note: configuration: ")
            .says("repo/.spillcheck.toml");
    }
    // Outside of a repository only the directory itself is asked, and above one nothing.
    let run = tree.run(&["other/dir"]);
    run.exits(0);
    assert!(!run.stdout.contains("configuration"), "{run:?}");
    tree.run(&["other"]).exits(0);
    tree.run(&["."]).exits(2).warns("broken");
}

#[test]
fn the_nearest_one_counts_and_the_visible_name_comes_first() {
    let tree = Tree::of(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("spillcheck.toml", "broken = 1\n"),
        ("a/spillcheck.toml", "fail-on = \"high\"\n"),
        ("a/.spillcheck.toml", "broken = 1\n"),
    ]);
    tree.run(&["a"]).exits(0).says("a/spillcheck.toml");
}

#[test]
fn one_can_be_named_or_all_refused() {
    let tree = leaky("broken = 1\n");
    tree.run(&[]).exits(2);
    tree.run(&["--isolated"])
        .exits(1)
        .says("error[mailgun-api-key]");
    tree.write("mine.toml", "[rules]\ndisable = [\"mailgun-*\"]\n");
    tree.run(&["--config", "mine.toml"])
        .says("rules switched off: mailgun-");
    tree.run(&["--config", "missing.toml"])
        .exits(2)
        .warns("missing.toml cannot be read");
}

#[test]
fn what_a_configuration_says_stays_off_the_terminal() {
    let run = run("fail-on = \"hi\u{1b}[2Jgh\"\n");
    run.exits(2).warns("line 1");
    assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
    let tree = leaky("[[exclude]]\npath = \".env\"\nreason = \"a\\u001b[2Jb\"\n");
    let run = tree.run(&["--show-skipped"]);
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}

#[test]
fn an_odd_configuration_is_refused_in_few_words() {
    let long_line = format!("fail-on = \"{}\"\n", "x".repeat(500_000));
    let deep = format!("fail-on = {}\n", "[".repeat(100_000));
    let enormous = format!("# {}\n", "x".repeat(8 << 20));
    for config in [long_line, deep, enormous, "fail-on = \u{0}\n".to_owned()] {
        let run = run(&config);
        run.exits(2).warns("spillcheck.toml");
        assert!(run.stderr.len() < 4_000, "{} bytes", run.stderr.len());
    }
    let tree = leaky("");
    tree.write("spillcheck.toml", b"fail-on = \"\xff\"\n");
    tree.run(&[]).exits(2).warns("spillcheck.toml");
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_no_regular_file_is_not_followed() {
    let outside = Tree::of(&[("private", "root:x:0\n")]);
    let tree = Tree::of(&[("a.txt", "hello\n")]);
    std::os::unix::fs::symlink(outside.at("private"), tree.at("spillcheck.toml")).unwrap();
    let run = tree.run(&[]);
    run.exits(2).warns("symbolic link").warns("--isolated");
    assert!(!run.stderr.contains("root:x:0"), "{run:?}");
    tree.run(&["--isolated"]).exits(0);
}

#[test]
fn comments_beside_a_credential_allow_it_and_are_counted() {
    let marked = |comment: &str| {
        let key = mailgun_key(9);
        Tree::of(&[("app.env", &format!("MAILGUN_SECRET={key} # {comment}\n"))]).run(&[])
    };
    marked("spillcheck:allow made up for the tests")
        .exits(0)
        .says("not shown: 1 allowed by comments beside them");
    marked("spillcheck:allow[mailgun-api-key] made up").exits(0);
    marked("gitleaks:allow").exits(0);
    marked("spillcheck:allow[stripe-secret-key] made up").exits(1);
    marked("allow").exits(1);
}

#[test]
fn what_a_comment_allows_is_shown_on_request_with_its_reason() {
    let key = mailgun_key(9);
    let line = format!("MAILGUN_SECRET={key} # spillcheck:allow[mailgun-api-key] made up\n");
    let tree = Tree::of(&[("app.env", &line), ("b.env", "A=1 # nosec B105\n")]);
    let run = tree.run(&["--format", "json", "--report-suppressed"]);
    let json: serde_json::Value = serde_json::from_str(&run.exits(0).stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 0);
    let suppressed = &json["suppressed"]["findings"][0]["suppressed"];
    assert_eq!(suppressed["by"], "marker");
    assert_eq!(suppressed["source"], "spillcheck:allow[mailgun-api-key]");
    assert_eq!(suppressed["reason"], "made up");
    let run = tree.run(&["--format", "sarif", "--report-suppressed"]);
    let sarif: serde_json::Value = serde_json::from_str(&run.exits(0).stdout).unwrap();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "inSource");
    let said = "marker, spillcheck:allow[mailgun-api-key]: made up";
    assert_eq!(suppression["justification"], said);
    assert!(!run.stdout.contains(&key));
}

#[test]
fn comments_that_allow_nothing_are_named() {
    let tree = Tree::of(&[
        ("a.py", "x = 1\ny = 2  # spillcheck:allow old\n"),
        ("README.md", "Write spillcheck:allow beside it.\n"),
    ]);
    let run = tree.run(&[]);
    run.exits(0)
        .says("1 comment `spillcheck:allow` allows nothing")
        .says("name: a.py:2");
    assert!(!run.stdout.contains("README.md"), "{run:?}");
}

#[test]
fn a_secret_that_is_allowed_in_one_place_counts_in_another() {
    let key = mailgun_key(9);
    let marked = format!("MAILGUN_SECRET={key} # spillcheck:allow made up\n");
    let plain = format!("MAILGUN_SECRET={key}\n");
    let run = Tree::of(&[("a.env", &marked), ("b.env", &plain)]).run(&[]);
    run.exits(1)
        .says("b.env:1")
        .says("1 allowed by comments beside them");
    assert!(!run.stdout.contains("a.env:1"), "{run:?}");
}
