//! Errors that are shown to everyone.

use crate::checks::names::{directory, name};
use crate::checks::standing::{Standing, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::php::{Literal, Place, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-display-errors",
    code: "PHP-003",
    title: "Errors of PHP are shown to everyone",
    description: "A message names files, and shows arguments: the password that a connection to the database failed \
                  with stands in the trace of the exception.",
    severity: Severity::Medium,
    cwe: &[209, 215],
    fix: "Set `display_errors = Off` and `log_errors = On`, with the log outside of the document root.",
    references: &[
        "https://www.php.net/manual/en/errorfunc.configuration.php#ini.display-errors",
        "https://cwe.mitre.org/data/definitions/209.html",
    ],
    wants: &[
        Want::name("php.ini"),
        Want::name(".user.ini"),
        Want::text(".ini", "display_errors"),
        Want::text("index.php", "display_errors"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.holding(".ini", "display_errors") {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        if is_for_development(context, path) || !is_of_php(path) {
            continue;
        }
        if let Some(line) = shown_by(&text) {
            found
                .report(path, "display_errors is on.")
                .at_line(line)
                .sure(Confidence::Medium);
        }
    }
    for path in context.index.holding("index.php", "display_errors") {
        if name(path) != "index.php" || is_for_development(context, path) {
            continue;
        }
        let standing = requested(context, path);
        let text = context
            .files
            .text(path)
            .filter(|_| matches!(standing, Standing::Open(_)));
        if let Some(line) = text.and_then(|text| shown_by_script(&text)) {
            let exposure =
                found.report(path, "This page turns display_errors on for every request.");
            exposure.at_line(line).sure(Confidence::Medium);
            if !standing.is_surely_open() {
                exposure.severe(Severity::Low);
            }
        }
    }
}

/// Other programs have settings in such files too.
fn is_of_php(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    let directory = directory(path).to_ascii_lowercase();
    name.contains("php")
        || name == ".user.ini"
        || directory.contains("php")
        || directory.ends_with("conf.d")
}

fn is_for_development(context: &Context<'_>, path: &str) -> bool {
    let lower = context.index.inside(path).to_ascii_lowercase();
    let words = ["dev", "test", "local", "debug", "ddev", "sail"];
    context.is_aside(path)
        || lower
            .split(['/', '.', '-', '_'])
            .any(|part| words.contains(&part) || part == "development")
}

/// The line that turns it on, if the last one does.
fn shown_by(text: &str) -> Option<u32> {
    let set = (1..).zip(text.lines()).filter_map(|(line, text)| {
        let (name, value) = text.split_once('=')?;
        let value = value.split(';').next().unwrap_or_default();
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        (name.trim() == "display_errors").then_some((line, value))
    });
    let (line, value) = set.last()?;
    matches!(value.as_str(), "on" | "1" | "yes" | "true" | "stdout").then_some(line)
}

fn shown_by_script(text: &str) -> Option<u32> {
    let script = Script::new(text);
    let set = script
        .settings()
        .filter(|(name, _, call)| name == "display_errors" && script.place(call.at) == Place::Top);
    let (_, value, call) = set.last()?;
    let is_on = match value? {
        Literal::Text(text) => {
            matches!(
                text.to_ascii_lowercase().as_str(),
                "on" | "1" | "yes" | "true" | "stdout"
            )
        }
        value => value.is_true(),
    };
    is_on.then_some(call.line)
}
