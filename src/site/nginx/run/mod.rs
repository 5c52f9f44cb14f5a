//! What nginx does with a request, phase by phase.
//!
//! Follows `ngx_http_core_module.c`, `ngx_http_rewrite_module.c`, `ngx_http_script.c` and the modules that handle
//! files: <https://github.com/nginx/nginx/tree/master/src/http>.

mod access;
mod content;
mod locate;
mod paths;
mod phases;
mod script;
mod variables;

pub(super) use variables::is_wildcard_of;

use std::collections::BTreeMap;

use crate::finding::Reason;
use crate::input::Files;
use crate::site::{Answer, Request, Verdict};

use super::config::{Config, Listen, Scope, Virtual};
use super::uri::Uri;

/// So many combinations of what cannot be told are tried.
const MAX_FORKS: usize = 48;
/// Steps of rewrites and locations in one request.
const MAX_STEPS: usize = 20_000;
const MAX_REASONS: usize = 24;
/// A URI or value never grows longer than this.
const MAX_VALUE: usize = 64 * 1024;

/// Whom to ask.
#[derive(Clone, Copy)]
pub(super) struct Asked<'r> {
    pub(super) config: &'r Config,
    pub(super) server: usize,
    pub(super) listen: &'r Listen,
    /// As the server says that the socket knows before it has seen a name.
    pub(super) merges_slashes: bool,
    pub(super) request: &'r Request<'r>,
    pub(super) files: &'r dyn Files,
}

/// The answer. Where conditions cannot be told, both ways are tried; if they lead to different answers, it is unknown.
pub(super) fn answer(asked: Asked<'_>) -> Answer {
    let mut plan: Vec<bool> = Vec::new();
    let mut first: Option<Answer> = None;
    for _ in 0..MAX_FORKS {
        let mut run = Run::new(asked, plan);
        let answer = run.answer();
        if answer.verdict == Verdict::Unknown {
            return answer;
        }
        let doubt = run.doubt.take();
        plan = run.plan;
        match &first {
            Some(first) if !is_same(first, &answer) => {
                let worse = if answer.verdict < first.verdict {
                    &answer
                } else {
                    first
                };
                return Answer::unknown(doubt.unwrap_or_default(), worse.because.clone());
            }
            Some(_) => {}
            None => first = Some(answer),
        }
        // The next combination: the last choice that was not yet turned.
        while plan.last() == Some(&true) {
            plan.pop();
        }
        match plan.last_mut() {
            Some(last) => *last = true,
            None => return first.unwrap_or_else(|| Answer::unknown(String::new(), Vec::new())),
        }
    }
    let because = first.map(|answer| answer.because).unwrap_or_default();
    Answer::unknown("too much in it depends on what cannot be told", because)
}

fn is_same(one: &Answer, other: &Answer) -> bool {
    (one.verdict, &one.file, one.is_listing) == (other.verdict, &other.file, other.is_listing)
}

/// A value; `Err` says what it depends on that cannot be told.
type Value = Result<Vec<u8>, String>;

/// Why a phase ends.
enum End {
    /// Goes on at another stage.
    Go(Stage),
    /// With this status, which an error page may replace.
    Status(u16),
    /// A file is sent, or something is run.
    Done(Answer),
    /// It cannot be told.
    Doubt(String),
}

/// Where processing goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    ServerRewrite,
    FindLocation,
    LocationRewrite,
}

/// One request.
struct Run<'r> {
    asked: Asked<'r>,
    /// What was assumed of conditions that cannot be told, in the order in which they were met.
    plan: Vec<bool>,
    met: usize,
    doubt: Option<String>,
    steps: usize,
    uri: Vec<u8>,
    args: Vec<u8>,
    has_escapes: bool,
    scope: usize,
    is_internal: bool,
    uri_changes: u8,
    uri_changed: bool,
    valid_location: bool,
    add_uri_to_alias: bool,
    in_error_page: bool,
    /// The status that error pages left.
    status: Option<u16>,
    captures: Vec<Value>,
    set: BTreeMap<String, Value>,
    /// Values of maps, which are worked out once.
    cached: BTreeMap<String, Value>,
    depth: usize,
    because: Vec<Reason>,
}

impl<'r> Run<'r> {
    fn new(asked: Asked<'r>, plan: Vec<bool>) -> Self {
        Self {
            scope: asked.config.servers[asked.server].scope,
            asked,
            plan,
            met: 0,
            doubt: None,
            steps: 0,
            uri: Vec::new(),
            args: Vec::new(),
            has_escapes: false,
            is_internal: false,
            uri_changes: 11,
            uri_changed: false,
            valid_location: true,
            add_uri_to_alias: false,
            in_error_page: false,
            status: None,
            captures: Vec::new(),
            set: BTreeMap::new(),
            cached: BTreeMap::new(),
            depth: 0,
            because: Vec::new(),
        }
    }

    fn server(&self) -> &'r Virtual {
        &self.asked.config.servers[self.asked.server]
    }

    fn scope(&self) -> &'r Scope {
        &self.asked.config.scopes[self.scope]
    }

    fn reason(&mut self, reason: Option<&Reason>) {
        if let Some(reason) = reason
            && self.because.last() != Some(reason)
            && self.because.len() < MAX_REASONS
        {
            self.because.push(reason.clone());
        }
    }

    /// Decides what cannot be told, as planned.
    fn choose(&mut self, what: &str) -> bool {
        if self.doubt.is_none() {
            self.doubt = Some(what.to_owned());
        }
        let choice = match self.plan.get(self.met) {
            Some(&choice) => choice,
            None => {
                self.plan.push(false);
                false
            }
        };
        self.met += 1;
        choice
    }

    fn answer(&mut self) -> Answer {
        let target = self.asked.request.target.as_bytes();
        let Some(uri) = super::uri::parse(target, self.asked.merges_slashes) else {
            let fact = Reason::fact("nginx refuses a malformed request target");
            return Answer::new(Verdict::Denied, 400, None, vec![fact]);
        };
        let Uri {
            path,
            args,
            has_escapes,
        } = uri;
        self.uri = path;
        self.args = args;
        self.has_escapes = has_escapes;
        self.reason(Some(&self.server().at));
        let mut stage = Stage::ServerRewrite;
        loop {
            self.steps += 1;
            let end = self.phases(stage);
            stage = match self.settle(end) {
                Ok(stage) => stage,
                Err(answer) => return answer,
            };
        }
    }
}
