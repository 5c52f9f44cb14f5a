//! A server, or a middleware, of a directory that holds the whole project.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::{DocumentRoot, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-static-root",
    code: "NODE-001",
    title: "A static server gives out the whole project",
    description: "The directory that is served holds the application itself: its sources and its configuration are \
                  files like all others to a static server. Some products also send files whose names start with a \
                  dot, .env among them.",
    severity: Severity::High,
    cwe: &[219, 552],
    fix: "Serve a directory that holds nothing but what everyone may have, such as `public` or `dist`.",
    references: &[
        "https://expressjs.com/en/starter/static-files.html",
        "https://github.com/fastify/fastify-static",
    ],
    wants: &[
        Want::name("package.json"),
        Want::start(".env"),
        Want::name(".git"),
    ],
    run,
};

/// What is started with a directory, or told one by a script.
const SERVERS: &[&str] = &[
    "express",
    "koa-static",
    "@fastify/static",
    "sirv",
    "serve-handler",
    "serve",
    "http-server",
    "php -S",
    "python -m http.server",
    "vite preview",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for root in context.model.roots() {
        if SERVERS.contains(&root.server.as_str()) {
            look(context, found, &root);
        }
    }
}

fn look(context: &Context<'_>, found: &mut Findings, root: &DocumentRoot) {
    let (Some(directory), Some(at)) = (&root.path, super::place(root)) else {
        return;
    };
    let inside = |name: &str| match directory.as_str() {
        "" => name.to_owned(),
        directory => format!("{directory}/{name}"),
    };
    const SIGNS: &[&str] = &[
        "package.json",
        "composer.json",
        ".env",
        ".git",
        "requirements.txt",
    ];
    let there = |name: &&str| {
        let name = inside(name);
        context.files.is_file(&name) || context.files.is_directory(&name)
    };
    let Some(sign) = SIGNS.iter().find(|name| there(name)) else {
        return;
    };
    let below = inside("");
    let exposed: Vec<&String> = context
        .credentials
        .keys()
        .filter(|file| file.starts_with(&below))
        .filter(|file| context.verdict(file).served().is_some())
        .collect();
    let shown = if directory.is_empty() { "." } else { directory };
    let message = if exposed.is_empty() {
        format!("{} serves {shown}, which holds {sign}", root.server)
    } else {
        format!(
            "{} serves {shown}, which holds {sign}, and with it files with credentials, such as {}",
            root.server, exposed[0]
        )
    };
    let line = at.line.unwrap_or(1);
    let file = at.file.clone().unwrap_or_default();
    let report = found.report(&file, message).at_line(line);
    for reason in &root.because {
        report.because(reason.clone());
    }
    if exposed.is_empty() {
        report.severe(Severity::Medium);
    }
    if root.assumed.is_some() {
        report.sure(Confidence::Medium);
    }
    for file in exposed {
        report.exposing(file);
        let verdict = context.verdict(file);
        report.served(&verdict);
    }
}
