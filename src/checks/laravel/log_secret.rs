//! Logs of Laravel with credentials.

use crate::checks::standing::{is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-log",
    code: "LAR-005",
    title: "Logs of Laravel with credentials get out",
    description: "laravel.log holds traces with arguments, requests to the provider with their headers and, with the \
                  mailer `log`, whole mails with their links. The name is known to bots.",
    severity: Severity::High,
    cwe: &[532, 538],
    fix: "Keep storage/ out of the document root and out of git, and change the credentials.",
    references: &["https://laravel.com/docs/master/logging"],
    wants: &[Want::end(".log")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.ending(".log") {
        let is_laravels = context.is_in(path, "storage/logs");
        if !is_laravels || context.is_aside(path) || context.credentials_in(path).is_empty() {
            continue;
        }
        let standing = sent(context, path);
        if standing.is_open() {
            report(found, &standing, path, "This log holds credentials.");
        } else if is_tracked(context, path) {
            found.report(path, "This log holds credentials, and git has it.");
        }
    }
}
