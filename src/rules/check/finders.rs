//! How a rule finds: patterns, anchors, names, hosts.

use super::super::model::{AssignFinder, Rule, Scope, TextFinder, UrlFinder};
use super::pattern::Pattern;
use super::{FieldPath, Problems, conditions};

/// Shortest anchor, in bytes.
const MIN_ANCHOR: usize = 3;
/// Most anchors of one rule.
const MAX_ANCHORS: usize = 256;
/// Longest match without a scope, in bytes: what windows and chunks have to overlap.
const MAX_MATCH: usize = 16_384;
/// Farthest scope, in bytes.
const MAX_SCOPE: u32 = 32_768;
/// Longest distance of a pair, in bytes.
const MAX_DISTANCE: u8 = 31;
/// What makes a name worth a look without any anchors of the rule; see [`AssignFinder::anchors`].
const SECRET_WORDS: [&str; 9] = [
    "pass", "pwd", "secret", "token", "key", "salt", "auth", "cred", "dsn",
];

pub(super) fn check(rule: &Rule, at: &FieldPath, problems: &mut Problems) {
    let finders = [
        rule.text.is_some(),
        rule.assign.is_some(),
        rule.url.is_some(),
    ];
    let given = finders.iter().filter(|given| **given).count();
    problems.require(
        given == 1,
        at.clone(),
        &format!("the rule has {given} finders"),
        "give exactly one of `[rule.text]`, `[rule.assign]` and `[rule.url]`",
    );
    let mut pattern = None;
    if let Some(text) = &rule.text {
        pattern = check_text(
            text,
            !rule.path.include.is_empty(),
            &at.key("text"),
            problems,
        );
    }
    if let Some(assign) = &rule.assign {
        pattern = pattern.or(check_assign(assign, &at.key("assign"), problems));
    }
    if let Some(url) = &rule.url {
        check_url(url, &at.key("url"), problems);
    }
    conditions::check(rule, pattern.as_ref(), at, problems);
}

/// Parses a pattern that has to match something.
pub(super) fn regex(text: &str, at: &FieldPath, problems: &mut Problems) -> Option<Pattern> {
    match Pattern::parse(text) {
        Ok(pattern) if pattern.matches_empty() => {
            let help = "make at least one character of it obligatory";
            problems.add(at.clone(), "the regex matches the empty string", help);
            None
        }
        Ok(pattern) => Some(pattern),
        Err(reason) => {
            problems.add(at.clone(), reason, MEND);
            None
        }
    }
}

const MEND: &str = "mend the regex: the syntax is that of the Rust crate `regex` on bytes, without \
     Unicode, look-around and back-references; it may have 2 KiB, and 10000 states when its repetitions \
     are written out";

fn check_text(
    finder: &TextFinder,
    has_path: bool,
    at: &FieldPath,
    problems: &mut Problems,
) -> Option<Pattern> {
    check_anchors(&finder.anchors, &at.key("anchors"), problems);
    check_pairs(finder, at, problems);
    problems.require(
        has_path || !finder.anchors.is_empty() || !finder.pairs.is_empty(),
        at.clone(),
        "the finder has neither anchors nor pairs",
        "name literals of which every match holds at least one; only a rule for files that hold nothing but \
         a credential, which has `path.include`, needs none",
    );
    for (field, name) in [("name", &finder.name), ("not-name", &finder.not_name)] {
        if let Some(name) = name {
            regex(name, &at.key(field), problems);
        }
    }
    let at_pattern = at.key("pattern");
    let pattern = regex(&finder.pattern, &at_pattern, problems)?;
    problems.require(
        !pattern.group_may_be_empty("secret"),
        at_pattern.clone(),
        "the group `secret` can be empty",
        "make at least one character of it obligatory",
    );
    check_reach(finder, &pattern, at, problems);
    check_anchored(finder, &pattern, &at_pattern, problems);
    Some(pattern)
}

fn check_anchors(anchors: &[String], at: &FieldPath, problems: &mut Problems) {
    problems.require(
        anchors.len() <= MAX_ANCHORS,
        at.clone(),
        "the finder has more than 256 anchors",
        "take literals that more of the matches share, or split the rule",
    );
    for (index, anchor) in anchors.iter().enumerate() {
        problems.require(
            anchor.len() >= MIN_ANCHOR,
            at.index(index),
            "the anchor is shorter than three bytes",
            "take a longer literal; five bytes and more are faster still",
        );
    }
}

fn check_pairs(finder: &TextFinder, at: &FieldPath, problems: &mut Problems) {
    for (index, pair) in finder.pairs.iter().enumerate() {
        problems.require(
            pair.byte.is_ascii() && (1..=MAX_DISTANCE).contains(&pair.distance),
            at.key("pairs").index(index),
            "a pair is an ASCII character and a distance of 1 to 31 bytes",
            "count from the first of the two bytes to the second",
        );
    }
}

