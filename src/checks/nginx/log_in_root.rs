//! Logs that the server itself sends.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};

use super::blocks;

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-log-in-root",
    code: "NGX-012",
    title: "A log lies where it can be fetched",
    description: "Logs hold addresses of visitors, and tokens that stand in URLs.",
    severity: Severity::Medium,
    cwe: &[532, 552],
    fix: "Write logs outside of the document root, to `/var/log/nginx` for example.",
    references: &["https://nginx.org/en/docs/http/ngx_http_log_module.html#access_log"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        for directive in block.hosted.server.directives() {
            let Some(path) = directive.args.first().filter(|path| path.starts_with('/')) else {
                continue;
            };
            if !matches!(&*directive.name, "access_log" | "error_log") || path.contains('$') {
                continue;
            }
            let Some((url, answer)) = block.sends(path) else {
                continue;
            };
            let text = format!("{} {path}", directive.name);
            let exposure = found.report(&directive.file, format!("`GET {url}` gives the log."));
            exposure.at_line(directive.line).because(Reason::at(
                directive.file.as_str(),
                directive.line,
                text,
            ));
            exposure.because.extend(answer.because);
            exposure.urls.push(url);
        }
    }
}
