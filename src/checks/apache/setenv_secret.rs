//! `APA-006`: credentials in variables of the server's configuration.

use super::{Context, is, of_access_files, of_servers, reason};
use crate::checks::secrets;
use crate::checks::{Check, Findings};
use crate::finding::Severity;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-setenv-secret",
    code: "APA-006",
    title: "Apache passes a credential to every script",
    description: "A variable that Apache sets is seen by every script below it: `phpinfo()`, debug pages and printed \
                  environments show it. The configuration itself is often kept in version control.",
    severity: Severity::Medium,
    cwe: &[526, 260],
    fix: "Let the application read the credential from a file outside of the document root that only its user may read.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_env.html#setenv"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for directive in of_servers(context).iter().chain(&of_access_files(context)) {
        let names = ["setenv", "setenvif", "setenvifnocase", "setenvifexpr"];
        if !names.iter().any(|name| is(directive, name)) {
            continue;
        }
        let found = secrets::on_lines(context, &directive.file, &(directive.line..=directive.line));
        if found.is_empty() {
            continue;
        }
        let names = secrets::names(&found);
        let mut shown = reason(directive);
        shown.directive.clone_from(&directive.name);
        findings
            .report(
                &directive.file,
                format!("every script that this server runs finds {names} in its environment"),
            )
            .at_line(directive.line)
            .because(shown)
            .exposing(&directive.file);
    }
}
