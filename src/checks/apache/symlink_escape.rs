//! `APA-014`: a link in the document root leads out of it.

use super::{Context, named, servers};
use crate::checks::{Check, Findings, secrets};
use crate::finding::{Reason, Severity};
use crate::site::{Mapped, Request, Verdict};

pub(in crate::checks) static CHECK: Check = Check {
    id: "site-symlink-escape",
    code: "APA-014",
    title: "A link leads out of the document root, to credentials",
    description: "With `Options FollowSymLinks` a link makes everything behind it part of the site.",
    severity: Severity::Medium,
    cwe: &[61, 552],
    fix: "Take the link away, or write `Options SymLinksIfOwnerMatch` where others may make links.",
    references: &["https://httpd.apache.org/docs/2.4/mod/core.html#options"],
    wants: &[],
    run,
};

/// So many links are followed.
const MAX_LINKS: usize = 200;

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in servers(context) {
        let files = Mapped::new(context.files, &hosted.mapping);
        for link in context.index.links().take(MAX_LINKS) {
            let Some(target) = context
                .files
                .target(link)
                .and_then(|target| joined(link, &target))
            else {
                continue;
            };
            for (number, host) in hosted.server.hosts().iter().enumerate() {
                let root = host
                    .root
                    .as_ref()
                    .and_then(|root| hosted.mapping.to_tree(root));
                let Some(root) = root else {
                    continue;
                };
                let (Some(url), None) = (inside(&root, link), inside(&root, &target)) else {
                    continue;
                };
                for file in context.credentials.keys() {
                    let Some(rest) = inside(&target, file) else {
                        continue;
                    };
                    let worth = secrets::all_of(context, file);
                    let slash = if rest.is_empty() { "" } else { "/" };
                    let url = format!("/{url}{slash}{rest}");
                    let answer = hosted.server.answer(number, &Request::of(&url), &files);
                    if worth.is_empty() || answer.verdict != Verdict::Served || answer.is_listing {
                        continue;
                    }
                    let found =
                        findings.report(link, format!("through this link {file} can be fetched"));
                    found.exposing(file).urls.push(url);
                    found.because(Reason::fact(format!("{link} -> {target}")));
                    found
                        .because
                        .extend(answer.because.into_iter().map(|mut reason| {
                            reason.file = reason.file.map(|file| named(hosted, &file));
                            reason
                        }));
                }
            }
        }
    }
}

fn inside<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    if directory.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(directory)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

/// Where a link in the tree leads, inside of the tree.
fn joined(link: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
