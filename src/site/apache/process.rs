//! A request, from its target to the file and the handler.

use std::cell::Cell;
use std::sync::Arc;

use crate::finding::Reason;
use crate::input::Files;

use super::Apache;
use super::authz::Outcome;
use super::config::Site;
use super::disk::Found;
use super::path;
use super::request::Asked;
use super::settings::Settings;
use super::tree::Unknown;
use super::walk::Walk;

/// Why there is no file to handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    Status(u16),
    /// With where it leads.
    Redirect(u16, String),
    /// Another server answers.
    Proxied(String),
    Unknown(String),
}

impl From<Unknown> for Stop {
    fn from(unknown: Unknown) -> Self {
        Self::Unknown(unknown.0)
    }
}

/// What came of a part of the work.
pub(super) type Step<T> = Result<T, Stop>;

/// Requests that one request may cause.
const MAX_REQUESTS: usize = 300;

/// Requests within requests.
const MAX_DEPTH: usize = 10;

/// A request that has found its file.
#[derive(Clone)]
pub(super) struct Ready<'f> {
    pub(super) asked: Asked<'f>,
    pub(super) settings: Settings,
    pub(super) found: Found,
    pub(super) handler: Option<String>,
    pub(super) content_type: Option<String>,
    /// An alias for scripts led here.
    pub(super) is_script: bool,
    /// A rule says to start again with this target.
    pub(super) again: Option<String>,
    pub(super) why: Vec<Arc<Reason>>,
}

/// Works on the requests of one client request.
pub(super) struct Process<'a, 'f> {
    pub(super) apache: &'a Apache,
    pub(super) site: &'a Site,
    pub(super) files: &'f dyn Files,
    pub(super) count: Cell<usize>,
}

impl<'f> Process<'_, 'f> {
    /// Finds the file of a request. What decided is in `why`, also if there is none.
    pub(super) fn run(
        &self,
        mut asked: Asked<'f>,
        target: &str,
        depth: usize,
        why: &mut Vec<Arc<Reason>>,
    ) -> Step<Ready<'f>> {
        self.count.set(self.count.get() + 1);
        if self.count.get() > MAX_REQUESTS {
            return Err(Stop::Unknown("it takes too many steps".to_owned()));
        }
        if depth > MAX_DEPTH {
            return Err(Stop::Status(500));
        }
        if let Some(doubt) = self.site.doubts.first() {
            why.push(Arc::clone(&doubt.why));
            return Err(Stop::Unknown(doubt.value.clone()));
        }
        self.look_at_slashes(target)?;
        let merges = self.site.merges_slashes != Some(false);
        let parsed = path::parse(target, merges).map_err(Stop::Status)?;
        asked.uri = parsed.path;
        asked.query = parsed.query;
        asked.filename.clear();
        asked.path_info.clear();
        asked.context = None;
        for set in &self.site.settings.env {
            set.apply(&mut asked)?;
        }
        let mut ready = Ready {
            asked,
            settings: Settings::default(),
            found: Found::Nothing,
            handler: None,
            content_type: None,
            is_script: false,
            again: None,
            why: Vec::new(),
        };
        let result = self.steps(&mut ready, depth);
        why.append(&mut ready.why);
        result.map(|()| ready)
    }

    /// Encoded slashes are refused, unless the server is told otherwise.
    fn look_at_slashes(&self, target: &str) -> Step<()> {
        let Some(allowed) = &self.site.encoded_slashes else {
            return Ok(());
        };
        let path = target
            .split('?')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if allowed.value != "off" && path.contains("%2f") {
            return Err(Stop::Unknown("what becomes of encoded slashes".to_owned()));
        }
        Ok(())
    }

    fn steps(&self, ready: &mut Ready<'f>, depth: usize) -> Step<()> {
        self.translate(ready)?;
        let mut walk = Walk {
            apache: self.apache,
            site: self.site,
            asked: &mut ready.asked,
            settings: self.site.settings.clone(),
            why: &mut ready.why,
        };
        ready.found = walk.directories()?;
        walk.files()?;
        walk.locations()?;
        walk.conditions()?;
        ready.settings = walk.settings;
        if let Some(doubt) = ready.settings.doubts.first() {
            ready.why.push(Arc::clone(&doubt.why));
            return Err(Stop::Unknown(doubt.value.clone()));
        }
        let own = self.site.settings.env.len();
        for set in ready.settings.env.iter().skip(own) {
            set.apply(&mut ready.asked)?;
        }
        self.access(ready)?;
        self.types(ready)?;
        self.fixups(ready, depth)
    }

    /// Whether the client may have it.
    fn access(&self, ready: &mut Ready<'f>) -> Step<()> {
        let settings = &ready.settings;
        let compat = settings.compat.as_deref();
        let is_allowed = compat.is_none_or(|compat| compat.allows(&ready.asked));
        let any = compat.and_then(|compat| compat.satisfies_any.as_ref());
        let is_any = any.is_some_and(|any| any.value);
        if let Some(compat) = compat.filter(|_| is_any || !is_allowed) {
            ready.why.extend(compat.order_why.clone());
            let rules = if is_allowed {
                &compat.allow
            } else {
                &compat.deny
            };
            ready
                .why
                .extend(rules.last().map(|rule| Arc::clone(&rule.why)));
        }
        if is_any {
            ready.why.extend(any.map(|any| Arc::clone(&any.why)));
            if is_allowed {
                return Ok(());
            }
        } else if !is_allowed {
            return Err(Stop::Status(403));
        }
        self.authorize(ready)
    }

    fn authorize(&self, ready: &mut Ready<'f>) -> Step<()> {
        let settings = &ready.settings;
        let auth = settings
            .auth_type
            .as_ref()
            .filter(|auth| auth.value != "none");
        let require = settings
            .authz
            .as_ref()
            .and_then(|authz| authz.require.as_ref());
        let Some(require) = require else {
            return match auth {
                Some(auth) => {
                    ready.why.push(Arc::clone(&auth.why));
                    Err(Stop::Status(500))
                }
                None => Ok(()),
            };
        };
        let mut because = Vec::new();
        let outcome = require.check(&ready.asked, true, &mut because);
        ready.why.extend(settings.access_in.clone());
        ready.why.append(&mut because);
        match outcome {
            Outcome::Granted => Ok(()),
            Outcome::Denied | Outcome::Neutral => Err(Stop::Status(403)),
            Outcome::NeedsUser => Err(Stop::Status(if auth.is_some() { 401 } else { 500 })),
            Outcome::Unknown(why) => Err(Stop::Unknown(why)),
        }
    }
}
