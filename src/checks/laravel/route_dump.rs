//! Routes that show the environment or the configuration.

use std::ops::Range;

use crate::checks::php::{is_whole, shows_environment};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::php::{Callee, Script};

const NEEDLES: &[&str] = &[
    "phpinfo",
    "config()",
    "config::all(",
    "config')->all(",
    "$_env",
    "$_server",
    "getenv()",
    "env(",
    "printenv",
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-route-dump",
    code: "LAR-008",
    title: "A route shows the environment or the configuration",
    description: "Someone looked at a value while something did not work, and the route stayed. In an application \
                  the .env is loaded, so every credential is shown.",
    severity: Severity::High,
    cwe: &[215, 489],
    fix: "Delete the route. On the server itself `php artisan config:show` shows the same.",
    references: &["https://laravel.com/docs/master/routing"],
    wants: &[
        Want::text(".php", "phpinfo"),
        Want::text(".php", "config()"),
        Want::text(".php", "config::all("),
        Want::text(".php", "config')->all("),
        Want::text(".php", "$_env"),
        Want::text(".php", "$_server"),
        Want::text(".php", "getenv()"),
        Want::text(".php", "printenv"),
        Want::text("web.php", "env("),
        Want::text("api.php", "env("),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut paths: Vec<&str> = NEEDLES
        .iter()
        .flat_map(|needle| context.index.holding(".php", needle))
        .filter(|path| is_routes(context, path) && !context.is_aside(path))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        for at in shown(&script) {
            let exposure = found.report(path, "This route shows more than its own data.");
            exposure.at_line(script.line(at));
            if is_guarded(&script, at) {
                exposure.severe(Severity::Low).sure(Confidence::Low);
            }
        }
    }
}

fn is_routes(context: &Context<'_>, path: &str) -> bool {
    context.is_in(path, "routes") || context.is_at(path, "app/Http/routes.php")
}

/// Where something is shown.
fn shown(script: &Script<'_>) -> Vec<usize> {
    let mut all = shows_environment(script);
    for call in script.calls() {
        let is_one = match call.callee {
            Callee::Function if call.is("phpinfo") => true,
            Callee::Function if call.is_any(&["dd", "dump", "var_dump"]) => {
                call.args.iter().any(|arg| begins_with_env(script, arg))
            }
            // `response()->json(config())`
            Callee::Method if call.name.eq_ignore_ascii_case("json") => {
                let first = call.args.first().cloned();
                first.is_some_and(|arg| is_whole(script, arg))
            }
            _ => false,
        };
        if is_one {
            all.push(call.at);
        }
    }
    let returns = (0..script.tokens().len()).filter(|at| {
        given(script, *at).is_some_and(|start| is_whole(script, value(script, start)))
    });
    all.extend(returns);
    all.sort_unstable();
    all.dedup();
    all
}

fn begins_with_env(script: &Script<'_>, arg: &Range<usize>) -> bool {
    script.call_at(arg.start).is_some_and(|call| call.is("env"))
}

/// Where the value starts that a `return` or a `fn (…) =>` gives.
fn given(script: &Script<'_>, at: usize) -> Option<usize> {
    if script.is_name(at, "return") {
        return Some(at + 1);
    }
    let close = script
        .partner(at + 1)
        .filter(|_| script.is_name(at, "fn"))?;
    script.is_operator(close + 1, "=>").then_some(close + 2)
}

/// The tokens of a value, up to what ends it.
fn value(script: &Script<'_>, start: usize) -> Range<usize> {
    let mut at = start;
    while at < script.tokens().len() && !matches!(script.written(at), ";" | "," | ")" | "]" | "}") {
        at = script.next(at);
    }
    start..at
}

/// Behind a middleware, its own or that of a group.
fn is_guarded(script: &Script<'_>, at: usize) -> bool {
    let mut inner = at;
    let mut left = 16;
    while let (Some(open), true) = (script.parent(inner), left > 0) {
        let start = open.saturating_sub(30);
        let end = script.partner(open).map_or(open, |close| close + 8);
        let mut around = (start..open).chain(end.saturating_sub(8)..end);
        if around.any(|at| script.is_name(at, "middleware") || script.written(at).contains("auth"))
        {
            return true;
        }
        inner = open;
        left -= 1;
    }
    false
}
