//! `spillcheck rules …` and `spillcheck explain`.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::path::Path;

use crate::checks::{self, Check};
use crate::detect::{Engine, run_examples};
use crate::rules::compile::RuleSet;
use crate::rules::{self, Rule, RuleFile};

use super::args::{RuleArgs, RulesCommand};
use super::exit::Exit;
use super::options::{ids, load_directory, load_rules};
use super::{Failure, print, say};

/// How many ids are suggested for an unknown one.
const SUGGESTED: usize = 3;
/// Likeness is compared in parts of this.
const SCALE: usize = 1000;

pub(super) fn run(command: RulesCommand) -> Result<Exit, Failure> {
    match command {
        RulesCommand::List { rules } => list(&load(&rules)?),
        RulesCommand::Show { id, rules } => show(&id, &rules),
        RulesCommand::Check { dir } => check(&dir),
        RulesCommand::Test { dir } => test(&dir),
    }
}

fn load(args: &RuleArgs) -> Result<Vec<RuleFile>, Failure> {
    let mut notes = Vec::new();
    let files = load_rules(args, &mut notes)?;
    notes.iter().for_each(|note| say(note));
    Ok(files)
}

fn list(files: &[RuleFile]) -> Result<Exit, Failure> {
    let mut rules: Vec<&Rule> = files.iter().flat_map(|file| &file.rules).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        let _ = writeln!(
            out,
            "{:width$}  {:8}  {:6}  {}",
            rule.id, rule.severity, rule.confidence, rule.title
        );
    }
    print(out.as_bytes())
}

/// One line for each check.
pub(super) fn list_checks() -> Result<Exit, Failure> {
    let width = checks::ALL
        .iter()
        .map(|check| check.id.len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for check in checks::ALL {
        let Check {
            id,
            code,
            severity,
            title,
            ..
        } = check;
        let _ = writeln!(out, "{id:width$}  {code:8}  {severity:8}  {title}");
    }
    print(out.as_bytes())
}

fn show(id: &str, args: &RuleArgs) -> Result<Exit, Failure> {
    let rule = find(id, args)?;
    let text = toml::to_string_pretty(&rule).map_err(Failure::internal)?;
    print(text.as_bytes())
}

fn check(dir: &Path) -> Result<Exit, Failure> {
    let own = load_directory(dir, &[])?;
    print(format!("{} rules are well-formed\n", ids(&own).count()).as_bytes())
}

/// Runs the examples with the built-in rules around them; a built-in rule of the same id gives way.
fn test(dir: &Path) -> Result<Exit, Failure> {
    let own = load_directory(dir, &[])?;
    let own_ids: Vec<String> = ids(&own).map(str::to_owned).collect();
    let mut files = rules::builtin();
    for file in &mut files {
        file.rules.retain(|rule| !own_ids.contains(&rule.id));
    }
    files.extend(own);
    let engine = Engine::new(RuleSet::new(files)).map_err(Failure::usage)?;
    let rules = engine.rules().rules().iter().enumerate();
    let failures: Vec<String> = rules
        .filter(|(_, compiled)| own_ids.contains(&compiled.rule.id))
        .flat_map(|(index, _)| run_examples(&engine, index))
        .map(|failure| failure.to_string())
        .collect();
    if failures.is_empty() {
        let count = own_ids.len();
        return print(format!("the examples of {count} rules do what they should\n").as_bytes());
    }
    Err(Failure::usage(failures.join("\n\n")))
}

fn find(id: &str, args: &RuleArgs) -> Result<Rule, Failure> {
    let files = load(args)?;
    let known = ids(&files).chain(checks::ALL.iter().map(|check| check.id));
    let hint = match nearest(known, id).as_slice() {
        [] => "`spillcheck rules list` shows all".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    let message = format!(
        "no rule or check has the id `{}`; {hint}",
        id.escape_debug()
    );
    let mut rules = files.into_iter().flat_map(|file| file.rules);
    rules
        .find(|rule| rule.id == id)
        .ok_or(Failure::usage(message))
}

/// The ids that are most like a mistyped one, best first.
fn nearest<'i>(known: impl Iterator<Item = &'i str>, id: &str) -> Vec<&'i str> {
    let mut ranked: Vec<(usize, &str)> = known
        .map(|known| (common_pairs(known, id), known))
        .filter(|&(common, known)| 2 * common >= known.len().min(id.len()).max(2))
        .collect();
    ranked.sort_by_key(|&(common, known)| {
        (
            Reverse(2 * common * SCALE / (known.len() + id.len())),
            known,
        )
    });
    ranked.truncate(SUGGESTED);
    ranked.into_iter().map(|(_, known)| known).collect()
}

