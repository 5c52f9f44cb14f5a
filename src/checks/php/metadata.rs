//! Files that tell what else is there.

use crate::checks::standing::{Standing, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-metadata",
    code: "PHP-013",
    title: "A file that tells of others can be fetched",
    description: "Settings of PHP and of editors, and the memory of tools, name paths, hosts and other files.",
    severity: Severity::Low,
    cwe: &[538],
    fix: "Delete it, and refuse such names.",
    references: &["https://cwe.mitre.org/data/definitions/538.html"],
    wants: &[
        Want::name("thumbs.db"),
        Want::name(".user.ini"),
        Want::name("php.ini"),
        Want::name(".phpunit.result.cache"),
        Want::name("workspace.xml"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for name in [
        "thumbs.db",
        ".user.ini",
        "php.ini",
        ".phpunit.result.cache",
        "workspace.xml",
    ] {
        for path in context.index.named(name) {
            let is_other = name == "workspace.xml" && !context.is_in(path, ".idea");
            if is_other || context.is_aside(path) {
                continue;
            }
            let standing = sent(context, path);
            if !matches!(standing, Standing::Open(_)) {
                continue;
            }
            if let Some(exposure) = report(found, &standing, path, "A server sends it.")
                && !standing.is_surely_open()
            {
                exposure.severe(Severity::Info);
            }
        }
    }
}
