//! `APA-010`: logs that visitors can read.

use super::overlay::Overlay;
use super::{Context, has_arg, is, named, reason, servers};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::Directive;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-log-in-root",
    code: "APA-010",
    title: "A log is written into the document root",
    description: "Access logs hold URLs with their tokens, error logs hold traces with arguments. Both are among the \
                  first names that scanners ask for.",
    severity: Severity::High,
    cwe: &[532, 552],
    fix: "Write logs to a directory outside of every document root.",
    references: &["https://httpd.apache.org/docs/2.4/logs.html#security"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in servers(context) {
        for directive in hosted.server.directives() {
            let Some(log) = log(directive) else {
                continue;
            };
            let Some(file) = hosted.mapping.to_tree(&log) else {
                continue;
            };
            let with_log = Overlay {
                files: context.files,
                name: file.clone(),
            };
            let verdict = context.model.look_up(&file, &with_log);
            if verdict.served().is_none() {
                continue;
            }
            let mut directive = directive.clone();
            directive.file = named(hosted, &directive.file);
            findings
                .report(
                    &directive.file,
                    format!("the log {file} is written where the server sends it from"),
                )
                .at_line(directive.line)
                .because(reason(&directive))
                .served(&verdict);
        }
    }
}

/// The file that a directive logs to.
fn log(directive: &Directive) -> Option<String> {
    let is_log = ["errorlog", "customlog", "transferlog"]
        .iter()
        .any(|name| is(directive, name));
    let is_php = (is(directive, "php_value") || is(directive, "php_admin_value"))
        && has_arg(directive, 0, "error_log");
    let path = match (is_log, is_php) {
        (true, _) => directive.args.first(),
        (_, true) => directive.args.get(1),
        _ => None,
    };
    path.filter(|path| path.starts_with('/')).cloned()
}
