//! Routes that show the environment or the configuration.

use std::ops::Range;

use crate::checks::php::shows_environment;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::php::{Callee, Script};

const NEEDLES: &[&str] = &[
    "phpinfo", "config()", "$_env", "$_server", "getenv()", "env(",
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
        Want::text(".php", "$_env"),
        Want::text(".php", "$_server"),
        Want::text(".php", "getenv()"),
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
                call.args.first().is_some_and(|arg| is_all(script, arg))
            }
            _ => false,
        };
        if is_one {
            all.push(call.at);
        }
    }
    let returns = (0..script.tokens().len()).filter(|at| {
        let call = script.call_at(at + 1);
        script.is_name(*at, "return")
            && call.is_some_and(|call| {
                script.is_operator(call.end, ";") && is_all(script, &(at + 1..call.end))
            })
    });
    all.extend(returns);
    all.sort_unstable();
    all.dedup();
    all
}

fn begins_with_env(script: &Script<'_>, arg: &Range<usize>) -> bool {
    script.call_at(arg.start).is_some_and(|call| call.is("env"))
}

/// `config()`, `getenv()`, `$_ENV`.
fn is_all(script: &Script<'_>, range: &Range<usize>) -> bool {
    if range.len() == 1 {
        return matches!(script.written(range.start), "$_ENV" | "$_SERVER");
    }
    script.call_at(range.start).is_some_and(|call| {
        call.end == range.end && call.args.is_empty() && call.is_any(&["config", "getenv"])
    })
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
