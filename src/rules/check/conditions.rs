//! What has to hold for a match, and what is read beside it.

use super::super::model::{AttributeRule, Rule, ValueConditions};
use super::finders::regex;
use super::pattern::Pattern;
use super::{FieldPath, Problems};

/// Shortest context literal, in bytes.
const MIN_CONTEXT: usize = 5;
/// Farthest context or attribute, in lines.
const MAX_LINES: u32 = 1000;
/// Longest path glob, in bytes.
const MAX_GLOB: usize = 1000;
const URL_PARTS: [&str; 3] = ["user", "host", "path"];

/// `pattern` is that of the finder, where it has one that could be read.
pub(super) fn check(
    rule: &Rule,
    pattern: Option<&Pattern>,
    at: &FieldPath,
    problems: &mut Problems,
) {
    check_value(&rule.value, &at.key("value"), problems);
    check_context(rule, &at.key("context"), problems);
    check_paths(rule, &at.key("path"), problems);
    let has_pattern = rule.text.is_some()
        || rule
            .assign
            .as_ref()
            .is_some_and(|finder| finder.value.is_some());
    for (index, attribute) in rule.attributes.iter().enumerate() {
        let at = at.key("attribute").index(index);
        check_source(attribute, &at, problems);
        check_near(attribute, &at, problems);
        // Of a pattern that could not be read the groups are not known.
        if pattern.is_some() || !has_pattern {
            check_group(attribute, pattern, &at, problems);
        }
        check_url_part(attribute, rule.url.is_some(), &at, problems);
    }
}

fn check_value(value: &ValueConditions, at: &FieldPath, problems: &mut Problems) {
    if let (Some(min), Some(max)) = (value.min_length, value.max_length) {
        problems.require(
            min <= max,
            at.key("max-length"),
            "the longest value is shorter than the shortest",
            "swap the two lengths",
        );
    }
    if let Some(entropy) = value.min_entropy {
        problems.require(
            (0.0..=8.0).contains(&entropy),
            at.key("min-entropy"),
            "a byte carries 0 to 8 bits",
            "give Shannon's entropy in bits a byte",
        );
    }
    if let Some(classes) = value.min_classes {
        problems.require(
            (1..=4).contains(&classes),
            at.key("min-classes"),
            "there are 1 to 4 classes of characters",
            "count lower case, upper case, digits and others",
        );
    }
}

fn check_context(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    let Some(context) = &rule.context else { return };
    problems.require(
        !context.any.is_empty(),
        at.key("any"),
        "the context holds no literal",
        "name what has to stand near the match, or remove the context",
    );
    for (index, literal) in context.any.iter().enumerate() {
        problems.require(
            literal.len() >= MIN_CONTEXT,
            at.key("any").index(index),
            "the context literal is shorter than five bytes",
            "take a longer one; short ones stand everywhere",
        );
    }
    check_lines(context.lines, at, problems);
}

fn check_lines(lines: Option<u32>, at: &FieldPath, problems: &mut Problems) {
    problems.require(
        lines.is_none_or(|lines| lines <= MAX_LINES),
        at.key("lines"),
        "more than 1000 lines away is not near",
        "give a smaller number",
    );
}

fn check_paths(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    let globs = [
        ("include", &rule.path.include),
        ("exclude", &rule.path.exclude),
    ];
    for (field, globs) in globs {
        for (index, glob) in globs.iter().enumerate() {
            problems.require(
                !glob.is_empty(),
                at.key(field).index(index),
                "the glob is empty",
                "write it like `**/wp-config.php`, or remove it",
            );
            problems.require(
                glob.len() <= MAX_GLOB,
                at.key(field).index(index),
                "the glob has more than 1000 bytes",
                "write several shorter ones",
            );
            if let Err(error) = globset::Glob::new(glob) {
                let reason = format!("this is no glob: {}", error.kind());
                let help = "put a backslash before characters that stand for themselves";
                problems.add(at.key(field).index(index), reason, help);
            }
        }
    }
}

fn check_source(attribute: &AttributeRule, at: &FieldPath, problems: &mut Problems) {
    problems.require(
        !attribute.name.trim().is_empty(),
        at.key("name"),
        "the attribute has no name",
        "say in words what it is",
    );
    let sources = [
        attribute.group.is_some(),
        attribute.url_part.is_some(),
        attribute.near.is_some(),
    ];
    problems.require(
        sources.iter().filter(|given| **given).count() == 1,
        at.clone(),
        "the attribute does not come from exactly one place",
        "give one of `group`, `url-part` and `near`",
    );
}

fn check_near(attribute: &AttributeRule, at: &FieldPath, problems: &mut Problems) {
    check_lines(attribute.lines, at, problems);
    let Some(near) = &attribute.near else {
        problems.require(
            attribute.value.is_none(),
            at.key("value"),
            "`value` says what `near` means, and there is no `near`",
            "remove it, or give `near`",
        );
        return;
    };
    let Some(near) = regex(near, &at.key("near"), problems) else {
        return;
    };
    problems.require(
        attribute.value.is_some() || near.groups().contains("value"),
        at.key("near"),
        "the regex has no group `value`",
        "put `(?P<value>…)` around the attribute, or give `value`",
    );
}

fn check_group(
    attribute: &AttributeRule,
    pattern: Option<&Pattern>,
    at: &FieldPath,
    problems: &mut Problems,
) {
    let Some(group) = &attribute.group else {
        return;
    };
    let exists = pattern.is_some_and(|pattern| pattern.groups().contains(group.as_str()));
    problems.require(
        exists,
        at.key("group"),
        &format!("the pattern has no group `{group}`"),
        "name a group of `text.pattern` or `assign.value`",
    );
}

fn check_url_part(
    attribute: &AttributeRule,
    is_url: bool,
    at: &FieldPath,
    problems: &mut Problems,
) {
    let Some(part) = &attribute.url_part else {
        return;
    };
    problems.require(
        is_url && URL_PARTS.contains(&part.as_str()),
        at.key("url-part"),
        "a `[rule.url]` has the parts `user`, `host` and `path`",
        "name one of them, in a rule that finds URLs",
    );
}
