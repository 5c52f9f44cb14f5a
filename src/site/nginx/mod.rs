//! nginx: which location a URL belongs to, and what becomes of the file behind it.

mod build;
mod config;
mod load;
mod pattern;
mod run;
mod select;
mod syntax;
mod targets;
mod template;
#[cfg(test)]
mod tests;
mod uri;

pub use load::Sources;

use crate::finding::Reason;
use crate::input::Files;

use super::answer::{Answer, Request, Verdict};
use super::server::{Directive, Host, Server, Software};
use config::{Alias, Config, Listen, Scope, Virtual};
use syntax::{Fault, Node};

/// A configuration of nginx.
#[derive(Debug)]
pub struct Nginx {
    config: Config,
    /// The index of the server of each host.
    servers: Vec<usize>,
    hosts: Vec<Host>,
    directives: Vec<Directive>,
    notes: Vec<String>,
    /// Why nginx would not start with it.
    broken: Option<(String, Reason)>,
}

impl Nginx {
    /// Reads a configuration. The entry files may be a whole one, servers of one, or what stands in a server; where
    /// something is missing around them, the usual main configuration is assumed.
    pub fn load(sources: Sources<'_>) -> Self {
        let loaded = load::load(sources);
        let mut directives = Vec::new();
        list(&loaded.http, &mut Vec::new(), &mut directives);
        let mut nginx = Self {
            config: Config::default(),
            servers: Vec::new(),
            hosts: Vec::new(),
            directives,
            notes: loaded.notes,
            broken: None,
        };
        match build::build(&loaded.http) {
            Ok((config, notes)) => {
                nginx.config = config;
                nginx.notes.extend(notes);
            }
            Err(fault) => nginx.breaks(&fault),
        }
        for fault in &loaded.faults {
            nginx.breaks(fault);
        }
        nginx.servers = select::order(&nginx.config);
        let config = &nginx.config;
        nginx.hosts = nginx
            .servers
            .iter()
            .map(|&server| host(config, server))
            .collect();
        nginx
    }

    fn breaks(&mut self, fault: &Fault) {
        let Fault { file, line, what } = fault;
        self.notes
            .push(format!("{file}:{line}: nginx would not start: {what}"));
        let reason = Reason::at(file.as_str(), *line, what.as_str());
        self.broken.get_or_insert((
            format!("what nginx makes of {file} once it is valid"),
            reason,
        ));
    }

    /// The sockets to ask at: of several kinds, a client takes the one that lets it through.
    fn sockets<'n>(&self, server: &'n Virtual) -> Vec<&'n Listen> {
        let mut sockets: Vec<&Listen> = Vec::new();
        for listen in &server.listens {
            let is_new =
                |other: &&Listen| (other.port, other.is_tls) != (listen.port, listen.is_tls);
            if sockets.iter().all(is_new) && sockets.len() < 4 {
                sockets.push(listen);
            }
        }
        sockets
    }
}

fn list(nodes: &[Node], inside: &mut Vec<String>, directives: &mut Vec<Directive>) {
    for node in nodes {
        directives.push(Directive {
            file: node.file.to_string(),
            line: node.line,
            name: node.name.clone(),
            args: node.args.clone(),
            inside: inside.clone(),
        });
        if let Some(block) = &node.block {
            inside.push(node.text());
            list(block, inside, directives);
            inside.pop();
        }
    }
}

fn host(config: &Config, server: usize) -> Host {
    let server = &config.servers[server];
    let root = |scope: &Scope| {
        scope
            .root
            .path
            .text()
            .map(|path| if path.is_empty() { "/" } else { path }.to_owned())
    };
    let port = server.listens.first().map_or(80, |listen| listen.port);
    let name = server
        .names
        .iter()
        .find(|name| !name.is_empty() && *name != "_");
    let own = &config.scopes[server.scope];
    let mut aliases = Vec::new();
    for (prefix, scope) in targets::locations(config, server) {
        let is_own = scope.root.alias == Alias::None && scope.root.path == own.root.path;
        if let (false, Some(path)) = (is_own, root(scope)) {
            let path = path.trim_end_matches('/').to_owned();
            aliases.push((
                prefix.to_owned(),
                if path.is_empty() {
                    "/".to_owned()
                } else {
                    path
                },
            ));
        }
    }
    aliases.sort();
    aliases.dedup();
    Host {
        name: format!("{}:{port}", name.map_or("*", String::as_str)),
        root: root(own).filter(|_| own.root.at.is_some()),
        aliases,
        at: server.at.clone(),
    }
}

impl Server for Nginx {
    fn software(&self) -> Software {
        Software::Nginx
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn answer(&self, host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        if let Some((settle, reason)) = &self.broken {
            return Answer::unknown(settle.as_str(), vec![reason.clone()]);
        }
        let Some(&asked) = self.servers.get(host) else {
            return Answer::unknown("there is no such host", Vec::new());
        };
        let mut best: Option<Answer> = None;
        for listen in self.sockets(&self.config.servers[asked]) {
            let server = match request.host {
                Some(name) => select::by_name(&self.config, listen, name),
                None => Some(asked),
            };
            let server = server.unwrap_or(asked);
            let answer = run::answer(run::Asked {
                config: &self.config,
                server,
                merges_slashes: select::merges_slashes(&self.config, listen, server),
                listen,
                request,
                files,
            });
            let rank = |answer: &Answer| match answer.verdict {
                Verdict::Served => 0,
                Verdict::Unknown => 1,
                Verdict::Executed => 2,
                Verdict::Denied => 3,
                Verdict::NotMapped => 4,
            };
            if best.as_ref().is_none_or(|best| rank(&answer) < rank(best)) {
                best = Some(answer);
            }
        }
        best.unwrap_or_else(|| Answer::unknown("it listens on no port", Vec::new()))
    }

    fn targets(&self, host: usize, file: &str) -> Vec<String> {
        let server = self
            .servers
            .get(host)
            .map(|&server| &self.config.servers[server]);
        server.map_or_else(Vec::new, |server| targets::of(&self.config, server, file))
    }

    fn directives(&self) -> &[Directive] {
        &self.directives
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}
