//! `Require`, and the sections around it.
//!
//! <https://httpd.apache.org/docs/2.4/mod/mod_authz_core.html>

use std::sync::Arc;

use crate::finding::Reason;

use super::client::Net;
use super::expr::Expr;
use super::request::Asked;
use super::settings::Merging;
use super::tree::Unknown;

/// A directive, or a section of them.
#[derive(Debug, Clone)]
pub(super) struct Require {
    pub(super) what: What,
    pub(super) is_negated: bool,
    /// It is for the methods that are asked with here.
    pub(super) is_for_get: bool,
    pub(super) why: Option<Arc<Reason>>,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    All(Vec<Require>),
    Any(Vec<Require>),
    Granted,
    Denied,
    Ip(Vec<Net>),
    Host,
    Local,
    Env(Vec<String>),
    Method(bool),
    Expr(Expr),
    /// Someone who has logged in.
    User,
    /// A provider of a module that is not understood.
    Other(String),
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Granted,
    Denied,
    /// A user could change it.
    NeedsUser,
    Neutral,
    Unknown(String),
}

impl Require {
    pub(super) fn any(inside: Vec<Self>) -> Self {
        Self {
            what: What::Any(inside),
            is_negated: false,
            is_for_get: true,
            why: None,
        }
    }

    /// What a section requires, with what the ones above it do.
    pub(super) fn joined(below: Self, above: Self, merging: Merging) -> Self {
        let both = vec![below, above];
        Self {
            what: if merging == Merging::And {
                What::All(both)
            } else {
                What::Any(both)
            },
            is_negated: false,
            is_for_get: true,
            why: None,
        }
    }

    /// Whether anything in it is for the method that is asked with.
    fn concerns_get(&self) -> bool {
        match &self.what {
            What::All(inside) | What::Any(inside) => inside.iter().any(Self::concerns_get),
            _ => self.is_for_get,
        }
    }

    /// Asks it. What decided is put into `why`.
    pub(super) fn check(
        &self,
        asked: &Asked<'_>,
        in_all: bool,
        why: &mut Vec<Arc<Reason>>,
    ) -> Outcome {
        if !self.concerns_get() {
            return if in_all {
                Outcome::Granted
            } else {
                Outcome::Neutral
            };
        }
        let mut inside_why = Vec::new();
        let outcome = match &self.what {
            What::All(inside) => all(inside, asked, &mut inside_why),
            What::Any(inside) => any(inside, asked, &mut inside_why),
            what => {
                inside_why.extend(self.why.clone());
                single(what, asked)
            }
        };
        why.extend(inside_why);
        if !self.is_negated {
            return outcome;
        }
        match outcome {
            Outcome::Granted => Outcome::Denied,
            Outcome::Denied | Outcome::NeedsUser => Outcome::Neutral,
            other => other,
        }
    }
}

fn all(inside: &[Require], asked: &Asked<'_>, why: &mut Vec<Arc<Reason>>) -> Outcome {
    let mut result = Outcome::Neutral;
    for require in inside {
        let mut because = Vec::new();
        let outcome = require.check(asked, true, &mut because);
        match (&outcome, &result) {
            (Outcome::Neutral, _) => continue,
            (Outcome::Denied, _) => {
                *why = because;
                return Outcome::Denied;
            }
            (Outcome::Unknown(_), _)
            | (_, Outcome::Neutral)
            | (Outcome::NeedsUser, Outcome::Granted | Outcome::NeedsUser) => result = outcome,
            _ => {}
        }
        why.extend(because);
    }
    result
}

fn any(inside: &[Require], asked: &Asked<'_>, why: &mut Vec<Arc<Reason>>) -> Outcome {
    let mut result = Outcome::Neutral;
    for require in inside {
        let mut because = Vec::new();
        let outcome = require.check(asked, false, &mut because);
        match (&outcome, &result) {
            (Outcome::Neutral, _) => continue,
            (Outcome::Granted, _) => {
                *why = because;
                return Outcome::Granted;
            }
            (Outcome::Unknown(_), _)
            | (Outcome::NeedsUser, Outcome::Denied)
            | (_, Outcome::Neutral) => {
                result = outcome;
            }
            _ => {}
        }
        why.extend(because);
    }
    result
}

fn single(what: &What, asked: &Asked<'_>) -> Outcome {
    let holds = match what {
        What::Granted => true,
        What::Method(holds) => *holds,
        What::Ip(nets) => nets.iter().any(|net| net.holds(asked.is_local)),
        What::Local => asked.is_local,
        What::Host if asked.is_local => {
            return Outcome::Unknown("the name of the client's address".to_owned());
        }
        What::Denied | What::Host => false,
        What::Env(names) => names.iter().any(|name| asked.env.contains_key(name)),
        What::User => return Outcome::NeedsUser,
        What::Expr(expr) => match expr.holds(asked) {
            Ok(holds) => holds,
            Err(Unknown(why)) => return Outcome::Unknown(why),
        },
        What::Other(name) => return Outcome::Unknown(format!("what `Require {name}` means")),
        What::All(_) | What::Any(_) => return Outcome::Neutral,
    };
    if holds {
        Outcome::Granted
    } else {
        Outcome::Denied
    }
}
