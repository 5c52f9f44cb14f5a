//! Copies of `wp-config.php` under names that no server runs.

use crate::checks::names::name;
use crate::checks::standing::{Standing, is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-config-copy",
    code: "WP-003",
    title: "A copy of wp-config.php can be fetched",
    description: "A server runs wp-config.php and sends wp-config.php.bak as it is: the password of the database, the \
                  keys of the cookies, and the constants that plugins for mail take their credentials from.",
    severity: Severity::Critical,
    cwe: &[530, 540],
    fix: "Delete the copy; change the password of the database, the keys and salts, and every credential in it.",
    references: &[
        "https://developer.wordpress.org/advanced-administration/security/hardening/#securing-wp-config-php",
    ],
    wants: &[
        Want::start("wp-config"),
        Want::start(".wp-config"),
        Want::start("#wp-config"),
        Want::start("_wp-config"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let starts = ["wp-config", ".wp-config", "#wp-config", "_wp-config"];
    for path in starts
        .iter()
        .flat_map(|start| context.index.starting(start))
    {
        let lower = name(path).to_ascii_lowercase();
        // Files that a server runs, or that come with WordPress and its images.
        let is_other =
            lower.ends_with(".php") || lower.contains("sample") || lower.contains("docker");
        if is_other || context.is_aside(path) || !holds_settings(context, path) {
            continue;
        }
        let standing = sent(context, path);
        let message = "This copy of wp-config.php is not run by a server.";
        if standing == Standing::Kept && is_tracked(context, path) {
            found
                .report(path, "git has this copy of wp-config.php.")
                .severe(Severity::Medium);
        } else if let Some(exposure) = report(found, &standing, path, message) {
            exposure.exposing(path);
        }
    }
}

/// Archives and swap files are taken at their name.
fn holds_settings(context: &Context<'_>, path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let packed = [".zip", ".gz", ".tgz", ".bz2", ".7z", ".rar", ".xz"];
    packed.iter().any(|end| lower.ends_with(end))
        || context.files.read(path).is_some_and(|bytes| {
            bytes.starts_with(b"b0VIM ") || memchr::memmem::find(&bytes, b"DB_PASSWORD").is_some()
        })
}
