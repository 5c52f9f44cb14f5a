//! Pages that show how an application is doing.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::js::Script;

use super::project::scripts;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-status-page",
    code: "NODE-009",
    title: "A status page is open to everyone",
    description: "It shows routes, their parameters, errors and the load of the machine.",
    severity: Severity::Low,
    cwe: &[497, 306],
    fix: "Ask for a password before the page, or serve it on an address of its own.",
    references: &[
        "https://github.com/RafalWilinski/express-status-monitor#securing-endpoint",
        "https://swaggerstats.io/guide/conf.html#authentication",
    ],
    wants: &[
        Want::text("js", "express-status-monitor"),
        Want::text("ts", "express-status-monitor"),
        Want::text("js", "swagger-stats"),
        Want::text("ts", "swagger-stats"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for package in ["express-status-monitor", "swagger-stats"] {
        for path in scripts(context, package) {
            let Some(text) = context.files.text(path) else {
                continue;
            };
            let script = Script::new(&text);
            let guards = ["pageRoute", "authentication", "onAuthenticate"];
            let is_guarded = (0..script.tokens().len()).any(|at| guards.contains(&script.word(at)));
            let is_start =
                |callee: &str| callee == package || callee == "swagger-stats.getMiddleware";
            let call = script.calls().find(|call| is_start(&call.callee));
            if let Some(call) = call.filter(|_| !is_guarded) {
                found
                    .report(path, format!("{package} has no password."))
                    .at_line(call.line);
            }
        }
    }
}
