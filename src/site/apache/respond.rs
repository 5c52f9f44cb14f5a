//! From the file and the handler to the answer.

use std::sync::Arc;

use crate::finding::Reason;
use crate::site::answer::{Answer, Verdict};

use super::disk::Found;
use super::fixups::renamed;
use super::path;
use super::process::{Process, Ready, Step, Stop};
use super::request::Asked;
use super::rewrite::scheme;
use super::settings::option;

/// Requests that start again, one after the other.
const MAX_AGAIN: usize = 10;

/// What the server does with the request.
enum End {
    File,
    Listing,
    Executed,
    /// A page that the server writes itself.
    Page,
}

impl<'f> Process<'_, 'f> {
    /// Answers a request.
    pub(super) fn answer(&self, asked: Asked<'f>) -> Answer {
        let mut why = Vec::new();
        let target = asked.target.clone();
        let result = self.whole(asked, target, &mut why);
        let because = reasons(&why);
        match result {
            Ok((end, ready)) => self.sent(&end, &ready, because),
            Err((Stop::Status(status), name)) => {
                let file = name.filter(|name| self.is_there(name));
                let verdict = match status {
                    400 => Verdict::NotMapped,
                    404 if file.is_none() => Verdict::NotMapped,
                    _ => Verdict::Denied,
                };
                Answer::new(verdict, status, file, because)
            }
            Err((Stop::Redirect(status, _), _)) => {
                Answer::new(Verdict::NotMapped, status, None, because)
            }
            Err((Stop::Proxied(to), _)) => self.proxied(&to, because),
            Err((Stop::Unknown(settle), _)) => Answer::unknown(settle, because),
        }
    }

    /// Another server answers; over FastCGI it runs a file of this one.
    fn proxied(&self, to: &str, because: Vec<Reason>) -> Answer {
        let is_fcgi =
            scheme(to).is_some_and(|scheme| scheme.ends_with("cgi://")) || to.contains("|fcgi://");
        if !is_fcgi {
            return Answer {
                verdict: Verdict::NotMapped,
                status: None,
                file: None,
                is_listing: false,
                because,
                settle: None,
            };
        }
        let rest = to.rsplit_once("://").map_or("", |(_, rest)| rest);
        let file = rest.find('/').map(|slash| rest[slash..].to_owned());
        let is_missing = file
            .as_deref()
            .is_some_and(|file| super::disk::stat(self.files, file) == Ok(Found::Nothing));
        if is_missing {
            return Answer::new(Verdict::NotMapped, 404, None, because);
        }
        Answer::new(Verdict::Executed, 200, file, because)
    }

    fn is_there(&self, name: &str) -> bool {
        super::disk::stat(self.files, name) != Ok(Found::Nothing)
    }

    /// Where a redirect leads, if the request ends in one.
    pub(super) fn location(&self, asked: Asked<'f>) -> Option<String> {
        let target = asked.target.clone();
        match self.whole(asked, target, &mut Vec::new()) {
            Err((Stop::Redirect(_, to), _)) => Some(to),
            _ => None,
        }
    }

    /// From the target to the end, starting again as often as rules want it.
    #[allow(clippy::type_complexity)]
    fn whole(
        &self,
        asked: Asked<'f>,
        target: String,
        why: &mut Vec<Arc<Reason>>,
    ) -> Result<(End, Ready<'f>), (Stop, Option<String>)> {
        let mut asked = asked;
        let mut target = target;
        let mut plain_name = None;
        for _ in 0..=MAX_AGAIN {
            let name = self.plain_name(&target);
            plain_name = plain_name.or(name);
            let ready = self.run(asked, &target, 0, why);
            let mut ready = ready.map_err(|stop| (stop, plain_name.clone()))?;
            let Some(again) = ready.again.take() else {
                let name = ready.asked.filename.clone();
                let end = self.handle(&mut ready).map_err(|stop| (stop, Some(name)))?;
                why.append(&mut ready.why);
                return Ok((end, ready));
            };
            target = match &ready.asked.query {
                Some(query) => format!("{again}?{query}"),
                None => again,
            };
            asked = ready.asked;
            asked.env = renamed(&asked.env);
        }
        Err((Stop::Status(500), plain_name))
    }

    /// The file that a request is for if no rule has anything to say.
    fn plain_name(&self, target: &str) -> Option<String> {
        let path = path::parse(target, true).ok()?.path;
        let root = self.site.root.as_ref()?;
        Some(format!("{}{path}", root.value.trim_end_matches('/')))
    }

    fn handle(&self, ready: &mut Ready<'f>) -> Step<End> {
        let handler = ready.handler.clone().or_else(|| ready.content_type.clone());
        let handler = handler.unwrap_or_default();
        let name = handler
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        if let Some(to) = name.strip_prefix("proxy:") {
            return self.through_proxy(ready, to);
        }
        if let Some(action) = ready.settings.actions.get(&name)
            && self.apache.modules.has("actions") != Some(false)
        {
            ready.why.push(Arc::clone(&action.why));
            return match ready.found {
                Found::Nothing if !action.value => Err(Stop::Status(404)),
                _ => Ok(End::Executed),
            };
        }
        match &*name {
            "cgi-script" => self.script(ready),
            "httpd/unix-directory" => self.list(ready),
            "server-status" => self.page("status", ready),
            "server-info" => self.page("info", ready),
            "balancer-manager" => self.page("proxy_balancer", ready),
            _ => match module_of(&name) {
                Some(module) => self.by_module(module, ready),
                None => self.plain(ready, &name),
            },
        }
    }

    fn through_proxy(&self, ready: &Ready<'f>, to: &str) -> Step<End> {
        let is_fcgi = to.contains("fcgi://");
        if self.apache.modules.has("proxy") == Some(false)
            || is_fcgi && self.apache.modules.has("proxy_fcgi") == Some(false)
        {
            return self.plain(ready, "");
        }
        if !is_fcgi {
            return Err(Stop::Proxied(to.to_owned()));
        }
        match ready.found {
            Found::Nothing | Found::Directory => Err(Stop::Status(404)),
            Found::File => Ok(End::Executed),
        }
    }

    fn script(&self, ready: &Ready<'f>) -> Step<End> {
        let modules = &self.apache.modules;
        if modules.has("cgi") == Some(false) && modules.has("cgid") == Some(false) {
            return self.plain(ready, "");
        }
        if !ready.is_script && !ready.settings.has(option::EXEC_CGI) {
            return Err(Stop::Status(403));
        }
        match ready.found {
            Found::Nothing => Err(Stop::Status(404)),
            Found::Directory => Err(Stop::Status(403)),
            Found::File => Ok(End::Executed),
        }
    }

    fn by_module(&self, module: &str, ready: &mut Ready<'f>) -> Step<End> {
        let modules = &self.apache.modules;
        let is_there = if module == "php" {
            modules.has_php() || !modules.is_complete
        } else {
            modules.has(module) != Some(false)
        };
        if !is_there || ready.found == Found::Directory {
            return self.plain(ready, "");
        }
        let engine = ready.settings.php_engine.as_ref();
        if let Some(engine) = engine.filter(|set| module == "php" && !set.value.is_on) {
            ready.why.push(Arc::clone(&engine.why));
            return self.plain(ready, "");
        }
        match ready.found {
            Found::Nothing => Err(Stop::Status(404)),
            _ => Ok(End::Executed),
        }
    }

    fn page(&self, module: &str, ready: &Ready<'f>) -> Step<End> {
        if self.apache.modules.has(module) == Some(false) {
            self.plain(ready, "")
        } else {
            Ok(End::Page)
        }
    }

    fn list(&self, ready: &mut Ready<'f>) -> Step<End> {
        if self.apache.modules.has("autoindex") == Some(false) || ready.found != Found::Directory {
            return self.plain(ready, "");
        }
        ready.why.extend(ready.settings.options_why.clone());
        if ready.settings.has(option::INDEXES) {
            Ok(End::Listing)
        } else {
            Err(Stop::Status(403))
        }
    }

    /// The server sends the file as it is.
    fn plain(&self, ready: &Ready<'f>, handler: &str) -> Step<End> {
        let is_odd = ready.handler.is_some() && !handler.is_empty() && handler != "default-handler";
        if is_odd && !self.apache.modules.is_complete {
            return Err(Stop::Unknown(format!("what the handler {handler} does")));
        }
        if ready.found != Found::File {
            return Err(Stop::Status(404));
        }
        if !ready.asked.path_info.is_empty() && ready.settings.accepts_path_info != Some(true) {
            return Err(Stop::Status(404));
        }
        let lower = ready.asked.filename.to_ascii_lowercase();
        let is_php = [".php", ".phtml", ".phar"]
            .iter()
            .any(|end| lower.ends_with(end));
        if is_php && ready.handler.is_none() && !self.apache.modules.is_complete {
            return Err(Stop::Unknown("whether a handler runs PHP files".to_owned()));
        }
        Ok(End::File)
    }

    fn sent(&self, end: &End, ready: &Ready<'f>, mut because: Vec<Reason>) -> Answer {
        let name = ready.asked.filename.clone();
        let name = if name.len() > 1 {
            name.trim_end_matches('/').to_owned()
        } else {
            name
        };
        let name = super::disk::real(self.files, &name).unwrap_or(name);
        let (verdict, file) = match end {
            End::File | End::Listing => (Verdict::Served, Some(name)),
            End::Executed => (Verdict::Executed, Some(name)),
            End::Page => (Verdict::Executed, None),
        };
        if because.is_empty() {
            because.push(Reason::fact("no rule stops it"));
        }
        let mut answer = Answer::new(verdict, 200, file, because);
        answer.is_listing = matches!(end, End::Listing);
        answer
    }
}

/// The module of a handler that runs files.
fn module_of(handler: &str) -> Option<&'static str> {
    Some(match handler {
        "fcgid-script" => "fcgid",
        "wsgi-script" => "wsgi",
        "perl-script" | "modperl" => "perl",
        "lua-script" => "lua",
        "php-script" => "php",
        "type-map" => "negotiation",
        "imap-file" => "imagemap",
        "application/x-httpd-php-source" | "text/html" | "server-parsed" => return None,
        _ if handler.contains("x-httpd-php") || handler.starts_with("php") => "php",
        _ if handler.contains("x-httpd-") && handler.contains("php") => "php",
        _ => return None,
    })
}

/// Each reason once, in the order in which they decided.
fn reasons(why: &[Arc<Reason>]) -> Vec<Reason> {
    let mut found: Vec<Reason> = Vec::new();
    for reason in why {
        if !found.contains(reason) {
            found.push((**reason).clone());
        }
    }
    found.truncate(40);
    found
}
