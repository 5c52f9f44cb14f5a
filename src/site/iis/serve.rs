//! What IIS answers to a request.

use crate::finding::Reason;
use crate::input::{Files, Kind};
use crate::site::answer::{Answer, Request, Verdict};
use crate::site::path;
use crate::site::simple::target;

use super::collection::reason;
use super::defaults;
use super::filter::{self, extension};
use super::handler::{Handler, handler};
use super::rewrite::{self, Asked};
use super::settings::{Config, Settings, below, effective};

/// The directory that ASP.NET Core applications send files from.
pub(super) const WEB_ROOT: &str = "wwwroot";

/// A site, as far as it takes an answer.
pub(super) struct Site<'s> {
    pub(super) configs: &'s [Config],
    /// As the server names it.
    pub(super) root: &'s str,
    /// How the root is known.
    pub(super) at: &'s Reason,
    pub(super) files: &'s dyn Files,
}

impl Site<'_> {
    pub(super) fn answer(&self, request: &Request<'_>) -> Answer {
        let Some(decoded) = target::decoded(request.target) else {
            let why = Reason::fact("the path is not well-formed");
            return Answer::new(Verdict::Denied, 400, None, vec![why]);
        };
        let start = decoded.trim_start_matches('/');
        let settings = effective(self.configs, start.trim_end_matches('/'));
        let mut because = vec![self.at.clone()];
        if let Some(why) = filter::refused(&settings, start) {
            because.push(why);
            let file = path::inside(self.root, start.trim_end_matches('/'));
            return Answer::new(Verdict::Denied, 404, Some(file), because);
        }
        let asked = Asked {
            files: self.files,
            root: self.root,
            target: request.target,
            host: request.host,
        };
        match rewrite::run(&settings, &asked, start) {
            Err(mut answer) => {
                because.append(&mut answer.because);
                answer.because = because;
                *answer
            }
            Ok(rewritten) if rewritten.path == start => {
                because.extend(rewritten.because);
                self.mapped(&settings, start, because)
            }
            Ok(rewritten) => {
                because.extend(rewritten.because);
                self.elsewhere(&settings, &rewritten.path, because)
            }
        }
    }

    /// A path that rules have led to: what holds there counts.
    fn elsewhere(&self, before: &Settings<'_>, to: &str, because: Vec<Reason>) -> Answer {
        let settings = effective(self.configs, to.trim_end_matches('/'));
        let answer = self.mapped(&settings, to, because);
        if answer.verdict != Verdict::Served {
            return answer;
        }
        // Whether rules of the new place, and its hidden segments, are asked as well is documented nowhere.
        let had: Vec<_> = before.rules.entries().map(|(name, _)| name).collect();
        let has_more = settings
            .rules
            .entries()
            .any(|(name, _)| !had.contains(&name));
        if has_more || filter::refused(&settings, to).is_some() {
            return Answer::unknown(
                "whether IIS asks the rules of the place that it rewrites to",
                answer.because,
            );
        }
        answer
    }

    fn mapped(&self, settings: &Settings<'_>, asked: &str, mut because: Vec<Reason>) -> Answer {
        if let Some(section) = settings
            .redirect
            .filter(|section| section.says("enabled", "true"))
        {
            because.push(reason(section));
            return Answer::new(Verdict::NotMapped, 302, None, because);
        }
        let name = asked.trim_end_matches('/');
        let file = path::inside(self.root, name);
        if let Some(why) = filter::unauthorized(settings) {
            because.push(why);
            return Answer::new(Verdict::Denied, 401, Some(file), because);
        }
        match self.files.kind(&file) {
            Kind::File => self.handled(settings, name, because),
            Kind::Directory => self.directory(settings, asked, because),
            Kind::Missing => self.missing(settings, name, because),
            Kind::Link | Kind::Unmapped => {
                Answer::unknown(format!("what stands at {file}"), because)
            }
        }
    }

    fn handled(&self, settings: &Settings<'_>, name: &str, mut because: Vec<Reason>) -> Answer {
        let file = path::inside(self.root, name);
        let (verdict, status, why, is_managed) = match handler(settings, name, true) {
            Handler::Core(why) => return self.core(name, why, because),
            Handler::Sent(why) => (Verdict::Served, 200, Some(why), true),
            Handler::Script(why) => (Verdict::Executed, 200, Some(why), true),
            Handler::Application(why) => (Verdict::NotMapped, 200, Some(why), true),
            Handler::Refused(why) => (Verdict::Denied, 404, Some(why), false),
            Handler::Static => {
                let (verdict, status, why) = typed(settings, name);
                (verdict, status, why, false)
            }
        };
        if let Some(denied) = filter::unauthorized_by_aspnet(settings, is_managed) {
            because.push(denied);
            return Answer::new(Verdict::Denied, 401, Some(file), because);
        }
        because.extend(why);
        let file = (verdict != Verdict::NotMapped).then_some(file);
        Answer::new(verdict, status, file, because)
    }

    /// What an ASP.NET Core application sends, as most of them call `UseStaticFiles`: files in `wwwroot` of types
    /// that it knows. <https://learn.microsoft.com/en-us/aspnet/core/fundamentals/static-files>.
    fn core(&self, name: &str, why: Reason, mut because: Vec<Reason>) -> Answer {
        because.push(why);
        let base = self.configs.iter().map(|config| config.directory.as_str());
        let base = base
            .filter(|base| below(base, name).is_some())
            .filter(|base| {
                let web_root = path::inside(&path::inside(self.root, base), WEB_ROOT);
                self.files.is_directory(&web_root)
            })
            .max_by_key(|base| base.len());
        let file = base.and_then(|base| {
            let inside = format!("{WEB_ROOT}/{}", below(base, name)?);
            Some(path::inside(self.root, &path::inside(base, &inside)))
        });
        let is_sent =
            |file: &String| self.files.is_file(file) && defaults::has_type(extension(file));
        match file.filter(is_sent) {
            Some(file) => {
                because.push(Reason::fact(
                    "ASP.NET Core sends files from wwwroot, if they are of a type that it knows",
                ));
                Answer::new(Verdict::Served, 200, Some(file), because)
            }
            None => Answer::new(Verdict::NotMapped, 404, None, because),
        }
    }

    fn missing(&self, settings: &Settings<'_>, name: &str, mut because: Vec<Reason>) -> Answer {
        match handler(settings, name, false) {
            Handler::Core(why) => return self.core(name, why, because),
            Handler::Application(why) => {
                because.push(why);
                return Answer::new(Verdict::NotMapped, 200, None, because);
            }
            _ => {}
        }
        // What follows a script in a path is given to it.
        let scripts = name.match_indices('/').map(|(at, _)| &name[..at]);
        for script in scripts {
            let file = path::inside(self.root, script);
            if self.files.is_file(&file)
                && let Handler::Script(why) = handler(settings, script, true)
            {
                because.push(why);
                return Answer::new(Verdict::Executed, 200, Some(file), because);
            }
        }
        Answer::new(Verdict::NotMapped, 404, None, because)
    }

    fn directory(&self, settings: &Settings<'_>, asked: &str, mut because: Vec<Reason>) -> Answer {
        let name = asked.trim_end_matches('/');
        let directory = path::inside(self.root, name);
        match handler(settings, name, false) {
            Handler::Core(why) => return self.core(name, why, because),
            Handler::Application(why) => {
                because.push(why);
                return Answer::new(Verdict::NotMapped, 200, None, because);
            }
            _ => {}
        }
        if !asked.is_empty() && !asked.ends_with('/') {
            return Answer::new(Verdict::NotMapped, 301, None, because);
        }
        let is_on = settings
            .document
            .is_none_or(|section| !section.says("enabled", "false"));
        let added = settings
            .documents
            .entries()
            .filter_map(|(_, entry)| entry.element.get("value"));
        let installed = defaults::DOCUMENTS.iter().copied();
        let installed = installed.filter(|name| settings.documents.keeps(name));
        let there = added
            .chain(installed)
            .find(|document| is_on && self.files.is_file(&path::inside(&directory, document)));
        if let Some(document) = there {
            let name = path::inside(name, document);
            return self.handled(settings, &name, because);
        }
        match settings
            .browse
            .filter(|section| section.says("enabled", "true"))
        {
            Some(section) => {
                because.push(reason(section));
                let mut answer = Answer::new(Verdict::Served, 200, Some(directory), because);
                answer.is_listing = true;
                answer
            }
            None => Answer::new(Verdict::Denied, 403, Some(directory), because),
        }
    }
}

/// A file is sent if it has a MIME type.
fn typed(settings: &Settings<'_>, name: &str) -> (Verdict, u16, Option<Reason>) {
    let found = extension(name).to_ascii_lowercase();
    let key = if found.is_empty() { "." } else { &found };
    let added = settings.types.get(key);
    let added = added.or_else(|| settings.types.get(".*"));
    if let Some(entry) = added.or_else(|| settings.types.get("*")) {
        return (Verdict::Served, 200, Some(entry.reason()));
    }
    if defaults::has_type(key) && settings.types.keeps(key) {
        return (Verdict::Served, 200, None);
    }
    let what = if key == "." {
        "files without an extension".to_owned()
    } else {
        format!("the extension {key}")
    };
    let why = Reason::fact(format!(
        "IIS has no MIME type for {what}, and sends no such file"
    ));
    (Verdict::Denied, 404, Some(why))
}
