//! Modules of Go that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-go-module",
    code: "VUL-006",
    title: "A Go module of a version that lets credentials out",
    description: "go.mod builds a version of a module in that sends credentials to others or writes them into logs.",
    severity: Severity::Medium,
    cwe: &[1395, 532],
    fix: "Update the module with `go get MODULE@VERSION`, build and deploy, and change the credentials that were sent \
          or logged.",
    references: &["https://pkg.go.dev/vuln/"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Go]);
}
