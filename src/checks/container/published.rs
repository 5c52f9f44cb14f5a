//! Ports of compose files that everyone can reach.

use crate::checks::{Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::lex::yaml::Leaf;

/// A port that is published, and not to the machine itself alone.
pub(in crate::checks) struct Published<'l> {
    /// The service.
    pub(in crate::checks) service: &'l str,
    /// What the port is called inside of the container.
    pub(in crate::checks) inside: &'l str,
    leaf: &'l Leaf,
}

/// All of them, in order.
pub(in crate::checks) fn published(leaves: &[Leaf]) -> impl Iterator<Item = Published<'_>> {
    let is_one = |leaf: &&Leaf| leaf.is(&["services", "*", "ports", "*"]) && is_open(&leaf.value);
    leaves.iter().filter(is_one).filter_map(|leaf| {
        let inside = leaf.value.rsplit(':').next().unwrap_or_default();
        Some(Published {
            service: leaf.path.get(1)?,
            inside: inside.split('/').next().unwrap_or_default(),
            leaf,
        })
    })
}

impl Published<'_> {
    /// As it is written: `8080:80`.
    pub(super) fn written(&self) -> &str {
        &self.leaf.value
    }

    /// What the port is called on the machine: `80`.
    pub(in crate::checks) fn outside(&self) -> &str {
        self.leaf.value.rsplit(':').nth(1).unwrap_or_default()
    }

    /// Reports it; how bad it mostly is depends on what the file is for as well.
    pub(super) fn report(
        &self,
        (context, found): (&Context<'_>, &mut Findings),
        path: &str,
        (message, mostly): (impl Into<String>, Severity),
    ) {
        let Self { service, leaf, .. } = self;
        found
            .report(path, message)
            .at_line(leaf.line)
            .severe(context.severity_in_compose(path, mostly))
            .sure(Confidence::Medium)
            .because(Reason::at(
                path,
                leaf.line,
                format!("{service}: ports: {}", leaf.value),
            ));
    }
}

/// A variable that a compose file gives a service, and the service.
pub(in crate::checks) struct Given<'l> {
    pub(in crate::checks) service: &'l str,
    pub(in crate::checks) name: &'l str,
    pub(in crate::checks) value: &'l str,
    pub(in crate::checks) line: u32,
}

/// All of them, in order: `environment: {A: b}`, `environment: [A=b]`.
pub(in crate::checks) fn given(leaves: &[Leaf]) -> impl Iterator<Item = Given<'_>> {
    let of_services = leaves
        .iter()
        .filter(|leaf| leaf.is(&["services", "*", "environment", "*"]));
    of_services.filter_map(|leaf| {
        let is_listed = leaf.key().bytes().all(|byte| byte.is_ascii_digit());
        let (name, value) = if is_listed {
            leaf.value.split_once('=')?
        } else {
            (leaf.key(), leaf.value.as_str())
        };
        Some(Given {
            service: leaf.path.get(1)?,
            name,
            value: value.trim_matches(['"', '\'']),
            line: leaf.line,
        })
    })
}

/// Whether a port is published, and not to the machine itself alone.
pub(super) fn is_open(port: &str) -> bool {
    port.contains(':')
        && !["127.", "localhost:", "[::1]"]
            .iter()
            .any(|start| port.starts_with(start))
}
