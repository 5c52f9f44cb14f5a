//! phpMyAdmin that lets everyone in.

use crate::checks::cms::setting::{elements, judge};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "phpmyadmin-login",
    code: "PMA-001",
    title: "phpMyAdmin asks for no password",
    description: "With auth_type `config`, whoever opens the page is logged in as the user of the configuration. With \
                  AllowNoPassword, users of the database without a password are let in. Settings of applications, with \
                  keys to send mail, are rows of their databases.",
    severity: Severity::Medium,
    cwe: &[306, 521],
    fix: "Set auth_type to 'cookie' and AllowNoPassword to false, and let the web server ask who is there as well.",
    references: &["https://docs.phpmyadmin.net/en/latest/config.html#server-connection-settings"],
    wants: &[Want::name("config.inc.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("config.inc.php") {
        let Some(text) = context.files.text(path).filter(|_| !context.is_aside(path)) else {
            continue;
        };
        if !text.contains("auth_type") && !text.contains("AllowNoPassword") {
            continue;
        }
        let script = Script::new(&text);
        let by_file =
            elements(&script, "auth_type").find(|(_, value)| value.as_text() == Some("config"));
        let empty = elements(&script, "AllowNoPassword").find(|(_, value)| value.is_true());
        let (line, message, severity) = match (by_file, empty) {
            (Some((line, _)), _) => (
                line,
                "auth_type is 'config': whoever opens the page is logged in.",
                Severity::High,
            ),
            (None, Some((line, _))) => (
                line,
                "AllowNoPassword is on: users without a password are let in.",
                Severity::Medium,
            ),
            (None, None) => continue,
        };
        let exposure = found.report(path, message);
        exposure.at_line(line).severe(severity);
        judge(context, exposure, &join(directory(path), "index.php"));
    }
}
