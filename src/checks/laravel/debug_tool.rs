//! Tools that show requests, mails and logs, open to everyone.

use crate::checks::dotenv::DotEnv;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Severity};
use crate::site::lex::php::{Call, Callee, Literal, Script};

use super::app::{App, WANTS, apps};

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-debug-tool",
    code: "LAR-007",
    title: "A debugging tool of Laravel is open to everyone",
    description: "Telescope, Horizon, Clockwork, the debug bar and the log viewers show requests, mails, queries and \
                  logs, with the credentials in them. Some ask for no login, others only outside of the environment \
                  `local`.",
    severity: Severity::High,
    cwe: &[215, 489, 306],
    fix: "Install it with `composer require --dev`, or put its routes behind a login and check its gate.",
    references: &[
        "https://laravel.com/docs/master/telescope#dashboard-authorization",
        "https://github.com/rap2hpoutre/laravel-log-viewer",
        "https://github.com/opcodesio/log-viewer",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for app in apps(context) {
        log_viewer_route(context, &app, found);
        gates(context, &app, found);
        switches(context, &app, found);
    }
}

/// This one has no login of its own: the route decides.
fn log_viewer_route(context: &Context<'_>, app: &App<'_>, found: &mut Findings) {
    if app
        .package(context, "rap2hpoutre/laravel-log-viewer")
        .is_none()
    {
        return;
    }
    let file = app.file("routes/web.php");
    let Some(text) = context.files.text(&file) else {
        return;
    };
    let script = Script::new(&text);
    let route = script.calls().find(|call| {
        let verbs = ["get", "any", "match", "view"];
        call.callee == Callee::Static
            && verbs
                .iter()
                .any(|verb| call.name.eq_ignore_ascii_case(verb))
            && call
                .args
                .get(1)
                .is_some_and(|arg| script.between(arg.clone()).contains("LogViewerController"))
    });
    if let Some(route) = route.filter(|route| !has_middleware(&script, route)) {
        found
            .report(&file, "The route to the log viewer asks for no login.")
            .at_line(route.line)
            .severe(Severity::Critical)
            .exposing(&app.file("storage/logs/laravel.log"))
            .reaching(Reach::Latent);
    }
}

/// In the chain of the route, or around it.
fn has_middleware(script: &Script<'_>, route: &Call<'_>) -> bool {
    let mut at = route.end;
    let mut left = 64;
    while left > 0 && !matches!(script.written(at), ";" | "") {
        if script.is_name(at, "middleware") {
            return true;
        }
        at = script.next(at);
        left -= 1;
    }
    // In a group: whatever stands before its brace on the outer level.
    let mut inner = route.at;
    let mut left = 16;
    while let (Some(open), true) = (script.parent(inner), left > 0) {
        let from = open.saturating_sub(40);
        let names = ["middleware", "auth"];
        let has_one = (from..open).any(|at| {
            let written = script.written(at).to_ascii_lowercase();
            names.iter().any(|name| written.contains(name))
        });
        if has_one {
            return true;
        }
        inner = open;
        left -= 1;
    }
    false
}

/// The gate is open in the environment `local`, or says yes to everyone.
fn gates(context: &Context<'_>, app: &App<'_>, found: &mut Findings) {
    let env = DotEnv::new(&app.env);
    let tools = [
        ("laravel/telescope", "Telescope", "TELESCOPE_ENABLED"),
        ("laravel/horizon", "Horizon", ""),
    ];
    for (package, tool, switch) in tools {
        let is_off = !switch.is_empty() && env.get(switch).is_some() && !env.is_on(switch);
        if app.package(context, package).is_none() || is_off {
            continue;
        }
        if env.value("APP_ENV").eq_ignore_ascii_case("local") && env.is_public() {
            let line = env.get("APP_ENV").map_or(1, |setting| setting.line);
            let message =
                format!("{tool} lets everyone in where APP_ENV is `local`, and APP_URL is public.");
            found.report(&app.file(".env"), message).at_line(line);
        }
        let provider = app.file(&format!("app/Providers/{tool}ServiceProvider.php"));
        let text = context.files.text(&provider);
        if let Some(line) = text.and_then(|text| open_gate(&text)) {
            let message = format!("The gate of {tool} says yes to everyone.");
            found.report(&provider, message).at_line(line);
        }
    }
}

/// `Gate::define('viewTelescope', fn () => true)`.
fn open_gate(text: &str) -> Option<u32> {
    let script = Script::new(text);
    let mut defines = script.calls().filter(|call| {
        call.callee == Callee::Static
            && call.name.eq_ignore_ascii_case("define")
            && script
                .text_arg(call, 0)
                .is_some_and(|name| name.starts_with("view"))
    });
    let open = defines.find(|call| {
        let Some(answer) = call.args.get(1).cloned() else {
            return false;
        };
        let is_true = |at: usize| script.literal(at..at + 1) == Some(Literal::Bool(true));
        let mut at = answer.start;
        // `fn (…) => true` ends in it; `function (…) { return true; }` begins its body so.
        if is_true(answer.end - 1) && script.is_operator(answer.end.saturating_sub(2), "=>") {
            return true;
        }
        while at < answer.end && !script.is_operator(at, "{") {
            at += 1;
        }
        script.is_name(at + 1, "return") && is_true(at + 2) && script.is_operator(at + 3, ";")
    });
    open.map(|call| call.line)
}

/// Tools that a variable turns on for everyone.
fn switches(context: &Context<'_>, app: &App<'_>, found: &mut Findings) {
    let env = DotEnv::new(&app.env);
    let tools = [
        (
            "barryvdh/laravel-debugbar",
            "the debug bar",
            "DEBUGBAR_ENABLED",
        ),
        (
            "fruitcake/laravel-debugbar",
            "the debug bar",
            "DEBUGBAR_ENABLED",
        ),
        ("itsgoingd/clockwork", "Clockwork", "CLOCKWORK_ENABLE"),
    ];
    for (package, tool, switch) in tools {
        let Some(setting) = env
            .get(switch)
            .filter(|_| env.is_on(switch) && env.is_public())
        else {
            continue;
        };
        if app.package(context, package).is_some() {
            let message = format!("{switch} turns {tool} on for everyone.");
            found
                .report(&app.file(".env"), message)
                .at_line(setting.line);
        }
    }
    let config = app.file("config/log-viewer.php");
    let has_viewer = app.package(context, "opcodesio/log-viewer").is_some();
    let Some(text) = context.files.text(&config).filter(|_| has_viewer) else {
        return;
    };
    let script = Script::new(&text);
    let mut entries = script.entries();
    let entry = entries.find(|entry| {
        entry.key == "require_auth_in_production"
            && script.literal(entry.value.clone()) == Some(Literal::Bool(false))
    });
    if let Some(entry) = entry {
        found
            .report(&config, "The log viewer asks for no login in production.")
            .at_line(entry.line)
            .sure(Confidence::Medium);
    }
}
