//! Pages that tell how nginx is doing.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Verdict;

use super::all_blocks;

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-status",
    code: "NGX-010",
    title: "The status page is open to everyone",
    description: "It tells how many visitors a site has, and that of traffic names hosts behind the proxy.",
    severity: Severity::Low,
    cwe: &[497],
    fix: "Add `allow` and `deny all` to the location.",
    references: &["https://nginx.org/en/docs/http/ngx_http_stub_status_module.html"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in all_blocks(context) {
        for directive in block.directives {
            if !matches!(
                &*directive.name,
                "stub_status" | "vhost_traffic_status_display"
            ) {
                continue;
            }
            let place = directive
                .inside
                .iter()
                .rev()
                .find_map(|line| line.strip_prefix("location "));
            let name = place.map(|place| place.trim_start_matches(['=', '^', '~', ' ']));
            let Some(url) = name.filter(|name| name.starts_with('/')) else {
                continue;
            };
            let answer = block.ask(url, &crate::input::Memory::new());
            if answer.verdict != Verdict::NotMapped || answer.status != Some(200) {
                continue;
            }
            let exposure = found.report(
                &directive.file,
                format!("`GET {url}` shows the status of the server."),
            );
            exposure.at_line(directive.line).because(Reason::at(
                directive.file.as_str(),
                directive.line,
                directive.name.as_str(),
            ));
            exposure.urls.push(url.to_owned());
        }
    }
}
