//! What becomes of a path.

use regex_automata::meta::Regex;

use crate::finding::Reason;
use crate::input::{Files, Kind};

use super::super::answer::{Answer, Verdict};
use super::Lighttpd;
use super::settings::{Setting, Settings, index, is_loaded, place};

impl Lighttpd {
    pub(super) fn decide(&self, asked: &str, settings: &Settings<'_>, files: &dyn Files) -> Answer {
        let at = self.hosts.first().map(|host| host.at.clone());
        let mut because: Vec<Reason> = at.into_iter().collect();
        if let Some((at, condition)) = &settings.unsure {
            because.push(at.reason(condition.clone()));
            return Answer::unknown(format!("whether {condition} holds"), because);
        }
        let file = place(asked, settings);
        if let Some((name, setting, value)) = self.rule(asked, settings) {
            because.push(reason(name, setting, &value));
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
                because.push(reason(name, setting, &value));
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
                .map(|end| reason(name, setting, end))
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
    ) -> Option<(&'static str, &'s Setting, String)> {
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
    ) -> Option<(&'static str, &'s Setting, String)> {
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

fn reason(name: &str, (at, _): &Setting, value: &str) -> Reason {
    at.reason(format!("{name}: \"{value}\""))
}
