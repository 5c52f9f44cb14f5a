//! Guards that look at the URL before it is decoded.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Directive;

use super::{blocks, inside};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-raw-uri-guard",
    code: "NGX-009",
    title: "A guard looks at the URL as it was sent",
    description: "`$request_uri` is not decoded, while the location and the file are found by the decoded path: \
                  `/.%65nv` is not matched and gives `/.env`.",
    severity: Severity::Medium,
    cwe: &[177, 41],
    fix: "Refuse in a `location`, which matches the decoded path, or test `$uri`.",
    references: &["https://nginx.org/en/docs/http/ngx_http_core_module.html#var_request_uri"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        for (at, guard) in block.directives.iter().enumerate() {
            let words = guard.args.join(" ");
            let test = words.trim_start_matches(['(', ' ']);
            let is_raw = guard.name == "if" && test.starts_with("$request_uri ~");
            let refuses = || inside(block.directives, at).iter().any(is_refusal);
            // A pattern of arguments only is about what is never decoded.
            let pattern = test.strip_prefix("$request_uri").unwrap_or_default();
            let is_about_args = pattern.contains("\\?") || pattern.contains("[?]");
            if !is_raw || is_about_args || !refuses() {
                continue;
            }
            found
                .report(
                    &guard.file,
                    "A percent-encoded letter in the URL walks around this guard.",
                )
                .at_line(guard.line)
                .because(Reason::at(
                    guard.file.as_str(),
                    guard.line,
                    format!("if {words}"),
                ));
        }
    }
}

fn is_refusal(directive: &Directive) -> bool {
    let status = directive.args.first().map_or("", String::as_str);
    directive.name == "return" && status.starts_with('4')
}