/// How many pairs of neighbouring characters of one text stand in the other as well.
fn common_pairs(known: &str, id: &str) -> usize {
    let id = id.to_ascii_lowercase();
    let mut there: Vec<&[u8]> = id.as_bytes().windows(2).collect();
    let mut common = 0;
    for pair in known.as_bytes().windows(2) {
        if let Some(at) = there.iter().position(|other| *other == pair) {
            there.swap_remove(at);
            common += 1;
        }
    }
    common
}

/// What a rule or a check finds, why it is bad, and what to do.
pub(super) fn explain(id: &str, args: &RuleArgs) -> Result<Exit, Failure> {
    match checks::find(id) {
        Some(check) => explain_check(check),
        None => explain_rule(&find(id, args)?),
    }
}

fn explain_check(check: &Check) -> Result<Exit, Failure> {
    let mut out = String::new();
    let _ = writeln!(out, "{} ({}, {})\n", check.title, check.id, check.code);
    let _ = writeln!(out, "{}\n", check.description);
    let _ = writeln!(
        out,
        "Severity {}; {}\n",
        check.severity,
        weaknesses(check.cwe)
    );
    let _ = writeln!(out, "What to do: {}", check.fix);
    let _ = writeln!(out, "\nReferences:");
    for reference in check.references {
        let _ = writeln!(out, "  {reference}");
    }
    print(out.as_bytes())
}

fn weaknesses(cwe: &[u32]) -> String {
    let words: Vec<String> = cwe.iter().map(|number| format!("CWE-{number}")).collect();
    words.join(", ")
}

fn explain_rule(rule: &Rule) -> Result<Exit, Failure> {
    let mut out = String::new();
    let _ = writeln!(out, "{} ({})\n", rule.title, rule.id);
    let _ = writeln!(out, "{}\n", *rule.description);
    let _ = writeln!(
        out,
        "Severity {}, confidence {}; {}\n",
        rule.severity,
        rule.confidence,
        weaknesses(&rule.cwe)
    );
    let _ = writeln!(out, "How to replace it: {}", rule.rotate.summary);
    for (number, step) in (1..).zip(&rule.rotate.steps) {
        let _ = writeln!(out, "  {number}. {step}");
    }
    for url in &rule.rotate.urls {
        let _ = writeln!(out, "  {url}");
    }
    let _ = writeln!(out, "\nReferences:");
    for reference in rule.references.iter() {
        let _ = writeln!(out, "  {reference}");
    }
    print(out.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_most_alike_comes_first() {
        let known = [
            "mailgun-api-key-named",
            "mailgun-api-key",
            "mailgun-api-url",
            "private-key",
            "smtp-url",
        ];
        let near = |id| nearest(known.into_iter(), id);
        assert_eq!(near("mailgun-apikey")[0], "mailgun-api-key");
        assert_eq!(near("SMTP_URL")[0], "smtp-url");
        assert_eq!(near("privatekey")[0], "private-key");
        assert_eq!(near("mailgun").len(), SUGGESTED);
        for nothing in ["", "z", "zzzzqqqq", "\u{1b}[2J"] {
            assert!(near(nothing).is_empty(), "{nothing:?}");
        }
    }
}
