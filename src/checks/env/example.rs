//! `.env.example` with credentials that are none of an example's.

use std::collections::BTreeSet;

use crate::checks::names::is_for_tests;
use crate::checks::{Check, Context, Credential, Findings};
use crate::finding::{Confidence, Severity};

use super::files::{Kind, WANTS, with_credentials};

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-example-secret",
    code: "ENV-003",
    title: "A template of the environment file holds real credentials",
    description: "Templates such as .env.example are committed and copied on purpose. Whoever filled one in from the \
                  real file has published it.",
    severity: Severity::High,
    cwe: &[540, 798],
    fix: "Empty the value in the template, and change the credential: it is in the history of the repository.",
    references: &["https://12factor.net/config"],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let real: BTreeSet<u64> = with_credentials(context, &[Kind::Plain, Kind::Variant])
        .flat_map(|path| context.credentials_in(path))
        .map(|credential| credential.identity)
        .collect();
    for path in with_credentials(context, &[Kind::Example]) {
        for credential in context.credentials_in(path) {
            let is_real = real.contains(&credential.identity);
            if !is_real && !has_own_shape(credential) {
                continue;
            }
            let name = credential.name.as_deref().unwrap_or("a value");
            let why = if is_real {
                "is the same as in an environment file that is in use"
            } else {
                "has the shape of a real credential"
            };
            let exposure = found.report(path, format!("{name} {why}."));
            exposure
                .at_line(u32::try_from(credential.line).unwrap_or(u32::MAX))
                .exposing(path);
            if !is_real {
                exposure.sure(Confidence::Medium);
            }
            if is_for_tests(path) {
                exposure.severe(Severity::Low);
            }
        }
    }
}

/// Rules without a provider find passwords by name; a template's may well be a made-up one.
fn has_own_shape(credential: &Credential) -> bool {
    let is_by_name = [
        "generic-",
        "database-",
        "connection-string-",
        "smtp-",
        "sql-",
        "redis-",
    ];
    credential.severity >= Severity::High
        && !is_by_name
            .iter()
            .any(|start| credential.rule.starts_with(start))
}
