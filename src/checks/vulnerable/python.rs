//! Python packages that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-python-package",
    code: "VUL-003",
    title: "A Python package of a version that lets credentials out",
    description: "A pin or a lock file installs a version of a package by which others read files or run code, and \
                  so the environment of the application.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Raise the pin to a version that is kept up, deploy, and change the credentials that the application had.",
    references: &["https://github.com/pypa/advisory-database"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Pypi]);
}
