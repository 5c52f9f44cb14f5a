//! `spillcheck rules …` and `spillcheck explain`.

use std::fmt::Write as _;
use std::path::Path;

use crate::detect::{Engine, run_examples};
use crate::rules::Rule;

use super::args::{RuleArgs, RulesCommand};
use super::exit::Exit;
use super::options::{load_directory, load_rules, load_rules_over, rule_set};
use super::{Failure, print};

pub(super) fn run(command: RulesCommand) -> Result<Exit, Failure> {
    match command {
        RulesCommand::List { rules } => list(&load_rules(&rules)?),
        RulesCommand::Show { id, rules } => show(&id, &rules),
        RulesCommand::Check { dir } => check(&dir),
        RulesCommand::Test { dir } => test(&dir),
    }
}

fn list(rules: &[Rule]) -> Result<Exit, Failure> {
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

fn show(id: &str, args: &RuleArgs) -> Result<Exit, Failure> {
    let rule = find(id, args)?;
    let text = toml::to_string_pretty(&rule).map_err(Failure::internal)?;
    print(text.as_bytes())
}

fn check(dir: &Path) -> Result<Exit, Failure> {
    let own = load_directory(dir)?;
    print(format!("{} rules are well-formed\n", own.len()).as_bytes())
}

fn test(dir: &Path) -> Result<Exit, Failure> {
    let own = load_directory(dir)?.len();
    let rules = load_rules_over(dir)?;
    let first = rules.len() - own;
    let engine = Engine::new(rule_set(rules)?);
    let failures: Vec<String> = (first..first + own)
        .flat_map(|index| run_examples(&engine, index))
        .map(|failure| failure.to_string())
        .collect();
    if failures.is_empty() {
        return print(format!("the examples of {own} rules do what they should\n").as_bytes());
    }
    Err(Failure::usage(failures.join("\n\n")))
}

fn find(id: &str, args: &RuleArgs) -> Result<Rule, Failure> {
    let rules = load_rules(args)?;
    let near: Vec<&str> =
        rules.iter().map(|rule| rule.id.as_str()).filter(|known| is_near(known, id)).collect();
    let hint = match near.as_slice() {
        [] => "`spillcheck rules list` shows all".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    let message = format!("no rule has the id `{}`; {hint}", id.escape_debug());
    rules.into_iter().find(|rule| rule.id == id).ok_or(Failure::usage(message))
}

fn is_near(known: &str, id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    !id.is_empty() && (known.contains(&id) || id.split('-').next().is_some_and(|word| !word.is_empty() && known.split('-').next() == Some(word)))
}

/// What a rule finds, why it is bad, and how to replace the credential.
pub(super) fn explain(id: &str, args: &RuleArgs) -> Result<Exit, Failure> {
    let rule = find(id, args)?;
    let mut out = String::new();
    let _ = writeln!(out, "{} ({})\n", rule.title, rule.id);
    let _ = writeln!(out, "{}\n", rule.description);
    let cwe: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let _ = writeln!(
        out,
        "Severity {}, confidence {}; {}\n",
        rule.severity,
        rule.confidence,
        cwe.join(", ")
    );
    let _ = writeln!(out, "How to replace it: {}", rule.rotate.summary);
    for (number, step) in (1..).zip(&rule.rotate.steps) {
        let _ = writeln!(out, "  {number}. {step}");
    }
    for url in &rule.rotate.urls {
        let _ = writeln!(out, "  {url}");
    }
    let _ = writeln!(out, "\nReferences:");
    for reference in &rule.references {
        let _ = writeln!(out, "  {reference}");
    }
    print(out.as_bytes())
}
