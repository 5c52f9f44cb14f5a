//! Each mistake is made in a rule that is otherwise right.

use proptest::prelude::*;

use super::super::read::{Source, read};
use super::super::{RuleError, RuleFile};

const GOOD: &str = r#"provider = "Acme"

[[rule]]
id = "acme-token"
title = "Acme token"
description = "Opens the Acme account."
severity = "high"
confidence = "high"
tags = ["mail"]
references = ["https://docs.acme.example/tokens"]
hit = ["T=⟦acme_{hex:8}⟧", "acme: '⟦acme_{hex:8}⟧'"]
miss = ["acme_{hex:7}", "acne_{hex:8}"]

[rule.text]
anchors = ["acme_"]
pattern = '\b(?P<secret>acme_(?P<id>[0-9a-f]{2})[0-9a-f]{6})\b'

[rule.value]
min-length = 10
max-length = 20

[rule.context]
any = ["acme.example"]
missing = "low"

[[rule.attribute]]
name = "id"
group = "id"

[[rule.attribute]]
name = "region"
near = "region=(?P<value>[a-z]{2})"

[rule.rotate]
summary = "Make a new one and delete this one."
urls = ["https://acme.example/tokens"]
"#;

const ASSIGN: &str = "[rule.assign]\nname = '(?:^|_)acme_token$'\nvalue = '(?P<id>.{2}).{4,9}'\n";
const URL: &str = "[rule.url]\nschemes = [\"acme+x\"]\nhost = '\\.acme\\.example$'\n";

fn run(text: &str) -> Result<Vec<RuleFile>, Vec<RuleError>> {
    let source = Source {
        name: "rules/acme.toml".to_owned(),
        text: text.to_owned(),
    };
    read(&[source], &[])
}

/// With another finder instead of the one for text.
fn with_finder(finder: &str) -> String {
    let start = GOOD.find("[rule.text]").unwrap();
    let end = GOOD.find("[rule.value]").unwrap();
    format!("{}{finder}\n{}", &GOOD[..start], &GOOD[end..])
}

#[test]
fn good_rules_pass() {
    assert_eq!(run(GOOD).unwrap()[0].rules[0].id, "acme-token");
    run(&with_finder(ASSIGN)).unwrap();
    let url = with_finder(URL).replace("group = \"id\"", "url-part = \"user\"");
    run(&url).unwrap();
}

/// Replaces `from` by `to` in a good rule, and expects one error on the line of `line`.
fn expect_one(good: &str, (from, to, line, reason): (&str, &str, &str, &str)) {
    assert!(good.contains(from), "{from}");
    let bad = good.replacen(from, to, 1);
    let errors = run(&bad).expect_err(to);
    let shown: Vec<String> = errors.iter().map(RuleError::to_string).collect();
    assert_eq!(errors.len(), 1, "{to}: {shown:#?}");
    assert!(errors[0].reason.contains(reason), "{to}: {}", shown[0]);
    assert!(!errors[0].help.is_empty());
    let place = errors[0].place.as_ref().unwrap();
    assert!(place.source.contains(line), "{to}: {}", shown[0]);
}

#[test]
fn mistakes_in_words_are_found() {
    for case in [
        ("\"Acme\"", "\" \"", "provider", "no provider"),
        ("acme-token", "Acme", "id = ", "lower-case words"),
        ("Acme token", " ", "title", "empty"),
        ("Opens the Acme account.", "", "description", "empty"),
        (
            "Make a new one and delete this one.",
            "",
            "summary",
            "empty",
        ),
        (
            "[\"https://docs.acme.example/tokens\"]",
            "[]",
            "references",
            "no reference",
        ),
        ("https://docs", "http://docs", "references", "no https URL"),
        (
            "https://acme.example/tokens",
            "acme.example",
            "urls",
            "no https URL",
        ),
        ("\"mail\"", "\"E Mail\"", "tags", "lower-case words"),
        ("tags = [\"mail\"]", "cwe = [0]", "cwe", "no CWE"),
    ] {
        expect_one(GOOD, case);
    }
}

