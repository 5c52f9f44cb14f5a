//! Lists of directories.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::input::Memory;
use crate::site::Verdict;

use super::{Block, blocks, prefix_of};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-autoindex",
    code: "NGX-004",
    title: "Directories are listed",
    description: "Whoever asks for a directory sees the names of all files in it, of backups and dumps as well.",
    severity: Severity::Medium,
    cwe: &[548],
    fix: "Take `autoindex on` away, or ask for a password where it is needed.",
    references: &["https://nginx.org/en/docs/http/ngx_http_autoindex_module.html"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        for directive in block.directives {
            let is_on = directive.args.first().is_some_and(|arg| arg == "on");
            if directive.name != "autoindex" || !is_on {
                continue;
            }
            let Some(url) = listed(&block, prefix_of(directive).unwrap_or("/")) else {
                continue;
            };
            let exposure = found.report(
                &directive.file,
                format!("`GET {url}` lists every directory below it."),
            );
            exposure.at_line(directive.line).because(Reason::at(
                directive.file.as_str(),
                directive.line,
                "autoindex on",
            ));
            exposure.urls.push(url);
        }
    }
}

/// The URL, if someone on the internet gets a list of a directory below it.
fn listed(block: &Block<'_>, prefix: &str) -> Option<String> {
    let host = &block.hosted.server.hosts()[block.host];
    let alias = host.aliases.iter().find(|(url, _)| url == prefix);
    let directory = match (alias, &host.root) {
        (Some((_, directory)), _) => directory.clone(),
        (None, Some(root)) => format!("{root}{prefix}"),
        (None, None) => return None,
    };
    let directory = directory.trim_end_matches('/');
    let mut files = Memory::new();
    files.add(format!("{directory}/listed/file"), "");
    if alias.is_some() {
        // A location's own root stands in front of its name.
        files.add(
            format!("{directory}{prefix}/listed/file").replace("//", "/"),
            "",
        );
    }
    let url = format!("{}/", prefix.trim_end_matches('/'));
    let answer = block.ask(&format!("{url}listed/"), &files);
    let is_listing = answer.is_listing || answer.verdict == Verdict::Unknown;
    is_listing.then_some(url)
}
