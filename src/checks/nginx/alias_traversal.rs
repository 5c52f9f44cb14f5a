//! An alias whose location has no slash at its end.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Verdict;

use super::{aliases, all_blocks};

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
    for block in all_blocks(context) {
        for aliased in aliases(&block) {
            let (prefix, directory) = (aliased.prefix.as_str(), aliased.directory);
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
            let exposure = found.report(&aliased.location.file, message);
            exposure.at_line(aliased.location.line);
            for reason in aliased.reasons() {
                exposure.because(reason);
            }
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
