//! WordPress plugins, themes and WordPress itself, in versions that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-wordpress-plugin",
    code: "WP-009",
    title: "A WordPress plugin of a version that lets credentials out",
    description: "Plugins that send mail keep the keys of mail services and logs of mail. Versions with a known hole \
                  hand these out, or wp-config.php, or the whole site.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Update the plugin or delete it, change the passwords and keys that it had, and look for new users and files.",
    references: &["https://www.wordfence.com/threat-intel/vulnerabilities"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let ecosystems = [
        Ecosystem::WordpressCore,
        Ecosystem::WordpressPlugin,
        Ecosystem::WordpressTheme,
    ];
    report(context, found, &ecosystems);
}
