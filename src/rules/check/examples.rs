//! The examples that a rule brings along.

use std::collections::BTreeSet;

use super::super::model::Rule;
use super::super::template::{Example, render};
use super::{FieldPath, Problems};

const SEED: u64 = 0;
/// Reports quote a rule's words. With so many bytes of a secret in them, no test could tell a report
/// that leaks from one that does not.
const WINDOW: usize = 6;

pub(super) fn check(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    for (field, templates) in [("hit", &rule.hit), ("miss", &rule.miss)] {
        problems.require(
            templates.len() >= 2,
            at.key(field),
            "there are fewer than two examples of this kind",
            "give two or more, in containers that differ",
        );
    }
    for (index, template) in rule.hit.iter().enumerate() {
        let place = at.key("hit").index(index);
        if let Some(example) = rendered(template, &place, problems) {
            check_hit(rule, &example, &place, problems);
        }
    }
    for (index, template) in rule.miss.iter().enumerate() {
        let place = at.key("miss").index(index);
        if let Some(example) = rendered(template, &place, problems) {
            problems.require(
                example.secret.is_none(),
                place,
                "the example marks a secret, but nothing must be found in it",
                "remove `⟦` and `⟧`, or make it a `hit`",
            );
        }
    }
}

fn rendered(template: &str, at: &FieldPath, problems: &mut Problems) -> Option<Example> {
    match render(template, SEED) {
        Ok(example) if example.text.trim_ascii().is_empty() => {
            problems.add(
                at.clone(),
                "the example is empty",
                "write what a file would hold",
            );
            None
        }
        Ok(example) => Some(example),
        Err(error) => {
            problems.add(
                at.clone(),
                error.to_string(),
                "the language of examples is described in CONTRIBUTING.md",
            );
            None
        }
    }
}

fn check_hit(rule: &Rule, example: &Example, at: &FieldPath, problems: &mut Problems) {
    let Some(secret) = example.secret.clone().filter(|secret| !secret.is_empty()) else {
        problems.add(
            at.clone(),
            "the example does not say which part of it is the secret",
            "put `⟦` and `⟧` around the credential, and nothing else",
        );
        return;
    };
    let windows: BTreeSet<&[u8]> = example.text[secret].windows(WINDOW).collect();
    for text in texts(rule) {
        if let Some(window) = shared_window(&windows, text) {
            let window = String::from_utf8_lossy(window);
            problems.add(
                at.clone(),
                format!("the rule's own text holds `{window}`, a part of this secret"),
                "quote five characters of it at most, so that no report looks as if it leaked",
            );
        }
    }
}

/// What a report may quote of a rule, addresses aside.
fn texts(rule: &Rule) -> impl Iterator<Item = &str> {
    [&rule.title, &rule.description, &rule.rotate.summary]
        .into_iter()
        .chain(&rule.rotate.steps)
        .map(String::as_str)
}

fn shared_window<'t>(secret: &BTreeSet<&[u8]>, text: &'t str) -> Option<&'t [u8]> {
    text.as_bytes()
        .windows(WINDOW)
        .find(|window| secret.contains(window))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_six_bytes() {
        let windows = |secret: &'static [u8]| secret.windows(WINDOW).collect::<BTreeSet<_>>();
        let shared = shared_window(&windows(b"abcdef!"), "x abcdef");
        assert_eq!(shared, Some(&b"abcdef"[..]));
        assert_eq!(shared_window(&windows(b"abcde!!"), "x abcdef"), None);
        assert_eq!(shared_window(&windows(b"abc"), "abc"), None);
    }
}
