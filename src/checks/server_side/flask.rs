//! Flask's debugger.

use crate::checks::names::is_dockerfile;
use crate::checks::start::WANTS as STARTS;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::dockerfile;
use crate::site::lex::python::{Statement, statements};

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
        if has("flask") && has("run") && has("--debug") {
            found
                .report(&start.file, "flask run is started with --debug.")
                .at_line(start.line)
                .severe(start.severity(Severity::High));
        }
    }
    reloaded(context, found);
    let files = context.own_files();
    for path in files.filter(|path| is_dockerfile(path) && !context.is_for_development(path)) {
        of_image(context, found, path);
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
        let on = [
            "FLASK_DEBUG=1",
            "FLASK_DEBUG=true",
            "FLASK_DEBUG 1",
            "FLASK_ENV=development",
            "FLASK_ENV development",
        ];
        if let Some(on) = on
            .iter()
            .find(|on| args.to_ascii_lowercase().contains(&on.to_ascii_lowercase()))
        {
            found
                .report(path, format!("The image sets {on}."))
                .at_line(one.line);
        }
    }
}
