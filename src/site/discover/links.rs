//! Symbolic links of the tree, as the servers follow them.

use crate::input::Files as _;

use super::super::mapping::{Mapped, Pair};
use super::super::model::Hosted;
use super::super::path;
use super::Search;

/// More links are not followed.
const MAX_LINKS: usize = 200;

/// A server that sees what the links lead to under the links' names as well.
pub(super) fn followed(mut hosted: Hosted, search: &Search<'_>) -> Hosted {
    let mut pairs: Vec<Pair> = Vec::new();
    for link in search.index.links().take(MAX_LINKS) {
        let Some(target) = search.files.target(link) else {
            continue;
        };
        for server in hosted.mapping.to_server(link) {
            if let Some(tree) = target_of(&hosted, search, &server, &target) {
                pairs.push(Pair { server, tree });
            }
        }
    }
    if !pairs.is_empty() {
        hosted.mapping = hosted.mapping.and(pairs);
    }
    hosted
}

/// Where a link leads in the tree. A link to a directory that it stands in would lead in circles.
fn target_of(hosted: &Hosted, search: &Search<'_>, link: &str, target: &str) -> Option<String> {
    let target = path::join(path::parent(link), target)?;
    if path::below(&target, link).is_some() {
        return None;
    }
    let tree = hosted.mapping.to_tree(&target)?;
    let mapped = Mapped::new(search.files, &hosted.mapping);
    (mapped.is_directory(&target) || mapped.is_file(&target)).then_some(tree)
}
