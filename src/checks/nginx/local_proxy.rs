//! Rules by address behind a proxy on the same machine.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Directive;

use super::{Block, blocks};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-local-proxy",
    code: "NGX-014",
    title: "An address rule lets in what a proxy on this machine brings",
    description: "Behind a proxy on the same machine every request comes from 127.0.0.1, so a rule that allows this \
                  address allows everyone, unless the real address is taken from a header.",
    severity: Severity::Medium,
    cwe: &[291, 348],
    fix: "Take the client's address from the proxy: `set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;`.",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_realip_module.html",
        "https://nginx.org/en/docs/http/ngx_http_access_module.html",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let blocks = blocks(context);
    for block in &blocks {
        let has_real_address = block
            .hosted
            .server
            .directives()
            .iter()
            .any(|other| other.name == "set_real_ip_from");
        let Some(proxy) = proxy_to(&blocks, block).filter(|_| !has_real_address) else {
            continue;
        };
        for rule in block.directives {
            let is_local = rule
                .args
                .first()
                .is_some_and(|who| who.starts_with("127.") || who == "::1");
            let denies_rest = block.directives.iter().any(|other| {
                other.name == "deny" && other.args == ["all"] && other.inside == rule.inside
            });
            if rule.name == "allow" && is_local && denies_rest {
                let chain = |of: &Directive| {
                    Reason::at(
                        of.file.as_str(),
                        of.line,
                        format!("{} {}", of.name, of.args.join(" ")),
                    )
                };
                found
                    .report(&rule.file, "Requests come from a proxy on this machine, and this rule lets them all in.")
                    .at_line(rule.line)
                    .because(chain(proxy))
                    .because(chain(rule));
            }
        }
    }
}

/// The directive of another server by which requests come here.
fn proxy_to<'c>(blocks: &'c [Block<'c>], to: &Block<'_>) -> Option<&'c Directive> {
    let listens = to
        .directives
        .iter()
        .filter(|directive| directive.name == "listen");
    let ports: Vec<&str> = listens
        .filter_map(|listen| listen.args.first()?.rsplit(':').next())
        .collect();
    let leads = |directive: &&Directive| {
        let target = directive.args.first().map_or("", String::as_str);
        let local = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"]
            .iter()
            .find_map(|start| target.strip_prefix(start));
        let port = local.and_then(|rest| rest.split('/').next());
        directive.name == "proxy_pass" && port.is_some_and(|port| ports.contains(&port))
    };
    blocks.iter().flat_map(|block| block.directives).find(leads)
}
