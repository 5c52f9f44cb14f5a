//! Installers and tools of migration that were left behind.

use crate::checks::names::join;
use crate::checks::standing::{report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

use super::config::{Constants, configs, root};

/// Names, and a word that the file has, in lower case.
const TOOLS: &[(&str, &str)] = &[
    ("installer.php", "duplicator"),
    ("installer-backup.php", "duplicator"),
    ("searchreplacedb2.php", "search"),
    ("emergency.php", "wp-"),
    ("wp-emergency.php", "wp-"),
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-installer",
    code: "WP-011",
    title: "An installer of WordPress is open to everyone",
    description: "Installers take no password: whoever comes first connects the site to a database of their own and \
                  is its administrator. Tools of migration show and change the database.",
    severity: Severity::High,
    cwe: &[552, 306],
    fix: "Delete the file, with the archive and the logs beside it; take WP_ALLOW_REPAIR out of wp-config.php.",
    references: &[
        "https://duplicator.com/knowledge-base/how-to-install-a-duplicator-archive/",
        "https://developer.wordpress.org/advanced-administration/wordpress/wp-config/#automatic-database-optimizing",
    ],
    wants: &[
        Want::name("installer.php"),
        Want::name("installer-backup.php"),
        Want::name("searchreplacedb2.php"),
        Want::name("emergency.php"),
        Want::name("wp-emergency.php"),
        Want::name("wp-config.php"),
        Want::name("wp-load.php"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (tool, word) in TOOLS {
        for path in context.index.named(tool) {
            let text = context.files.text(path).unwrap_or_default();
            if context.is_aside(path)
                || !text.to_ascii_lowercase().contains(word)
                || is_plugin(context, path)
            {
                continue;
            }
            let standing = requested(context, path);
            if standing.is_open() {
                report(
                    found,
                    &standing,
                    path,
                    "It was left behind, and asks for no password.",
                );
            }
        }
    }
    for (config, text) in configs(context) {
        let script = Script::new(&text);
        let constants = Constants::of(&script);
        if constants.is_true("WP_ALLOW_REPAIR") {
            found
                .report(config, "WP_ALLOW_REPAIR lets everyone repair the database.")
                .at_line(constants.line("WP_ALLOW_REPAIR"));
        }
    }
    for load in context.index.named("wp-load.php") {
        fresh_install(context, load, found);
    }
}

/// The plugins bring the installers that they hand out.
fn is_plugin(context: &Context<'_>, path: &str) -> bool {
    context.is_in(path, "wp-content/plugins")
}

/// Without a configuration whoever comes first installs; it may lie one directory above.
fn fresh_install(context: &Context<'_>, load: &str, found: &mut Findings) {
    let directory = root(load);
    let above = root(directory);
    let has_config = [directory, above]
        .iter()
        .any(|directory| context.files.is_file(&join(directory, "wp-config.php")));
    let install = join(directory, "wp-admin/install.php");
    if has_config || context.is_aside(load) || !context.files.is_file(&install) {
        return;
    }
    // Sources of WordPress lie about in many places; a server that is known says that this one runs.
    let standing = requested(context, &install);
    if standing.is_surely_open() {
        let message = "There is no wp-config.php: whoever comes first installs this site.";
        if let Some(exposure) = report(found, &standing, &install, message) {
            exposure.severe(Severity::Medium);
        }
    }
}
