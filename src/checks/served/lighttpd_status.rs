//! Pages of lighttpd that show what the server is doing.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::input::Memory;
use crate::site::{Directive, Hosted, Request, Software, Verdict};

use super::all_of;

pub(in crate::checks) static CHECK: Check = Check {
    id: "lighttpd-status",
    code: "LIG-002",
    title: "lighttpd's status page is open",
    description: "The page lists the requests of the moment with their whole URLs and the addresses that sent them. \
                  Tokens in URLs are read there.",
    severity: Severity::Medium,
    cwe: &[497, 200],
    fix: "Set `status.status-url` inside `$HTTP[\"remoteip\"] == \"127.0.0.1\" { … }`, or let mod_auth ask for a password.",
    references: &["https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_status"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for hosted in all_of(context, Software::Lighttpd) {
        let directives = hosted.server.directives();
        let is_loaded = directives.iter().any(|directive| {
            directive.name == "server.modules"
                && directive.args.iter().any(|name| name == "mod_status")
        });
        for directive in directives {
            if is_loaded
                && directive.name == "status.status-url"
                && let Some(url) = directive.args.first().filter(|url| !url.is_empty())
                && is_for_everyone(hosted, directive, url)
            {
                let shown = format!("{} = \"{url}\"", directive.name);
                let report = found.report(
                    &directive.file,
                    format!("`GET {url}` shows the status of the server to everyone"),
                );
                report.at_line(directive.line).because(Reason::at(
                    &*directive.file,
                    directive.line,
                    shown,
                ));
                report.urls.push(url.clone());
            }
        }
    }
}

/// Under no condition that says who asks, and with nothing that refuses. Which file the URL may lead to does not matter:
/// mod_status answers before one is looked for.
fn is_for_everyone(hosted: &Hosted, directive: &Directive, url: &str) -> bool {
    let says_who = |condition: &String| {
        let is_of_site = ["url", "host", "scheme"]
            .iter()
            .any(|subject| condition.starts_with(&format!("$HTTP[{subject}]")));
        !is_of_site && !condition.starts_with("$SERVER[socket]")
    };
    let answer = hosted.server.answer(0, &Request::of(url), &Memory::new());
    let asks_who = |directive: &Directive| directive.inside.iter().any(says_who);
    match answer.verdict {
        Verdict::NotMapped => !asks_who(directive),
        Verdict::Unknown => !hosted.server.directives().iter().any(asks_who),
        Verdict::Served | Verdict::Executed | Verdict::Denied => false,
    }
}
