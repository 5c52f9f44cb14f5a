//! Who may read: `Require` and the rules of Apache 2.2.

use std::sync::Arc;

use super::{Checked, Place, first, set, wrong};
use crate::site::apache::authz::{Require, What};
use crate::site::apache::client::{Allow, Net, Order};
use crate::site::apache::expr::Expr;
use crate::site::apache::settings::{Compat, Merging, Set, Settings};
use crate::site::apache::text;
use crate::site::apache::tree::Node;

/// Whether it is such a directive.
pub(super) fn apply(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<bool> {
    match &*node.name {
        "require" | "requireall" | "requireany" | "requirenone" => {
            let Some(require) = require(node, place, false)? else {
                return Ok(true);
            };
            let authz = settings.authz.get_or_insert_default();
            match &mut authz.require {
                Some(Require {
                    what: What::Any(inside),
                    ..
                }) => inside.push(require),
                other => *other = Some(Require::any(vec![require])),
            }
        }
        "authmerging" => {
            let merging = match &*first(node).to_ascii_lowercase() {
                "off" => Merging::Off,
                "and" => Merging::And,
                "or" => Merging::Or,
                _ => return Err("must be one of: Off | And | Or".to_owned()),
            };
            settings.authz.get_or_insert_default().merging = Some(merging);
        }
        "authtype" => settings.auth_type = set(node, first(node).to_ascii_lowercase()),
        "order" | "allow" | "deny" | "satisfy" => compat(node, place, settings)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn compat(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<()> {
    let kept = settings.compat.get_or_insert_with(Arc::default);
    let kept: &mut Compat = Arc::make_mut(kept);
    let words = node.words();
    let word = words.first().map(|word| word.to_ascii_lowercase());
    if matches!(&*node.name, "allow" | "deny") {
        if word.as_deref() != Some("from") || words.len() < 2 {
            return Err("allow and deny must be followed by 'from'".to_owned());
        }
        let rules = words[1..].iter().map(|word| Set {
            value: Allow::parse(word),
            why: node.reason(),
        });
        if place.is_for_get {
            let list = if node.name == "allow" {
                &mut kept.allow
            } else {
                &mut kept.deny
            };
            list.extend(rules);
        }
        return Ok(());
    }
    match (&*node.name, word.as_deref()) {
        ("order", Some(order)) => {
            let order = match order {
                "allow,deny" => Order::AllowDeny,
                "deny,allow" => Order::DenyAllow,
                "mutual-failure" => Order::MutualFailure,
                _ => return Err("unknown order".to_owned()),
            };
            if words.len() > 1 {
                return Err("takes one argument".to_owned());
            }
            if place.is_for_get {
                kept.order = order;
                kept.order_why = Some(node.reason());
            }
        }
        ("satisfy", Some(word @ ("any" | "all"))) => {
            if place.is_for_get {
                kept.satisfies_any = set(node, word == "any");
            }
        }
        _ => return Err("either 'any' or 'all'".to_owned()),
    }
    Ok(())
}

/// A `Require`, or a section of them; `None` for an empty section.
fn require(node: &Node, place: &Place<'_>, in_all: bool) -> Checked<Option<Require>> {
    if node.name == "require" {
        return single(node, place, in_all).map(Some);
    }
    if place.depth > super::MAX_DEPTH {
        return Err("too deep".to_owned());
    }
    let is_all = node.name == "requireall";
    let below = Place {
        depth: place.depth + 1,
        ..place.clone()
    };
    let mut inside = Vec::new();
    for child in &node.children {
        match &*child.name {
            "require" | "requireall" | "requireany" | "requirenone" => {
                let child = require(child, &below, is_all).map_err(|error| wrong(child, &error))?;
                inside.extend(child);
            }
            _ => return Err(wrong(child, "not allowed here")),
        }
    }
    if inside.is_empty() {
        return Ok(None);
    }
    let is_none = node.name == "requirenone";
    if is_none && !in_all {
        return Err("negative directive has no effect in <RequireAny> directive".to_owned());
    }
    Ok(Some(Require {
        what: if is_all {
            What::All(inside)
        } else {
            What::Any(inside)
        },
        is_negated: is_none,
        is_for_get: place.is_for_get,
        why: Some(node.reason()),
    }))
}

fn single(node: &Node, place: &Place<'_>, in_all: bool) -> Checked<Require> {
    let (mut name, mut rest) = text::word(&node.args).ok_or("needs an argument")?;
    let is_negated = name.eq_ignore_ascii_case("not");
    if is_negated {
        (name, rest) = text::word(rest).ok_or("needs an argument")?;
        if !in_all {
            return Err(
                "negative Require directive has no effect in <RequireAny> directive".to_owned(),
            );
        }
    }
    let words = text::words(rest);
    let needs = match &*name.to_ascii_lowercase() {
        "ip" | "host" | "local" | "forward-dns" => "authz_host",
        "user" | "valid-user" => "authz_user",
        "group" => "authz_groupfile",
        _ => "authz_core",
    };
    if place.modules.has(needs) == Some(false) {
        return Err(format!("Unknown Authz provider: {name}"));
    }
    Ok(Require {
        what: what(&name.to_ascii_lowercase(), rest, &words)?,
        is_negated,
        is_for_get: place.is_for_get,
        why: Some(node.reason()),
    })
}

fn what(name: &str, rest: &str, words: &[String]) -> Checked<What> {
    Ok(match (name, words) {
        ("all", [word]) if word.eq_ignore_ascii_case("granted") => What::Granted,
        ("all", [word]) if word.eq_ignore_ascii_case("denied") => What::Denied,
        ("all", _) => {
            return Err("Argument for 'Require all' must be 'granted' or 'denied'".to_owned());
        }
        ("ip", []) => return Err("'require ip' requires an argument".to_owned()),
        ("ip", nets) => {
            let nets: Option<Vec<Net>> = nets.iter().map(|net| Net::parse(net)).collect();
            What::Ip(nets.ok_or("ip address appears to be invalid")?)
        }
        ("host" | "forward-dns", _) => What::Host,
        ("local", []) => What::Local,
        ("local", _) => return Err("'require local' does not take arguments".to_owned()),
        ("env", names) => What::Env(names.to_vec()),
        ("method", methods) => What::Method(methods.iter().any(|method| method == "GET")),
        ("expr", _) => {
            let source = match words {
                [whole] => whole.clone(),
                _ => rest.to_owned(),
            };
            What::Expr(Expr::new(&source))
        }
        ("valid-user" | "user" | "group" | "file-owner" | "file-group", _) => What::User,
        (other, _)
            if other.starts_with("ldap")
                || other.starts_with("dbm")
                || other.starts_with("dbd") =>
        {
            What::User
        }
        (other, _) => What::Other(other.to_owned()),
    })
}
