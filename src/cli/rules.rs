//! `spillcheck rules …` and `spillcheck explain`.

use std::fmt::Write as _;
use std::path::Path;

use crate::detect::{Engine, run_examples};
use crate::rules::{self, Rule, RuleFile};

use super::args::{RuleArgs, RulesCommand};
use super::exit::Exit;
use super::options::{ids, load_directory, load_rules, rule_set};
use super::{Failure, print};

pub(super) fn run(command: RulesCommand) -> Result<Exit, Failure> {
    match command {
        RulesCommand::List { rules } => list(&load_rules(&rules)?),
        RulesCommand::Show { id, rules } => show(&id, &rules),
        RulesCommand::Check { dir } => check(&dir),
        RulesCommand::Test { dir } => test(&dir),
    }
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
    let engine = Engine::new(rule_set(files)?).map_err(Failure::usage)?;
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
    let files = load_rules(args)?;
    let near: Vec<&str> = ids(&files).filter(|known| is_near(known, id)).collect();
    let hint = match near.as_slice() {
        [] => "`spillcheck rules list` shows all".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    let message = format!("no rule has the id `{}`; {hint}", id.escape_debug());
    let mut rules = files.into_iter().flat_map(|file| file.rules);
    rules
        .find(|rule| rule.id == id)
        .ok_or(Failure::usage(message))
}

fn is_near(known: &str, id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    let vendor = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    !id.is_empty() && (known.contains(&id) || vendor(known) == vendor(&id))
}

/// What a rule finds, why it is bad, and how to replace the credential.
pub(super) fn explain(id: &str, args: &RuleArgs) -> Result<Exit, Failure> {
    let rule = find(id, args)?;
    let mut out = String::new();
    let _ = writeln!(out, "{} ({})\n", rule.title, rule.id);
    let _ = writeln!(out, "{}\n", rule.description);
    let cwe: Vec<String> = rule
        .cwe
        .iter()
        .map(|number| format!("CWE-{number}"))
        .collect();
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
