//! Configurations of nginx.

pub(super) mod alias_prefix;
pub(super) mod alias_traversal;
pub(super) mod autoindex;
pub(super) mod dotfiles;
pub(super) mod fastcgi_secret;
pub(super) mod local_proxy;
pub(super) mod log_in_root;
pub(super) mod merge_slashes;
pub(super) mod php_everywhere;
pub(super) mod php_source;
pub(super) mod raw_uri_guard;
pub(super) mod status;

use crate::input::{Files, Memory};
use crate::site::{Answer, Directive, Hosted, Request, Software, Verdict};

use super::Context;
use crate::finding::Reason;

/// A `server` block of a known nginx, and the host that it is.
pub(super) struct Block<'c> {
    pub(super) hosted: &'c Hosted,
    pub(super) host: usize,
    /// The directives in it, in order.
    pub(super) directives: &'c [Directive],
}

/// The `server` blocks of servers that serve something of the tree.
pub(super) fn blocks<'c>(context: &Context<'c>) -> Vec<Block<'c>> {
    blocks_of(context.model.servers())
}

/// These, and those of configurations that are kept in the tree for machines with other files.
pub(super) fn all_blocks<'c>(context: &Context<'c>) -> Vec<Block<'c>> {
    let mut all = blocks(context);
    all.extend(blocks_of(context.model.elsewhere()));
    all
}

fn blocks_of(servers: &[Hosted]) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for hosted in servers {
        if hosted.server.software() != Software::Nginx {
            continue;
        }
        let directives = hosted.server.directives();
        for (host, known) in hosted.server.hosts().iter().enumerate() {
            let is_it = |directive: &Directive| {
                directive.name == "server"
                    && Some(&directive.file) == known.at.file.as_ref()
                    && Some(directive.line) == known.at.line
            };
            // A configuration without a server is one; then all of it is meant.
            let inside = directives
                .iter()
                .position(is_it)
                .map_or(directives, |at| inside(directives, at));
            blocks.push(Block {
                hosted,
                host,
                directives: inside,
            });
        }
    }
    blocks
}

/// The directives of the block that the directive at this place opens.
pub(super) fn inside(directives: &[Directive], at: usize) -> &[Directive] {
    let depth = directives[at].inside.len();
    let rest = &directives[at + 1..];
    let end = rest.iter().position(|other| other.inside.len() <= depth);
    &rest[..end.unwrap_or(rest.len())]
}

/// The location that a directive stands in, if it has a plain name.
pub(super) fn prefix_of(directive: &Directive) -> Option<&str> {
    let opening = directive
        .inside
        .iter()
        .rev()
        .find(|line| line.starts_with("location "))?;
    plain_prefix(opening.strip_prefix("location ")?)
}

/// The name of a prefix location.
pub(super) fn plain_prefix(place: &str) -> Option<&str> {
    let name = place.strip_prefix("^~").unwrap_or(place).trim();
    (!name.starts_with(['~', '=', '@'])).then_some(name)
}

/// A location of a plain name that has an alias.
pub(super) struct Aliased<'c> {
    pub(super) location: &'c Directive,
    /// The name without `^~`.
    pub(super) prefix: String,
    pub(super) alias: &'c Directive,
    /// Where it leads, as written.
    pub(super) directory: &'c str,
}

impl Aliased<'_> {
    /// The two directives, as links of a chain.
    pub(super) fn reasons(&self) -> [Reason; 2] {
        [self.location, self.alias].map(|one| {
            Reason::at(
                one.file.as_str(),
                one.line,
                format!("{} {}", one.name, one.args.join(" ")),
            )
        })
    }
}

/// The locations of a block that have an alias of their own.
pub(super) fn aliases<'c>(block: &Block<'c>) -> Vec<Aliased<'c>> {
    let mut found = Vec::new();
    for (at, location) in block.directives.iter().enumerate() {
        let name = location.args.join(" ");
        let (true, Some(prefix)) = (location.name == "location", plain_prefix(&name)) else {
            continue;
        };
        let depth = location.inside.len() + 1;
        let alias = inside(block.directives, at)
            .iter()
            .find(|other| other.name == "alias" && other.inside.len() == depth);
        if let Some(alias) = alias {
            found.push(Aliased {
                location,
                prefix: prefix.to_owned(),
                alias,
                directory: alias.args.first().map_or("", String::as_str),
            });
        }
    }
    found
}

impl Block<'_> {
    pub(super) fn root(&self) -> Option<&str> {
        self.hosted.server.hosts()[self.host].root.as_deref()
    }

    /// The document root as reports name it, if it is in the tree.
    pub(super) fn root_in_tree(&self) -> Option<String> {
        self.hosted.mapping.to_tree(self.root()?)
    }

    /// What someone on the internet gets.
    pub(super) fn ask(&self, target: &str, files: &dyn Files) -> Answer {
        self.hosted
            .server
            .answer(self.host, &Request::of(target), files)
    }

    /// What becomes of a file if it were there, under the URL that gets furthest.
    pub(super) fn if_there(&self, file: &str) -> Option<(String, Answer)> {
        let mut files = Memory::new();
        files.add(file, "");
        let targets = self.hosted.server.targets(self.host, file).into_iter();
        targets
            .take(8)
            .map(|target| {
                let answer = self.ask(&target, &files);
                (target, answer)
            })
            .filter(|(_, answer)| answer.file.as_deref() == Some(file))
            .min_by_key(|(_, answer)| answer.verdict)
    }

    /// Whether a file is sent if it is there.
    pub(super) fn sends(&self, file: &str) -> Option<(String, Answer)> {
        self.if_there(file)
            .filter(|(_, answer)| answer.verdict == Verdict::Served)
    }
}
