//! What holds for one path: all configurations on the way to it, one level after the other.
//!
//! <https://learn.microsoft.com/en-us/iis/get-started/planning-your-iis-architecture/deep-dive-into-iis-configuration-with-iis-7-and-iis-8>:
//! each directory's `web.config` adds to those above it, and a `<location>` stands for the path that it names.

use crate::site::path;

use super::collection::{Collection, Shape};
use crate::site::lex::xml::Element;

/// A `web.config`.
#[derive(Debug)]
pub(super) struct Config {
    /// Its directory, relative to the site's root.
    pub(super) directory: String,
    pub(super) root: Element,
}

/// What holds for a path.
#[derive(Debug, Default)]
pub(super) struct Settings<'c> {
    pub(super) hidden: Collection<'c>,
    pub(super) extensions: Collection<'c>,
    /// `<fileExtensions allowUnlisted>`.
    pub(super) unlisted: Option<&'c Element>,
    pub(super) sequences: Collection<'c>,
    pub(super) allowed_urls: Collection<'c>,
    pub(super) filters: Collection<'c>,
    /// `<requestFiltering allowDoubleEscaping>`.
    pub(super) escaping: Option<&'c Element>,
    pub(super) types: Collection<'c>,
    pub(super) documents: Collection<'c>,
    pub(super) document: Option<&'c Element>,
    pub(super) browse: Option<&'c Element>,
    pub(super) handlers: Collection<'c>,
    pub(super) policy: Option<&'c Element>,
    pub(super) rules: Collection<'c>,
    pub(super) maps: Collection<'c>,
    pub(super) redirect: Option<&'c Element>,
    pub(super) access: Collection<'c>,
    pub(super) anonymous: Option<&'c Element>,
    pub(super) addresses: Option<&'c Element>,
    /// `<allow>` and `<deny>` of ASP.NET, the innermost level's first.
    pub(super) managed: Vec<&'c Element>,
    pub(super) modules: Collection<'c>,
    pub(super) all_managed: Option<&'c Element>,
    /// A section that stands in a file which was not read.
    pub(super) elsewhere: Option<&'c Element>,
}

const fn list(add: &'static str, key: &'static str) -> Shape {
    Shape {
        add,
        key,
        is_first: false,
    }
}

const fn ahead(add: &'static str, key: &'static str) -> Shape {
    Shape {
        add,
        key,
        is_first: true,
    }
}

/// What holds for a path relative to the site's root.
pub(super) fn effective<'c>(configs: &'c [Config], asked: &str) -> Settings<'c> {
    let mut settings = Settings::default();
    let mut ends: Vec<usize> = asked.match_indices('/').map(|(at, _)| at).collect();
    ends.insert(0, 0);
    ends.push(asked.len());
    ends.dedup();
    for level in ends.iter().filter_map(|end| asked.get(..*end)) {
        for config in configs {
            let Some(inside) = below(&config.directory, level) else {
                continue;
            };
            if inside.is_empty() {
                settings.take(&config.root, &config.directory);
            }
            for location in config.root.all("location") {
                let named = location.get("path").unwrap_or_default();
                let named = named.trim_matches('/').trim_start_matches("./");
                let named = if named == "." { "" } else { named };
                if named.eq_ignore_ascii_case(inside) {
                    settings.take(location, &config.directory);
                }
            }
        }
    }
    settings
}

/// IIS takes names in any case.
pub(super) fn below<'n>(directory: &str, name: &'n str) -> Option<&'n str> {
    if directory.is_empty() {
        return Some(name);
    }
    let start = name.get(..directory.len())?;
    let fits = start.eq_ignore_ascii_case(directory);
    fits.then(|| path::below(start, name)).flatten()
}

impl<'c> Settings<'c> {
    fn take(&mut self, container: &'c Element, base: &'c str) {
        for server in container.all("system.webServer") {
            self.filtering(server, base);
            self.content(server, base);
            self.access(server, base);
        }
        for web in container.all("system.web") {
            for section in web.all("authorization") {
                let rules = section.children.iter();
                let rules: Vec<&Element> = rules
                    .filter(|rule| matches!(rule.name.as_str(), "allow" | "deny"))
                    .collect();
                self.managed.splice(0..0, rules);
            }
        }
    }

    fn filtering(&mut self, server: &'c Element, base: &'c str) {
        for section in server.at(&["security", "requestFiltering"]) {
            if section.get("allowDoubleEscaping").is_some() {
                self.escaping = Some(section);
            }
            for part in &section.children {
                let (list, shape) = match part.name.as_str() {
                    "hiddenSegments" => (&mut self.hidden, list("add", "segment")),
                    "fileExtensions" => {
                        if part.get("allowUnlisted").is_some() {
                            self.unlisted = Some(part);
                        }
                        (&mut self.extensions, list("add", "fileExtension"))
                    }
                    "denyUrlSequences" => (&mut self.sequences, list("add", "sequence")),
                    "alwaysAllowedUrls" => (&mut self.allowed_urls, list("add", "url")),
                    "filteringRules" => (&mut self.filters, list("filteringRule", "name")),
                    _ => continue,
                };
                list.apply(part, base, shape);
            }
        }
    }

    fn content(&mut self, server: &'c Element, base: &'c str) {
        for section in &server.children {
            match section.name.as_str() {
                "staticContent" => {
                    let shape = list("mimeMap", "fileExtension");
                    self.types.apply(section, base, shape);
                }
                "defaultDocument" => {
                    if section.get("enabled").is_some() {
                        self.document = Some(section);
                    }
                    for files in section.all("files") {
                        self.documents.apply(files, base, ahead("add", "value"));
                    }
                }
                "directoryBrowse" => self.browse = Some(section),
                "handlers" => {
                    if section.get("accessPolicy").is_some() {
                        self.policy = Some(section);
                    }
                    self.handlers.apply(section, base, ahead("add", "name"));
                }
                "httpRedirect" => self.redirect = Some(section),
                "rewrite" => {
                    for rules in section.all("rules") {
                        if rules.get("configSource").is_some() {
                            self.elsewhere = Some(rules);
                        }
                        self.rules.apply(rules, base, list("rule", "name"));
                    }
                    for maps in section.all("rewriteMaps") {
                        self.maps.apply(maps, base, list("rewriteMap", "name"));
                    }
                }
                _ => {}
            }
        }
    }

    fn access(&mut self, server: &'c Element, base: &'c str) {
        for section in server.at(&["security", "authorization"]) {
            self.access.apply(section, base, list("add", "users"));
        }
        let anonymous = server.at(&["security", "authentication", "anonymousAuthentication"]);
        self.anonymous = anonymous.last().copied().or(self.anonymous);
        let addresses = server.at(&["security", "ipSecurity"]);
        self.addresses = addresses.last().copied().or(self.addresses);
        for section in server.all("modules") {
            if section.get("runAllManagedModulesForAllRequests").is_some() {
                self.all_managed = Some(section);
            }
            self.modules.apply(section, base, list("add", "name"));
        }
    }
}
