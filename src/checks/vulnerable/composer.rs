//! PHP packages that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-composer-package",
    code: "LAR-010",
    title: "A PHP package of a version that lets credentials out",
    description: "The lock file installs a version of a package by which others read files or run code. Who runs \
                  code in an application reads its .env.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Update the package with `composer update`, deploy, and change the credentials that the application had.",
    references: &[
        "https://github.com/FriendsOfPHP/security-advisories",
        "https://getcomposer.org/doc/03-cli.md#audit",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Composer]);
}
