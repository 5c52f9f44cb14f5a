//! What happens to a request that has found its file, before it is handled.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::disk::Found;
use super::path;
use super::process::{Process, Ready, Step, Stop};
use super::rewrite::{Run, Verdict};
use super::settings::{Rewrite, option};
use super::translate::{ended, query_is_clean};

/// The type of a directory.
const DIRECTORY: &str = "httpd/unix-directory";

impl<'f> Process<'_, 'f> {
    /// What the extensions of the name say.
    pub(super) fn types(&self, ready: &mut Ready<'f>) -> Step<()> {
        if ready.found == Found::Directory {
            ready.content_type = Some(DIRECTORY.to_owned());
            return Ok(());
        }
        self.variants(ready)?;
        if self.apache.modules.has("mime") == Some(false) {
            return Ok(());
        }
        let name = ready.asked.filename.rsplit('/').next().unwrap_or_default();
        let name = name.trim_start_matches('.').to_ascii_lowercase();
        for extension in name.split('.').skip(1) {
            let Some(meaning) = ready.settings.extensions.get(extension) else {
                continue;
            };
            if let Some(set) = &meaning.content_type
                && !set.value.is_empty()
            {
                ready.content_type = Some(set.value.clone());
                ready.why.push(Arc::clone(&set.why));
            }
            if let Some(set) = &meaning.handler
                && !set.value.is_empty()
            {
                ready.handler = Some(set.value.clone());
                ready.why.push(Arc::clone(&set.why));
            }
        }
        Ok(())
    }

    /// `MultiViews` looks for names that go on after the one that was asked for.
    fn variants(&self, ready: &Ready<'f>) -> Step<()> {
        let is_on =
            ready.settings.has(option::MULTI_VIEWS) && self.apache.modules.is_loaded("negotiation");
        if !is_on || ready.found != Found::Nothing || ready.asked.filename.ends_with('/') {
            return Ok(());
        }
        let (directory, name) = ready.asked.filename.rsplit_once('/').unwrap_or_default();
        let start = format!("{name}.");
        let names = self
            .files
            .list(if directory.is_empty() { "/" } else { directory });
        if names.iter().any(|name| name.starts_with(&start)) {
            return Err(Stop::Unknown(format!(
                "which file MultiViews takes for {name}"
            )));
        }
        Ok(())
    }

    pub(super) fn fixups(&self, ready: &mut Ready<'f>, depth: usize) -> Step<()> {
        if let Some(set) = ready
            .settings
            .forced_type
            .as_ref()
            .filter(|set| set.value != "none")
        {
            ready.content_type = Some(set.value.clone());
            ready.why.push(Arc::clone(&set.why));
        }
        if let Some(set) = ready
            .settings
            .handler
            .clone()
            .filter(|set| set.value != "none")
        {
            if set.value.starts_with("expr=") || set.value.contains("%{") {
                return Err(Stop::Unknown(format!("which handler {} is", set.value)));
            }
            ready.handler = Some(set.value);
            ready.why.push(set.why);
        }
        self.rewrite_in_directory(ready)?;
        self.redirect_in_directory(ready)?;
        if let Some(handler) = ready.asked.forced_handler.take() {
            if ready.again.is_some() {
                return Err(instead_of_again(&handler, ready.found));
            }
            ready.handler = Some(handler);
        }
        if let Some(content_type) = ready.asked.forced_type.take() {
            ready.content_type = Some(content_type);
        }
        if self.apache.modules.has("dir") == Some(false) {
            return Ok(());
        }
        match ready.found {
            Found::Directory => self.directory(ready, depth),
            Found::Nothing if ready.handler.is_none() && ready.again.is_none() => {
                self.fallback(ready, depth)
            }
            _ => Ok(()),
        }
    }

    fn redirect_in_directory(&self, ready: &mut Ready<'f>) -> Step<()> {
        if let Some(status) = &ready.settings.redirect {
            ready.why.push(Arc::clone(&status.why));
            return Err(ended(status.value, String::new()));
        }
        for redirect in &ready.settings.redirects {
            if let Some(to) = redirect.target(&ready.asked.uri)? {
                ready.why.push(Arc::clone(&redirect.why));
                return Err(ended(redirect.status, to));
            }
        }
        Ok(())
    }

    fn rewrite_in_directory(&self, ready: &mut Ready<'f>) -> Step<()> {
        let Some(rewrite) = ready.settings.rewrite.clone() else {
            return Ok(());
        };
        let is_on = rewrite.is_on.as_ref().is_some_and(|is_on| is_on.value);
        let Some(directory) = rewrite.directory.as_deref().filter(|_| is_on) else {
            return Ok(());
        };
        let is_bare = directory.strip_suffix('/') == Some(&*ready.asked.filename);
        if (is_bare && !rewrite.allows_no_slash()) || ready.asked.is_rewritten_for_good {
            return Ok(());
        }
        if !ready.settings.has(option::FOLLOW | option::OWNER) {
            ready.why.extend(ready.settings.options_why.clone());
            return Err(Stop::Status(403));
        }
        let before = (ready.asked.filename.clone(), ready.asked.path_info.clone());
        let mut run = Run {
            asked: &mut ready.asked,
            directory: Some(directory),
            why: &mut ready.why,
            last: None,
            is_reduced: false,
        };
        let verdict = run.list(&rewrite.rules)?;
        if matches!(verdict, Verdict::Local(_) | Verdict::Pass(_)) {
            query_is_clean(ready)?;
        }
        match verdict {
            Verdict::Unchanged => ready.asked.filename = before.0,
            Verdict::Status(status) => return Err(Stop::Status(status)),
            Verdict::Redirect(status, to) => return Err(Stop::Redirect(status, to)),
            Verdict::Proxy(to) => return Err(Stop::Proxied(to)),
            Verdict::Local(name) | Verdict::Pass(name) => {
                if !name.starts_with('/') {
                    return Err(Stop::Status(400));
                }
                if name != before.0 {
                    ready.again = Some(self.url_of(&name, &rewrite, directory, ready));
                }
            }
        }
        Ok(())
    }

    /// The URL of a name that a rule in a directory made.
    fn url_of(&self, name: &str, rewrite: &Rewrite, directory: &str, ready: &Ready<'f>) -> String {
        let without = |directory: &str| {
            path::below(directory, name).filter(|_| name.len() >= directory.len())
        };
        let root = self.site.root.as_ref().map(|root| root.value.as_str());
        let inside = match &rewrite.base {
            Some(base) => without(directory).map(|rest| joined(base, rest)),
            None => root.and_then(|root| {
                let rest = name.strip_prefix(root.trim_end_matches('/'))?;
                rest.starts_with('/').then(|| rest.to_owned())
            }),
        };
        let context = || {
            let (prefix, directory) = ready.asked.context.as_ref()?;
            without(directory).map(|rest| joined(prefix, rest))
        };
        inside.or_else(context).unwrap_or_else(|| name.to_owned())
    }

    /// A directory: its slash, its index.
    fn directory(&self, ready: &mut Ready<'f>, depth: usize) -> Step<()> {
        if !ready.asked.path_info.is_empty() {
            return Ok(());
        }
        if !ready.asked.uri.ends_with('/') {
            return if ready.settings.adds_slash == Some(false) {
                Ok(())
            } else {
                ready.why.push(Arc::new(crate::finding::Reason::fact(
                    "a directory's URL ends with a slash",
                )));
                Err(Stop::Redirect(
                    301,
                    format!("{}/", path::escaped(&ready.asked.uri)),
                ))
            };
        }
        if ready.again.is_some() {
            return Ok(());
        }
        if ready.settings.checks_handler == Some(true) && ready.handler.is_some() {
            return Ok(());
        }
        let names = match &ready.settings.index {
            Some(set) => set.value.clone(),
            None => vec!["index.html".to_owned()],
        };
        let mut failed = None;
        for name in &names {
            let target = self.inner_target(ready, name);
            let mut why = Vec::new();
            match self.inner(ready, &target, depth, &mut why) {
                Ok(inner) if inner.found == Found::File => {
                    if ready.settings.index_redirect == Some(true) {
                        return Err(Stop::Redirect(302, inner.asked.uri));
                    }
                    ready.why.extend(
                        ready
                            .settings
                            .index
                            .as_ref()
                            .map(|set| Arc::clone(&set.why)),
                    );
                    replace(ready, inner, why);
                    return Ok(());
                }
                Ok(_) => {}
                Err(Stop::Status(status)) => {
                    if status == 401 && names.len() == 1 {
                        ready.why.extend(why);
                        return Err(Stop::Status(401));
                    }
                    if status != 404 {
                        failed = Some((Stop::Status(status), why));
                    }
                }
                Err(stop) => {
                    ready.why.extend(why);
                    return Err(stop);
                }
            }
        }
        match failed {
            Some((stop, why)) => {
                ready.why.extend(why);
                Err(stop)
            }
            None => Ok(()),
        }
    }

    fn inner_target(&self, ready: &Ready<'f>, name: &str) -> String {
        let mut target = if name.starts_with('/') {
            name.to_owned()
        } else {
            format!("{}{name}", path::escaped(path::parent(&ready.asked.uri)))
        };
        if let Some(query) = &ready.asked.query {
            target.push('?');
            target.push_str(query);
        }
        target
    }

    fn inner(
        &self,
        ready: &Ready<'f>,
        target: &str,
        depth: usize,
        why: &mut Vec<Arc<crate::finding::Reason>>,
    ) -> Step<Ready<'f>> {
        let mut asked = ready.asked.clone();
        asked.is_subrequest = true;
        self.run(asked, target, depth + 1, why)
    }

    /// Nothing is there: another file may stand in.
    fn fallback(&self, ready: &mut Ready<'f>, depth: usize) -> Step<()> {
        let Some(set) = ready.settings.fallback.clone() else {
            return Ok(());
        };
        if set.value.eq_ignore_ascii_case("disabled") {
            return Ok(());
        }
        let target = self.inner_target(ready, &set.value);
        let mut why = Vec::new();
        match self.inner(ready, &target, depth, &mut why) {
            Ok(inner) if inner.found == Found::File => {
                ready.why.push(set.why);
                replace(ready, inner, why);
                Ok(())
            }
            Ok(_) | Err(Stop::Status(404)) => Ok(()),
            Err(stop) => {
                ready.why.extend(why);
                Err(stop)
            }
        }
    }
}

/// A forced handler takes the place of the one that would start again, and finds no file of the rewritten name.
fn instead_of_again(handler: &str, found: Found) -> Stop {
    match (handler, found) {
        ("default-handler", Found::File) => Stop::Status(403),
        ("default-handler", _) => Stop::Status(404),
        _ => Stop::Unknown(format!("what {handler} does with a rewritten name")),
    }
}

/// The inner request goes on in place of the outer one.
fn replace<'f>(ready: &mut Ready<'f>, mut inner: Ready<'f>, why: Vec<Arc<crate::finding::Reason>>) {
    inner.why = std::mem::take(&mut ready.why);
    inner.why.extend(why);
    inner.asked.is_subrequest = ready.asked.is_subrequest;
    *ready = inner;
}

fn joined(base: &str, rest: &str) -> String {
    format!("{}/{rest}", base.trim_end_matches('/'))
}

/// What a request that starts again finds in its environment.
pub(super) fn renamed(env: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut renamed: BTreeMap<String, String> = env
        .iter()
        .map(|(name, value)| (format!("REDIRECT_{name}"), value.clone()))
        .collect();
    renamed.insert("REDIRECT_STATUS".to_owned(), "200".to_owned());
    renamed
}
