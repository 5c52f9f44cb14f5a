//! `rules`, `explain`, `completions`, `man` and `demo`.

use super::support::{Tree, findings, rules_found};

fn anywhere(args: &[&str]) -> super::support::Outcome {
    Tree::new().run(args)
}

#[test]
fn every_rule_that_is_listed_can_be_shown_and_explained() {
    let list = anywhere(&["rules", "list"]);
    list.exits(0);
    let ids: Vec<&str> = list
        .stdout
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted, "sorted, and each once");
    let known = spillcheck::rules::builtin();
    let known = known.iter().flat_map(|file| &file.rules);
    assert_eq!(ids.len(), known.clone().count());
    for rule in known.step_by(7) {
        let shown = anywhere(&["rules", "show", &rule.id]);
        shown.exits(0).says(&format!("id = \"{}\"", rule.id));
        shown.stdout.parse::<toml::Table>().unwrap();
        let explained = anywhere(&["explain", &rule.id]);
        explained
            .exits(0)
            .says(&rule.title)
            .says("How to replace it: ");
        explained.says(&rule.references[0]);
    }
}

#[test]
fn an_unknown_id_is_answered_with_the_nearest() {
    for args in [&["explain"][..], &["rules", "show"]] {
        let ask = |id| anywhere(&[args, &[id]].concat());
        let run = ask("mailgun-apikey");
        run.exits(2)
            .warns("no rule or check has the id `mailgun-apikey`");
        run.warns("did you mean mailgun-api-key");
        assert!(run.stderr.len() < 300, "a few, not all: {}", run.stderr);
        ask("zzzzqqqq").exits(2).warns("spillcheck rules list");
        let run = ask("\u{1b}[2J");
        run.exits(2);
        assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
    }
}

#[test]
fn completions_are_for_each_shell() {
    for (shell, sign) in [
        ("bash", "_spillcheck()"),
        ("zsh", "#compdef spillcheck"),
        ("fish", "complete -c spillcheck"),
    ] {
        let run = anywhere(&["completions", shell]);
        run.exits(0)
            .says(sign)
            .says("fail-on")
            .says("stdin-filename");
    }
    anywhere(&["completions", "tcsh"]).exits(2).warns("bash");
}

#[test]
fn the_manual_names_every_option() {
    let run = anywhere(&["man"]);
    run.exits(0).says(".TH spillcheck 1");
    let plain = run.stdout.replace("\\-", "-");
    let help = anywhere(&["--help"]);
    let options = help.stdout.split_whitespace();
    let options: Vec<&str> = options
        .filter(|word| word.starts_with("--"))
        .map(|word| word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()))
        .collect();
    assert!(options.len() > 15, "{options:?}");
    for option in options {
        assert!(plain.contains(option), "{option}");
    }
}

#[test]
fn help_tells_the_exit_codes() {
    anywhere(&["--help"]).exits(0).says("Exit codes: 0 clean");
    anywhere(&["--version"]).exits(0).says("spillcheck 0.");
}

#[test]
fn the_demo_finds_and_keeps_nothing() {
    let tree = Tree::new();
    let run = tree.run(&["demo"]);
    run.exits(0)
        .says("error[mailgun-api-key]")
        .says("error[laravel-app-key]");
    assert_eq!(std::fs::read_dir(tree.path()).unwrap().count(), 0);
}

#[test]
fn the_demo_can_be_kept_and_scanned_again() {
    let tree = Tree::new();
    tree.run(&["demo", "--keep", "bakery"])
        .exits(0)
        .says("--> .env");
    let run = tree.run(&["bakery", "--format=json"]);
    run.exits(1);
    let report = run.json();
    assert!(rules_found(&report).contains(&"mailgun-api-key"));
    let mailgun = findings(&report)
        .iter()
        .find(|finding| finding["rule"] == "mailgun-api-key");
    let places = mailgun.unwrap()["occurrences"].as_array().unwrap();
    assert!(places.len() >= 3, "{places:?}");
}

#[test]
fn a_demo_that_cannot_be_kept_says_so() {
    let tree = Tree::of(&[("file", "x")]);
    tree.run(&["demo", "--keep", "file/below"])
        .exits(2)
        .warns("file/below");
}
