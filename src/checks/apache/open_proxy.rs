//! `APA-015`: a proxy for everyone.

use super::{Context, all_servers, has_arg, is, own, reason, section};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::Directive;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-open-proxy",
    code: "APA-015",
    title: "Apache is a forward proxy for everyone",
    description: "`ProxyRequests On` lets clients ask the server for any URL, among them those of the internal network \
                  and of the cloud's metadata service, which hands out credentials.",
    severity: Severity::Medium,
    cwe: &[441, 918],
    fix: "Take `ProxyRequests On` out; a reverse proxy does not need it. Otherwise restrict `<Proxy *>` to your own addresses.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#access"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in all_servers(context) {
        let all: Vec<Directive> = own(hosted).collect();
        look(&all, findings);
    }
}

fn look(all: &[Directive], findings: &mut Findings) {
    let in_proxy = |inside: &Vec<String>| {
        inside
            .iter()
            .any(|inside| section(inside, "proxy") == Some("*"))
    };
    let is_restricted = all
        .iter()
        .filter(|directive| in_proxy(&directive.inside))
        .any(|directive| {
            is(directive, "deny") || is(directive, "require") && !has_arg(directive, 1, "granted")
        });
    for directive in all {
        if is(directive, "proxyrequests") && has_arg(directive, 0, "on") && !is_restricted {
            findings
                .report(&directive.file, "every client may send requests through this server, and no `<Proxy *>` restricts them")
                .at_line(directive.line)
                .because(reason(directive));
        }
    }
}
