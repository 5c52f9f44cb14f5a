//! Rules of `.gitleaks.toml`, <https://github.com/gitleaks/gitleaks#configuration>, as rules of ours.
//!
//! The same checks decide about them as about all others, so that none is slow or deaf in silence: what they refuse is
//! not taken over, and said.

mod secret;

use std::collections::BTreeSet;

use serde::Deserialize;

use super::check;
use super::model::{PathConditions, Rotation, Rule, RuleFile, Scope, TextFinder, ValueConditions};
use crate::finding::{Confidence, Severity};

/// Of one file, so many rules are taken over.
const MAX_RULES: usize = 2000;
/// Of a description, so many characters are kept.
const MAX_TITLE: usize = 100;
/// How far a match without a longest length may reach, in bytes: the longest private keys are shorter.
const REACH: u32 = 4096;

/// What became of the rules of a file.
#[derive(Debug)]
pub struct Taken {
    /// Those that were taken over.
    pub file: RuleFile,
    /// A sentence for each that was not.
    pub refused: Vec<String>,
    /// The file that this one extends.
    pub extends: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    extend: Extend,
    #[serde(default)]
    rules: Vec<WrittenRule>,
}

#[derive(Debug, Default, Deserialize)]
struct Extend {
    path: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenRule {
    #[serde(default)]
    id: String,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    path: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    entropy: Option<f32>,
    #[serde(default)]
    secret_group: usize,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    skip_report: bool,
    required: Option<toml::Value>,
}

/// What a rule of that name is called here.
pub fn rule_id(theirs: &str) -> String {
    let words = theirs.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    format!("gitleaks-{}", words.join("-"))
}

/// Takes over the rules of a configuration.
///
/// # Errors
/// It is none: a sentence.
pub fn take(text: &str) -> Result<Taken, String> {
    let written: Written = toml::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("this is no configuration of gitleaks: {}", error.message()))?;
    let mut taken = Taken {
        file: RuleFile {
            provider: "gitleaks".to_owned(),
            rules: Vec::new(),
        },
        refused: Vec::new(),
        extends: written.extend.path,
    };
    let mut ids = BTreeSet::new();
    if written.rules.len() > MAX_RULES {
        let more = written.rules.len() - MAX_RULES;
        taken
            .refused
            .push(format!("{more} more rules are too many"));
    }
    for written in written.rules.iter().take(MAX_RULES) {
        // Without these two a rule changes one that gitleaks brings.
        if written.regex.is_none() && written.path.is_none() {
            continue;
        }
        match converted(written) {
            Ok(rule) if ids.insert(rule.id.clone()) => taken.file.rules.push(rule),
            Ok(rule) => taken
                .refused
                .push(format!("{}: there are two of it", rule.id)),
            Err(why) => taken
                .refused
                .push(format!("{}: {why}", rule_id(&written.id))),
        }
    }
    Ok(taken)
}

fn converted(written: &WrittenRule) -> Result<Rule, String> {
    let Some(regex) = &written.regex else {
        return Err("it finds files by their names".to_owned());
    };
    if written.path.is_some() {
        return Err("its path is an expression, and here it is a glob".to_owned());
    }
    if written.required.is_some() || written.skip_report {
        return Err("it is a part of another rule".to_owned());
    }
    if written.id.is_empty() {
        return Err("it has no id".to_owned());
    }
    let pattern = secret::named(regex, written.secret_group)?;
    let title = in_one_line(&written.description);
    let title = if title.is_empty() {
        written.id.clone()
    } else {
        title
    };
    let is_long = secret::is_longer(&pattern, REACH as usize);
    let rule = Rule {
        id: rule_id(&written.id),
        description: format!("{title}. A rule of a gitleaks configuration.").into(),
        title,
        severity: Severity::High,
        confidence: Confidence::Medium,
        cwe: vec![798],
        tags: written.tags.iter().map(|tag| in_one_line(tag)).collect(),
        precedence: None,
        text: Some(TextFinder {
            anchors: anchors(&written.keywords, &pattern),
            pairs: Vec::new(),
            pattern,
            scope: is_long.then_some(Scope::Bytes(REACH)),
            name: None,
            not_name: None,
        }),
        assign: None,
        url: None,
        value: ValueConditions {
            min_entropy: written.entropy.filter(|entropy| *entropy > 0.0),
            ..ValueConditions::default()
        },
        context: None,
        path: PathConditions::default(),
        attributes: Vec::new(),
        rotate: Rotation {
            summary: "Replace it where it was issued, then take it out of the file.".to_owned(),
            steps: Vec::new(),
            urls: Vec::new(),
        }
        .into(),
        references: Vec::new().into(),
        hit: Vec::new().into(),
        miss: Vec::new().into(),
    };
    let problems = check::of_finder(&rule, &check::FieldPath::rule(0));
    match problems.into_iter().next() {
        None => Ok(rule),
        Some(problem) => Err(problem.reason),
    }
}

/// gitleaks looks for its keywords in the whole file, and here they have to stand in what matches; those that do not are
/// no help, and what every match starts with may be.
fn anchors(keywords: &[String], pattern: &str) -> Vec<String> {
    let found = secret::needed(pattern);
    if !found.is_empty() {
        return found;
    }
    let long = keywords.iter().filter(|word| word.len() >= 3);
    long.map(|word| word.to_ascii_lowercase()).collect()
}

fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(MAX_TITLE).collect();
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> (Vec<Rule>, Vec<String>) {
        let taken = take(text).unwrap();
        (taken.file.rules, taken.refused)
    }

    #[test]
    fn a_rule_is_taken_over() {
        let (rules, refused) = rules(
            "[[rules]]\nid = \"Acme_Token\"\ndescription = \"Acme's token.\"\n\
             regex = '''(?i)acme.{0,9}(?:=|:)\\s*([a-z0-9]{32})'''\nkeywords = [\"acme\"]\nentropy = 3.5\n\
             [[rules]]\nid = \"plain\"\nregex = '''(A3T|AKIA)[A-Z0-9]{16}'''\nkeywords = [\"a3t\", \"akia\"]\n\
             [[rules]]\nid = \"changed\"\n",
        );
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(rules.len(), 2);
        assert_eq!(rules[0].id, "gitleaks-acme-token");
        assert_eq!(rules[0].title, "Acme's token");
        assert_eq!(rules[0].value.min_entropy, Some(3.5));
        let finder = rules[0].text.as_ref().unwrap();
        assert_eq!(finder.anchors, ["acme"]);
        assert!(finder.pattern.contains("(?P<secret>[a-z0-9]{32})"));
        assert!(rules[1].text.as_ref().unwrap().pattern.starts_with("(?i)"));
    }

    #[test]
    fn what_cannot_be_taken_over_is_said() {
        let (rules, refused) = rules(
            "[[rules]]\nid = \"file\"\npath = '''\\.pem$'''\n\
             [[rules]]\nid = \"no-anchor\"\nregex = '''[a-f0-9]{32}'''\n\
             [[rules]]\nid = \"group\"\nregex = '''abcdef(x)'''\nsecretGroup = 2\nkeywords = [\"abcdef\"]\n\
             [[rules]]\nid = \"look\"\nregex = '''abcdef(?=x)'''\nkeywords = [\"abcdef\"]\n",
        );
        assert!(rules.is_empty(), "{rules:?}");
        assert_eq!(refused.len(), 4, "{refused:?}");
        assert!(take("[[rules").is_err());
    }
}
