//! Flask's debugger.

use crate::checks::container::{given, published};
use crate::checks::names::{is_compose, is_dockerfile};
use crate::checks::start::WANTS as STARTS;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::dockerfile;
use crate::site::lex::python::{Statement, statements};
use crate::site::lex::yaml;

pub(in crate::checks) static CHECK: Check = Check {
    id: "flask-debug",
    code: "FL-001",
    title: "Flask's debugger is on",
    description: "The debugger shows variables and code, and has a console at /console that runs code. Its PIN can be \
                  worked out by whoever can read files.",
    severity: Severity::High,
    cwe: &[489, 94],
    fix: "Run the application under a server such as gunicorn, without debug and without FLASK_DEBUG.",
    references: &[
        "https://flask.palletsprojects.com/en/stable/debugging/#the-built-in-debugger",
        "https://werkzeug.palletsprojects.com/en/stable/debug/#debugger-pin",
    ],
    wants: &Want::both::<{ OWN.len() + STARTS.len() }>(OWN, STARTS),
    run,
};

const OWN: &[Want] = &[Want::text(".py", "flask")];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .holding(".py", "flask")
        .filter(|path| !context.is_aside(path))
    {
        let text = context.files.text(path).unwrap_or_default();
        if imports_flask(&text) {
            for statement in statements(&text).iter().filter(|one| runs_with_debug(one)) {
                of_code(context, found, path, statement);
            }
        }
    }
    for start in context.starts() {
        let words: Vec<&str> = start.command.split_whitespace().collect();
        let has = |word: &str| words.contains(&word);
        let by_variable = words.iter().find(|word| is_debugging(word));
        let how = if has("--debug") {
            Some("--debug")
        } else {
            by_variable.copied()
        };
        if let (true, true, Some(how)) = (has("flask"), has("run"), how) {
            found
                .report(&start.file, format!("flask run is started with {how}."))
                .at_line(start.line)
                .severe(start.severity(Severity::High));
        }
    }
    reloaded(context, found);
    let files = context.own_files();
    for path in files {
        if is_dockerfile(path) && !context.is_for_development(path) {
            of_image(context, found, path);
        } else if is_compose(path) {
            of_compose(context, found, path);
        }
    }
}

/// A server that is told to follow changes of the code is one of a developer.
fn reloaded(context: &Context<'_>, found: &mut Findings) {
    for start in context.starts() {
        let mut words = start.command.split_whitespace();
        let is_gunicorn = words.any(|word| word.rsplit('/').next() == Some("gunicorn"));
        if is_gunicorn && words.any(|word| word == "--reload") {
            found
                .report(
                    &start.file,
                    "gunicorn is started with --reload, as for development.",
                )
                .at_line(start.line)
                .severe(Severity::Low);
        }
    }
}

fn imports_flask(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("from flask ")
            || line.starts_with("import flask")
            || line.starts_with("from flask.")
    })
}

fn runs_with_debug(statement: &Statement<'_>) -> bool {
    let compact: String = statement
        .text
        .chars()
        .filter(|char| !char.is_whitespace())
        .collect();
    compact.contains(".run(") && compact.contains("debug=True")
}

fn of_code(context: &Context<'_>, found: &mut Findings, path: &str, statement: &Statement<'_>) {
    let is_for_all = statement
        .strings
        .iter()
        .any(|text| *text == "0.0.0.0" || *text == "::");
    // Under gunicorn this line is not run; started as a program, it listens for the machine itself alone.
    let (severity, sure, message) = if is_for_all && !context.is_for_development(path) {
        (
            Severity::High,
            Confidence::Medium,
            "Started as a program, it debugs for everyone.",
        )
    } else {
        (
            Severity::Low,
            Confidence::Medium,
            "Started as a program, it debugs, for the machine itself.",
        )
    };
    found
        .report(path, message)
        .at_line(statement.line)
        .severe(severity)
        .sure(sure)
        .because(Reason::at(path, statement.line, statement.text.trim()));
}

fn of_image(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    for one in dockerfile::instructions(&text)
        .iter()
        .filter(|one| one.name == "ENV")
    {
        let args = one.args.replace(['"', '\''], "");
        // `ENV NAME value` sets one, `ENV NAME=value …` as many as stand there.
        let args = args.replacen("FLASK_DEBUG ", "FLASK_DEBUG=", 1);
        let args = args.replacen("FLASK_ENV ", "FLASK_ENV=", 1);
        if let Some(on) = args.split_whitespace().find(|word| is_debugging(word)) {
            found
                .report(path, format!("The image sets {on}."))
                .at_line(one.line);
        }
    }
}

/// Whether a setting of a variable switches the debugger on: <https://flask.palletsprojects.com/en/stable/config/#DEBUG>.
fn is_debugging(setting: &str) -> bool {
    let (name, value) = setting.split_once('=').unwrap_or_default();
    let value = value.to_ascii_lowercase();
    match name {
        "FLASK_DEBUG" => matches!(value.as_str(), "1" | "true" | "yes" | "on" | "t"),
        "FLASK_ENV" => value == "development",
        _ => false,
    }
}

/// Most people use compose files for development; one that publishes a port of the web is for more.
fn of_compose(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    let leaves = yaml::leaves(&text);
    let set = given(&leaves).find(|one| is_debugging(&format!("{}={}", one.name, one.value)));
    let Some(set) = set else { return };
    let own: Vec<_> = published(&leaves)
        .filter(|port| port.service == set.service)
        .collect();
    let is_web = own
        .iter()
        .any(|port| matches!(port.outside(), "80" | "443"));
    let severity = match own.is_empty() {
        true => Severity::Low,
        false if is_web => context.severity_in_compose(path, Severity::Medium),
        false => context.severity_in_compose(path, Severity::Low),
    };
    let message = format!("{} is given {}={}.", set.service, set.name, set.value);
    found
        .report(path, message)
        .at_line(set.line)
        .severe(severity)
        .sure(Confidence::Medium);
}
