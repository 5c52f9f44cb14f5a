//! `APA-002`, `NGX-005`: the document root is the whole project.

use std::collections::BTreeSet;

use super::Context;
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::{FileVerdict, Software, Verdict, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "site-project-root",
    code: "APA-002",
    title: "The whole project is a document root",
    description: "Frameworks have a directory of their own for what visitors may see. Where the project's directory is \
                  the document root, its configuration, its history and its dependencies can be fetched.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Point the document root at the project's public directory.",
    references: &[
        "https://laravel.com/docs/deployment#server-configuration",
        "https://symfony.com/doc/current/setup/web_server_configuration.html",
    ],
    wants: &[
        Want::name(".git"),
        Want::name("artisan"),
        Want::name("manage.py"),
    ],
    run,
};

/// What makes a directory a project, and what of it nobody should fetch.
const MARKERS: &[(&str, &[&str])] = &[
    (
        "artisan",
        &["artisan", "composer.json", "composer.lock", ".env"],
    ),
    (
        "vendor/autoload.php",
        &["composer.json", "composer.lock", ".env"],
    ),
    (
        "vendor/composer",
        &["composer.json", "composer.lock", ".env"],
    ),
    (".git/config", &[".git/config", ".git/HEAD"]),
    (".git/HEAD", &[".git/HEAD"]),
    ("manage.py", &["manage.py", "db.sqlite3", ".env"]),
    (
        "node_modules",
        &["package.json", "package-lock.json", ".env"],
    ),
    ("config/master.key", &["config/master.key"]),
    ("config/application.rb", &["Gemfile", "config/database.yml"]),
];

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for root in context.model.roots() {
        // Without a configuration nobody knows what the document root is.
        let is_configured =
            root.server == Software::Apache.word() || root.server == Software::Nginx.word();
        let has_place = root.because.iter().any(|reason| reason.file.is_some());
        let Some(directory) = root
            .path
            .filter(|_| root.url == "/" && is_configured && has_place)
        else {
            continue;
        };
        if !seen.insert(directory.clone()) {
            continue;
        }
        let inside = |name: &str| match &*directory {
            "" => name.to_owned(),
            directory => format!("{directory}/{name}"),
        };
        let exists = |name: &str| {
            context.files.is_file(&inside(name)) || context.files.is_directory(&inside(name))
        };
        let sent = |name: &&&str| {
            let verdict = context.verdict(&inside(name));
            context.files.is_file(&inside(name)) && is_sent(&verdict)
        };
        let found = MARKERS
            .iter()
            .filter(|(marker, _)| exists(marker))
            .find_map(|(_, private)| private.iter().find(sent));
        if let Some(name) = found {
            let file = inside(name);
            let verdict = context.verdict(&file);
            let place = root
                .because
                .iter()
                .rev()
                .find(|reason| reason.file.is_some())
                .cloned();
            let place = place.unwrap_or_default();
            let at = place.file.clone().unwrap_or_else(|| file.clone());
            let message =
                format!("the document root holds the whole project: {file} can be fetched");
            let found = findings.report(&at, message);
            found.line = place.line;
            found.served(&verdict);
        }
    }
}

fn is_sent(verdict: &FileVerdict) -> bool {
    let configured = [Software::Apache.word(), Software::Nginx.word()];
    let mut urls = verdict.urls.iter();
    urls.any(|url| url.verdict == Verdict::Served && configured.contains(&&*url.server))
}
