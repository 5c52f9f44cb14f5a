//! Sites of IIS: a tree has their `web.config` files, and never the configuration of the server itself.

use crate::finding::Reason;

use super::super::iis::Iis;
use super::super::mapping::{Mapped, Mapping};
use super::super::model::Hosted;
use super::super::path;
use super::assumed::{has_htaccess, is_own};
use super::{Found, Search};

/// More sites are not modelled.
const MAX_SITES: usize = 40;

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    let files = search.index.named("web.config");
    let mut directories: Vec<&str> = files.map(path::parent).collect();
    directories.sort_by_key(|directory| (directory.len(), *directory));
    let mut sites: Vec<&str> = Vec::new();
    for directory in directories {
        let is_inside = sites
            .iter()
            .any(|site| path::below(site, directory).is_some());
        if !is_inside && is_own(search, directory) && is_site(search, directory) {
            sites.push(directory);
        }
    }
    for directory in sites.into_iter().take(MAX_SITES) {
        if !found.covers(directory) {
            let hosted = site(search, directory);
            found.servers.push(hosted);
        }
    }
}

/// The site that a `web.config` makes of its directory.
pub(super) fn site(search: &Search<'_>, directory: &str) -> Hosted {
    let tree = search.tree_of(directory);
    let mapping = Mapping::whole(tree);
    let named = |name: &str| path::inside("/", path::below(tree, name).unwrap_or_default());
    let all = search.index.named("web.config");
    let mut names: Vec<String> = all
        .filter(|file| path::below(directory, file).is_some())
        .map(named)
        .collect();
    let own = search.files.list(directory).into_iter();
    let own = own.filter(|name| name.eq_ignore_ascii_case("web.config"));
    names.extend(own.map(|name| named(&path::inside(directory, &name))));
    names.sort();
    names.dedup();
    let server = Iis::load(
        &named(directory),
        &names,
        &Mapped::new(search.files, &mapping),
    );
    Hosted {
        server: Box::new(server),
        mapping,
        assumed: Some(
            "a web.config stands here; the configuration of IIS itself is never in a tree, so it is taken to be as it is installed"
                .to_owned(),
        ),
        because: vec![Reason::fact("a web.config makes this the site of an IIS")],
    }
}

/// Whether it is likely that IIS serves a directory with a `web.config`: applications for several servers bring one
/// along, and put others where nothing may be served.
fn is_site(search: &Search<'_>, directory: &str) -> bool {
    const ENTRIES: &[&str] = &[
        "index.php",
        "index.html",
        "index.htm",
        "index.asp",
        "index.aspx",
        "default.aspx",
        "default.asp",
        "default.htm",
        "global.asax",
        "wwwroot",
        "public",
        "server.js",
        "app.js",
        "index.js",
        "program.cs",
        "bin",
        "manage.py",
    ];
    let names = search.files.list(directory);
    let has_entry = names
        .iter()
        .any(|name| ENTRIES.contains(&name.to_ascii_lowercase().as_str()));
    has_entry && (!has_htaccess(search, directory) || is_for_iis(search, directory, &names))
}

/// Whether a `web.config` runs something that only IIS runs.
fn is_for_iis(search: &Search<'_>, directory: &str, names: &[String]) -> bool {
    const SIGNS: &[&str] = &[
        "<aspNetCore",
        "<httpPlatform",
        "iisnode",
        "scriptProcessor",
        "<compilation",
        "<connectionStrings",
    ];
    let file = names
        .iter()
        .find(|name| name.eq_ignore_ascii_case("web.config"));
    let text = file.and_then(|name| search.files.text(&path::inside(directory, name)));
    text.is_some_and(|text| SIGNS.iter().any(|sign| text.contains(sign)))
}
