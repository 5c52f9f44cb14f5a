//! The examples that a rule brings along.

use super::super::model::Rule;
use super::super::template::{Example, render};
use super::{FieldPath, Problems};

const SEED: u64 = 0;
/// So many bytes of an example's secret in a rule's own words would make every report look as if it
/// leaked.
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
                "the language of examples is described in docs/rules.md",
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
    let secret = &example.text[secret];
    for text in texts(rule) {
        if let Some(window) = shared_window(secret, text) {
            let window = String::from_utf8_lossy(window);
            problems.add(
                at.clone(),
                format!("the rule's own text holds `{window}`, a part of this secret"),
                "shorten what the text quotes to five characters, or choose another example",
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

fn shared_window<'s>(secret: &'s [u8], text: &str) -> Option<&'s [u8]> {
    secret.windows(WINDOW).find(|window| {
        text.as_bytes()
            .windows(WINDOW)
            .any(|other| other == *window)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_six_bytes() {
        assert_eq!(shared_window(b"abcdef!", "x abcdef"), Some(&b"abcdef"[..]));
        assert_eq!(shared_window(b"abcde!!", "x abcdef"), None);
        assert_eq!(shared_window(b"abc", "abc"), None);
    }
}
