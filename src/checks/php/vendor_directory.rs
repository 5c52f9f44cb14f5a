//! Installed packages under the document root.

use crate::checks::names::directory;
use crate::checks::standing::{Standing, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-vendor-served",
    code: "PHP-008",
    title: "The packages of Composer can be asked for",
    description: "Scripts in packages were never meant to answer requests; some of them have run what they were \
                  sent. The list of packages with their versions tells what else to try.",
    severity: Severity::Medium,
    cwe: &[552, 538],
    fix: "Move vendor/ out of the document root, or refuse everything below it.",
    references: &["https://getcomposer.org/doc/faqs/how-to-install-untrusted-packages-safely.md"],
    wants: &[Want::name("installed.json").deep()],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("installed.json") {
        let Some(vendor) = path.strip_suffix("/composer/installed.json") else {
            continue;
        };
        if context.index.is_installed(vendor)
            || directory(context.index.inside(vendor))
                .split('/')
                .any(|part| part == "vendor")
        {
            continue;
        }
        let standing = sent(context, path);
        if !matches!(standing, Standing::Open(_)) {
            continue;
        }
        let message = "The list of the installed packages is sent, and so is what they hold.";
        if let Some(exposure) = report(found, &standing, path, message)
            && !standing.is_surely_open()
        {
            // Many applications are handed out with vendor/ in this place.
            exposure.severe(Severity::Low);
        }
    }
}
