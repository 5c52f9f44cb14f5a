//! `APA-011`: PHP shows its errors to visitors.

use super::{Context, has_arg, is, of_access_files, of_servers, reason};
use crate::checks::{Check, Findings};
use crate::finding::Severity;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-php-flags",
    code: "APA-011",
    title: "PHP shows errors to visitors",
    description: "An error message names files and arguments, and an uncaught exception of a database layer shows the \
                  connection's user and password in its trace.",
    severity: Severity::Medium,
    cwe: &[209],
    fix: "Set `php_flag display_errors off`, and log errors to a file outside of the document root.",
    references: &["https://www.php.net/manual/en/errorfunc.configuration.php#ini.display-errors"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for directive in of_servers(context).iter().chain(&of_access_files(context)) {
        let sets = ["php_flag", "php_value", "php_admin_flag", "php_admin_value"];
        let is_setting =
            sets.iter().any(|name| is(directive, name)) && has_arg(directive, 0, "display_errors");
        let is_on = ["on", "1", "true", "yes", "stdout"]
            .iter()
            .any(|value| has_arg(directive, 1, value));
        if is_setting && is_on {
            findings
                .report(
                    &directive.file,
                    "display_errors is on, so PHP writes errors and traces into its pages",
                )
                .at_line(directive.line)
                .because(reason(directive));
        }
    }
}