fn check_reach(finder: &TextFinder, pattern: &Pattern, at: &FieldPath, problems: &mut Problems) {
    if let Some(Scope::Bytes(bytes)) = finder.scope {
        problems.require(
            (1..=MAX_SCOPE).contains(&bytes),
            at.key("scope"),
            "the scope is not between 1 and 65536 bytes",
            "give the shortest reach that finds the examples",
        );
    }
    let bounded = pattern
        .max_length()
        .is_some_and(|length| length <= MAX_MATCH);
    problems.require(
        bounded || finder.scope.is_some(),
        at.key("pattern"),
        "a match may be longer than 16384 bytes",
        "replace `*`, `+` and `{n,}` by `{n,m}`, or give a `scope`",
    );
}

/// Looks for a match without an anchor: the engine would never see it. That there are none at all, or
/// too many, has been said.
fn check_anchored(finder: &TextFinder, pattern: &Pattern, at: &FieldPath, problems: &mut Problems) {
    let has_any = !finder.anchors.is_empty() || !finder.pairs.is_empty();
    if !has_any || finder.anchors.len() > MAX_ANCHORS {
        return;
    }
    let is_stray =
        |sample: &Vec<u8>| !has_anchor(finder, pattern, sample) && !has_pair(finder, sample);
    if let Some(stray) = pattern.samples().into_iter().find(is_stray) {
        problems.add(
            at.clone(),
            format!(
                "`{}` matches and holds none of the anchors",
                String::from_utf8_lossy(&stray)
            ),
            "add an anchor for this way through the pattern; anchors are compared with case unless \
             the pattern begins with `(?i)`",
        );
    }
}

fn has_anchor(finder: &TextFinder, pattern: &Pattern, sample: &[u8]) -> bool {
    finder.anchors.iter().any(|anchor| {
        sample.windows(anchor.len().max(1)).any(|window| {
            window == anchor.as_bytes()
                || pattern.ignores_case() && window.eq_ignore_ascii_case(anchor.as_bytes())
        })
    })
}

fn has_pair(finder: &TextFinder, sample: &[u8]) -> bool {
    finder.pairs.iter().any(|pair| {
        let is_byte = |byte: &u8| char::from(*byte) == pair.byte;
        sample
            .windows(usize::from(pair.distance) + 1)
            .any(|window| window.first().is_some_and(is_byte) && window.last().is_some_and(is_byte))
    })
}

fn check_assign(finder: &AssignFinder, at: &FieldPath, problems: &mut Problems) -> Option<Pattern> {
    check_anchors(&finder.anchors, &at.key("anchors"), problems);
    if let Some(name) = regex(&finder.name, &at.key("name"), problems) {
        check_name_is_met(finder, &name, &at.key("name"), problems);
    }
    if let Some(name) = &finder.not_name {
        regex(name, &at.key("not-name"), problems);
    }
    let value = finder.value.as_ref()?;
    regex(value, &at.key("value"), problems)
}

/// The engine looks at a name only when one of the secret words or anchors stands in it.
fn check_name_is_met(
    finder: &AssignFinder,
    name: &Pattern,
    at: &FieldPath,
    problems: &mut Problems,
) {
    let bare = |text: &str| text.to_ascii_lowercase().replace(['_', '-', '.'], "");
    let words: Vec<String> = SECRET_WORDS
        .iter()
        .map(|word| (*word).to_owned())
        .chain(finder.anchors.iter().map(|anchor| bare(anchor)))
        .collect();
    let deaf = name.samples().into_iter().find(|sample| {
        let sample = bare(&String::from_utf8_lossy(sample));
        !words.iter().any(|word| sample.contains(word.as_str()))
    });
    if let Some(deaf) = deaf {
        problems.add(
            at.clone(),
            format!(
                "no secret word stands in the name `{}`",
                String::from_utf8_lossy(&deaf)
            ),
            "add a part of the name to `anchors`, or the engine will not look at it",
        );
    }
}

fn check_url(finder: &UrlFinder, at: &FieldPath, problems: &mut Problems) {
    problems.require(
        !finder.schemes.is_empty(),
        at.key("schemes"),
        "the finder names no scheme",
        "name them in lower case, without `://`",
    );
    for (index, scheme) in finder.schemes.iter().enumerate() {
        let good = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+.-".contains(&byte)
            });
        problems.require(
            good,
            at.key("schemes").index(index),
            "this is no scheme in lower case",
            "write it like `smtps` or `mailgun+api`, without `://`",
        );
    }
    if let Some(host) = &finder.host {
        regex(host, &at.key("host"), problems);
    }
}
