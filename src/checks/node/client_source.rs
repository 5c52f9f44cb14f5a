//! Credentials in the sources of what browsers get.

use crate::checks::names::{join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reach, Reason, Severity};

use super::project::root_of;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-client-source",
    code: "NODE-016",
    title: "The source of a page holds a credential",
    description: "Components and the environments of Angular are compiled into scripts for browsers, with every text \
                  that stands in them.",
    severity: Severity::Critical,
    cwe: &[200, 798],
    fix: "Call the service from the server and let browsers ask the server; then change the credential, since old \
          builds have it.",
    references: &[
        "https://angular.dev/tools/cli/environments",
        "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    ],
    wants: &[],
    run,
};

/// Files that are components, whatever their directory.
const COMPONENTS: &[&str] = &[".vue", ".svelte", ".jsx", ".tsx"];

/// What says that a file is run by a server.
const OF_SERVERS: &[&str] = &[
    "getServerSideProps",
    "getStaticProps",
    "use server",
    "server-only",
    "next/headers",
    "renderToString",
    "renderToPipeableStream",
    "@react-email",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .credentials
        .keys()
        .filter(|path| !context.is_aside(path))
    {
        let all = secrets::all_of(context, path);
        let (Some(first), Some(worst)) = (all.first(), secrets::worst(&all)) else {
            continue;
        };
        let is_environment = is_angulars(context, path);
        if worst < Severity::High || !(is_environment || is_component(context, path)) {
            continue;
        }
        let exposure = found.report(
            path,
            format!(
                "Builds put {} into what browsers get.",
                secrets::names(&all)
            ),
        );
        exposure
            .at_line(u32::try_from(first.line).unwrap_or(u32::MAX))
            .reaching(Reach::Published)
            .exposing(path);
        if is_environment {
            exposure.because(Reason::fact(
                "the environments of Angular are part of its builds",
            ));
        } else {
            // It may be the one component that only a server renders.
            exposure
                .severe(Severity::High)
                .sure(Confidence::Medium)
                .because(Reason::fact("components are part of builds for browsers"));
        }
    }
}

/// `src/environments/environment.prod.ts`.
fn is_angulars(context: &Context<'_>, path: &str) -> bool {
    let name = name(path);
    name.starts_with("environment") && name.ends_with(".ts") && context.is_in(path, "environments")
}

/// A component of a project for browsers.
fn is_component(context: &Context<'_>, path: &str) -> bool {
    let name = name(path);
    let is_test = [".test.", ".spec.", ".stories."]
        .iter()
        .any(|part| name.contains(part));
    if is_test || !COMPONENTS.iter().any(|end| name.ends_with(end)) {
        return false;
    }
    let text = context.files.text(path).unwrap_or_default();
    let package = context
        .files
        .text(&join(&root_of(context, path), "package.json"));
    let package = package.unwrap_or_default();
    // A page of the App Router is run by the server, unless it says otherwise.
    let is_servers = package.contains("\"next\"") && !text.contains("use client");
    !is_servers && !OF_SERVERS.iter().any(|mark| text.contains(mark))
}
