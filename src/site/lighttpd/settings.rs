//! What holds for one request, of all that is set.

use std::collections::BTreeMap;

use regex_automata::meta::Regex;

use crate::input::Files;

use super::super::path;
use super::parse::{At, Item, Value};
use super::tidy;

/// What holds for one request.
#[derive(Default)]
pub(super) struct Settings<'i> {
    pub(super) set: BTreeMap<&'i str, Setting>,
    /// A condition that cannot be told, on settings that matter.
    pub(super) unsure: Option<(At, String)>,
}

/// Where it is set, and to what.
pub(super) type Setting = (At, Value);

/// What decides which file is sent.
const DECISIVE: &[&str] = &[
    "server.document-root",
    "url.",
    "alias.",
    "static-file.",
    "auth.",
    "fastcgi.",
    "proxy.",
    "cgi.",
];

/// Later settings go before earlier ones; lists that are added to grow.
pub(super) fn apply<'i>(items: &'i [Item], asked: (&str, &str), settings: &mut Settings<'i>) {
    let mut held = false;
    for item in items {
        match item {
            Item::Set {
                at,
                name,
                value,
                is_added,
            } => {
                let old = settings
                    .set
                    .get(name.as_str())
                    .filter(|_| *is_added)
                    .cloned();
                let value = match (old, value) {
                    (Some((_, Value::List(mut old))), Value::List(more)) => {
                        old.extend(more.iter().cloned());
                        Value::List(old)
                    }
                    _ => value.clone(),
                };
                settings.set.insert(name, (at.clone(), value));
            }
            Item::If {
                at,
                subject,
                operator,
                against,
                is_else,
                inside,
            } => {
                if *is_else && held {
                    continue;
                }
                let holds = if subject.is_empty() {
                    Some(true)
                } else {
                    holds(subject, operator, against, asked)
                };
                match holds {
                    Some(true) => apply(inside, asked, settings),
                    None if is_decisive(inside) => {
                        settings.unsure.get_or_insert_with(|| {
                            (at.clone(), format!("${subject} {operator} \"{against}\""))
                        });
                    }
                    Some(false) | None => {}
                }
                held = holds == Some(true) || (*is_else && held);
            }
            Item::Include { .. } => {}
        }
    }
}

fn is_decisive(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Set { name, .. } => DECISIVE.iter().any(|start| name.starts_with(start)),
        Item::If { inside, .. } => is_decisive(inside),
        Item::Include { .. } => false,
    })
}

fn holds(
    subject: &str,
    operator: &str,
    against: &str,
    (asked, host): (&str, &str),
) -> Option<bool> {
    let value = match subject {
        "HTTP[url]" => asked,
        "HTTP[host]" => host,
        "HTTP[request-method]" | "HTTP[requestmethod]" => "GET",
        "HTTP[query-string]" | "HTTP[querystring]" => "",
        _ => return None,
    };
    Some(match operator {
        "==" => value == against,
        "!=" => value != against,
        "=^" => value.starts_with(against),
        "=$" => value.ends_with(against),
        "=~" => Regex::new(against).ok()?.is_match(value),
        "!~" => !Regex::new(against).ok()?.is_match(value),
        _ => return None,
    })
}

/// A module is there if the list names it, or if no list was read.
pub(super) fn is_loaded(settings: &Settings<'_>, module: &str) -> bool {
    let modules = settings.set.get("server.modules");
    modules.is_none_or(|(_, list)| list.items().iter().any(|(_, name)| name.text() == module))
}

/// The file that a path stands for, through the first alias that fits or the document root.
pub(super) fn place(asked: &str, settings: &Settings<'_>) -> Option<String> {
    let aliases = settings
        .set
        .get("alias.url")
        .filter(|_| is_loaded(settings, "mod_alias"));
    for (url, directory) in aliases.map_or(&[][..], |(_, list)| list.items()) {
        if let Some(rest) = asked.strip_prefix(url.as_deref().unwrap_or("\u{0}")) {
            return path::join("/", &format!("{}{rest}", directory.text()));
        }
    }
    let (_, root) = settings.set.get("server.document-root")?;
    path::join(&tidy(root.text()), asked.trim_start_matches('/'))
}

/// The file that stands for a directory; otherwise whether its files are listed.
pub(super) fn index(
    directory: &str,
    settings: &Settings<'_>,
    files: &dyn Files,
) -> Result<String, bool> {
    let names = settings
        .set
        .get("index-file.names")
        .or_else(|| settings.set.get("server.indexfiles"));
    let mut names = names.map_or(&[][..], |(_, list)| list.items()).iter();
    let there = names.find_map(|(_, name)| {
        let file = path::inside(directory, name.text().trim_start_matches('/'));
        files.is_file(&file).then_some(file)
    });
    let is_on = |name: &str| {
        settings
            .set
            .get(name)
            .is_some_and(|(_, value)| value.text() == "enable")
    };
    there.ok_or_else(|| is_on("dir-listing.activate") || is_on("server.dir-listing"))
}
