//! Dumps of databases and backups under the document root.

use std::collections::BTreeSet;

use crate::checks::names::name;
use crate::checks::standing::{Standing, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

/// What programs write at the head of a dump.
const HEADS: &[&str] = &[
    "-- MySQL dump",
    "-- MariaDB dump",
    "-- phpMyAdmin SQL Dump",
    "-- PostgreSQL database dump",
    "-- Adminer",
    "-- WordPress database backup",
    "# WordPress MySQL database backup",
    "/*M!999999\\- enable the sandbox mode */",
];
/// How plugins for mail name their row in `wp_options`.
const MAIL_OPTIONS: &[&str] = &[
    "wp_mail_smtp",
    "mailgun",
    "post_smtp",
    "postman_options",
    "fluentmail",
    "easy_wp_smtp",
    "swpsmtp_options",
];
/// Ends of dumps.
const DUMPS: &[&str] = &[
    ".sql", ".sql.gz", ".sql.bz2", ".sql.zip", ".sql.xz", "-db.gz",
];
/// Ends of archives.
const ARCHIVES: &[&str] = &[
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".7z", ".rar", ".wpress", ".daf",
];
/// Words in the names of archives that are backups of the site.
const WORDS: &[&str] = &[
    "backup",
    "backups",
    "bak",
    "dump",
    "db",
    "database",
    "site",
    "www",
    "htdocs",
    "html",
    "web",
    "wordpress",
    "wp-content",
    "sql",
    "full",
    "archive",
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-database-dump",
    code: "WP-008",
    title: "A backup or a dump of the database can be fetched",
    description: "The settings of plugins for mail are in the database, credentials in clear among them; a backup of \
                  the site has wp-config.php or .env as well. Bots ask for dump.sql, backup.zip and the \
                  directories of backup plugins.",
    severity: Severity::High,
    cwe: &[530, 538],
    fix: "Move backups out of the document root, and change the credentials in them. The .htaccess that plugins put \
          beside them counts on Apache only.",
    references: &[
        "https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
    ],
    wants: &[
        Want::end(".sql"),
        Want::end(".sql.gz"),
        Want::end(".sql.bz2"),
        Want::end(".sql.zip"),
        Want::end(".sql.xz"),
        Want::end("-db.gz"),
        Want::end(".wpress"),
        Want::end(".daf"),
        Want::end(".zip"),
        Want::end(".tar"),
        Want::end(".tar.gz"),
        Want::end(".tar.bz2"),
        Want::end(".tgz"),
        Want::end(".7z"),
        Want::end(".rar"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let paths: BTreeSet<&str> = DUMPS
        .iter()
        .chain(ARCHIVES)
        .flat_map(|end| context.index.ending(end))
        .filter(|path| !context.is_aside(path))
        .collect();
    for path in paths {
        let Some(what) = what(context, path) else {
            continue;
        };
        let standing = sent(context, path);
        if !matches!(standing, Standing::Open(_) | Standing::Unknown(_)) {
            continue;
        }
        let message = match what {
            What::Mail => "This dump holds the settings of a plugin for mail.",
            What::Dump => "This is the dump of a database.",
            What::Backup => "By its name this is a backup of the site or its database.",
        };
        if let Some(exposure) = report(found, &standing, path, message) {
            exposure.exposing(path);
            if what == What::Mail && standing.is_open() {
                exposure.severe(Severity::Critical);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Mail,
    Dump,
    Backup,
}

fn what(context: &Context<'_>, path: &str) -> Option<What> {
    let lower = name(path).to_ascii_lowercase();
    if lower.ends_with(".sql") {
        return dump(context, path);
    }
    if let Some(end) = ARCHIVES.iter().find(|end| lower.ends_with(**end)) {
        let stem = &lower[..lower.len() - end.len()];
        let mut parts = stem.split(['-', '_', '.', ' ']);
        let is_backup = parts.any(|part| WORDS.contains(&part)) || lower.ends_with(".wpress");
        // Names of downloads have these words too: only those that are nothing else count.
        let is_plugins = [
            "updraft",
            "ai1wm-backups",
            "backwpup",
            "backups-dup",
            "wp-snapshots",
        ]
        .iter()
        .any(|folder| context.index.inside(path).contains(folder));
        let is_short = stem
            .split(['-', '_', '.', ' '])
            .all(|part| WORDS.contains(&part) || part.bytes().all(|byte| byte.is_ascii_digit()));
        return (is_plugins || (is_backup && is_short)).then_some(What::Backup);
    }
    Some(What::Backup)
}

/// Tables without rows are the schema that an application comes with.
fn dump(context: &Context<'_>, path: &str) -> Option<What> {
    let Some(text) = context.files.text(path) else {
        // Longer than anything that an application comes with.
        return Some(What::Dump);
    };
    let mut end = text.len().min(2_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let has_rows = text.contains("INSERT INTO") || text.contains("\nCOPY ");
    if !has_rows {
        return None;
    }
    let has_options = text.contains("_options`") || text.contains("_options ");
    if has_options && MAIL_OPTIONS.iter().any(|option| text.contains(option)) {
        return Some(What::Mail);
    }
    let is_dump = HEADS.iter().any(|mark| head.contains(mark));
    (is_dump || !context.credentials_in(path).is_empty()).then_some(What::Dump)
}
