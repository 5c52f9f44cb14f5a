//! What becomes of a file: handlers, types, indexes, redirects, variables.

use std::sync::Arc;

use super::{Checked, Place, first, flag, set};
use crate::site::apache::alias::{Alias, Redirect};
use crate::site::apache::env::SetEnvIf;
use crate::site::apache::settings::{Engine, Set, Settings};
use crate::site::apache::tree::Node;

/// Whether it is such a directive.
pub(super) fn apply(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<bool> {
    Ok(handler(node, settings) || index(node, settings)? || url(node, place, settings)?)
}

fn handler(node: &Node, settings: &mut Settings) -> bool {
    let words = node.words();
    match &*node.name {
        "sethandler" => settings.handler = set(node, handler_name(&first(node))),
        "forcetype" => settings.forced_type = set(node, first(node).to_ascii_lowercase()),
        "addhandler" | "addtype" => {
            let Some((value, extensions)) = words.split_first() else {
                return true;
            };
            for extension in extensions {
                put(settings, node, extension, &value.to_ascii_lowercase());
            }
        }
        "removehandler" | "removetype" => {
            for extension in &words {
                put(settings, node, extension, "");
            }
        }
        "action" => {
            let is_virtual = words
                .get(2)
                .is_some_and(|word| word.eq_ignore_ascii_case("virtual"));
            settings.actions.insert(
                first(node).to_ascii_lowercase(),
                Set {
                    value: is_virtual,
                    why: node.reason(),
                },
            );
        }
        "php_flag" | "php_value" | "php_admin_flag" | "php_admin_value"
            if first(node) == "engine" =>
        {
            let is_on = words
                .get(1)
                .is_some_and(|word| turns_on(word, node.name.ends_with("value")));
            let is_final = node.name.starts_with("php_admin");
            settings.put_engine(&set(node, Engine { is_on, is_final }));
        }
        _ => return false,
    }
    true
}

/// What PHP takes for on, by a real one: a flag only `on` and `1`, a setting's value what `php.ini` may say as well, or a
/// number that is not zero with anything behind it.
fn turns_on(word: &str, is_value: bool) -> bool {
    let is_any = |words: &[&str]| words.iter().any(|on| word.eq_ignore_ascii_case(on));
    let digits = word.split(|c: char| !c.is_ascii_digit()).next();
    is_any(&["on", "1"])
        || is_value
            && (is_any(&["yes", "true"])
                || digits.is_some_and(|digits| digits.contains(|c| c != '0')))
}

/// Names of handlers have no case, sockets have.
fn handler_name(name: &str) -> String {
    if name.starts_with("proxy:") {
        name.to_owned()
    } else {
        name.to_ascii_lowercase()
    }
}

fn put(settings: &mut Settings, node: &Node, extension: &str, value: &str) {
    let name = extension.trim_start_matches('.').to_ascii_lowercase();
    let kept = settings.extensions.entry(name).or_default();
    let value = set(node, value.to_owned());
    if node.name.ends_with("handler") {
        kept.handler = value;
    } else {
        kept.content_type = value;
    }
}

fn index(node: &Node, settings: &mut Settings) -> Checked<bool> {
    match &*node.name {
        "directoryindex" => {
            let words = node.words();
            // More of them in one section add up, `disabled` on its own takes them back.
            let mut names = match settings.index.take() {
                Some(Set { value, .. }) => value,
                None => Vec::new(),
            };
            if words.len() == 1 && words[0].eq_ignore_ascii_case("disabled") {
                names.clear();
            } else {
                names.extend(words);
            }
            settings.index = set(node, names);
        }
        "directoryslash" => settings.adds_slash = Some(flag(node)?),
        "directorycheckhandler" => settings.checks_handler = Some(flag(node)?),
        "directoryindexredirect" => {
            settings.index_redirect = Some(!first(node).eq_ignore_ascii_case("off"));
        }
        "fallbackresource" => settings.fallback = set(node, first(node)),
        "acceptpathinfo" => {
            settings.accepts_path_info = match &*first(node).to_ascii_lowercase() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            };
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn url(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<bool> {
    match &*node.name {
        "redirect" | "redirectmatch" | "redirecttemp" | "redirectpermanent" => {
            match Alias::redirect(node)? {
                Redirect::From(alias) => settings.redirects.push(Arc::new(alias)),
                Redirect::Here(status) if place.path.is_some() => {
                    settings.redirect = set(node, status);
                }
                Redirect::Here(_) => return Err("takes a path".to_owned()),
            }
        }
        "setenvif" | "setenvifnocase" | "setenvifexpr" | "browsermatch" | "browsermatchnocase" => {
            let found = SetEnvIf::of(node).ok_or("takes more arguments")?;
            settings.env.push(Arc::new(found));
        }
        "alias" if place.is_location => settings.alias = set(node, first(node)),
        "proxypass" if place.is_location => settings.proxy = set(node, first(node)),
        _ => return Ok(false),
    }
    Ok(true)
}
