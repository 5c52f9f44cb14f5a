//! What the servers that are not Apache or nginx give out.

pub(super) mod caddy;
pub(super) mod caddy_admin;
pub(super) mod dotfiles;
pub(super) mod iis;
pub(super) mod lighttpd;
pub(super) mod lighttpd_status;
pub(super) mod printenv;
pub(super) mod project;
pub(super) mod traefik;

use crate::checks::{Context, Findings};
use crate::finding::{Confidence, Reason};
use crate::site::{DocumentRoot, Hosted, Software, Verdict};

/// Servers of this kind, those that serve nothing of the tree as well.
fn all_of<'c>(context: &'c Context<'_>, software: Software) -> impl Iterator<Item = &'c Hosted> {
    let all = context.model.servers().iter();
    let all = all.chain(context.model.elsewhere());
    all.filter(move |hosted| hosted.server.software() == software)
}

/// The last link of a chain that stands in a file.
fn place(root: &DocumentRoot) -> Option<&Reason> {
    root.because
        .iter()
        .rev()
        .find(|reason| reason.file.is_some())
}

/// Reports each site of a server that sends dotfiles which are there and hold something.
fn dotted(context: &Context<'_>, software: Software, found: &mut Findings) {
    let word = software.word();
    for root in context
        .model
        .roots()
        .iter()
        .filter(|root| root.server == word)
    {
        let (Some(directory), Some(at)) = (&root.path, place(root)) else {
            continue;
        };
        let names = context.files.list(directory);
        let mut served: Vec<String> = Vec::new();
        for name in names
            .iter()
            .filter(|name| name.starts_with(".env") || *name == ".git")
        {
            let path = match directory.as_str() {
                "" => name.clone(),
                directory => format!("{directory}/{name}"),
            };
            let path = if name == ".git" {
                format!("{path}/config")
            } else {
                path
            };
            let verdict = context.verdict(&path);
            let is_served = verdict
                .urls
                .iter()
                .any(|url| url.server == word && url.verdict == Verdict::Served);
            let matters = name == ".git" || !context.credentials_in(&path).is_empty();
            if is_served && matters {
                served.push(path);
            }
        }
        let Some(first) = served.first() else {
            continue;
        };
        let file = at.file.clone().unwrap_or_default();
        let verdict = context.verdict(first);
        let report = found.report(&file, format!("{word} sends {}", served.join(", ")));
        report.at_line(at.line.unwrap_or(1)).served(&verdict);
        if root.assumed.is_some() {
            report.sure(Confidence::Medium);
        }
        for path in &served {
            report.exposing(path);
        }
    }
}