#[test]
fn mistakes_in_examples_are_found() {
    for case in [
        (", \"acme: '⟦acme_{hex:8}⟧'\"", "", "hit", "fewer than two"),
        (", \"acne_{hex:8}\"", "", "miss", "fewer than two"),
        ("T=⟦acme_{hex:8}⟧", "T=acme_{hex:8}", "hit", "which part"),
        ("T=⟦acme_{hex:8}⟧", "T=⟦⟧", "hit", "which part"),
        ("T=⟦acme_{hex:8}⟧", "T=⟦acme", "hit", "without its"),
        ("T=⟦acme_{hex:8}⟧", "⟦a⟧⟦b⟧", "hit", "second"),
        ("\"acme_{hex:7}\"", "\"⟦acme⟧\"", "miss", "marks a secret"),
        ("\"acme_{hex:7}\"", "\" \"", "miss", "empty"),
        (
            "T=⟦acme_{hex:8}⟧",
            "T=⟦account{hex:8}⟧",
            "hit",
            "holds `accoun`",
        ),
    ] {
        expect_one(GOOD, case);
    }
}

#[test]
fn mistakes_in_paths_are_found() {
    for case in [
        (
            "[rule.rotate]",
            "[rule.path]\ninclude = [\"\"]\n[rule.rotate]",
            "include",
            "empty",
        ),
        (
            "[rule.rotate]",
            "[rule.path]\nexclude = [\"a/{b\"]\n[rule.rotate]",
            "exclude",
            "no glob",
        ),
    ] {
        expect_one(GOOD, case);
    }
}

#[test]
fn mistakes_in_text_finders_are_found() {
    for case in [
        (
            "[\"acme_\"]",
            "[]",
            "rule.text",
            "neither anchors nor pairs",
        ),
        (
            "[\"acme_\"]",
            "[\"acme_\", \"ac\"]",
            "anchors",
            "three bytes",
        ),
        (
            "[\"acme_\"]",
            "[\"ACME_\"]",
            "pattern",
            "none of the anchors",
        ),
        ("acme_(?P<id>", "acm[e1]_(?P<id>", "pattern", "`acm1_"),
        ("{6})\\b'", "{6,})\\b'", "pattern", "longer than"),
        ("{6})\\b'", "{6}'", "pattern", "unclosed group"),
        ("{6})\\b'", "{6})(?=x)'", "pattern", "look-around"),
        ("{6})\\b'", "{6}){99999}'", "pattern", "over 4096"),
        (
            "{6})\\b'",
            "{6})\\b'\nscope = { bytes = 0 }",
            "scope",
            "65536",
        ),
        ("{6})\\b'", "{6})\\b'\nname = 'a*'", "name", "empty string"),
        (
            "{6})\\b'",
            "{6})\\b'\nnot-name = '('",
            "not-name",
            "unclosed",
        ),
        (
            "{6})\\b'",
            "{6})\\b'\npairs = [{ byte = '-', distance = 32 }]",
            "pairs",
            "1 to 31",
        ),
        (
            "(?P<secret>",
            "acme_(?P<secret>x?)(?P<s>",
            "pattern",
            "`secret` can be empty",
        ),
    ] {
        expect_one(GOOD, case);
    }
}

#[test]
fn ways_to_bound_and_anchor_a_pattern() {
    for (from, to) in [
        ("{6})\\b'", "{6,})\\b'\nscope = \"line\""),
        ("{6})\\b'", "{6,})\\b'\nscope = { bytes = 100 }"),
        (
            "anchors = [\"acme_\"]",
            "pairs = [{ byte = \"c\", distance = 1 }]",
        ),
    ] {
        let text = GOOD.replacen(from, to, 1);
        let text = if to.starts_with("pairs") {
            text.replace("acme_(", "accme_(")
        } else {
            text
        };
        run(&text).expect(to);
    }
    let folded = GOOD.replace("'\\b(?P<secret>acme", "'(?i)\\b(?P<secret>AcMe");
    run(&folded).unwrap();
}

