//! XML-RPC of WordPress.

use crate::checks::names::{directory, join};
use crate::checks::standing::{report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-xmlrpc",
    code: "WP-013",
    title: "XML-RPC of WordPress is open",
    description: "It takes many passwords in one request. The file is part of WordPress; most sites have no use for \
                  it.",
    severity: Severity::Info,
    cwe: &[307],
    fix: "Refuse requests for xmlrpc.php, unless an application uses it.",
    references: &["https://developer.wordpress.org/advanced-administration/security/brute-force/"],
    wants: &[Want::name("xmlrpc.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("xmlrpc.php") {
        let core = join(directory(path), "wp-includes/version.php");
        if context.is_aside(path) || !context.files.is_file(&core) {
            continue;
        }
        let standing = requested(context, path);
        if standing.is_open() {
            report(found, &standing, path, "Anyone can ask for it.");
        }
    }
}
