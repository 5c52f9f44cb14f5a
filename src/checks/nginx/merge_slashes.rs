//! Doubled slashes that are kept.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Directive;

use super::{blocks, plain_prefix};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-merge-slashes",
    code: "NGX-011",
    title: "A doubled slash walks around locations",
    description: "With `merge_slashes off`, `//admin` is not in `location /admin`, but the file system and most \
                  applications take it for `/admin`.",
    severity: Severity::Medium,
    cwe: &[41, 22],
    fix: "Leave `merge_slashes` on, as it is by default.",
    references: &["https://nginx.org/en/docs/http/ngx_http_core_module.html#merge_slashes"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        let off = block
            .hosted
            .server
            .directives()
            .iter()
            .find(|directive| directive.name == "merge_slashes" && directive.args == ["off"]);
        let Some(off) = off else { continue };
        let Some(guard) = block
            .directives
            .iter()
            .find(|directive| is_guard(directive))
        else {
            continue;
        };
        let place = guard.inside.last().map_or("", String::as_str);
        let chain = |of: &Directive| {
            Reason::at(
                of.file.as_str(),
                of.line,
                format!("{} {}", of.name, of.args.join(" ")),
            )
        };
        found
            .report(
                &off.file,
                format!("`{place}` does not hold for the same name with a second slash."),
            )
            .at_line(off.line)
            .because(chain(off))
            .because(chain(guard));
    }
}

/// Whether it refuses, in a location that goes by the start of the URL.
fn is_guard(directive: &Directive) -> bool {
    let place = directive
        .inside
        .last()
        .and_then(|line| line.strip_prefix("location "));
    let Some(place) = place else { return false };
    let name = plain_prefix(place).or_else(|| place.strip_prefix("= "));
    let is_fixed = name.is_some_and(|name| name.len() > 1);
    let first = directive.args.first().map_or("", String::as_str);
    is_fixed
        && match &*directive.name {
            "deny" => first == "all",
            "return" => first.starts_with('4'),
            "auth_basic" => first != "off",
            "internal" => true,
            _ => false,
        }
}
