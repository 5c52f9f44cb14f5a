//! Repositories under the document root.

use crate::checks::names::{directory, join};
use crate::checks::standing::{Standing, report, would_be_sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::input::Kind;
use crate::site::Want;

/// The directory of each system, and a file that is always in it.
const SYSTEMS: &[(&str, &[&str])] = &[
    (".git", &["config", "HEAD", "index"]),
    (".svn", &["wc.db", "entries"]),
    (".hg", &["store/00manifest.i", "requires", "hgrc"]),
    (".bzr", &["branch-format"]),
    ("cvs", &["Entries", "Root"]),
    ("_darcs", &["hashed_inventory", "format"]),
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-vcs-directory",
    code: "PHP-009",
    title: "The repository of the site can be fetched",
    description: "From .git everything that was ever committed is put together again, with every credential that was \
                  deleted since; .git/config often holds a token. Bots ask for it on every site.",
    severity: Severity::Critical,
    cwe: &[527, 538],
    fix: "Refuse every path with a part that starts with a dot, deploy without the repository, and change the \
          credentials in its history.",
    references: &["https://cwe.mitre.org/data/definitions/527.html"],
    wants: &[
        Want::name(".git"),
        Want::name(".svn"),
        Want::name(".hg"),
        Want::name(".bzr"),
        Want::name("cvs"),
        Want::name("_darcs"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (name, files) in SYSTEMS {
        for directory in context.index.named(name) {
            if context.is_aside(directory) || context.files.kind(directory) != Kind::Directory {
                continue;
            }
            let present = files.iter().map(|file| join(directory, file));
            let Some(file) = present.into_iter().find(|file| context.files.is_file(file)) else {
                continue;
            };
            look(context, &file, found);
        }
    }
}

fn look(context: &Context<'_>, file: &str, found: &mut Findings) {
    let standing = would_be_sent(context, file);
    // Every developer's checkout has one; only a server that is known says that it is deployed.
    if !matches!(standing, Standing::Open(_)) {
        return;
    }
    let is_sure = standing.is_surely_open();
    let message = if is_sure {
        "The repository can be fetched, and with it every version of every file."
    } else {
        "If this is deployed as it is, the repository can be fetched."
    };
    if let Some(exposure) = report(found, &standing, file, message) {
        if !is_sure {
            exposure.severe(if is_deployed(context, file) {
                Severity::Medium
            } else {
                Severity::Low
            });
        }
        exposure.exposing(file);
    }
}

/// Whether it was checked out into a directory as hosts name those that they serve, and not above it.
fn is_deployed(context: &Context<'_>, file: &str) -> bool {
    let inside = context.index.inside(file);
    let above = directory(directory(inside));
    let place = above.rsplit('/').next().unwrap_or_default();
    matches!(place, "public_html" | "htdocs" | "httpdocs" | "html")
}
