//! `mod_rewrite`'s directives.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Checked, Place, first, flag, set, wrong};
use crate::site::apache::rewrite::{self, Cond};
use crate::site::apache::settings::{Rewrite, Settings};
use crate::site::apache::tree::Node;

/// Conditions that wait for their rule.
#[derive(Debug, Default)]
pub(super) struct Pending {
    conds: Vec<Cond>,
}

/// Whether it is such a directive.
pub(super) fn apply(
    node: &Node,
    place: &Place<'_>,
    settings: &mut Settings,
    pending: &mut Pending,
) -> Checked<bool> {
    if !node.name.starts_with("rewrite") {
        return Ok(false);
    }
    let rewrite = settings.rewrite.get_or_insert_with(|| Rewrite {
        directory: place.path.as_deref().map(with_slash),
        ..Rewrite::default()
    });
    let error = |error: String| wrong(node, &error);
    match &*node.name {
        "rewriteengine" => rewrite.is_on = set(node, flag(node).map_err(error)?),
        "rewritebase" => {
            let base = first(node);
            if place.path.is_none() || !base.starts_with('/') {
                return Err(error("argument is not a valid URL".to_owned()));
            }
            rewrite.base = Some(base);
        }
        "rewriteoptions" => {
            let words = node.words().into_iter();
            let options = rewrite.options.get_or_insert_with(BTreeSet::new);
            options.extend(words.map(|word| word.to_ascii_lowercase()));
        }
        "rewritecond" => pending.conds.push(rewrite::cond(node).map_err(error)?),
        "rewriterule" => {
            let conds = std::mem::take(&mut pending.conds);
            let rule = rewrite::rule(node, conds).map_err(error)?;
            rewrite.rules.push(Arc::new(rule));
        }
        _ => {}
    }
    Ok(true)
}

fn with_slash(path: &str) -> String {
    format!("{}/", path.strip_suffix('/').unwrap_or(path))
}
