//! npm packages that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-npm-package",
    code: "NODE-013",
    title: "An npm package of a version that lets credentials out",
    description: "The lock file installs a version of a package by which others read files or run code. For a \
                  development server that matters where others can reach it.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Update the package, deploy, and change the credentials that the application had; let no development server \
          listen for others.",
    references: &[
        "https://react.dev/blog/2025/12/03/critical-security-vulnerability-in-react-server-components",
        "https://github.com/vitejs/vite/security/advisories",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Npm]);
}
