//! An alias whose location has no slash at its end, and that has none itself.

use crate::checks::names::{directory, join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reach, Severity};
use crate::input::Memory;
use crate::site::Verdict;

use super::{Aliased, Block, aliases, all_blocks};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-alias-prefix",
    code: "NGX-013",
    title: "An alias gives what begins like its directory",
    description: "A location is a prefix, not a directory: where neither its name nor the alias ends with a slash, \
                  `/files-old/a` becomes `/srv/files-old/a`. Everything is sent that lies beside the directory and \
                  whose name begins with the directory's: copies and archives most of all.",
    severity: Severity::Medium,
    cwe: &[22, 552],
    fix: "End both the location's name and the alias with a slash.",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#alias",
        "https://github.com/yandex/gixy/blob/master/docs/en/plugins/aliastraversal.md",
    ],
    wants: &[],
    run,
};

/// So many names are asked for.
const MAX_NAMES: usize = 16;

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in all_blocks(context) {
        for aliased in aliases(&block) {
            if !is_open(&block, &aliased) {
                continue;
            }
            let beside = beside(context, &block, aliased.directory);
            // `alias /srv/app/robots.txt`: a file, which a longer name seldom stands beside.
            let is_file = name(aliased.directory).rfind('.').is_some_and(|at| at > 0);
            if is_file && beside.is_empty() {
                continue;
            }
            report(context, found, (&block, &aliased), &beside);
        }
    }
}

/// Whether what begins alike is sent.
fn is_open(block: &Block<'_>, aliased: &Aliased<'_>) -> bool {
    let is_whole = |text: &str| text.is_empty() || text.ends_with('/');
    !is_whole(&aliased.prefix)
        && !is_whole(aliased.directory)
        && !aliased.directory.contains('$')
        && sends(block, aliased, "-any.txt")
}

/// What lies beside the directory and begins like it, by its path in the tree.
fn beside(context: &Context<'_>, block: &Block<'_>, path: &str) -> Vec<String> {
    let Some(in_tree) = block.hosted.mapping.to_tree(path) else {
        return Vec::new();
    };
    let start = name(&in_tree);
    let above = directory(&in_tree);
    let names = context.files.list(above).into_iter();
    names
        .filter(|other| other.len() > start.len() && other.starts_with(start))
        .take(MAX_NAMES)
        .map(|other| join(above, &other))
        .collect()
}

/// Whether the name is sent that the directory's becomes with this behind it.
fn sends(block: &Block<'_>, aliased: &Aliased<'_>, rest: &str) -> bool {
    let mut files = Memory::new();
    files.add(format!("{}{rest}", aliased.directory), "");
    let answer = block.ask(&format!("{}{rest}", aliased.prefix), &files);
    answer.verdict == Verdict::Served
}

fn report(
    context: &Context<'_>,
    found: &mut Findings,
    (block, aliased): (&Block<'_>, &Aliased<'_>),
    beside: &[String],
) {
    let (prefix, directory) = (&aliased.prefix, aliased.directory);
    let rest_of = |path: &str| -> Option<String> {
        let at = beside.iter().find(|other| {
            let rest = path.strip_prefix(other.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })?;
        let start = at.len() - name(at).len() + name(directory).len();
        path.get(start..).map(str::to_owned)
    };
    let is_exposed = |path: &&String| {
        rest_of(path).is_some_and(|rest| sends(block, aliased, &rest))
            && !secrets::all_of(context, path).is_empty()
    };
    let exposed: Vec<&String> = context.credentials.keys().filter(is_exposed).collect();
    let names: Vec<&str> = beside.iter().map(|path| name(path)).collect();
    let mut message = format!("`GET {prefix}NAME` gives {directory}NAME, whatever NAME is");
    if names.is_empty() {
        message.push('.');
    } else {
        message.push_str(&format!(": here {}.", names.join(", ")));
    }
    let exposure = found.report(&aliased.location.file, message);
    exposure
        .at_line(aliased.location.line)
        .severe(match (names.is_empty(), exposed.is_empty()) {
            (true, _) => Severity::Low,
            (false, true) => Severity::Medium,
            (false, false) => Severity::High,
        });
    for reason in aliased.reasons() {
        exposure.because(reason);
    }
    exposure.urls.extend(
        beside
            .iter()
            .filter_map(|path| rest_of(path))
            .map(|rest| format!("{prefix}{rest}")),
    );
    if names.is_empty() {
        exposure.sure(Confidence::Medium);
    }
    for path in exposed {
        exposure.exposing(path).reaching(Reach::Reachable);
    }
}
