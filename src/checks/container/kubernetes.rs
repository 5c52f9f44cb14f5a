//! Credentials in manifests and in values of charts.

use std::collections::BTreeMap;

use crate::checks::names::{directory, is_yaml, join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reason, Severity};
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

pub(in crate::checks) static CHECK: Check = Check {
    id: "kubernetes-secret",
    code: "K8S-001",
    title: "A manifest holds a credential",
    description: "A ConfigMap, a value in a pod's environment and a chart's values are no secret to anyone who may \
                  list them, and a Secret's base64 is no encryption: in a repository it is clear text.",
    severity: Severity::High,
    cwe: &[312, 798],
    fix: "Keep the value in a secret store (External Secrets), or encrypted (SealedSecret, SOPS), and change the \
          credential.",
    references: &[
        "https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets",
        "https://kubernetes.io/docs/concepts/configuration/configmap/",
    ],
    wants: &[
        Want::text(".yaml", "apiVersion"),
        Want::text(".yml", "apiVersion"),
        Want::name("chart.yaml"),
        Want::start("values"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.credentials.keys() {
        if !is_yaml(path) || context.is_aside(path) || secrets::is_kept_out_of_git(context, path) {
            continue;
        }
        let is_values = name(path).starts_with("values")
            && context.files.is_file(&join(directory(path), "Chart.yaml"));
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let leaves = yaml::leaves(&text);
        let kinds = kinds(&leaves);
        for leaf in &leaves {
            let kind = match kinds.get(&leaf.document) {
                Some(kind) if is_sealed(kind) => continue,
                Some(kind) => kind,
                None if is_values => "values of a chart",
                None => continue,
            };
            report(context, found, path, leaf, kind);
        }
    }
}

/// The kind of each document that is a manifest, in sound order of documents.
fn kinds(leaves: &[Leaf]) -> BTreeMap<usize, &str> {
    let has = |document: usize, key: &str| {
        leaves.iter().any(|leaf| {
            leaf.document == document && leaf.path.first().is_some_and(|have| have == key)
        })
    };
    let kinds = leaves.iter().filter(|leaf| leaf.is(&["kind"]));
    kinds
        .filter(|leaf| has(leaf.document, "apiVersion"))
        .map(|leaf| {
            let is_encrypted = has(leaf.document, "sops");
            (
                leaf.document,
                if is_encrypted {
                    "SealedSecret"
                } else {
                    leaf.value.as_str()
                },
            )
        })
        .collect()
}

/// Kinds that hold a secret in encrypted form, or only where it is.
fn is_sealed(kind: &str) -> bool {
    matches!(
        kind,
        "SealedSecret" | "ExternalSecret" | "SecretStore" | "ClusterSecretStore" | "SopsSecret"
    )
}

fn report(context: &Context<'_>, found: &mut Findings, path: &str, leaf: &Leaf, kind: &str) {
    let here = secrets::on_lines(context, path, &leaf.lines());
    let Some(worst) = secrets::worst(&here) else {
        return;
    };
    let severity = if context.is_for_development(path) || worst < Severity::High {
        Severity::Low
    } else {
        Severity::High
    };
    found
        .report(path, format!("The {kind} holds {}.", secrets::names(&here)))
        .at_line(leaf.line)
        .severe(severity)
        .because(Reason::at(path, leaf.line, leaf.path.join(".")));
}
