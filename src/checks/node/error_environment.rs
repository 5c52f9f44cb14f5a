//! Express where NODE_ENV is not production: it sends stacks by itself.

use crate::checks::names::{directory, is_compose, is_dockerfile, join, name};
use crate::checks::{Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::lex::dockerfile;
use crate::site::lex::js::Script;
use crate::site::packages::json;

use super::project::root_of;
use crate::checks::start::Start;

const VARIABLE: &str = "NODE_ENV";

/// Programs that run scripts, and that do not set the variable themselves.
const PROGRAMS: &[&str] = &["node", "nodemon", "ts-node", "tsx", "bun"];

pub(super) fn look(context: &Context<'_>, found: &mut Findings) {
    for start in context.starts() {
        if !start.is_for_development && runs_express(context, start) {
            started(context, found, start);
        }
    }
    for path in context.index.starting("ecosystem.config.") {
        if !context.is_aside(path) && !context.is_for_development(path) {
            managed(context, found, path);
        }
    }
}

/// Whether Node.js is started, with Express among its packages.
fn runs_express(context: &Context<'_>, start: &Start) -> bool {
    let mut words = start.command.split_whitespace();
    let is_node = words.any(|word| PROGRAMS.contains(&name(word)));
    is_node && has_express(context, &start.file)
}

fn has_express(context: &Context<'_>, file: &str) -> bool {
    let package = join(&root_of(context, file), "package.json");
    let Some(text) = context.files.text(&package) else {
        return false;
    };
    let json = json::parse(&package, &text).ok();
    let all = json.as_ref().and_then(|json| json.get("dependencies"));
    all.is_some_and(|all| all.get("express").is_some())
}

fn started(context: &Context<'_>, found: &mut Findings, start: &Start) {
    let value = value_in(&start.command).or_else(|| {
        let text = context.files.text(&start.file)?;
        if is_dockerfile(&start.file) {
            of_dockerfile(&text)
        } else {
            text.lines().filter_map(value_in).next_back()
        }
    });
    match value {
        Some((value, line)) => report(found, &start.file, line.unwrap_or(start.line), &value),
        // Heroku sets it for what a Procfile starts.
        None if name(&start.file).eq_ignore_ascii_case("procfile") => {}
        None if !is_set_beside(context, &start.file) => {
            found
                .report(
                    &start.file,
                    "Nothing sets NODE_ENV to production here: Express sends the stack of an error that the \
                     application does not handle.",
                )
                .at_line(start.line)
                .severe(Severity::Low)
                .sure(Confidence::Low);
        }
        None => {}
    }
}

type Value = (String, Option<u32>);

/// `NODE_ENV=development`, `"NODE_ENV=development"`; templates have no value.
fn value_in(text: &str) -> Option<Value> {
    let (before, after) = text.split_once(VARIABLE)?;
    let after = after.strip_prefix('=')?.trim_start_matches(['"', '\'']);
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let value = &after[..end.unwrap_or(after.len())];
    let is_comment = before.trim_start().starts_with('#');
    (!value.is_empty() && !is_comment).then(|| (value.to_owned(), None))
}

/// What `ENV` says last; of all stages, as the last one may be built on any.
fn of_dockerfile(text: &str) -> Option<Value> {
    let all = dockerfile::instructions(text);
    let mut last = None;
    for one in all.iter().filter(|one| one.name == "ENV") {
        let words = one.words();
        let spaced = (words.first().is_some_and(|first| first == VARIABLE))
            .then(|| words.get(1).cloned())
            .flatten();
        let assigned = words.iter().filter_map(|word| value_in(word)).next_back();
        if let Some(value) = spaced.or(assigned.map(|(value, _)| value)) {
            last = Some((value, Some(one.line)));
        }
    }
    last
}

/// Whether something else in the directory speaks of the variable: compose files, `.env`, scripts that start it.
fn is_set_beside(context: &Context<'_>, file: &str) -> bool {
    let of = directory(file);
    context.files.list(of).iter().any(|other| {
        let is_asked = is_compose(other)
            || other.starts_with(".env")
            || other.ends_with(".sh")
            || other.ends_with(".service")
            || other.ends_with(".toml")
            || is_dockerfile(other)
            || name(file) == other;
        is_asked
            && context
                .files
                .text(&join(of, other))
                .is_some_and(|text| text.contains(VARIABLE))
    })
}

/// What pm2 is told: `env: { NODE_ENV: 'development' }`, where no other environment may be chosen.
fn managed(context: &Context<'_>, found: &mut Findings, path: &str) {
    let Some(text) = context.files.text(path) else {
        return;
    };
    if text.contains("env_prod") || !has_express(context, path) {
        return;
    }
    let script = Script::new(&text);
    for at in 0..script.tokens().len() {
        let is_key =
            script.is_word(at, VARIABLE) || script.text_at(at).is_some_and(|text| text == VARIABLE);
        if let Some(value) = script
            .text_at(at + 2)
            .filter(|_| is_key && script.is(at + 1, ":"))
        {
            report(found, path, script.line(at), &value);
        }
    }
}

fn report(found: &mut Findings, file: &str, line: u32, value: &str) {
    if value == "production" {
        return;
    }
    found
        .report(
            file,
            format!(
                "NODE_ENV is {value}: Express sends the stack of every error that is not handled."
            ),
        )
        .at_line(line)
        .sure(Confidence::Medium);
}
