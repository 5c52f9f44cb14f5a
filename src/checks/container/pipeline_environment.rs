//! Steps of a pipeline that print the environment, or publish files that they wrote secrets into.

use crate::checks::Findings;
use crate::checks::names::name;
use crate::checks::shell::prints_environment;
use crate::finding::{Confidence, Reason, Severity};
use crate::site::lex::yaml::Leaf;

/// What publishes a directory, and what the directory is called there.
const PUBLISHERS: &[(&str, &str)] = &[
    ("actions/upload-pages-artifact", "path"),
    ("peaceiris/actions-gh-pages", "publish_dir"),
    ("JamesIves/github-pages-deploy-action", "folder"),
];
/// Programs whose output the runner does not know a secret in any more.
const ENCODERS: &[&str] = &["base64", "xxd", "rev", "hexdump", "od "];

/// Looks at one value of a pipeline.
pub(super) fn look(found: &mut Findings, path: &str, leaf: &Leaf, leaves: &[Leaf]) {
    printed(found, path, leaf, leaves);
    published(found, path, leaf, leaves);
}

fn printed(found: &mut Findings, path: &str, leaf: &Leaf, leaves: &[Leaf]) {
    let is_gitlab = name(path) == ".gitlab-ci.yml";
    let is_script = leaf.key() == "run" || (is_gitlab && leaf.is_below(&["*", "script"]));
    if !is_script {
        return;
    }
    for (line, text) in (leaf.line..).zip(leaf.value.lines()) {
        let compact: String = text.split_whitespace().collect();
        let goes_elsewhere = text.contains('>');
        let (message, severity) = if compact.contains("toJSON(secrets)")
            && !goes_elsewhere
            && compact.starts_with("echo")
        {
            (
                "A step prints all secrets of the repository into its log.",
                Severity::Medium,
            )
        } else if prints_environment(text) && (is_gitlab || has_secrets(leaf, leaves)) {
            let is_encoded = ENCODERS.iter().any(|one| text.contains(one));
            // Runners put stars for secrets that they find as they are.
            let severity = if is_encoded || is_gitlab {
                Severity::Medium
            } else {
                Severity::Low
            };
            (
                "A step prints the environment, with secrets in it, into its log.",
                severity,
            )
        } else {
            continue;
        };
        found
            .report(path, message)
            .at_line(line)
            .severe(severity)
            .sure(Confidence::Medium)
            .because(Reason::at(path, line, text.trim()));
    }
}

/// Whether the workflow, the job or the step puts secrets into the environment of a script.
fn has_secrets(script: &Leaf, leaves: &[Leaf]) -> bool {
    leaves.iter().any(|leaf| {
        let at = leaf.path.iter().rposition(|key| key == "env");
        let around = at.map(|at| &leaf.path[..at]);
        around.is_some_and(|around| script.path.starts_with(around))
            && leaf.value.contains("secrets.")
    })
}

/// The whole checkout is published, in which a step of the same job has put a secret.
fn published(found: &mut Findings, path: &str, leaf: &Leaf, leaves: &[Leaf]) {
    let publisher = PUBLISHERS
        .iter()
        .find(|(action, _)| leaf.key() == "uses" && leaf.value.starts_with(action));
    let Some((_, key)) = publisher else { return };
    let step = &leaf.path[..leaf.path.len() - 1];
    let job = &leaf.path[..leaf.path.len().saturating_sub(3)];
    let directory = leaves.iter().find(|other| {
        other.path.len() == step.len() + 2
            && other.path.starts_with(step)
            && other.path[step.len()] == "with"
            && other.key() == *key
    });
    let is_all = |value: &str| matches!(value.trim(), "." | "./" | "${{ github.workspace }}");
    let Some(directory) = directory.filter(|leaf| is_all(&leaf.value)) else {
        return;
    };
    let written = leaves
        .iter()
        .filter(|other| {
            other.key() == "run" && other.path.starts_with(job) && other.line < leaf.line
        })
        .find_map(|run| {
            let mut lines = (run.line..).zip(run.value.lines());
            lines.find(|(_, text)| {
                text.contains("secrets.") && text.contains('>') && !text.contains("GITHUB_")
            })
        });
    if let Some((line, text)) = written {
        found
            .report(path, "A step publishes the whole checkout as pages, with a file that a secret was written to.")
            .at_line(directory.line)
            .severe(Severity::High)
            .sure(Confidence::Medium)
            .because(Reason::at(path, line, text.trim()))
            .because(Reason::at(path, leaf.line, leaf.value.clone()));
    }
}
