//! The environment as an answer, or as a script for browsers.

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reach, Severity};
use crate::site::Want;
use crate::site::lex::js::{Call, Script};

use super::project::{env_files, is_environment, names_environment, root_of, scripts};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-env-endpoint",
    code: "NODE-006",
    title: "An answer holds the environment",
    description: "A route sends the environment, or a script with settings for browsers holds credentials. Scanners \
                  ask for /env.js, /config.js, /api/env and their like.",
    severity: Severity::High,
    cwe: &[200, 497],
    fix: "Send the few settings that browsers need, each by its name, and change the credentials.",
    references: &["https://cwe.mitre.org/data/definitions/497.html"],
    wants: &[
        Want::text("js", "process.env"),
        Want::text("ts", "process.env"),
        Want::text("sx", "process.env"),
    ],
    run,
};

/// Scripts with settings that are written when the application starts.
const SETTINGS: &[&str] = &[
    "env.js",
    "__env.js",
    "env-config.js",
    "runtime-env.js",
    "runtime-config.js",
    "config.js",
    "settings.js",
    "app-config.js",
    "appconfig.js",
];

pub(super) fn is_settings_script(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_stage = name.starts_with("env.") && name.ends_with(".js");
    is_stage || SETTINGS.contains(&name.as_str())
}

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in scripts(context, "process.env") {
        let text = context.files.text(path);
        let Some(text) = text.filter(|text| names_environment(text)) else {
            continue;
        };
        let script = Script::new(&text);
        for call in script.calls().filter(is_answer) {
            if script
                .args(&call)
                .iter()
                .any(|arg| is_environment(&script, arg))
            {
                report(context, found, path, call.line);
            }
        }
        for line in assigned(&script) {
            report(context, found, path, line);
        }
    }
    settings(context, found);
}

/// `res.json(…)`, `reply.send(…)`, `Response.json(…)`.
fn is_answer(call: &Call) -> bool {
    let mut names = call.callee.rsplit('.');
    let method = names.next().unwrap_or_default();
    let on = names.next().unwrap_or_default().to_ascii_lowercase();
    let is_chained = call.callee.starts_with('.');
    let is_response = matches!(
        on.as_str(),
        "res" | "resp" | "response" | "reply" | "nextresponse" | "ctx" | "c" | "h"
    );
    match method {
        "json" | "send" | "jsonp" | "end" | "write" => is_response || is_chained,
        "Response" | "NextResponse" => call.is_new,
        _ => false,
    }
}

/// `ctx.body = process.env`.
fn assigned(script: &Script<'_>) -> Vec<u32> {
    let is_body = |at: &usize| {
        *at > 2
            && script.is(*at, "=")
            && script.is_word(at - 1, "body")
            && script.is(at - 2, ".")
            && matches!(script.word(at - 3), "ctx" | "response" | "context" | "this")
    };
    let found = (0..script.tokens().len()).filter(is_body);
    found
        .filter(|at| is_environment(script, &script.expression(at + 1)))
        .map(|at| script.line(at))
        .collect()
}

fn report(context: &Context<'_>, found: &mut Findings, path: &str, line: u32) {
    let exposure = found.report(path, "An answer holds the whole environment.");
    exposure.at_line(line);
    for file in env_files(context, &root_of(context, path)) {
        exposure.exposing(file).reaching(Reach::Likely);
    }
}

/// `window.__ENV = {…}`.
fn settings(context: &Context<'_>, found: &mut Findings) {
    for path in context.credentials.keys() {
        if !is_settings_script(name(path)) || context.index.is_installed(path) {
            continue;
        }
        let text = context.files.text(path).unwrap_or_default();
        let script = Script::new(&text);
        let is_global = |at: usize| {
            matches!(script.word(at), "window" | "globalThis" | "self")
                && (script.is(at + 1, ".") || script.is(at + 1, "["))
        };
        let all = secrets::all_of(context, path);
        if all.is_empty() || !(0..script.tokens().len()).any(is_global) {
            continue;
        }
        let line = u32::try_from(all[0].line).unwrap_or(u32::MAX);
        found
            .report(
                path,
                format!("The script gives browsers {}.", secrets::names(&all)),
            )
            .at_line(line)
            .severe(secrets::worst(&all).unwrap_or(Severity::High))
            .served(&context.verdict(path))
            .exposing(path)
            .reaching(Reach::Published);
    }
}
