//! An alias whose location has no slash at its end.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Verdict;

use super::{blocks, inside, plain_prefix};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-alias-traversal",
    code: "NGX-003",
    title: "A location without a slash at its end leads out of its alias",
    description: "What follows the location's name is put behind the alias. Where the name has no slash and the \
                  alias has one, `/name../file` becomes `/directory/../file`: everything beside the directory is \
                  sent.",
    severity: Severity::High,
    cwe: &[22],
    fix: "End the location's name with a slash if the alias ends with one.",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#alias",
        "https://github.com/yandex/gixy/blob/master/docs/en/plugins/aliastraversal.md",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        for (at, location) in block.directives.iter().enumerate() {
            let name = location.args.join(" ");
            let (true, Some(prefix)) = (location.name == "location", plain_prefix(&name)) else {
                continue;
            };
            let depth = location.inside.len() + 1;
            let alias = inside(block.directives, at)
                .iter()
                .find(|other| other.name == "alias" && other.inside.len() == depth);
            let Some(alias) = alias else { continue };
            let directory = alias.args.first().map_or("", String::as_str);
            if prefix.ends_with('/') || !directory.ends_with('/') {
                continue;
            }
            // A name that nothing can have: only the alias leads there.
            if is_closed(&block, prefix, directory) {
                continue;
            }
            let message = format!(
                "`GET {prefix}../NAME` gives what lies beside {directory}: the location has no slash at its end."
            );
            let exposed = exposed(context, prefix);
            let exposure = found.report(&location.file, message);
            exposure
                .at_line(location.line)
                .because(Reason::at(
                    location.file.as_str(),
                    location.line,
                    format!("location {name}"),
                ))
                .because(Reason::at(
                    alias.file.as_str(),
                    alias.line,
                    format!("alias {directory}"),
                ));
            exposure.urls.push(format!("{prefix}../"));
            for path in exposed {
                exposure.exposing(&path);
            }
        }
    }
}

/// Whether the traversal is refused, as far as that can be told.
fn is_closed(block: &super::Block<'_>, prefix: &str, directory: &str) -> bool {
    let beside = directory.trim_end_matches('/').rsplit_once('/');
    let Some((above, _)) = beside.filter(|_| !directory.contains('$')) else {
        return false;
    };
    let file = format!("{above}/any-file.txt");
    let mut files = crate::input::Memory::new();
    files.add(file, "");
    files.add(format!("{directory}x"), "");
    let answer = block.ask(&format!("{prefix}../any-file.txt"), &files);
    matches!(
        answer.verdict,
        Verdict::Denied | Verdict::NotMapped | Verdict::Executed
    )
}

/// Files with credentials that the traversal gives.
fn exposed(context: &Context<'_>, prefix: &str) -> Vec<String> {
    let start = format!("{prefix}../");
    let leads = |path: &&String| {
        let verdict = context.verdict(path);
        let mut urls = verdict.urls.iter();
        urls.any(|url| url.verdict == Verdict::Served && url.url.starts_with(&start))
    };
    context.credentials.keys().filter(leads).cloned().collect()
}
