//! `APA-004`: directories are listed.

use super::{Context, named, servers};
use crate::checks::{Check, Findings};
use crate::finding::{Reason, Severity};
use crate::input::Files;
use crate::site::{Hosted, Mapped, Request};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-indexes",
    code: "APA-004",
    title: "Apache lists directories",
    description: "A list of a directory shows the backups, dumps and logs that nobody would find by guessing.",
    severity: Severity::Medium,
    cwe: &[548],
    fix: "Write `Options -Indexes`.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_autoindex.html"],
    wants: &[],
    run,
};

/// So many directories of a host are looked at …
const MAX_DIRECTORIES: usize = 200;

/// … so deep.
const MAX_DEPTH: usize = 4;

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in servers(context) {
        let files = Mapped::new(context.files, &hosted.mapping);
        for (number, host) in hosted.server.hosts().iter().enumerate() {
            let Some(root) = host.root.as_deref() else {
                continue;
            };
            look(hosted, number, root, &files, findings);
        }
    }
}

fn look(hosted: &Hosted, host: usize, root: &str, files: &Mapped<'_>, findings: &mut Findings) {
    let mut listed: Vec<String> = Vec::new();
    let mut because: Vec<Reason> = Vec::new();
    for url in directories(root, files) {
        let answer = hosted.server.answer(host, &Request::of(&url), files);
        if answer.is_listing {
            listed.push(url);
            because = answer.because;
        }
    }
    let option = because.iter().rev().find(|reason| {
        reason.file.is_some() && reason.directive.to_ascii_lowercase().starts_with("options")
    });
    let (Some(first), Some(option)) = (listed.first(), option) else {
        return;
    };
    let more = match listed.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more directories"),
    };
    let file = named(hosted, option.file.as_deref().unwrap_or_default());
    let found = findings.report(&file, format!("{first}{more} can be listed by everyone"));
    found.line = option.line;
    found.because(Reason {
        file: Some(file.clone()),
        ..option.clone()
    });
    listed.truncate(10);
    found.urls = listed;
}

/// The URLs of directories that hold something, the shallow ones first.
fn directories(root: &str, files: &Mapped<'_>) -> Vec<String> {
    let mut found = vec!["/".to_owned()];
    let mut at = 0;
    while let Some(url) = found.get(at).cloned() {
        at += 1;
        if found.len() >= MAX_DIRECTORIES {
            break;
        }
        if url.matches('/').count() > MAX_DEPTH {
            continue;
        }
        let directory = format!(
            "{}{}",
            root.trim_end_matches('/'),
            url.trim_end_matches('/')
        );
        for name in files.list(&directory) {
            let is_plain = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
            if is_plain && files.is_directory(&format!("{directory}/{name}")) {
                found.push(format!("{url}{name}/"));
            }
        }
    }
    found
}
