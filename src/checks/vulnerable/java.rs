//! Java libraries that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-java-library",
    code: "VUL-005",
    title: "A Java library of a version that lets credentials out",
    description: "pom.xml, Gradle's files or the name of a jar say a version of a library by which others read files or \
                  run code. Of a Spring application they read application.properties and the environment.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Raise the version of the library, or of the list of versions that it comes from, build and deploy, and change \
          the credentials that the application had.",
    references: &["https://github.com/advisories?query=type%3Areviewed+ecosystem%3Amaven"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Maven]);
}
