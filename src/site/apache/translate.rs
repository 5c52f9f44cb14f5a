//! From a URL to the name of a file: rules, proxies, redirects, aliases, the document root.

use std::sync::Arc;

use super::alias::{From, after_prefix};
use super::disk::{self, Found};
use super::path;
use super::process::{Process, Ready, Step, Stop};
use super::rewrite::{Run, Verdict};
use super::settings::Settings;
use super::walk::Walk;

impl<'f> Process<'_, 'f> {
    /// Finds the name of the file.
    pub(super) fn translate(&self, ready: &mut Ready<'f>) -> Step<()> {
        let mut walk = Walk {
            apache: self.apache,
            site: self.site,
            asked: &mut ready.asked,
            settings: self.site.settings.clone(),
            why: &mut ready.why,
        };
        walk.locations()?;
        let location = walk.settings;
        if self.rewrite(ready, &location)? {
            return Ok(());
        }
        self.proxy(ready, &location)?;
        self.redirect(ready, &location)?;
        if self.alias(ready, &location)? {
            return Ok(());
        }
        if self.site.user_directories && ready.asked.uri.starts_with("/~") {
            return Err(Stop::Unknown("which directories users have".to_owned()));
        }
        self.at_root(ready)
    }

    fn at_root(&self, ready: &mut Ready<'f>) -> Step<()> {
        let Some(root) = &self.site.root else {
            return Err(Stop::Unknown("the document root".to_owned()));
        };
        let uri = ready.asked.uri.clone();
        let name = format!(
            "{}/{}",
            root.value.trim_end_matches('/'),
            uri.trim_start_matches('/')
        );
        ready.why.push(Arc::clone(&root.why));
        ready.asked.filename = path::normalized(&name, true).ok_or(Stop::Status(403))?;
        Ok(())
    }

    /// Rules outside of every section. Whether they have named the file.
    fn rewrite(&self, ready: &mut Ready<'f>, location: &Settings) -> Step<bool> {
        let is_on = location
            .rewrite
            .as_ref()
            .and_then(|rewrite| rewrite.is_on.as_ref());
        let is_on = is_on.is_some_and(|is_on| is_on.value);
        if !is_on || self.site.rules.is_empty() || ready.asked.is_rewritten_for_good {
            return Ok(false);
        }
        ready.asked.filename.clone_from(&ready.asked.uri);
        let mut run = Run {
            asked: &mut ready.asked,
            directory: None,
            why: &mut ready.why,
            last: None,
            is_reduced: false,
        };
        let verdict = run.list(&self.site.rules)?;
        let (last, is_reduced) = (run.last, run.is_reduced);
        if matches!(verdict, Verdict::Local(_) | Verdict::Pass(_)) {
            query_is_clean(ready)?;
        }
        match verdict {
            Verdict::Unchanged => {
                ready.asked.filename.clear();
                Ok(false)
            }
            Verdict::Status(status) => Err(Stop::Status(status)),
            Verdict::Redirect(status, to) => Err(Stop::Redirect(status, to)),
            Verdict::Proxy(to) => Err(Stop::Proxied(to)),
            Verdict::Pass(name) => {
                ready.asked.filename.clear();
                ready.asked.uri = name;
                Ok(false)
            }
            Verdict::Local(name) => {
                if !name.starts_with('/') {
                    return Err(Stop::Status(400));
                }
                let output = last.map(|rule| rule.output().to_owned());
                if is_reduced || !self.is_file_name(&name, output.as_deref())? {
                    let uri = std::mem::replace(&mut ready.asked.uri, name);
                    self.at_root(ready)?;
                    ready.asked.uri = uri;
                } else {
                    ready.asked.filename =
                        path::normalized(&name, true).ok_or(Stop::Status(403))?;
                }
                Ok(true)
            }
        }
    }

    /// Whether a rule names a file, rather than a URL: its first directory exists, and the rule says so itself.
    fn is_file_name(&self, name: &str, output: Option<&str>) -> Step<bool> {
        let end = name[1..].find('/').map_or(name.len(), |slash| slash + 1);
        let start = &name[..end];
        let in_root = self
            .site
            .root
            .as_ref()
            .is_some_and(|root| name.starts_with(root.value.as_str()));
        let is_said = output.is_none_or(|output| output.starts_with(start)) || in_root;
        Ok(is_said && (in_root || disk::stat(self.files, start)? != Found::Nothing))
    }

    fn proxy(&self, ready: &mut Ready<'f>, location: &Settings) -> Step<()> {
        if let Some(proxy) = &location.proxy {
            ready.why.push(Arc::clone(&proxy.why));
            return match &*proxy.value {
                "!" => Ok(()),
                to => Err(Stop::Proxied(to.to_owned())),
            };
        }
        for proxy in &self.site.proxies {
            let uri = &ready.asked.uri;
            let rest = match &proxy.from {
                From::Prefix(prefix) => after_prefix(uri, prefix).map(str::to_owned),
                From::Pattern(pattern) => pattern.groups(uri)?.map(|groups| {
                    let group = |number: usize| groups.get(number).to_owned();
                    super::alias::substituted(&proxy.to, &group)
                }),
            };
            let Some(rest) = rest else {
                continue;
            };
            ready.why.push(Arc::clone(&proxy.why));
            if proxy.to == "!" {
                return Ok(());
            }
            return Err(Stop::Proxied(match &proxy.from {
                From::Prefix(_) => format!("{}{rest}", proxy.to),
                From::Pattern(_) => rest,
            }));
        }
        Ok(())
    }

    fn redirect(&self, ready: &mut Ready<'f>, location: &Settings) -> Step<()> {
        if let Some(status) = &location.redirect {
            ready.why.push(Arc::clone(&status.why));
            return Err(ended(status.value, String::new()));
        }
        for redirect in &self.site.redirects {
            if let Some(to) = redirect.target(&ready.asked.uri)? {
                ready.why.push(Arc::clone(&redirect.why));
                return Err(ended(redirect.status, to));
            }
        }
        Ok(())
    }

    fn alias(&self, ready: &mut Ready<'f>, location: &Settings) -> Step<bool> {
        if let Some(alias) = &location.alias {
            let prefix = &alias.why.directive;
            return Err(Stop::Unknown(format!(
                "where `{prefix}` in a <Location> leads"
            )));
        }
        for alias in &self.site.aliases {
            let Some(to) = alias.target(&ready.asked.uri)? else {
                continue;
            };
            ready.why.push(Arc::clone(&alias.why));
            if let (From::Prefix(prefix), Some(real)) = (&alias.from, &alias.to) {
                ready.asked.context = Some((prefix.clone(), real.clone()));
            }
            if alias.is_script {
                ready.handler = Some("cgi-script".to_owned());
                ready.is_script = true;
            }
            if !to.starts_with('/') {
                return Err(Stop::Unknown(format!("where {to} is")));
            }
            ready.asked.filename = path::normalized(&to, true).ok_or(Stop::Status(403))?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// A status that ends the request.
pub(super) fn ended(status: u16, to: String) -> Stop {
    if (300..400).contains(&status) {
        Stop::Redirect(status, to)
    } else {
        Stop::Status(status)
    }
}

/// A query that rules have made, and that holds what no query may hold, is refused.
pub(super) fn query_is_clean(ready: &Ready<'_>) -> Step<()> {
    let query = ready.asked.query.as_deref().unwrap_or_default();
    let is_odd = |byte: u8| byte <= b' ' || byte == 0x7f;
    if query.bytes().any(is_odd) {
        return Err(Stop::Status(403));
    }
    Ok(())
}
