//! Rules of one's own: `--rules`, `rules check`, `rules test`.

use super::support::{Tree, render, rules_found};

/// A rule file with one rule; what stands in `extra` comes last.
pub(crate) fn rule_file(id: &str, pattern: &str, anchor: &str, extra: &str) -> String {
    format!(
        r#"provider = "Acme"

[[rule]]
id = "{id}"
title = "Acme token"
description = "A token to Acme."
severity = "high"
confidence = "high"
references = ["https://acme.example/docs"]
hit = ["t: ⟦acme_{{base62:20}}⟧", "x=\"⟦acme_{{base62:20}}⟧\""]
miss = ["acme_short", "acme_{{base62:5}} and more"]
rotate = {{ summary = "Make a new one." }}
text = {{ anchors = ["{anchor}"], pattern = '{pattern}' }}
{extra}"#
    )
}

pub(crate) const PATTERN: &str = r"\bacme_[0-9A-Za-z]{20}\b";

fn with_rule(text: &str) -> Tree {
    Tree::of(&[("rules/acme.toml", text)])
}

#[test]
fn own_rules_are_used_besides_the_built_in_ones() {
    let tree = with_rule(&rule_file("acme-token", PATTERN, "acme_", ""));
    let token = render("acme_{base62:20}", 1);
    tree.write("src/a.txt", format!("token {token}\n"));
    let run = tree.run(&["src", "--rules", "rules", "--format=json"]);
    run.exits(1);
    assert_eq!(rules_found(&run.json()), ["acme-token"]);
    tree.run(&["src"]).exits(0);
    tree.write("spillcheck.toml", "[rules]\ndirectories = [\"rules\"]\n");
    tree.run(&["--config=spillcheck.toml", "src"]).exits(1);
    tree.run(&["rules", "list", "--rules", "rules"])
        .exits(0)
        .says("acme-token")
        .says("mailgun-api-key");
    tree.run(&["explain", "acme-token", "--rules", "rules"])
        .exits(0)
        .says("Make a new one.");
}

#[test]
fn a_good_directory_is_well_formed_and_passes() {
    let tree = with_rule(&rule_file("acme-token", PATTERN, "acme_", ""));
    tree.run(&["rules", "check", "rules"])
        .exits(0)
        .says("1 rules are well-formed");
    tree.run(&["rules", "test", "rules"])
        .exits(0)
        .says("examples of 1 rules");
}

#[test]
fn the_built_in_rules_pass_as_a_directory() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    Tree::new().run(&["rules", "check", rules]).exits(0);
    Tree::new().run(&["rules", "test", rules]).exits(0);
}

#[test]
fn examples_that_do_not_do_what_they_are_for_are_2() {
    let short = rule_file("acme-token", r"\bacme_[0-9A-Za-z]{5,20}\b", "acme_", "");
    let run = with_rule(&short).run(&["rules", "test", "rules"]);
    run.exits(2).warns("acme-token: a miss matches");
}

#[test]
fn a_bad_rule_is_2_with_file_line_and_reason() {
    let good = rule_file("acme-token", PATTERN, "acme_", "");
    let cases = [
        (
            good.replace("severity = \"high\"", "severity = \"awful\""),
            "awful",
        ),
        (good.replace("title", "titel"), "titel"),
        (good.replace("acme-token", "Acme Token"), "Acme Token"),
        (good.replace("{20}\\b", "{20"), "acme.toml"),
        (
            rule_file("acme-token", r"(?:(?:a{100}){100}){100}acme_", "acme_", ""),
            "states",
        ),
        (
            rule_file("acme-token", r"acme_(a+)+$", "acme_", ""),
            "scope",
        ),
        (
            rule_file("acme-token", r"acme_a{5000}", "acme_", ""),
            "4096",
        ),
        (
            rule_file("acme-token", r"acme_\pL{9}", "acme_", ""),
            "Unicode",
        ),
        (
            rule_file("acme-token", r"(?=acme_)a", "acme_", ""),
            "look-around",
        ),
        (rule_file("acme-token", PATTERN, "ac", ""), "anchor"),
        (rule_file("acme-token", PATTERN, "other", ""), "anchor"),
        (
            rule_file("mailgun-api-key", PATTERN, "acme_", ""),
            "mailgun-api-key",
        ),
        ("provider = \"Acme\"\n".to_owned(), "rule"),
        ("\u{1b}[2J".to_owned(), "acme.toml"),
    ];
    for (text, reason) in cases {
        let tree = with_rule(&text);
        tree.write("a.txt", "hello\n");
        let run = tree.run(&["--rules", "rules", "a.txt"]);
        run.exits(2).warns("rules/acme.toml").warns(reason);
        assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_directory_without_rules_is_2() {
    let tree = Tree::of(&[("none/readme.txt", "hello\n")]);
    for dir in ["none", "missing", "none/readme.txt"] {
        tree.run(&["--rules", dir, "none"]).exits(2).warns(dir);
        tree.run(&["rules", "check", dir]).exits(2).warns(dir);
        tree.run(&["rules", "test", dir]).exits(2).warns(dir);
    }
}

/// Two nested repetitions of bounded length are what makes backtracking engines hang.
#[test]
fn a_pattern_that_others_hang_on_takes_no_longer_than_another() {
    let nested = r"\bacme_(?:(?:[a-z]{1,30}){1,30}){1,3}!";
    let tree = with_rule(&rule_file("acme-token", nested, "acme_", ""));
    tree.write("a.txt", format!("acme_{}\n", "a".repeat(5_000)).repeat(20));
    let run = tree.run(&["--rules", "rules", "a.txt"]);
    assert!(matches!(run.code, Some(0 | 2)), "{run:?}");
}
