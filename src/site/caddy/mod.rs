//! Caddy 2, by its Caddyfile.

mod matcher;
mod parse;
mod serve;
#[cfg(test)]
mod tests;

use crate::finding::Reason;
use crate::input::Files;

use super::answer::{Answer, Request, Verdict};
use super::path;
use super::server::{Directive, Host, Server, Software};
use super::simple::target;

use parse::Node;
use serve::Walk;

/// A configured Caddy.
#[derive(Debug)]
pub struct Caddy {
    /// The Caddyfile, as reports name it.
    file: String,
    sites: Vec<Node>,
    hosts: Vec<Host>,
    directives: Vec<Directive>,
    notes: Vec<String>,
    broken: Option<String>,
}

impl Caddy {
    /// Reads a Caddyfile; `file` is its name in reports.
    pub fn load(file: &str, text: &str) -> Self {
        let mut caddy = Self {
            file: file.to_owned(),
            sites: Vec::new(),
            hosts: Vec::new(),
            directives: Vec::new(),
            notes: Vec::new(),
            broken: None,
        };
        match parse::parse(text) {
            Ok(read) => {
                list(file, &read.options, &mut Vec::new(), &mut caddy.directives);
                caddy.sites = read.sites;
            }
            Err(error) => {
                caddy
                    .notes
                    .push(format!("{file}: Caddy would not start: {error}"));
                caddy.broken = Some(error);
            }
        }
        for site in &caddy.sites {
            caddy.hosts.push(host(file, site));
            list(
                file,
                site.inside(),
                &mut vec![site.shown()],
                &mut caddy.directives,
            );
        }
        caddy
    }
}

/// The first `root` and `file_server` of a site say where its files are.
fn host(file: &str, site: &Node) -> Host {
    let mut roots: Vec<(String, String)> = Vec::new();
    collect(site.inside(), "/", &mut roots, 0);
    let first = roots.iter().position(|(url, _)| url == "/");
    let root = first.map(|at| roots.remove(at).1);
    let name = site
        .words
        .first()
        .map_or("", |word| word.trim_end_matches(','));
    Host {
        name: name.to_owned(),
        root,
        aliases: roots,
        at: Reason::at(file, site.line, site.shown()),
    }
}

fn collect(nodes: &[Node], url: &str, roots: &mut Vec<(String, String)>, depth: usize) {
    for node in nodes {
        let prefix = node.args().first().filter(|arg| arg.starts_with('/'));
        let inner = prefix.map_or(url, |prefix| prefix.trim_end_matches(['*', '/']));
        match node.name() {
            "root" => {
                if let Some(root) = node.args().last().filter(|root| root.starts_with('/')) {
                    let pair = (url.to_owned(), path::join("/", root).unwrap_or_default());
                    if !roots.contains(&pair) {
                        roots.push(pair);
                    }
                }
            }
            "handle_path" if depth < 16 => collect(node.inside(), inner, roots, depth + 1),
            "handle" | "route" if depth < 16 => collect(node.inside(), url, roots, depth + 1),
            _ => {}
        }
    }
}

fn list(file: &str, nodes: &[Node], inside: &mut Vec<String>, all: &mut Vec<Directive>) {
    for node in nodes {
        all.push(Directive {
            file: file.to_owned(),
            line: node.line,
            name: node.name().to_owned(),
            args: node.args().to_vec(),
            inside: inside.clone(),
        });
        inside.push(node.shown());
        list(file, node.inside(), inside, all);
        inside.pop();
    }
}

impl Server for Caddy {
    fn software(&self) -> Software {
        Software::Caddy
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn select(&self, header: &str) -> usize {
        let wanted = header.split(':').next().unwrap_or_default();
        let names = |site: &Node| {
            site.words.iter().any(|word| {
                let word = word.trim_end_matches(',');
                let word = word.split_once("://").map_or(word, |(_, rest)| rest);
                word.split([':', '/'])
                    .next()
                    .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            })
        };
        let any = |site: &Node| site.name().starts_with(':');
        let exact = self.sites.iter().position(names);
        exact
            .or_else(|| self.sites.iter().position(any))
            .unwrap_or(0)
    }

    fn answer(&self, host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        if let Some(error) = &self.broken {
            return Answer::unknown(
                format!("a Caddyfile that is well-formed: {error}"),
                Vec::new(),
            );
        }
        let (Some(site), Some(path)) = (self.sites.get(host), target::decoded(request.target))
        else {
            let why = Reason::fact("the path is not well-formed");
            return Answer::new(Verdict::Denied, 400, None, vec![why]);
        };
        let name = self.hosts.get(host).map_or("", |host| host.name.as_str());
        Walk {
            files,
            file: &self.file,
            host: request.host.unwrap_or(name),
        }
        .site(site, path)
    }

    fn targets(&self, host: usize, file: &str) -> Vec<String> {
        let Some(host) = self.hosts.get(host) else {
            return Vec::new();
        };
        let root = host.root.iter().map(|root| ("/", root));
        let aliases = host.aliases.iter().map(|(url, root)| (url.as_str(), root));
        let inside =
            |(url, root): (&str, &String)| Some(target::encoded(url, path::below(root, file)?));
        root.chain(aliases).filter_map(inside).collect()
    }

    fn directives(&self) -> &[Directive] {
        &self.directives
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}
