//! `APA-005`: pages that show what the server is doing.

use super::{Context, configured, is, named, reason, section, servers};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::input::{Files, Memory};
use crate::site::{Hosted, Mapped, Request, Verdict};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-status",
    code: "APA-005",
    title: "Apache's status page is open",
    description: "`server-status` lists the requests of the moment with their whole URLs, `server-info` the \
                  configuration with its variables. Tokens in URLs and passwords in variables are read there.",
    severity: Severity::Medium,
    cwe: &[497, 200],
    fix: "Let the page be read by `Require local` or a few addresses only, and remember that a proxy on the same machine is local.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_status.html#enable"],
    wants: &[],
    run,
};

const PAGES: &[&str] = &["server-status", "server-info", "balancer-manager"];

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in servers(context) {
        look(
            hosted,
            &Mapped::new(context.files, &hosted.mapping),
            findings,
        );
    }
    // Its files are not here, and the page is none of them.
    for hosted in configured(context.model.elsewhere()) {
        look(hosted, &Memory::new(), findings);
    }
}

fn look(hosted: &Hosted, files: &dyn Files, findings: &mut Findings) {
    for directive in hosted.server.directives() {
        let is_page = is(directive, "sethandler")
            && directive
                .args
                .first()
                .is_some_and(|page| PAGES.contains(&&*page.to_ascii_lowercase()));
        let location = directive
            .inside
            .iter()
            .find_map(|inside| section(inside, "location"));
        let Some(location) = location.filter(|location| is_page && location.starts_with('/'))
        else {
            continue;
        };
        let mut answers = (0..hosted.server.hosts().len())
            .map(|host| hosted.server.answer(host, &Request::of(location), files));
        if answers.any(|answer| answer.verdict == Verdict::Executed && answer.file.is_none()) {
            let page = directive.args.join(" ");
            let mut directive = directive.clone();
            directive.file = named(hosted, &directive.file);
            let found = findings.report(
                &directive.file,
                format!("{location} shows {page} to everyone"),
            );
            found.at_line(directive.line).because(reason(&directive));
            found.urls.push(location.to_owned());
        }
    }
}
