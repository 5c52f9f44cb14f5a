//! Pipelines that hold credentials, or hand them out.

use crate::checks::names::{is_yaml, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

use super::pipeline_environment;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ci-secret",
    code: "CI-002",
    title: "A pipeline gives a credential away",
    description: "Values in a pipeline's file are seen by everyone who has the code. What a job prints stands in its \
                  log, and what it uploads can be downloaded by everyone who can see the run.",
    severity: Severity::High,
    cwe: &[532, 798],
    fix: "Keep credentials in the secrets of the pipeline, print none of them, and upload no environment files.",
    references: &[
        "https://docs.github.com/en/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions",
        "https://docs.gitlab.com/ci/variables/#cicd-variable-security",
    ],
    wants: &[
        Want::name(".gitlab-ci.yml"),
        Want::text(".yml", "runs-on"),
        Want::text(".yaml", "runs-on"),
        Want::name("bitbucket-pipelines.yml"),
        Want::name("azure-pipelines.yml"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = context.index.all().map(|(path, _)| path);
    for path in names.filter(|path| is_pipeline(context, path) && !context.index.is_installed(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let leaves = yaml::leaves(&text);
        for leaf in &leaves {
            literal(context, found, path, leaf);
            printed(found, path, leaf);
            uploaded(found, path, leaf, &leaves);
            pipeline_environment::look(found, path, leaf, &leaves);
        }
    }
}

fn is_pipeline(context: &Context<'_>, path: &str) -> bool {
    let is_named = matches!(
        name(path),
        ".gitlab-ci.yml" | "bitbucket-pipelines.yml" | "azure-pipelines.yml"
    );
    is_named || (is_yaml(path) && context.is_in(path, ".github/workflows"))
}

fn literal(context: &Context<'_>, found: &mut Findings, path: &str, leaf: &Leaf) {
    let here = secrets::on_lines(context, path, &leaf.lines());
    if secrets::worst(&here).is_some_and(|worst| worst >= Severity::High) {
        // Databases that live as long as the job have passwords of no worth.
        let of_databases = ["database-", "sql-"];
        let is_passing = here.iter().all(|credential| {
            let mut starts = of_databases.iter();
            starts.any(|start| credential.rule.starts_with(start))
        });
        let severity = if is_passing {
            Severity::Low
        } else {
            Severity::High
        };
        found
            .report(
                path,
                format!("It holds {} in clear.", secrets::names(&here)),
            )
            .at_line(leaf.line)
            .severe(severity)
            .because(Reason::at(path, leaf.line, leaf.path.join(".")));
    }
}

/// `echo ${{ secrets.X }}`: the runner masks the value only where it stands as it is.
fn printed(found: &mut Findings, path: &str, leaf: &Leaf) {
    let is_script = leaf.key() == "run" || leaf.is_below(&["*", "script"]);
    if !is_script {
        return;
    }
    for (line, text) in (leaf.line..).zip(leaf.value.lines()) {
        let command = text.trim_start();
        let prints = command.starts_with("echo ") || command.starts_with("printf ");
        let secret = text.contains("${{ secrets.") || text.contains("${{secrets.");
        // Into a file, a variable of the job or another program, and not into the log.
        let goes_elsewhere =
            text.contains('>') || text.contains('|') || text.contains("::add-mask::");
        if prints && secret && !goes_elsewhere {
            found
                .report(path, "A step prints a secret into its log.")
                .at_line(line)
                .severe(Severity::Low)
                .sure(Confidence::Medium);
        }
    }
}

fn uploaded(found: &mut Findings, path: &str, leaf: &Leaf, leaves: &[Leaf]) {
    let is_upload = leaf.key() == "uses" && leaf.value.starts_with("actions/upload-artifact");
    let step = &leaf.path[..leaf.path.len().saturating_sub(1)];
    let is_of_step = |other: &&Leaf| {
        other.path.len() == step.len() + 2
            && other.path.starts_with(step)
            && other.path[step.len()] == "with"
            && other.key() == "path"
    };
    let Some(what) = leaves.iter().find(is_of_step).filter(|_| is_upload) else {
        return;
    };
    let env = what.value.lines().map(str::trim).find(|line| {
        let name = name(line.trim_end_matches('*'));
        name == ".env" || (name.starts_with(".env.") && !name.contains("example"))
    });
    if let Some(env) = env {
        found
            .report(
                path,
                format!("A step uploads {env}: everyone who can see the run can download it."),
            )
            .at_line(what.line)
            .sure(Confidence::Medium)
            .because(Reason::at(path, leaf.line, leaf.value.clone()));
    }
}
