//! Logs with credentials.

use std::collections::BTreeSet;

use crate::checks::names::name;
use crate::checks::standing::{is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-log-secret",
    code: "PHP-006",
    title: "A log with credentials can be fetched",
    description: "Traces show the arguments of the call that failed, clients of APIs log the URL with the key in it, \
                  and mailers the whole conversation with the server.",
    severity: Severity::High,
    cwe: &[532, 538],
    fix: "Write logs outside of the document root, keep them out of git, and change the credentials.",
    references: &[
        "https://cwe.mitre.org/data/definitions/532.html",
        "https://www.php.net/manual/en/ini.core.php#ini.zend.exception-ignore-args",
    ],
    wants: &[
        Want::end(".log"),
        Want::name("error_log"),
        Want::end("errors.txt"),
        Want::end("error.txt"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let logs = context.index.ending(".log");
    let more = context.index.named("error_log");
    let texts = context.index.ending("errors.txt");
    let all: BTreeSet<&str> = logs
        .chain(more)
        .chain(texts)
        .chain(context.index.ending("error.txt"))
        .collect();
    for path in all {
        if context.is_aside(path)
            || has_own_check(context, path)
            || context.credentials_in(path).is_empty()
        {
            continue;
        }
        let standing = sent(context, path);
        if standing.is_open() {
            report(found, &standing, path, "This log holds credentials.");
        } else if is_tracked(context, path) {
            found
                .report(path, "This log holds credentials, and git has it.")
                .severe(Severity::Medium);
        }
    }
}

fn has_own_check(context: &Context<'_>, path: &str) -> bool {
    context.is_in(path, "storage/logs")
        || (name(path) == "debug.log" && context.is_in(path, "wp-content"))
}
