//! `APA-009`: PHP runs what only has `.php` somewhere in its name.

use super::{Context, is, of_access_files, of_servers, reason};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::Directive;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-multi-extension",
    code: "APA-009",
    title: "Apache runs `x.php.jpg` as PHP",
    description: "`AddHandler` and `AddType` look at every extension of a name. A file that an upload form takes for a \
                  picture is run, and a backup such as `config.php.bak` is run as well.",
    severity: Severity::Medium,
    cwe: &[434],
    fix: "Use `<FilesMatch \"\\.php$\">` with `SetHandler` instead.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_mime.html#multipleext"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for directive in of_servers(context) {
        report(&directive, Severity::Medium, findings);
    }
    // Shared hosts write this themselves, to choose the version of PHP.
    for directive in of_access_files(context) {
        report(&directive, Severity::Low, findings);
    }
}

fn report(directive: &Directive, severity: Severity, findings: &mut Findings) {
    let Some((handler, extensions)) = directive.args.split_first() else {
        return;
    };
    let handler = handler.to_ascii_lowercase();
    let is_php =
        handler.contains("php") && !handler.contains("source") || handler.contains("fcgi://");
    let is_for_php = extensions
        .iter()
        .any(|name| name.trim_start_matches('.').eq_ignore_ascii_case("php"));
    let is_guarded = directive
        .inside
        .iter()
        .any(|inside| inside.to_ascii_lowercase().starts_with("<files"));
    let is_adding = is(directive, "addhandler") || is(directive, "addtype");
    if is_adding && is_php && is_for_php && !is_guarded {
        findings
            .report(
                &directive.file,
                "every file with `.php` anywhere in its extensions is run, `photo.php.jpg` too",
            )
            .severe(severity)
            .at_line(directive.line)
            .because(reason(directive));
    }
}
