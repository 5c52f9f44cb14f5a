//! What the user names: `--docroot`.

use crate::finding::Reason;

use super::super::mapping::Mapping;
use super::super::model::Hosted;
use super::super::path;
use super::super::server::Software;
use super::super::simple::{Manner, Mount, Simple};
use super::{Found, Search, assumed};

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    for (directory, url) in &search.settings.roots {
        let at = Reason::fact(format!("--docroot {}", shown(directory)));
        if url == "/" && assumed::has_htaccess(search, directory) {
            found.servers.push(assumed::apache(search, directory, at));
            continue;
        }
        let tree = search.tree_of(directory);
        let mount = Mount {
            url: url.clone(),
            dir: path::inside("/", path::below(tree, directory).unwrap_or_default()),
            manner: Manner::CONVENTION,
            at,
        };
        found.servers.push(Hosted {
            server: Box::new(Simple::new(Software::Assumed, "*", vec![mount])),
            mapping: Mapping::whole(tree),
            assumed: None,
            because: Vec::new(),
        });
    }
}

/// The empty name is the current directory.
fn shown(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}
