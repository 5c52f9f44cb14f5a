//! The server as a whole: its hosts, and what holds for each of them.

use std::sync::Arc;

use crate::finding::Reason;
use crate::site::server::{Directive, Host};

use super::alias::Alias;
use super::compile::{Checked, Place, compile, section, wrong};
use super::modules::Modules;
use super::path;
use super::pattern::Pattern;
use super::rewrite::Rule;
use super::settings::{Matches, Section, Set, Settings};
use super::tree::Node;

/// A `ProxyPass` or `ProxyPassMatch`.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    pub(super) from: super::alias::From,
    /// `!` lets the server answer itself.
    pub(super) to: String,
    pub(super) why: Arc<Reason>,
}

/// What holds for a host, the server's own settings included.
#[derive(Debug, Clone, Default)]
pub(super) struct Site {
    pub(super) names: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) root: Option<Set<String>>,
    /// The same without links.
    pub(super) real_root: Option<String>,
    pub(super) settings: Settings,
    /// Plain ones by depth, then those with patterns.
    pub(super) directories: Vec<Arc<Section>>,
    pub(super) locations: Vec<Arc<Section>>,
    pub(super) aliases: Vec<Arc<Alias>>,
    pub(super) proxies: Vec<Arc<Proxy>>,
    pub(super) access_names: Option<Vec<String>>,
    pub(super) has_tls: Option<bool>,
    pub(super) merges_slashes: Option<bool>,
    pub(super) encoded_slashes: Option<Set<String>>,
    /// Anything may hold here, for this reason.
    pub(super) doubts: Vec<Set<String>>,
    pub(super) at: Option<Arc<Reason>>,
    /// Names that are looked up by another module.
    pub(super) user_directories: bool,
    /// Rules and redirects that stand outside of every section: they see URLs, not files.
    pub(super) rules: Vec<Arc<Rule>>,
    pub(super) redirects: Vec<Arc<Alias>>,
}

/// All sites, the first of which answers when no other is asked for.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) sites: Vec<Site>,
    pub(super) directives: Vec<Directive>,
    pub(super) listens: Vec<String>,
}

impl Config {
    /// From the directives of all files.
    ///
    /// # Errors
    /// What the server would say instead of starting.
    pub(super) fn new(nodes: &[Node], modules: &Modules) -> Checked<Self> {
        let place = Place::server(modules);
        let main = Site::of(nodes, &place)?;
        let mut config = Self {
            directives: flattened(nodes),
            ..Self::default()
        };
        let listens = nodes.iter().filter(|node| node.name == "listen");
        config.listens = listens.flat_map(Node::words).collect();
        for node in nodes.iter().filter(|node| node.name == "virtualhost") {
            let mut site = main.clone();
            let mut own = Site::of(&node.children, &place)?;
            own.addresses = node.words();
            own.at = Some(node.reason());
            site.merge(own);
            config.sites.push(site);
        }
        if config.sites.is_empty() || config.main_is_reached() {
            config.sites.push(main);
        }
        for site in &mut config.sites {
            site.order_directories();
            if let Some(rewrite) = &mut site.settings.rewrite {
                site.rules = std::mem::take(&mut rewrite.rules);
            }
        }
        Ok(config)
    }

    /// Whether a port is listened on that no virtual host is for.
    fn main_is_reached(&self) -> bool {
        let port = |address: &str| address.rsplit(':').next().unwrap_or_default().to_owned();
        self.listens.iter().any(|listen| {
            !self.sites.iter().any(|site| {
                site.addresses.iter().any(|address| {
                    !address.contains(':') || port(address) == "*" || port(address) == port(listen)
                })
            })
        })
    }

    pub(super) fn hosts(&self) -> Vec<Host> {
        self.sites.iter().map(Site::host).collect()
    }
}

impl Site {
    fn of(nodes: &[Node], place: &Place<'_>) -> Checked<Self> {
        let mut site = Self::default();
        let mut rest = Vec::new();
        for node in nodes {
            if !site.take(node, place)? {
                rest.push(node.clone());
            }
        }
        site.settings = compile(&rest, place)?;
        site.redirects = std::mem::take(&mut site.settings.redirects);
        Ok(site)
    }

