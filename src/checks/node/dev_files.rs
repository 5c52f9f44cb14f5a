//! Vite's development server told to hand out more files than it does by itself.
//!
//! `server.fs.strict` and `server.fs.deny` are asked in this order: what is not strict is not refused either
//! (<https://github.com/vitejs/vite/blob/main/packages/vite/src/node/server/middlewares/static.ts>).

use std::collections::BTreeSet;

use crate::checks::names::{directory, name};
use crate::checks::{Context, Findings};
use crate::finding::{Reach, Severity};
use crate::site::lex::js::{Expr, Script};

use super::dev_server::is_open_to_all;
use super::project::env_files;

/// `open`: the directories whose development server is started for others.
pub(super) fn look(context: &Context<'_>, found: &mut Findings, open: &BTreeSet<String>) {
    for path in context.index.starting("vite.config.") {
        let is_script = ["js", "ts"].iter().any(|end| name(path).ends_with(end));
        if !is_script || context.is_aside(path) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let is_started = open.contains(directory(path));
        let listens = is_open_to_all(&script);
        for (line, fault) in faults(&script) {
            let severity = match fault {
                Fault::AnyHost if is_started => Severity::Medium,
                Fault::AnyHost => Severity::Low,
                _ if is_started => Severity::Critical,
                _ if listens => Severity::Medium,
                _ => Severity::Low,
            };
            let exposure = found.report(path, fault.words());
            exposure.at_line(line).severe(severity);
            if fault != Fault::AnyHost && is_started {
                for file in env_files(context, directory(path)) {
                    exposure.exposing(file).reaching(Reach::Likely);
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    NotStrict,
    NothingDenied,
    WholeMachine,
    AnyHost,
}

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Self::NotStrict => {
                "server.fs.strict is off: Vite's development server sends any file of the machine, .env too."
            }
            Self::NothingDenied => {
                "server.fs.deny does not name .env: Vite's development server sends it, which it refuses by itself."
            }
            Self::WholeMachine => {
                "server.fs.allow names the root of the machine: Vite's development server sends files from anywhere."
            }
            Self::AnyHost => {
                "server.allowedHosts is true: any web page can make a visitor's browser ask Vite's development server."
            }
        }
    }
}

/// With the line of each.
fn faults(script: &Script<'_>) -> Vec<(u32, Fault)> {
    let mut all = Vec::new();
    for at in 0..script.tokens().len() {
        if !script.is_word(at, "server") || !script.is(at + 1, ":") {
            continue;
        }
        let server = script.expression(at + 2);
        for entry in script.entries(&server) {
            match entry.key.as_deref() {
                Some("allowedHosts") if script.is_word(entry.value.start, "true") => {
                    all.push((entry.line, Fault::AnyHost));
                }
                Some("fs") => all.extend(of_files(script, &entry.value)),
                _ => {}
            }
        }
    }
    all
}

fn of_files(script: &Script<'_>, fs: &Expr) -> Vec<(u32, Fault)> {
    let mut all = Vec::new();
    for entry in script.entries(fs) {
        let texts = || {
            script
                .items(&entry.value)
                .into_iter()
                .map(|item| script.text(&item))
        };
        let fault = match entry.key.as_deref() {
            Some("strict") => script
                .is_word(entry.value.start, "false")
                .then_some(Fault::NotStrict),
            Some("allow") => texts()
                .any(|text| text.is_some_and(|text| text == "/"))
                .then_some(Fault::WholeMachine),
            // What cannot be read here may be the list that Vite has by itself.
            Some("deny") => (script.is(entry.value.start, "[")
                && texts().all(|text| text.is_some_and(|text| !text.contains(".env"))))
            .then_some(Fault::NothingDenied),
            _ => None,
        };
        all.extend(fault.map(|fault| (entry.line, fault)));
    }
    all
}
