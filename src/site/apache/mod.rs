//! Apache httpd 2.4.
//!
//! The configuration is read as the server reads it, and a request goes through the same steps as there: decoding,
//! rules and aliases, directories with their `.htaccess` files, access, types, handlers. What is not understood makes
//! the answer unknown.

mod alias;
mod authz;
mod client;
mod compile;
mod config;
mod defaults;
mod disk;
mod env;
mod expr;
mod fixups;
mod htaccess;
mod modules;
mod path;
mod pattern;
mod process;
mod reader;
mod request;
mod respond;
mod rewrite;
mod settings;
mod targets;
#[cfg(test)]
mod tests;
mod text;
mod translate;
mod tree;
mod version;
mod walk;

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::input::Files;

use super::answer::{Answer, Request};
use super::server::{Directive, Host, Server, Software};

use config::{Config, Site};
use modules::Modules;
use process::Process;
use reader::Reader;
use request::Asked;

pub use defaults::Defaults;

/// A configured Apache.
#[derive(Debug)]
pub struct Apache {
    config: Config,
    hosts: Vec<Host>,
    modules: Modules,
    defined: BTreeMap<String, String>,
    notes: Vec<String>,
    /// The server would not start.
    broken: Option<String>,
    is_as_meant: bool,
    kept: htaccess::Kept,
}

impl Apache {
    /// Reads a configuration: its main file, or files that a main file includes, by the server's names. `files` have
    /// these names too. What is assumed around the files is up to `defaults`.
    pub fn load(entry_files: &[String], files: &dyn Files, defaults: &Defaults) -> Self {
        let mut modules = Modules::default();
        modules.is_complete = defaults.is_complete;
        let mut reader = Reader::new(files, modules);
        reader.notes.extend(defaults.note.clone());
        reader.is_as_meant = defaults.is_as_meant;
        let mut nodes = Vec::new();
        let assume = |reader: &mut Reader<'_>, text: &str| match reader.text(text, None, 0) {
            Ok(found) => found,
            Err(error) => {
                reader.broken.get_or_insert(error);
                Vec::new()
            }
        };
        nodes.extend(assume(&mut reader, defaults.before()));
        for name in entry_files {
            nodes.extend(reader.file(name, 0));
        }
        nodes.extend(assume(&mut reader, defaults.after()));
        if defaults.is_complete && !reader.has_load_module {
            reader.modules.is_complete = false;
            reader.note("no LoadModule was met: which modules there are is not known".to_owned());
        }
        Self::from_nodes(&nodes, reader)
    }

    fn from_nodes(nodes: &[tree::Node], reader: Reader<'_>) -> Self {
        let Reader {
            modules,
            defined,
            mut notes,
            mut broken,
            files,
            is_as_meant,
            ..
        } = reader;
        let mut config = Config::new(nodes, &modules).unwrap_or_else(|error| {
            broken.get_or_insert(error);
            Config::default()
        });
        for site in &mut config.sites {
            let root = site.root.as_ref();
            site.real_root = root.and_then(|root| disk::real(files, &root.value));
        }
        if let Some(error) = &broken {
            notes.push(format!("the server would not start: {error}"));
        }
        Self {
            hosts: config.hosts(),
            config,
            modules,
            defined,
            notes,
            broken,
            is_as_meant,
            kept: htaccess::Kept::default(),
        }
    }

    fn asked<'f>(&self, site: &Site, request: &Request<'_>, files: &'f dyn Files) -> Asked<'f> {
        let host = request.host.unwrap_or_default();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (name, Some(port))
            }
            _ => (host, None),
        };
        let own_port = site
            .addresses
            .first()
            .and_then(|address| address.rsplit_once(':'));
        let own_name = site.names.first().map_or("localhost", String::as_str);
        let is_https =
            site.has_tls == Some(true) || own_port.is_some_and(|(_, port)| port == "443");
        let default_port = if is_https { "443" } else { "80" };
        let port = port
            .or(own_port.map(|(_, port)| port))
            .unwrap_or(default_port);
        Asked {
            files,
            is_local: request.is_local,
            is_https,
            host: if host.is_empty() { own_name } else { host }.to_owned(),
            port: port.to_owned(),
            server_name: if name.is_empty() { own_name } else { name }.to_owned(),
            target: request.target.to_owned(),
            root: site.root.as_ref().map(|root| root.value.clone()),
            context: None,
            uri: String::new(),
            query: None,
            filename: String::new(),
            path_info: String::new(),
            env: BTreeMap::new(),
            is_subrequest: false,
            is_rewritten_for_good: false,
            forced_handler: None,
            forced_type: None,
        }
    }

    fn process<'a, 'f>(&'a self, site: &'a Site, files: &'f dyn Files) -> Process<'a, 'f> {
        Process {
            apache: self,
            site,
            files,
            count: Cell::new(0),
        }
    }
}

/// The directives of a text, whatever its conditions say; none if its sections are not closed.
pub fn directives(name: &str, text: &str) -> Vec<Directive> {
    let nothing = crate::input::Memory::new();
    let mut reader = Reader::new(&nothing, Modules::default());
    reader.keeps_conditions = true;
    let nodes = reader.text(text, Some(&name.into()), 0).unwrap_or_default();
    config::flattened(&nodes)
}

impl Server for Apache {
    fn software(&self) -> Software {
        Software::Apache
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn answer(&self, host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        if let Some(error) = &self.broken {
            return Answer::unknown(format!("a configuration that starts: {error}"), Vec::new());
        }
        let Some(site) = self.config.sites.get(host) else {
            return Answer::unknown("the host", Vec::new());
        };
        let process = self.process(site, files);
        let asked = self.asked(site, request, files);
        let answer = process.answer(asked.clone());
        if request.is_local
            || !answer
                .status
                .is_some_and(|status| (300..400).contains(&status))
        {
            return answer;
        }
        match self.followed(&process, asked) {
            Some(asked) => self.process(site, files).answer(asked),
            None => answer,
        }
    }

    fn targets(&self, host: usize, file: &str) -> Vec<String> {
        match self.config.sites.get(host) {
            Some(site) => targets::of(site, file),
            None => Vec::new(),
        }
    }

    fn directives(&self) -> &[Directive] {
        &self.config.directives
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl Apache {
    /// The same path over TLS, or under the name that the site wants to be called by: whoever asks follows.
    fn followed<'f>(&self, process: &Process<'_, 'f>, asked: Asked<'f>) -> Option<Asked<'f>> {
        let to = process.location(asked.clone())?;
        let (protocol, rest) = to.split_once("://")?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let wanted = path::parse(&asked.target, true).ok()?;
        let given = path::parse(path, true).ok()?;
        if wanted.path != given.path {
            return None;
        }
        let mut asked = asked;
        asked.is_https = protocol.eq_ignore_ascii_case("https");
        asked.port = if asked.is_https { "443" } else { "80" }.to_owned();
        let host = authority.split(':').next().unwrap_or_default();
        host.clone_into(&mut asked.host);
        host.clone_into(&mut asked.server_name);
        Some(asked)
    }
}
