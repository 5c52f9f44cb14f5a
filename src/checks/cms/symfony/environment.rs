//! Symfony in its development environment.

use crate::checks::cms::setting::{is_on, variable};
use crate::checks::names::{directory, is_dockerfile, join, name};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "symfony-development",
    code: "SYM-002",
    title: "Symfony runs in its development environment, or its profiler in all",
    description: "In the development environment the profiler answers under /_profiler, phpinfo() among its pages, \
                  and errors show the environment.",
    severity: Severity::High,
    cwe: &[489, 215],
    fix: "Set APP_ENV=prod where the application runs, and register WebProfilerBundle and DebugBundle for dev and \
          test only.",
    references: &[
        "https://symfony.com/doc/current/deployment.html",
        "https://symfony.com/doc/current/profiler.html",
    ],
    wants: &[
        Want::name("bundles.php"),
        Want::start(".env."),
        Want::start("dockerfile"),
        Want::end(".dockerfile"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .named("bundles.php")
        .filter(|path| path.ends_with("config/bundles.php") && !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        if let Some((line, bundle)) = enabled_bundle(&Script::new(&text)) {
            let message = format!("{bundle} is registered for the production environment.");
            found.report(path, message).at_line(line);
        }
    }
    for path in context
        .index
        .starting(".env.")
        .filter(|path| !context.is_aside(path))
    {
        let is_production =
            [".env.prod", ".env.prod.local", ".env.production"].contains(&name(path));
        if is_production && is_symfony(context, path) {
            variables(context, found, path);
        }
    }
    let files = context.own_files();
    for path in files.filter(|path| is_dockerfile(path) && !context.is_for_development(path)) {
        if is_symfony(context, path) {
            dockerfile(context, found, path);
        }
    }
}

fn is_symfony(context: &Context<'_>, path: &str) -> bool {
    let directory = directory(path);
    ["config/bundles.php", "symfony.lock"]
        .iter()
        .any(|file| context.files.is_file(&join(directory, file)))
}

fn variables(context: &Context<'_>, found: &mut Findings, path: &str) {
    let Some(text) = context.files.text(path) else {
        return;
    };
    let environment = variable(&text, "APP_ENV").filter(|(_, value)| value == "dev");
    let debug = variable(&text, "APP_DEBUG").filter(|(_, value)| is_on(value));
    if let Some((line, _)) = environment.or(debug) {
        found
            .report(path, "The variables for production switch debugging on.")
            .at_line(line);
    }
}

/// `ENV APP_ENV=dev` in the last stage.
fn dockerfile(context: &Context<'_>, found: &mut Findings, path: &str) {
    let Some(text) = context.files.text(path) else {
        return;
    };
    let mut last = None;
    for (number, line) in (1..).zip(text.lines()) {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        match instruction.as_str() {
            "FROM" => last = None,
            "ENV" => {
                let words: Vec<&str> = words.collect();
                let is_dev = words
                    .iter()
                    .any(|word| matches!(*word, "APP_ENV=dev" | "APP_DEBUG=1" | "APP_DEBUG=true"));
                if is_dev || words == ["APP_ENV", "dev"] {
                    last = Some(number);
                }
            }
            _ => {}
        }
    }
    if let Some(line) = last {
        let message = "The image runs the application in its development environment.";
        found
            .report(path, message)
            .at_line(line)
            .sure(Confidence::Medium)
            .severe(Severity::Medium);
    }
}

/// `…\WebProfilerBundle::class => ['all' => true]`.
fn enabled_bundle<'t>(script: &Script<'t>) -> Option<(u32, &'t str)> {
    (0..script.tokens().len()).find_map(|at| {
        let bundle = script.written(at).rsplit('\\').next()?;
        let is_it =
            script.is(at, Kind::Name) && matches!(bundle, "WebProfilerBundle" | "DebugBundle");
        // `::class => [`
        let open = at + 4;
        if !is_it || !script.is_operator(at + 3, "=>") || !script.is_operator(open, "[") {
            return None;
        }
        let close = script.partner(open)?;
        let mut entries = script
            .entries()
            .filter(|entry| (open..close).contains(&entry.at));
        let is_on = entries.any(|entry| {
            let value = script.literal(entry.value.clone());
            matches!(entry.key.as_str(), "all" | "prod")
                && value.is_some_and(|value| value.is_true())
        });
        is_on.then(|| (script.line(at), bundle))
    })
}
