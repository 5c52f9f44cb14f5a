//! Tools that administer a database or a server, beside the application.

use std::collections::BTreeSet;

use crate::checks::names::name;
use crate::checks::standing::{Standing, report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::{Verdict, Want};

/// A word in the name, and one that its own text has, in lower case.
const TOOLS: &[(&str, &str, &str)] = &[
    ("adminer", "adminer", "Adminer"),
    ("phpminiadmin", "phpminiadmin", "phpMiniAdmin"),
    ("xprober", "prober", "X Prober"),
    ("opcache-gui", "opcache_get_status", "an OPcache page"),
    ("opcache", "opcache_get_status", "an OPcache page"),
    ("apc", "apc_cache_info", "an APC page"),
    ("apcu", "apcu_cache_info", "an APCu page"),
    ("lfm", "lazy file manager", "Lazy File Manager"),
    ("tinyfilemanager", "tiny file manager", "Tiny File Manager"),
    ("filemanager", "tiny file manager", "Tiny File Manager"),
    ("mysqldumper", "mysqldumper", "MySQLDumper"),
    ("bigdump", "bigdump", "BigDump"),
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-admin-tool",
    code: "PHP-007",
    title: "A tool for administrators is open to everyone",
    description: "Such tools read databases and files, ask for a password at most, and are known to bots by name. \
                  One that logs in to a server of the attacker gives local files away.",
    severity: Severity::High,
    cwe: &[552, 200],
    fix: "Delete it, or let the web server ask for a login and let in the addresses of administrators only.",
    references: &["https://www.adminer.org/en/password/"],
    wants: &[
        Want::text(".php", "adminer"),
        Want::text(".php", "phpminiadmin"),
        Want::text(".php", "prober"),
        Want::text(".php", "opcache_get_status"),
        Want::text(".php", "apc_cache_info"),
        Want::text(".php", "apcu_cache_info"),
        Want::text(".php", "lazy file manager"),
        Want::text(".php", "tiny file manager"),
        Want::text(".php", "mysqldumper"),
        Want::text(".php", "bigdump"),
        Want::name("config.sample.inc.php"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for &(word, needle, tool) in TOOLS {
        for path in context.index.holding(".php", needle) {
            let name = name(path).to_ascii_lowercase();
            let Some(tail) = name
                .strip_suffix(".php")
                .and_then(|name| name.strip_prefix(word))
            else {
                continue;
            };
            let is_named = tail.is_empty()
                || tail.starts_with(['-', '.', '_'])
                || tail.starts_with(|c: char| c.is_ascii_digit());
            if !is_named || context.is_aside(path) || !seen.insert(path) {
                continue;
            }
            let standing = requested(context, path);
            report(
                found,
                &standing,
                path,
                &format!("Everyone can ask for {tool}."),
            );
        }
    }
    for path in context.index.named("config.sample.inc.php") {
        phpmyadmin(context, path, found);
    }
}

/// Below the top of the site: a tree that is phpMyAdmin itself is there on purpose.
fn phpmyadmin(context: &Context<'_>, marker: &str, found: &mut Findings) {
    let Some(directory) = marker.strip_suffix("/config.sample.inc.php") else {
        return;
    };
    let page = format!("{directory}/index.php");
    let is_it = context
        .files
        .text(marker)
        .is_some_and(|text| text.contains("phpMyAdmin"));
    if !is_it || context.is_aside(marker) {
        return;
    }
    let standing = requested(context, &page);
    let Standing::Open(verdict) = &standing else {
        return;
    };
    let is_below = verdict
        .worst()
        .is_some_and(|url| url.url.matches('/').count() > 1);
    if is_below && has_another(context, directory) {
        report(found, &standing, &page, "Everyone can ask for phpMyAdmin.");
    }
}

/// Whether the page at the top of a site is another application's than the one of this directory.
fn has_another(context: &Context<'_>, directory: &str) -> bool {
    let below = format!("{directory}/");
    context.model.ask("/", context.files).iter().any(|answer| {
        let is_page = matches!(answer.verdict.verdict, Verdict::Executed | Verdict::Served);
        let path = answer.path.as_deref().unwrap_or_default();
        is_page && !answer.is_listing && !path.starts_with(&below)
    })
}