#[test]
fn mistakes_in_assignments_are_found() {
    let good = with_finder(ASSIGN);
    for case in [
        ("acme_token$'", "acme_login$'", "name", "no secret word"),
        (
            "acme_token$'",
            "acme_token?$'\nanchors = [\"to\"]",
            "anchors",
            "three bytes",
        ),
        (
            "acme_token$'",
            "(?:acme_token|acme_login)$'",
            "name",
            "`acme_login`",
        ),
        ("'(?:^|_)acme_token$'", "'.{0,3}'", "name", "empty string"),
        (".{4,9}", ".{4,9", "value", "repetition"),
        ("?P<id>", "?P<key>", "attribute", "no group `id`"),
    ] {
        let line = if case.2 == "attribute" {
            "group"
        } else {
            case.2
        };
        expect_one(&good, (case.0, case.1, line, case.3));
    }
    run(&good.replace("acme_token$'", "acme_login$'\nanchors = [\"acmeLogin\"]")).unwrap();
}

#[test]
fn mistakes_in_urls_are_found() {
    let good = with_finder(URL).replace("group = \"id\"", "url-part = \"user\"");
    for case in [
        ("[\"acme+x\"]", "[]", "schemes", "no scheme"),
        ("acme+x", "acme://", "schemes", "no scheme in lower case"),
        ("\\.acme", "(", "host", "unclosed"),
        ("\"user\"", "\"port\"", "url-part", "parts"),
    ] {
        expect_one(&good, case);
    }
}

#[test]
fn mistakes_in_conditions_are_found() {
    for case in [
        (
            "max-length = 20",
            "max-length = 9",
            "max-length",
            "shorter than",
        ),
        (
            "max-length = 20",
            "min-entropy = 9.0",
            "min-entropy",
            "0 to 8",
        ),
        (
            "max-length = 20",
            "min-classes = 5",
            "min-classes",
            "1 to 4",
        ),
        ("[\"acme.example\"]", "[]", "any", "no literal"),
        ("[\"acme.example\"]", "[\"acme\"]", "any", "five bytes"),
        (
            "missing = \"low\"",
            "missing = \"low\"\nlines = 1001",
            "lines",
            "not near",
        ),
        (
            "[rule.value]",
            "[rule.path]\ninclude = [\"\"]\n[rule.value]",
            "include",
            "glob is empty",
        ),
        (
            "group = \"id\"",
            "group = \"key\"",
            "group",
            "no group `key`",
        ),
        (
            "group = \"id\"",
            "lines = 3",
            "rule.attribute",
            "exactly one place",
        ),
        (
            "group = \"id\"",
            "group = \"id\"\nvalue = \"x\"",
            "value",
            "there is no `near`",
        ),
        ("group = \"id\"", "url-part = \"user\"", "url-part", "parts"),
        (
            "\"region=(?P<value>[a-z]{2})\"",
            "\"region\"",
            "near",
            "no group `value`",
        ),
    ] {
        expect_one(GOOD, case);
    }
}

#[test]
fn exactly_one_finder() {
    let none = with_finder("").replace("group = \"id\"", "near = \"x\"\nvalue = \"y\"");
    assert!(run(&none).unwrap_err()[0].reason.contains("0 finders"));
    let two = GOOD.replace("[rule.value]", &format!("{ASSIGN}[rule.value]"));
    assert!(run(&two).unwrap_err()[0].reason.contains("2 finders"));
}

proptest! {
    #[test]
    fn damaged_rules_are_refused_with_a_place_or_pass(
        at in 0..GOOD.len(),
        length in 0usize..12,
        junk in r#"[\x00-\x7f⟦⟧ü]{0,6}"#,
    ) {
        let start = (0..=at).rev().find(|at| GOOD.is_char_boundary(*at)).unwrap();
        let end = (start + length..=GOOD.len()).find(|at| GOOD.is_char_boundary(*at));
        let damaged = format!("{}{junk}{}", &GOOD[..start], &GOOD[end.unwrap_or(GOOD.len())..]);
        for error in run(&damaged).err().unwrap_or_default() {
            prop_assert!(error.place.is_some());
            prop_assert!(!error.reason.is_empty() && !error.help.is_empty());
            prop_assert!(error.to_string().chars().all(|c| !c.is_control() || "\n\t".contains(c)));
        }
    }
}
