//! Terraform's state and variables.

use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, GitState, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "terraform-secret",
    code: "TF-001",
    title: "Terraform's state or variables hold credentials",
    description: "The state holds every attribute of every resource in clear, passwords that a provider made included. \
                  In a repository, everyone who has the code has them.",
    severity: Severity::High,
    cwe: &[312, 538],
    fix: "Keep the state in a remote backend with encryption, take state and .tfvars out of git and its history, and \
          change the credentials.",
    references: &["https://developer.hashicorp.com/terraform/language/manage-sensitive-data"],
    wants: &[
        Want::end(".tfstate"),
        Want::end(".tfstate.backup"),
        Want::end(".tfvars"),
        Want::end(".tfvars.json"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let ends = [".tfstate", ".tfstate.backup", ".tfvars", ".tfvars.json"];
    for (path, all) in context.credentials {
        if context.is_aside(path) || !ends.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        let worth = secrets::all_of(context, path);
        let (Some(first), Some(worst)) = (worth.first(), secrets::worst(&worth)) else {
            continue;
        };
        let state = (context.git)(path);
        if state == GitState::Ignored {
            continue;
        }
        let (severity, sure) = match state {
            GitState::Tracked => (Severity::High, Confidence::High),
            _ => (Severity::Medium, Confidence::Medium),
        };
        let line = u32::try_from(first.line).unwrap_or(u32::MAX);
        let count = all.len();
        found
            .report(
                path,
                format!(
                    "It holds {} ({count} in all), and git does not ignore it.",
                    secrets::names(&worth)
                ),
            )
            .at_line(line)
            .severe(severity.min(worst))
            .sure(sure);
    }
}
