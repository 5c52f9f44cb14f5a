//! lighttpd 1.4.

mod parse;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use regex_automata::meta::Regex;

use crate::finding::Reason;
use crate::input::{Files, Kind};

use super::answer::{Answer, Request, Verdict};
use super::path;
use super::server::{Directive, Host, Server, Software};
use super::simple::target;

use parse::{Item, Value, parse};

/// A configured lighttpd.
#[derive(Debug)]
pub struct Lighttpd {
    /// The configuration, as reports name it.
    file: String,
    items: Vec<Item>,
    hosts: Vec<Host>,
    directives: Vec<Directive>,
    notes: Vec<String>,
    broken: Option<String>,
}

/// What holds for one request.
#[derive(Default)]
struct Settings<'i> {
    set: BTreeMap<&'i str, (u32, Value)>,
    /// A condition that cannot be told, on settings that matter.
    unsure: Option<(u32, String)>,
}

/// What decides which file is sent.
const DECISIVE: &[&str] = &[
    "server.document-root",
    "url.",
    "alias.",
    "static-file.",
    "auth.",
    "fastcgi.",
    "proxy.",
    "cgi.",
];

impl Lighttpd {
    /// Reads a configuration; `file` is its name in reports.
    pub fn load(file: &str, text: &str) -> Self {
        let mut server = Self {
            file: file.to_owned(),
            items: Vec::new(),
            hosts: Vec::new(),
            directives: Vec::new(),
            notes: Vec::new(),
            broken: None,
        };
        match parse(text) {
            Ok(items) => server.items = items,
            Err(error) => {
                server
                    .notes
                    .push(format!("{file}: lighttpd would not start: {error}"));
                server.broken = Some(error);
            }
        }
        let mut hosts = Vec::new();
        server.list(&server.items, &mut Vec::new(), &mut hosts);
        server.directives = hosts;
        let host = server.host();
        server.hosts.push(host);
        for item in &server.items {
            if let Item::Include { line, what } = item {
                server
                    .notes
                    .push(format!("{file}:{line}: what {what} includes was not read"));
            }
        }
        server
    }

