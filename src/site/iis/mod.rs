//! Microsoft IIS 10, by the `web.config` files of a site.

mod collection;
mod defaults;
mod filter;
mod handler;
mod pattern;
mod rewrite;
mod serve;
mod settings;
#[cfg(test)]
mod tests;
mod variable;

use std::sync::Arc;

use crate::finding::Reason;
use crate::input::Files;

use super::answer::{Answer, Request};
use super::path;
use super::server::{Directive, Host, Server, Software};
use super::simple::target;

use crate::site::lex::xml::{self, Element};
use serve::Site;
use settings::{Config, below};

/// More files are not read.
const MAX_CONFIGS: usize = 500;

/// A configured IIS.
#[derive(Debug)]
pub struct Iis {
    /// The site's root, as the server names it.
    root: String,
    configs: Vec<Config>,
    hosts: Vec<Host>,
    directives: Vec<Directive>,
    notes: Vec<String>,
    /// What is wrong with a file, and the directory that it holds for.
    broken: Vec<(String, String)>,
}

impl Iis {
    /// Reads the `web.config` files of a site. All names are the server's; files outside of the root are left out.
    pub fn load(root: &str, names: &[String], files: &dyn Files) -> Self {
        let mut iis = Self {
            root: root.to_owned(),
            configs: Vec::new(),
            hosts: Vec::new(),
            directives: Vec::new(),
            notes: Vec::new(),
            broken: Vec::new(),
        };
        let mut names: Vec<&String> = names.iter().collect();
        names.sort_by_key(|name| (name.matches('/').count(), *name));
        for name in names.into_iter().take(MAX_CONFIGS) {
            iis.read(name, files);
        }
        let at = match iis.configs.first() {
            Some(config) if config.directory.is_empty() => {
                Reason::at(&*config.root.file, 1, "web.config")
            }
            _ => Reason::fact("IIS"),
        };
        let mut aliases = iis.web_roots();
        aliases.extend(iis.rewritten());
        aliases.sort();
        aliases.dedup();
        iis.hosts.push(Host {
            name: "*".to_owned(),
            root: Some(root.to_owned()),
            aliases,
            at,
        });
        for config in &iis.configs {
            let mut inside = vec![format!("/{}", config.directory)];
            list(&config.root, &mut inside, &mut iis.directives);
        }
        iis
    }

    fn read(&mut self, name: &str, files: &dyn Files) {
        let directory = path::parent(name);
        let (Some(inside), Some(text)) = (path::below(&self.root, directory), files.text(name))
        else {
            return;
        };
        match xml::parse(&Arc::from(name), &text) {
            Ok(mut root) => {
                fetch(&mut root, directory, files, 0);
                self.configs.push(Config {
                    directory: inside.to_owned(),
                    root,
                });
            }
            Err(error) => {
                self.notes
                    .push(format!("{name}: IIS would not read it: {error}"));
                self.broken.push((inside.to_owned(), error));
            }
        }
    }

    /// Where ASP.NET Core applications keep what they send.
    fn web_roots(&self) -> Vec<(String, String)> {
        let is_core = |config: &&Config| {
            let all = [
                &["system.webServer", "handlers", "add"][..],
                &["location", "system.webServer", "handlers", "add"],
            ];
            let handlers = all.into_iter().flat_map(|path| config.root.at(path));
            handlers.into_iter().any(|handler| {
                let modules = handler.get("modules").unwrap_or_default();
                modules.starts_with("AspNetCoreModule")
            })
        };
        let core = self.configs.iter().filter(is_core);
        core.map(|config| {
            let url = format!("/{}", config.directory);
            let inside = path::inside(&config.directory, serve::WEB_ROOT);
            (url, path::inside(&self.root, &inside))
        })
        .collect()
    }
    /// Directories that rules lead to, as from `/` to `public/`.
    fn rewritten(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for config in &self.configs {
            let actions = ["system.webServer", "rewrite", "rules", "rule", "action"];
            for action in config.root.at(&actions) {
                let url = action.get("url").unwrap_or_default();
                let Some((directory, _)) = url.split_once("/{R:") else {
                    continue;
                };
                if !action.says("type", "Rewrite") || directory.contains([':', '{']) {
                    continue;
                }
                let base = if url.starts_with('/') {
                    ""
                } else {
                    &config.directory
                };
                if let Some(inside) = path::join(base, directory.trim_start_matches('/')) {
                    let url = format!("/{}", config.directory);
                    found.push((url, path::inside(&self.root, &inside)));
                }
            }
        }
        found
    }
}

/// Puts in what stands in a file of its own: <https://learn.microsoft.com/en-us/iis/get-started/planning-your-iis-architecture/how-to-use-configuration-delegation-in-iis-7>.
fn fetch(element: &mut Element, directory: &str, files: &dyn Files, depth: usize) {
    const SOURCE: &str = "configSource";
    if let Some(source) = element.get(SOURCE) {
        let name = path::join(directory, &source.replace('\\', "/"));
        let text = name.as_deref().and_then(|name| files.text(name));
        let name = Arc::from(name.unwrap_or_default());
        let read = text.and_then(|text| xml::parse(&name, &text).ok());
        if let Some(read) = read.filter(|read| read.name == element.name) {
            *element = read;
            element.attributes.retain(|(name, _)| name != SOURCE);
        }
        return;
    }
    if depth < 8 {
        for child in &mut element.children {
            fetch(child, directory, files, depth + 1);
        }
    }
}

/// What a site says of how it serves; not of the application, where credentials stand.
fn list(element: &Element, inside: &mut Vec<String>, all: &mut Vec<Directive>) {
    for child in &element.children {
        let is_kept = match inside.len() {
            1 => matches!(
                child.name.as_str(),
                "location" | "system.webServer" | "system.web"
            ),
            _ => child.name != "aspNetCore" && child.name != "machineKey",
        };
        if !is_kept {
            continue;
        }
        all.push(Directive {
            file: child.file.to_string(),
            line: child.line,
            name: child.name.clone(),
            args: child
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            inside: inside.clone(),
        });
        inside.push(child.shown());
        list(child, inside, all);
        inside.pop();
    }
}

impl Server for Iis {
    fn software(&self) -> Software {
        Software::Iis
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn answer(&self, host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        let asked = target::decoded(request.target).unwrap_or_default();
        let asked = asked.trim_matches('/');
        let broken = self
            .broken
            .iter()
            .find(|(directory, _)| below(directory, asked).is_some());
        let (Some(host), None) = (self.hosts.get(host), broken) else {
            let error = broken.map_or("", |(_, error)| error);
            return Answer::unknown(
                format!("a web.config that is well-formed: {error}"),
                Vec::new(),
            );
        };
        Site {
            configs: &self.configs,
            root: &self.root,
            at: &host.at,
            files,
        }
        .answer(request)
    }

    fn targets(&self, host: usize, file: &str) -> Vec<String> {
        let Some(host) = self.hosts.get(host) else {
            return Vec::new();
        };
        let aliases = host.aliases.iter().map(|(url, path)| (url.as_str(), path));
        let places = aliases.chain(host.root.iter().map(|root| ("/", root)));
        places
            .filter_map(|(url, root)| Some(target::encoded(url, path::below(root, file)?)))
            .collect()
    }

    fn directives(&self) -> &[Directive] {
        &self.directives
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}
