//! What is written for people: ids, titles, descriptions, steps, references.

use super::super::model::{Rule, RuleFile};
use super::{FieldPath, Problems};

const MAX_ID: usize = 64;

pub(super) fn check_file(file: &RuleFile, problems: &mut Problems) {
    let top = FieldPath(Vec::new());
    problems.require(
        !file.provider.trim().is_empty(),
        top.key("provider"),
        "the file names no provider",
        "begin it with `provider = \"…\"`, the vendor or theme as users know it",
    );
    problems.require(
        !file.rules.is_empty(),
        top,
        "the file holds no rule",
        "add a `[[rule]]` table",
    );
}

pub(super) fn check(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    problems.require(
        is_id(&rule.id),
        at.key("id"),
        "the id is not made of lower-case words joined by `-`",
        "write it like `mailgun-api-key`, at most 64 characters",
    );
    for (field, text) in [("title", &rule.title), ("description", &rule.description)] {
        problems.require(
            !text.trim().is_empty(),
            at.key(field),
            "the text is empty",
            "say what was found and what it opens",
        );
    }
    check_rotation(rule, at, problems);
    check_references(rule, at, problems);
    check_classes(rule, at, problems);
}

fn check_rotation(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    let at = at.key("rotate");
    problems.require(
        !rule.rotate.summary.trim().is_empty(),
        at.key("summary"),
        "the text is empty",
        "say in one line how the credential is replaced",
    );
    for (index, step) in rule.rotate.steps.iter().enumerate() {
        problems.require(
            !step.trim().is_empty(),
            at.key("steps").index(index),
            "the step is empty",
            "write it or remove it",
        );
    }
    check_urls(&rule.rotate.urls, &at.key("urls"), problems);
}

fn check_references(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    let at = at.key("references");
    problems.require(
        !rule.references.is_empty(),
        at.clone(),
        "the rule has no reference",
        "name the vendor's page that the facts are from",
    );
    check_urls(&rule.references, &at, problems);
}

fn check_urls(urls: &[String], at: &FieldPath, problems: &mut Problems) {
    for (index, url) in urls.iter().enumerate() {
        problems.require(
            is_https(url),
            at.index(index),
            "this is no https URL",
            "write the whole address, beginning with `https://`",
        );
    }
}

fn check_classes(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    problems.require(
        rule.cwe.iter().all(|cwe| (1..=2000).contains(cwe)),
        at.key("cwe"),
        "this is no CWE number",
        "take the numbers from https://cwe.mitre.org/",
    );
    for (index, tag) in rule.tags.iter().enumerate() {
        problems.require(
            is_id(tag),
            at.key("tags").index(index),
            "the tag is not made of lower-case words joined by `-`",
            "write it like `mail` or `code-host`",
        );
    }
}

fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

fn is_https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.contains('.') && url.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_joined_by_dashes() {
        for good in ["a", "mailgun-api-key", "auth0-secret", "x-2"] {
            assert!(is_id(good), "{good}");
        }
        for bad in [
            "",
            "-",
            "a-",
            "a--b",
            "A",
            "a_b",
            "2a",
            "ä",
            &"a".repeat(65),
        ] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn references_are_https() {
        assert!(is_https("https://help.mailgun.com/hc/en-us"));
        for bad in [
            "http://a.b/",
            "https://",
            "https://localhost",
            "https://a.b/x y",
        ] {
            assert!(!is_https(bad), "{bad}");
        }
    }
}
