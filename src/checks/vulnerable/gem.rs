//! Ruby gems that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-ruby-gem",
    code: "VUL-004",
    title: "A Ruby gem of a version that lets credentials out",
    description: "The lock file installs a version of a gem by which others read files or run code. Of a Rails \
                  application they read config/master.key, and with it all credentials.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Update the gem with `bundle update --conservative NAME`, deploy, and change the credentials that the \
          application had, secret_key_base among them.",
    references: &["https://github.com/rubysec/ruby-advisory-db"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Gem]);
}
