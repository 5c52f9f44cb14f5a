//! From directives to settings.

mod access;
mod files;
mod rules;
mod sections;

pub(super) use sections::section;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::modules::{Modules, class, directive, is_harmless};
use super::settings::{Override, Set, Settings};
use super::tree::Node;

/// Where directives stand, and what they may do there.
#[derive(Debug, Clone)]
pub(super) struct Place<'m> {
    pub(super) modules: &'m Modules,
    /// Of a `.htaccess` file: what it may do.
    pub(super) allowed: Option<(Override, Option<Arc<BTreeSet<String>>>)>,
    /// What `mod_rewrite` takes for the directory; absent for the server as a whole.
    pub(super) path: Option<String>,
    /// `<Limit>`: what is in it is for other methods than those that are asked with here.
    pub(super) is_for_get: bool,
    /// It is, or stands in, a `<Location>`.
    pub(super) is_location: bool,
    /// Sections in sections.
    pub(super) depth: usize,
}

/// What is wrong with a configuration; the server says it, and does not start (or answers 500).
pub(super) type Checked<T> = Result<T, String>;

/// Sections in sections that are looked at.
const MAX_DEPTH: usize = 32;

/// The settings that directives make.
///
/// # Errors
/// What the server would say of them.
pub(super) fn compile(nodes: &[Node], place: &Place<'_>) -> Checked<Settings> {
    let mut settings = Settings::default();
    let mut rewriting = rules::Pending::default();
    inside(nodes, place, &mut settings, &mut rewriting)?;
    Ok(settings)
}

fn inside(
    nodes: &[Node],
    place: &Place<'_>,
    settings: &mut Settings,
    rewriting: &mut rules::Pending,
) -> Checked<()> {
    for node in nodes {
        if !place.permits(node, settings)? {
            continue;
        }
        if node.is_doubtful && !is_harmless(&node.name) {
            doubt(
                settings,
                node,
                format!("whether `{}` holds", node.reason().directive),
            );
            continue;
        }
        if rules::apply(node, place, settings, rewriting)? {
            continue;
        }
        apply(node, place, settings).map_err(|error| wrong(node, &error))?;
        if matches!(&*node.name, "limit" | "limitexcept") && place.depth < MAX_DEPTH {
            let limited = place.limited(node);
            inside(&node.children, &limited, settings, rewriting)?;
        }
    }
    Ok(())
}

fn apply(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<()> {
    if access::apply(node, place, settings)? || files::apply(node, place, settings)? {
        return Ok(());
    }
    sections::apply(node, place, settings)
}

pub(super) fn wrong(node: &Node, error: &str) -> String {
    let file = node.at.file.as_deref().unwrap_or("(assumed)");
    format!("{file}:{}: {}: {error}", node.at.line, node.written)
}

fn doubt(settings: &mut Settings, node: &Node, value: String) {
    settings.doubts.push(Set {
        value,
        why: node.reason(),
    });
}

fn set<T>(node: &Node, value: T) -> Option<Set<T>> {
    Some(Set {
        value,
        why: node.reason(),
    })
}

fn first(node: &Node) -> String {
    node.words().into_iter().next().unwrap_or_default()
}

/// `On` or `Off`.
fn flag(node: &Node) -> Checked<bool> {
    match &*first(node).to_ascii_lowercase() {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be On or Off".to_owned()),
    }
}

impl<'m> Place<'m> {
    pub(super) fn server(modules: &'m Modules) -> Self {
        Self {
            modules,
            allowed: None,
            path: None,
            is_for_get: true,
            is_location: false,
            depth: 0,
        }
    }

    fn limited(&self, node: &Node) -> Self {
        let methods = node.words();
        let names_get = methods
            .iter()
            .any(|method| method.eq_ignore_ascii_case("GET"));
        let is_for_get = names_get == (node.name == "limit");
        Self {
            is_for_get: self.is_for_get && is_for_get,
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    fn within(&self, path: String) -> Self {
        Self {
            path: Some(path),
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    /// Whether a directive may stand here, and its module is there. What is not allowed in a `.htaccess` file that
    /// is read leniently is skipped.
    fn permits(&self, node: &Node, settings: &mut Settings) -> Checked<bool> {
        if matches!(
            &*node.name,
            "include" | "includeoptional" | "define" | "undefine"
        ) {
            if node.is_doubtful && (self.path.is_some() || self.allowed.is_some()) {
                doubt(settings, node, format!("what {} holds", first(node)));
            }
            return Ok(false);
        }
        let Some((module, class)) = directive(&node.name) else {
            doubt(settings, node, format!("what `{}` does", node.written));
            return Ok(false);
        };
        let is_there = if module == "php" {
            self.modules.has_php() || !self.modules.is_complete
        } else {
            self.modules.has(module) != Some(false)
        };
        if !is_there {
            return Err(wrong(
                node,
                "Invalid command, perhaps defined by a module not included",
            ));
        }
        let Some((allowed, list)) = &self.allowed else {
            let for_sections = class::AUTH_CONFIG | class::LIMIT;
            if self.path.is_none() && class != class::NONE && class & !for_sections == 0 {
                return Err(wrong(node, "not allowed here"));
            }
            return Ok(true);
        };
        let is_listed = list.as_ref().is_some_and(|list| list.contains(&node.name));
        if allowed.classes & class != class::NONE || is_listed {
            return Ok(true);
        }
        if allowed.is_lenient && class != class::NONE {
            return Ok(false);
        }
        Err(wrong(node, "not allowed here"))
    }
}
