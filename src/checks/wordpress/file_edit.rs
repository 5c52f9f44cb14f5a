//! The editor of plugins and themes.

use crate::checks::names::join;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::lex::php::Script;

use super::config::{Constants, WANTS, configs, root};

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-file-edit",
    code: "WP-007",
    title: "Administrators of WordPress can edit its code",
    description: "Whoever takes over one administrator runs code, and reads wp-config.php. It is the default.",
    severity: Severity::Low,
    cwe: &[732],
    fix: "Set DISALLOW_FILE_EDIT to true in wp-config.php.",
    references: &[
        "https://developer.wordpress.org/advanced-administration/security/hardening/#disable-file-editing",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (config, text) in configs(context) {
        // In a configuration by itself nobody knows what another file adds.
        let core = join(root(config), "wp-includes/version.php");
        if !context.files.is_file(&core) {
            continue;
        }
        let script = Script::new(&text);
        let constants = Constants::of(&script);
        let is_set = ["DISALLOW_FILE_EDIT", "DISALLOW_FILE_MODS"]
            .iter()
            .any(|name| constants.get(name).is_some());
        if !is_set {
            found.report(config, "DISALLOW_FILE_EDIT is not set.");
        }
    }
}
