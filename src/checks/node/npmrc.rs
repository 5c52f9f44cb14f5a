//! Tokens of package registries.

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::configs::report;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-npmrc",
    code: "NODE-011",
    title: "A package manager's settings hold a token",
    description: "Whoever has the token can read private packages, and publish as its owner if it may.",
    severity: Severity::High,
    cwe: &[798, 522],
    fix: "Write ${NPM_TOKEN} in its place, keep the token in the environment, and revoke it.",
    references: &[
        "https://docs.npmjs.com/using-private-packages-in-a-ci-cd-workflow",
        "https://yarnpkg.com/configuration/yarnrc#npmAuthToken",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.credentials.keys() {
        let is_settings = matches!(
            name(path),
            ".npmrc" | ".yarnrc.yml" | ".yarnrc" | "bunfig.toml"
        );
        if is_settings && !context.is_aside(path) {
            report(context, found, path, "It");
        }
    }
}
