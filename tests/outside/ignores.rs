//! `.spillcheckignore`: what it allows, what it does not, and what is said of it.

use std::fs;

use super::support::{Tree, env_file, findings, mailgun_key, paths};

fn leaky(ignore: &str) -> Tree {
    Tree::of(&[
        ("app/.env", &env_file(&mailgun_key(20))),
        ("docs/guide.env", &env_file(&mailgun_key(21))),
        (".spillcheckignore", ignore),
    ])
}

const JSON: &[&str] = &["--format", "json", "--no-checks"];

#[test]
fn entries_allow_by_path_by_rule_and_by_fingerprint() {
    let tree = leaky("# made up\ndocs/\n");
    let run = tree.run(JSON);
    assert_eq!(paths(&run), ["app/.env"]);
    assert_eq!(run.json()["summary"]["withheld"]["ignored"], 1);
    tree.run(&[])
        .exits(1)
        .says("1 allowed by .spillcheckignore");

    let tree = leaky("mailgun-*:** # made up\n");
    tree.run(JSON).exits(0);
    let tree = leaky("stripe-*:** # made up\n");
    tree.run(JSON).exits(1);

    let tree = leaky("");
    let report = tree.run(JSON).json();
    let fingerprint = findings(&report)[0]["fingerprint"].as_str().unwrap();
    tree.write(".spillcheckignore", format!("{fingerprint} # revoked\n"));
    assert_eq!(
        tree.run(JSON).json()["findings"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn what_it_allows_is_shown_on_request_with_line_and_reason() {
    let tree = leaky("docs/ # made up\napp/ # ours\n");
    let run = tree.run(&["--format", "json", "--no-checks", "--report-suppressed"]);
    let report = run.json();
    let all = report["suppressed"]["findings"].as_array().unwrap();
    let of_docs = all.iter().find(|finding| {
        let path = &finding["occurrences"][0]["path"];
        path.as_str().unwrap().starts_with("docs/")
    });
    let suppressed = &of_docs.unwrap()["suppressed"];
    assert_eq!(suppressed["by"], "ignore-file");
    assert_eq!(suppressed["source"], ".spillcheckignore line 1");
    assert_eq!(suppressed["reason"], "made up");
}

#[test]
fn it_is_found_from_below_and_for_single_files() {
    let tree = leaky("app/.env # made up\n");
    fs::create_dir(tree.at(".git")).unwrap();
    tree.run(&["app", "--no-checks"]).exits(0);
    tree.run(&["app/.env", "--no-checks"]).exits(0);
    tree.run(&["docs/guide.env", "--no-checks"]).exits(1);
    let whole = tree.path().to_str().unwrap().to_owned();
    let run = tree.run(&[&whole, "--no-checks", "--format", "json"]);
    assert_eq!(paths(&run).len(), 1, "{run:?}");
    tree.run(&["app", "--no-checks", "--isolated"]).exits(1);
}

#[test]
fn bad_lines_are_errors_and_unused_ones_are_named() {
    leaky("docs/ # ok\napp/.env\n")
        .run(&[])
        .exits(2)
        .warns(".spillcheckignore: line 2: `app/.env` has no reason");
    leaky("nope:x # y\n")
        .run(&[])
        .exits(2)
        .warns("line 1: no rule or check is named `nope`");
    leaky("docs/ # ok\nold/ # gone\n*.bak # gone\n")
        .run(&["--no-checks"])
        .exits(1)
        .says(".spillcheckignore: 2 entries allow nothing: lines 2, 3");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let outside = Tree::of(&[("private", "root:x:0\n")]);
    let tree = Tree::of(&[("a.txt", "hello\n")]);
    std::os::unix::fs::symlink(outside.at("private"), tree.at(".spillcheckignore")).unwrap();
    let run = tree.run(&[]);
    run.exits(2).warns("symbolic link");
    assert!(!run.stderr.contains("root:x:0"), "{run:?}");
}
