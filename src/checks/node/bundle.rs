//! Credentials in what a build wrote for browsers.

use crate::checks::names::{directory, join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reach, Reason, Severity};
use crate::site::lex::js::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-bundle",
    code: "NODE-004",
    title: "A script for browsers holds a credential",
    description: "A bundle is sent to everyone who opens the page, and its source map gives the sources back, with \
                  names and comments.",
    severity: Severity::Critical,
    cwe: &[200, 540],
    fix: "Change the credential, call the service from the server, and build anew. Old files may still lie in caches \
          and archives.",
    references: &[
        "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    ],
    wants: &[],
    run,
};

/// Parts of paths that only what is made for browsers has.
const PUBLIC: &[&str] = &[
    "/.next/static/",
    "/_next/static/",
    "/_nuxt/",
    "/.output/public/",
    "/dist/assets/",
    "/build/static/",
    "/static/js/",
    "/public/build/",
    "/public/js/",
    "/public/assets/",
    "/wwwroot/",
];

/// Directories that builds write, for browsers if a page lies in them.
const BUILT: &[&str] = &["dist", "build", "out", "www", "public", "docs", "htdocs"];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.credentials.keys() {
        if !is_for_browsers(path) || context.index.is_installed(path) {
            continue;
        }
        let all = secrets::all_of(context, path);
        let (Some(first), Some(worst)) = (all.first(), secrets::worst(&all)) else {
            continue;
        };
        let verdict = context.verdict(path);
        let is_served = verdict.served().is_some() && !is_of_server(context, path);
        let Some(why) = why_public(context, path)
            .or_else(|| is_served.then(|| Reason::fact("a server sends it")))
        else {
            continue;
        };
        let severity = if worst >= Severity::High {
            Severity::Critical
        } else {
            worst
        };
        let line = u32::try_from(first.line).unwrap_or(u32::MAX);
        let exposure = found.report(path, format!("It holds {}.", secrets::names(&all)));
        exposure
            .at_line(line)
            .severe(severity)
            .because(why)
            .served(&verdict)
            .exposing(path)
            .reaching(Reach::Published);
    }
}

/// What browsers get as text, by its name. Settings that a server writes are another check's.
fn is_for_browsers(path: &str) -> bool {
    let name = name(path);
    let is_settings = super::env_endpoint::is_settings_script(name);
    !is_settings
        && [".js", ".mjs", ".cjs", ".js.map", ".css.map"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether a script is a program of Node.js: that it is sent is another check's matter.
fn is_of_server(context: &Context<'_>, path: &str) -> bool {
    const MODULES: &[&str] = &[
        "express",
        "fastify",
        "koa",
        "http",
        "https",
        "fs",
        "path",
        "dotenv",
        "nodemailer",
        "child_process",
        "os",
    ];
    let text = context.files.text(path).unwrap_or_default();
    let script = Script::new(&text);
    let is_module = |name: &str| {
        let name = name.strip_prefix("node:").unwrap_or(name);
        MODULES.contains(&name) || name.starts_with("mailgun")
    };
    let required = script.calls_of("require").any(|call| {
        let first = script.args(&call).into_iter().next();
        first
            .and_then(|first| script.text(&first))
            .is_some_and(|name| is_module(&name))
    });
    let is_imported = |at: usize| {
        script.is_word(at, "from") && script.text_at(at + 1).is_some_and(|name| is_module(&name))
    };
    let length = script.tokens().len();
    let in_browsers = ["document", "window"];
    let of_browsers = (0..length).any(|at| in_browsers.iter().any(|word| script.is_word(at, word)));
    !of_browsers && (required || (0..length).any(is_imported))
}

/// Why a file is believed to be for browsers, whoever serves it.
pub(super) fn why_public(context: &Context<'_>, path: &str) -> Option<Reason> {
    let inside = context.index.inside(path);
    let above = &path[..path.len() - inside.len()];
    let whole = format!("/{inside}");
    if whole.contains("/.next/server/") || whole.contains("/.output/server/") {
        return None;
    }
    if let Some(part) = PUBLIC.iter().find(|part| whole.contains(**part)) {
        return Some(Reason::fact(format!(
            "{} is made for browsers",
            part.trim_matches('/')
        )));
    }
    let mut at = directory(inside);
    while !at.is_empty() {
        let page = format!("{above}{}", join(at, "index.html"));
        if BUILT.contains(&name(at)) && context.files.is_file(&page) {
            return Some(Reason {
                file: Some(page),
                line: None,
                directive: "the page of the directory".to_owned(),
            });
        }
        at = directory(at);
    }
    None
}
