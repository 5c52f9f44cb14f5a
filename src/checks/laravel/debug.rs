//! The debug page in production.

use crate::checks::dotenv::DotEnv;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Reason, Severity};
use crate::site::lex::php::{Literal, Script};

use super::app::{App, WANTS, apps};

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-debug",
    code: "LAR-001",
    title: "Laravel shows its debug page to everyone",
    description: "An error, such as a POST to a page that takes none, brings up the debug page. With Whoops, before \
                  Laravel 6, it prints all of $_SERVER and $_ENV, and so the whole .env; the later pages print the \
                  request, the queries and the source around the error.",
    severity: Severity::High,
    cwe: &[215, 489],
    fix: "Set `APP_DEBUG=false` and `APP_ENV=production`, then run `php artisan config:cache`.",
    references: &[
        "https://laravel.com/docs/master/deployment#debug-mode",
        "https://github.com/filp/whoops/blob/master/src/Whoops/Handler/PrettyPageHandler.php",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for app in apps(context) {
        let file = app.file(".env");
        let env = DotEnv::new(&app.env);
        if env.is_on("APP_DEBUG") && env.is_public() {
            let line = env.get("APP_DEBUG").map_or(1, |setting| setting.line);
            report(context, &app, (&file, line, "APP_DEBUG is on"), found);
        } else {
            by_code(context, &app, &env, found);
        }
    }
}

/// `'debug' => true` counts for every environment; a default counts where nothing is set.
fn by_code(context: &Context<'_>, app: &App<'_>, env: &DotEnv<'_>, found: &mut Findings) {
    let file = app.file("config/app.php");
    let Some(text) = context.files.text(&file) else {
        return;
    };
    let script = Script::new(&text);
    let Some(entry) = script.entries().find(|entry| entry.key == "debug") else {
        return;
    };
    if script
        .literal(entry.value.clone())
        .is_some_and(|value| value.is_true())
    {
        let why = "`debug` is true, whatever the environment says";
        report(context, app, (&file, entry.line, why), found);
        return;
    }
    let mut at = entry.value.start;
    while at < entry.value.end && !script.is_name(at, "env") {
        at += 1;
    }
    let Some(call) = script.call_at(at) else {
        return;
    };
    let default = call.args.get(1).and_then(|arg| script.literal(arg.clone()));
    let is_on = default.is_some_and(|value| matches!(value, Literal::Bool(true)));
    if is_on && env.get("APP_DEBUG").is_none() {
        let why = "`debug` is true where APP_DEBUG is not set";
        let exposure = report(context, app, (&file, entry.line, why), found);
        if !env.is_public() {
            exposure.severe(Severity::Low).sure(Confidence::Medium);
        }
    }
}

fn report<'f>(
    context: &Context<'_>,
    app: &App<'_>,
    (file, line, why): (&str, u32, &str),
    found: &'f mut Findings,
) -> &'f mut crate::finding::Exposure {
    let has_whoops = app.package(context, "filp/whoops").is_some();
    let prints_all = has_whoops && app.is_before(context, "laravel/framework", "6.0.0");
    let page = if prints_all {
        "the page of Whoops prints every variable of the .env"
    } else {
        "an error shows the request, the queries and the source"
    };
    let exposure = found.report(file, format!("{why}: {page}."));
    exposure
        .at_line(line)
        .exposing(&app.file(".env"))
        .reaching(Reach::Latent);
    if prints_all {
        exposure.severe(Severity::Critical).because(Reason::fact(
            "laravel/framework before 6.0 with filp/whoops",
        ));
    }
    exposure
}