    fn list(&self, items: &[Item], inside: &mut Vec<String>, all: &mut Vec<Directive>) {
        for item in items {
            match item {
                Item::Set {
                    line, name, value, ..
                } => all.push(Directive {
                    file: self.file.clone(),
                    line: *line,
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
                    self.list(items, inside, all);
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
                        &self.file,
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

    fn reason(&self, name: &str, (line, _): &(u32, Value), value: &str) -> Reason {
        Reason::at(&self.file, *line, format!("{name}: \"{value}\""))
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

/// Later settings go before earlier ones; lists that are added to grow.
fn apply<'i>(items: &'i [Item], asked: (&str, &str), settings: &mut Settings<'i>) {
    let mut held = false;
    for item in items {
        match item {
            Item::Set {
                line,
                name,
                value,
                is_added,
            } => {
                let old = settings
                    .set
                    .get(name.as_str())
                    .filter(|_| *is_added)
                    .cloned();
                let value = match (old, value) {
                    (Some((_, Value::List(mut old))), Value::List(more)) => {
                        old.extend(more.iter().cloned());
                        Value::List(old)
                    }
                    _ => value.clone(),
                };
                settings.set.insert(name, (*line, value));
            }
            Item::If {
                line,
                subject,
                operator,
                against,
                is_else,
                inside,
            } => {
                if *is_else && held {
                    continue;
                }
                let holds = if subject.is_empty() {
                    Some(true)
                } else {
                    holds(subject, operator, against, asked)
                };
                match holds {
                    Some(true) => apply(inside, asked, settings),
                    None if is_decisive(inside) => {
                        settings
                            .unsure
                            .get_or_insert((*line, format!("${subject} {operator} \"{against}\"")));
                    }
                    Some(false) | None => {}
                }
                held = holds == Some(true) || (*is_else && held);
            }
            Item::Include { .. } => {}
        }
    }
}

fn is_decisive(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Set { name, .. } => DECISIVE.iter().any(|start| name.starts_with(start)),
        Item::If { inside, .. } => is_decisive(inside),
        Item::Include { .. } => false,
    })
}

fn holds(
    subject: &str,
    operator: &str,
    against: &str,
    (asked, host): (&str, &str),
) -> Option<bool> {
    let value = match subject {
        "HTTP[url]" => asked,
        "HTTP[host]" => host,
        "HTTP[request-method]" | "HTTP[requestmethod]" => "GET",
        "HTTP[query-string]" | "HTTP[querystring]" => "",
        _ => return None,
    };
    Some(match operator {
        "==" => value == against,
        "!=" => value != against,
        "=^" => value.starts_with(against),
        "=$" => value.ends_with(against),
        "=~" => Regex::new(against).ok()?.is_match(value),
        "!~" => !Regex::new(against).ok()?.is_match(value),
        _ => return None,
    })
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

impl Lighttpd {
    fn decide(&self, asked: &str, settings: &Settings<'_>, files: &dyn Files) -> Answer {
        let at = self.hosts.first().map(|host| host.at.clone());
        let mut because: Vec<Reason> = at.into_iter().collect();
        if let Some((line, condition)) = &settings.unsure {
            because.push(Reason::at(&self.file, *line, condition.clone()));
            return Answer::unknown(format!("whether {condition} holds"), because);
        }
        let file = place(asked, settings);
        if let Some((name, setting, value)) = self.rule(asked, settings) {
            because.push(self.reason(name, setting, &value));
            return match name {
                "url.access-deny" => Answer::new(Verdict::Denied, 403, file, because),
                "auth.require" => Answer::new(Verdict::Denied, 401, file, because),
                "fastcgi.server" | "cgi.assign" if value.starts_with('.') => {
                    let there = file.filter(|file| files.is_file(file));
                    match there {
                        Some(file) => Answer::new(Verdict::Executed, 200, Some(file), because),
                        None => Answer::new(Verdict::NotMapped, 404, None, because),
                    }
                }
                "url.redirect" | "proxy.server" | "fastcgi.server" | "cgi.assign" => {
                    Answer::new(Verdict::NotMapped, 200, None, because)
                }
                _ => Answer::unknown(format!("what {name} makes of the path"), because),
            };
        }
        let Some(mut file) = file else {
            return Answer::unknown("the document root", because);
        };
        if files.kind(&file) == Kind::Directory {
            match index(&file, settings, files) {
                Ok(index) => file = index,
                Err(is_listing) => {
                    let verdict = if is_listing {
                        Verdict::Served
                    } else {
                        Verdict::Denied
                    };
                    let mut answer = Answer::new(
                        verdict,
                        if is_listing { 200 } else { 403 },
                        Some(file),
                        because,
                    );
                    answer.is_listing = is_listing;
                    return answer;
                }
            }
            if let Some((name, setting, value)) = self.handler(&file, settings) {
                because.push(self.reason(name, setting, &value));
                return Answer::new(Verdict::Executed, 200, Some(file), because);
            }
        }
        match files.kind(&file) {
            Kind::File => self.sent(file, settings, because),
            Kind::Missing | Kind::Directory => Answer::new(Verdict::NotMapped, 404, None, because),
            Kind::Link | Kind::Unmapped => {
                Answer::unknown(format!("what stands at {file}"), because)
            }
        }
    }

    fn sent(&self, file: String, settings: &Settings<'_>, mut because: Vec<Reason>) -> Answer {
        let name = "static-file.exclude-extensions";
        let excluded = settings.set.get(name).and_then(|setting| {
            let mut ends = setting.1.items().iter().map(|(_, end)| end.text());
            ends.find(|end| file.ends_with(*end))
                .map(|end| self.reason(name, setting, end))
        });
        match excluded {
            Some(reason) => {
                because.push(reason);
                Answer::new(Verdict::Denied, 403, Some(file), because)
            }
            None => Answer::new(Verdict::Served, 200, Some(file), because),
        }
    }

    /// The first setting that decides by the URL alone, and which of its values does.
    fn rule<'s>(
        &self,
        asked: &str,
        settings: &'s Settings<'_>,
    ) -> Option<(&'static str, &'s (u32, Value), String)> {
        let setting = |name: &'static str, module: &str| {
            is_loaded(settings, module)
                .then(|| settings.set.get(name))
                .flatten()
                .map(|setting| (name, setting))
        };
        let by_regex = [
            "url.rewrite",
            "url.rewrite-once",
            "url.rewrite-final",
            "url.rewrite-repeat",
        ]
        .into_iter()
        .filter_map(|name| setting(name, "mod_rewrite"))
        .chain(setting("url.redirect", "mod_redirect"));
        for (name, value) in by_regex {
            for (pattern, _) in value.1.items() {
                let pattern = pattern.as_deref()?;
                if Regex::new(pattern).map_or(true, |regex| regex.is_match(asked)) {
                    return Some((name, value, pattern.to_owned()));
                }
            }
        }
        if let Some((name, value)) = setting("url.access-deny", "mod_access") {
            let mut ends = value.1.items().iter().map(|(_, end)| end.text());
            if let Some(end) = ends.find(|end| asked.ends_with(*end)) {
                return Some((name, value, end.to_owned()));
            }
        }
        if let Some((name, value)) = setting("auth.require", "mod_auth") {
            let mut paths = value
                .1
                .items()
                .iter()
                .filter_map(|(path, _)| path.as_deref());
            if let Some(path) = paths.find(|path| asked.starts_with(*path)) {
                return Some((name, value, path.to_owned()));
            }
        }
        self.handler(asked, settings)
    }

    /// Which program gets a path: by its end, or by its start.
    fn handler<'s>(
        &self,
        asked: &str,
        settings: &'s Settings<'_>,
    ) -> Option<(&'static str, &'s (u32, Value), String)> {
        for (name, module) in [
            ("fastcgi.server", "mod_fastcgi"),
            ("cgi.assign", "mod_cgi"),
            ("proxy.server", "mod_proxy"),
        ] {
            let Some(setting) = settings
                .set
                .get(name)
                .filter(|_| is_loaded(settings, module))
            else {
                continue;
            };
            for key in setting
                .1
                .items()
                .iter()
                .filter_map(|(key, _)| key.as_deref())
            {
                let fits = if key.starts_with('/') {
                    asked.starts_with(key)
                } else {
                    asked.ends_with(key)
                };
                if fits {
                    return Some((name, setting, key.to_owned()));
                }
            }
        }
        None
    }
}

/// A module is there if the list names it, or if no list was read.
fn is_loaded(settings: &Settings<'_>, module: &str) -> bool {
    let modules = settings.set.get("server.modules");
    modules.is_none_or(|(_, list)| list.items().iter().any(|(_, name)| name.text() == module))
}

/// The file that a path stands for, through the first alias that fits or the document root.
fn place(asked: &str, settings: &Settings<'_>) -> Option<String> {
    let aliases = settings
        .set
        .get("alias.url")
        .filter(|_| is_loaded(settings, "mod_alias"));
    for (url, directory) in aliases.map_or(&[][..], |(_, list)| list.items()) {
        if let Some(rest) = asked.strip_prefix(url.as_deref().unwrap_or("\u{0}")) {
            return path::join("/", &format!("{}{rest}", directory.text()));
        }
    }
    let (_, root) = settings.set.get("server.document-root")?;
    path::join(&tidy(root.text()), asked.trim_start_matches('/'))
}

/// The file that stands for a directory; otherwise whether its files are listed.
fn index(directory: &str, settings: &Settings<'_>, files: &dyn Files) -> Result<String, bool> {
    let names = settings
        .set
        .get("index-file.names")
        .or_else(|| settings.set.get("server.indexfiles"));
    let mut names = names.map_or(&[][..], |(_, list)| list.items()).iter();
    let there = names.find_map(|(_, name)| {
        let file = path::inside(directory, name.text().trim_start_matches('/'));
        files.is_file(&file).then_some(file)
    });
    let is_on = |name: &str| {
        settings
            .set
            .get(name)
            .is_some_and(|(_, value)| value.text() == "enable")
    };
    there.ok_or_else(|| is_on("dir-listing.activate") || is_on("server.dir-listing"))
}
