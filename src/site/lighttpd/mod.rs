//! lighttpd 1.4.

mod decide;
mod include;
mod parse;
mod settings;
#[cfg(test)]
mod tests;

use crate::finding::Reason;
use crate::input::Files;

use super::answer::{Answer, Request, Verdict};
use super::path;
use super::server::{Directive, Host, Server, Software};
use super::simple::target;

use include::Sources;
use parse::{Item, Value, parse};
use settings::{Settings, apply};

/// A configured lighttpd.
#[derive(Debug)]
pub struct Lighttpd {
    items: Vec<Item>,
    hosts: Vec<Host>,
    directives: Vec<Directive>,
    notes: Vec<String>,
    broken: Option<String>,
}

impl Lighttpd {
    /// Reads a configuration, and what it includes of `files`; `file` is its name in reports.
    pub fn load(file: &str, text: &str, files: &dyn Files) -> Self {
        let mut server = Self {
            items: Vec::new(),
            hosts: Vec::new(),
            directives: Vec::new(),
            notes: Vec::new(),
            broken: None,
        };
        match parse(file, text, &mut Sources::new(file, files)) {
            Ok(items) => server.items = items,
            Err(error) => {
                server
                    .notes
                    .push(format!("{file}: lighttpd would not start: {error}"));
                server.broken = Some(error);
            }
        }
        let mut hosts = Vec::new();
        Self::list(&server.items, &mut Vec::new(), &mut hosts);
        server.directives = hosts;
        let host = server.host();
        server.hosts.push(host);
        unread(&server.items, &mut server.notes);
        server
    }

    fn list(items: &[Item], inside: &mut Vec<String>, all: &mut Vec<Directive>) {
        for item in items {
            match item {
                Item::Set {
                    at, name, value, ..
                } => all.push(Directive {
                    file: at.file.to_string(),
                    line: at.line,
                    name: name.clone(),
                    args: match value {
                        Value::Text(text) => vec![text.clone()],
                        Value::List(items) => items
                            .iter()
                            .map(|(_, value)| value.text().to_owned())
                            .collect(),
                    },
                    inside: inside.clone(),
                }),
                Item::If {
                    subject,
                    operator,
                    against,
                    inside: items,
                    ..
                } => {
                    inside.push(format!("${subject} {operator} \"{against}\""));
                    Self::list(items, inside, all);
                    inside.pop();
                }
                Item::Include { .. } => {}
            }
        }
    }

    /// All document roots and aliases, whatever their conditions.
    fn host(&self) -> Host {
        let named = |name: &str| {
            self.directives
                .iter()
                .find(|directive| directive.name == name)
        };
        let root = named("server.document-root");
        let mut aliases = Vec::new();
        all_aliases(&self.items, &mut aliases);
        let others = self
            .directives
            .iter()
            .filter(|directive| directive.name == "server.document-root");
        aliases.extend(
            others
                .skip(1)
                .filter_map(|directive| Some(("/".to_owned(), tidy(directive.args.first()?)))),
        );
        let port = named("server.port").and_then(|directive| directive.args.first());
        Host {
            name: format!("*:{}", port.map_or("80", String::as_str)),
            root: root
                .and_then(|directive| directive.args.first())
                .map(|root| tidy(root)),
            aliases,
            at: root.map_or_else(
                || Reason::fact("lighttpd"),
                |root| {
                    Reason::at(
                        &*root.file,
                        root.line,
                        format!("server.document-root = \"{}\"", root.args.join(" ")),
                    )
                },
            ),
        }
    }

    fn settings(&self, asked: &str, host: &str) -> Settings<'_> {
        let mut settings = Settings::default();
        apply(&self.items, (asked, host), &mut settings);
        settings
    }
}

/// What is included and was not found, or is what a program prints.
fn unread(items: &[Item], notes: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Include { at, what } => notes.push(format!(
                "{}:{}: what {what} includes was not read",
                at.file, at.line
            )),
            Item::If { inside, .. } => unread(inside, notes),
            Item::Set { .. } => {}
        }
    }
}

fn tidy(path: &str) -> String {
    path::join("/", path).unwrap_or_default()
}

fn all_aliases(items: &[Item], all: &mut Vec<(String, String)>) {
    for item in items {
        match item {
            Item::Set { name, value, .. } if name == "alias.url" => {
                let pairs = value.items().iter();
                all.extend(
                    pairs.filter_map(|(url, directory)| {
                        Some((url.clone()?, tidy(directory.text())))
                    }),
                );
            }
            Item::If { inside, .. } => all_aliases(inside, all),
            Item::Set { .. } | Item::Include { .. } => {}
        }
    }
}

impl Server for Lighttpd {
    fn software(&self) -> Software {
        Software::Lighttpd
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn answer(&self, _host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        if let Some(error) = &self.broken {
            return Answer::unknown(
                format!("a configuration that is well-formed: {error}"),
                Vec::new(),
            );
        }
        let Some(asked) = target::decoded(request.target) else {
            let why = Reason::fact("the path is not well-formed");
            return Answer::new(Verdict::Denied, 400, None, vec![why]);
        };
        let settings = self.settings(&asked, request.host.unwrap_or_default());
        self.decide(&asked, &settings, files)
    }

    fn targets(&self, _host: usize, file: &str) -> Vec<String> {
        let mut targets = Vec::new();
        for host in &self.hosts {
            let root = host.root.iter().map(|root| ("/", root));
            let aliases = host
                .aliases
                .iter()
                .map(|(url, directory)| (url.as_str(), directory));
            let inside = |(url, directory): (&str, &String)| {
                Some(target::encoded(url, path::below(directory, file)?))
            };
            targets.extend(root.chain(aliases).filter_map(inside));
        }
        targets
    }

    fn directives(&self) -> &[Directive] {
        &self.directives
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}
