//! What checks of files with settings in clear have in common.

use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, GitState, Severity};

pub(super) const REFERENCE: &str = "https://12factor.net/config";

/// Reports the credentials of a file that is deployed, or committed, with the application.
pub(super) fn report(context: &Context<'_>, found: &mut Findings, path: &str, what: &str) {
    let all = secrets::all_of(context, path);
    let (Some(first), Some(worst)) = (all.first(), secrets::worst(&all)) else {
        return;
    };
    let verdict = context.verdict(path);
    let state = (context.git)(path);
    let is_served = verdict.served().is_some();
    if state == GitState::Ignored && !is_served {
        return;
    }
    let line = u32::try_from(first.line).unwrap_or(u32::MAX);
    let exposure = found.report(
        path,
        format!("{what} holds {} in clear.", secrets::names(&all)),
    );
    exposure.at_line(line).severe(worst.min(Severity::High));
    if is_served {
        exposure.served(&verdict).exposing(path);
    } else if state != GitState::Tracked {
        exposure
            .severe(worst.min(Severity::Medium))
            .sure(Confidence::Medium);
    }
}

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-process-env",
    code: "NODE-010",
    title: "The file that starts the application holds credentials",
    description: "Files of process managers are committed with the application, and lie beside its code where it runs.",
    severity: Severity::High,
    cwe: &[798, 312],
    fix: "Let the process manager take values from the machine's environment, and change the credentials.",
    references: &[
        "https://pm2.keymetrics.io/docs/usage/environment/",
        REFERENCE,
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.credentials.keys() {
        let name = crate::checks::names::name(path).to_ascii_lowercase();
        let is_manager = name.starts_with("ecosystem.config.")
            || name.starts_with("pm2.")
            || matches!(
                name.as_str(),
                "ecosystem.json"
                    | "process.json"
                    | "process.yml"
                    | "nodemon.json"
                    | "forever.json"
                    | "procfile"
            );
        if is_manager && !context.is_aside(path) {
            report(context, found, path, "It");
        }
    }
}
