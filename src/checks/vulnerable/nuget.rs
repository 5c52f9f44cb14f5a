//! Packages of .NET that let credentials out.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::packages::Ecosystem;

use super::report::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-nuget-package",
    code: "VUL-007",
    title: "A NuGet package of a version that lets credentials out",
    description: "The project refers to a version of a package by which others get the credentials that it is given.",
    severity: Severity::Medium,
    cwe: &[1395, 319],
    fix: "Update the package with `dotnet add package NAME`, deploy, and change the credentials that may have been read.",
    references: &["https://learn.microsoft.com/en-us/nuget/concepts/auditing-packages"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    report(context, found, &[Ecosystem::Nuget]);
}
