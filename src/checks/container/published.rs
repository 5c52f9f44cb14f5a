//! Ports of compose files that everyone can reach.

use crate::checks::{Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::lex::yaml::Leaf;

/// A port that is published, and not to the machine itself alone.
pub(super) struct Published<'l> {
    /// The service.
    pub(super) service: &'l str,
    /// What the port is called inside of the container.
    pub(super) inside: &'l str,
    leaf: &'l Leaf,
}

/// All of them, in order.
pub(super) fn published(leaves: &[Leaf]) -> impl Iterator<Item = Published<'_>> {
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

/// Whether a port is published, and not to the machine itself alone.
pub(super) fn is_open(port: &str) -> bool {
    port.contains(':')
        && !["127.", "localhost:", "[::1]"]
            .iter()
            .any(|start| port.starts_with(start))
}
