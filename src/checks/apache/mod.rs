//! What Apache's configuration gives away, beside the files that it sends.

pub(super) mod git_not_denied;
pub(super) mod htpasswd;
pub(super) mod indexes;
pub(super) mod inert_htaccess;
pub(super) mod log_in_root;
pub(super) mod multi_extension;
pub(super) mod open_proxy;
mod overlay;
pub(super) mod php_flags;
pub(super) mod php_source;
pub(super) mod project_root;
pub(super) mod root_granted;
pub(super) mod setenv_secret;
pub(super) mod status;
pub(super) mod symlink_escape;

use crate::finding::Reason;
use crate::site::{Directive, Hosted, Software, apache};

use super::Context;

/// So many `.htaccess` files are read.
const MAX_FILES: usize = 500;

/// Servers that a configuration of Apache was found for, and that serve something of the tree.
fn servers<'c>(context: &'c Context<'_>) -> impl Iterator<Item = &'c Hosted> {
    configured(context.model.servers())
}

/// These, and those of configurations that are kept in the tree for machines with other files.
fn all_servers<'c>(context: &'c Context<'_>) -> impl Iterator<Item = &'c Hosted> {
    servers(context).chain(configured(context.model.elsewhere()))
}

fn configured(servers: &[Hosted]) -> impl Iterator<Item = &Hosted> {
    servers.iter().filter(|hosted| {
        hosted.server.software() == Software::Apache && !hosted.server.directives().is_empty()
    })
}

/// A server's name of a file as reports have it.
fn named(hosted: &Hosted, file: &str) -> String {
    hosted
        .mapping
        .to_tree(file)
        .unwrap_or_else(|| file.to_owned())
}

/// The directives of a server, with files as reports name them.
fn own(hosted: &Hosted) -> impl Iterator<Item = Directive> + '_ {
    hosted
        .server
        .directives()
        .iter()
        .map(|directive| Directive {
            file: named(hosted, &directive.file),
            ..directive.clone()
        })
}

/// The directives of all servers, each once, with files as reports name them.
fn of_servers(context: &Context<'_>) -> Vec<Directive> {
    let mut found: Vec<Directive> = Vec::new();
    for hosted in all_servers(context) {
        for directive in own(hosted) {
            if !found.contains(&directive) {
                found.push(directive);
            }
        }
    }
    found
}

/// The directives of every `.htaccess` file of the application.
fn of_access_files(context: &Context<'_>) -> Vec<Directive> {
    let files = context
        .index
        .named(".htaccess")
        .filter(|file| !context.is_aside(file));
    let read = |file: &str| Some(apache::directives(file, &context.files.text(file)?));
    files.take(MAX_FILES).filter_map(read).flatten().collect()
}

/// As the chain of reasons shows a directive.
fn reason(directive: &Directive) -> Reason {
    let text = format!("{} {}", directive.name, directive.args.join(" "));
    Reason::at(&*directive.file, directive.line, text)
}

fn is(directive: &Directive, name: &str) -> bool {
    directive.name.eq_ignore_ascii_case(name)
}

fn has_arg(directive: &Directive, at: usize, value: &str) -> bool {
    directive
        .args
        .get(at)
        .is_some_and(|arg| arg.eq_ignore_ascii_case(value))
}

/// The argument of a section's opening line, if it is of this kind: `/x` of `<Location "/x">`.
fn section<'s>(inside: &'s str, name: &str) -> Option<&'s str> {
    let body = inside.strip_prefix('<')?.strip_suffix('>')?;
    let (kind, argument) = body.split_once(' ')?;
    kind.eq_ignore_ascii_case(name)
        .then(|| argument.trim().trim_matches('"'))
}