    /// Takes the directives that are for a host as a whole.
    fn take(&mut self, node: &Node, place: &Place<'_>) -> Checked<bool> {
        let words = node.words();
        let first = words.first().cloned().unwrap_or_default();
        match &*node.name {
            "virtualhost" | "proxy" | "proxymatch" => {}
            "directory" | "directorymatch" | "location" | "locationmatch" => {
                self.section(node, place)?;
            }
            "documentroot" => {
                self.root = Some(Set {
                    value: absolute(&first),
                    why: node.reason(),
                });
            }
            "servername" | "serveralias" => self.names.extend(words),
            "accessfilename" => self.access_names = Some(words),
            "sslengine" => self.has_tls = Some(first.eq_ignore_ascii_case("on")),
            "mergeslashes" => self.merges_slashes = Some(!first.eq_ignore_ascii_case("off")),
            "allowencodedslashes" => {
                self.encoded_slashes = Some(Set {
                    value: first.to_ascii_lowercase(),
                    why: node.reason(),
                });
            }
            "alias" | "aliasmatch" | "scriptalias" | "scriptaliasmatch" => {
                let alias = Alias::of(node).ok_or_else(|| wrong(node, "takes two arguments"))?;
                self.aliases.push(Arc::new(alias));
            }
            "proxypass" | "proxypassmatch" => self.proxy(node, words),
            "userdir" => self.user_directories |= !first.eq_ignore_ascii_case("disabled"),
            "macro"
            | "use"
            | "virtualdocumentroot"
            | "virtualdocumentrootip"
            | "virtualscriptalias" => {
                self.doubts.push(Set {
                    value: format!("what `{}` makes of it", node.reason().directive),
                    why: node.reason(),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn section(&mut self, node: &Node, place: &Place<'_>) -> Checked<()> {
        let is_pattern = node.name.ends_with("match");
        let is_location = node.name.starts_with("location");
        let place = Place {
            is_location,
            ..place.clone()
        };
        let named = |name: &str| {
            if is_location {
                name.to_owned()
            } else {
                absolute(name)
            }
        };
        let found =
            section(node, &place, is_pattern, &named).map_err(|error| wrong(node, &error))?;
        let list = if is_location {
            &mut self.locations
        } else {
            &mut self.directories
        };
        list.push(Arc::new(found));
        Ok(())
    }

    fn proxy(&mut self, node: &Node, words: Vec<String>) {
        let mut words = words.into_iter();
        let (Some(from), Some(to)) = (words.next(), words.next()) else {
            return;
        };
        self.proxies.push(Arc::new(Proxy {
            from: if node.name == "proxypassmatch" {
                super::alias::From::Pattern(Pattern::new(&from, false))
            } else {
                super::alias::From::Prefix(from)
            },
            to,
            why: node.reason(),
        }));
    }

    /// A virtual host on top of the server's own settings.
    fn merge(&mut self, mut own: Self) {
        self.names = own.names;
        self.addresses = own.addresses;
        self.at = own.at;
        self.root = own.root.or(self.root.take());
        let rules = own.settings.rewrite.is_some();
        self.settings.merge(&own.settings);
        if !rules {
            // Rules of the server as a whole are not a virtual host's, unless it inherits them.
            if let Some(rewrite) = &mut self.settings.rewrite {
                rewrite.rules.clear();
            }
        }
        self.directories.append(&mut own.directories);
        self.locations.append(&mut own.locations);
        self.redirects.splice(0..0, own.redirects);
        self.aliases.splice(0..0, own.aliases);
        self.proxies.splice(0..0, own.proxies);
        self.access_names = own.access_names.or(self.access_names.take());
        self.has_tls = own.has_tls.or(self.has_tls);
        self.merges_slashes = own.merges_slashes.or(self.merges_slashes);
        self.encoded_slashes = own.encoded_slashes.or(self.encoded_slashes.take());
        self.doubts.append(&mut own.doubts);
        self.user_directories |= own.user_directories;
    }

    /// Shorter names first, patterns last; otherwise as they are written.
    fn order_directories(&mut self) {
        self.directories
            .sort_by_key(|section| match &section.matches {
                Matches::Name(name) | Matches::Glob(name) => depth(name),
                Matches::Pattern(_) => usize::MAX,
            });
    }

    /// The files that are looked for in each directory.
    pub(super) fn access_names(&self) -> Vec<&str> {
        match &self.access_names {
            Some(names) => names.iter().map(String::as_str).collect(),
            None => vec![".htaccess"],
        }
    }

    fn host(&self) -> Host {
        let name = match (self.names.first(), self.addresses.first()) {
            (Some(name), Some(address)) => match address.rsplit_once(':') {
                Some((_, port)) if !name.contains(':') => format!("{name}:{port}"),
                _ => name.clone(),
            },
            (Some(name), None) => name.clone(),
            (None, Some(address)) => address.clone(),
            (None, None) => "*".to_owned(),
        };
        let root = self.root.as_ref();
        let aliases = self
            .aliases
            .iter()
            .filter_map(|alias| match (&alias.from, &alias.to) {
                (super::alias::From::Prefix(prefix), Some(to)) => {
                    Some((prefix.clone(), absolute(to)))
                }
                _ => None,
            });
        let at = root.map(|root| &root.why).or(self.at.as_ref());
        Host {
            name,
            root: root.map(|root| root.value.clone()),
            aliases: aliases.collect(),
            at: at.map_or_else(Reason::default, |at| (**at).clone()),
        }
    }
}

/// Segments of a directory's name; none for the root.
pub(super) fn depth(name: &str) -> usize {
    name.split('/').filter(|part| !part.is_empty()).count()
}

/// Without doubled slashes, and without one at the end.
pub(super) fn absolute(name: &str) -> String {
    if !name.starts_with('/') {
        return name.to_owned();
    }
    let name = path::normalized(name, true).unwrap_or_else(|| name.to_owned());
    let trimmed = name.trim_end_matches('/');
    if trimmed.is_empty() {
        "/".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// All directives, in order, each with the sections around it.
pub(super) fn flattened(nodes: &[Node]) -> Vec<Directive> {
    let mut found = Vec::new();
    flatten(nodes, &mut Vec::new(), &mut found);
    found
}

fn flatten(nodes: &[Node], inside: &mut Vec<String>, found: &mut Vec<Directive>) {
    for node in nodes {
        let reason = node.reason();
        if node.is_section {
            inside.push(reason.directive.clone());
            flatten(&node.children, inside, found);
            inside.pop();
        } else if let Some(file) = &node.at.file {
            found.push(Directive {
                file: file.to_string(),
                line: node.at.line,
                name: node.written.clone(),
                args: node.words(),
                inside: inside.clone(),
            });
        }
    }
}
