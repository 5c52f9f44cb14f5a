//! From directives to a configuration that can be asked.

mod level;
mod location;
mod rewrite;
mod server;
mod variables;

use crate::finding::Reason;

use super::config::{Config, Scope};
use super::syntax::{Fault, Node};

const MAX_SCOPES: usize = 100_000;

/// Builds while it reads.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) config: Config,
    pub(super) notes: Vec<String>,
    /// Variables that `set` and the groups of patterns define.
    known: std::collections::BTreeSet<String>,
}

/// Builds the configuration from the directives inside of `http`.
pub(super) fn build(http: &[Node]) -> Result<(Config, Vec<String>), Fault> {
    let mut builder = Builder::default();
    let mut base = Scope::base();
    builder.settings(&mut base, http)?;
    for node in http {
        builder.variables(node)?;
        if node.name == "upstream" {
            builder.config.upstreams.push(node.arg(0).to_owned());
        }
    }
    let merge_slashes = flag(http, "merge_slashes").unwrap_or(true);
    for node in http.iter().filter(|node| node.name == "server") {
        builder.server(node, &base, merge_slashes)?;
    }
    builder.notes.sort();
    builder.notes.dedup();
    Ok((builder.config, builder.notes))
}

impl Builder {
    fn add(&mut self, scope: Scope, node: &Node) -> Result<usize, Fault> {
        if self.config.scopes.len() >= MAX_SCOPES {
            return Err(Fault::of(node, "too many locations"));
        }
        self.config.scopes.push(scope);
        Ok(self.config.scopes.len() - 1)
    }

    fn doubt(&mut self, scope: &mut Scope, node: &Node) {
        let reason = node.reason();
        self.notes.push(note(&reason));
        // One is enough to make an answer unknown.
        if scope.doubts.is_empty() {
            scope.doubts = std::sync::Arc::new(vec![reason]);
        }
    }
}

fn note(reason: &Reason) -> String {
    let file = reason.file.as_deref().unwrap_or_default();
    let line = reason.line.unwrap_or_default();
    format!("{file}:{line}: `{}` is not understood", reason.directive)
}

/// What a directive that is on or off says, if it is there.
fn flag(nodes: &[Node], name: &str) -> Option<bool> {
    let node = nodes.iter().find(|node| node.name == name)?;
    Some(node.arg(0).eq_ignore_ascii_case("on"))
}
