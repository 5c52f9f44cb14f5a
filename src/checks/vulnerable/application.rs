//! Applications that are installed as a whole, in versions that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-application",
    code: "VUL-001",
    title: "An application of a version that lets credentials out",
    description: "Joomla 4.0.0 to 4.2.7 hands out the passwords of its database and of its mail server to anybody.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Update the application, and change the passwords in its configuration.",
    references: &[
        "https://developer.joomla.org/security-centre/894-20230201-core-improper-access-check-in-webservice-endpoints.html",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Application]);
}
