//! Locations, and what stands in them.

use std::sync::Arc;

use super::super::config::{Place, Scope};
use super::super::pattern::Pattern;
use super::super::syntax::{Fault, Node};
use super::Builder;

const MAX_DEPTH: usize = 20;

impl Builder {
    /// The locations of a level whose settings are complete; `scope` is its index.
    pub(super) fn locations(
        &mut self,
        scope: usize,
        nodes: &[Node],
        depth: usize,
    ) -> Result<(), Fault> {
        for node in nodes.iter().filter(|node| node.name == "location") {
            if depth > MAX_DEPTH {
                return Err(Fault::of(node, "locations stand too deep in each other"));
            }
            self.location(scope, node, depth)?;
        }
        for node in nodes.iter().filter(|node| node.name == "limit_except") {
            let at = node.reason();
            let mut level = self.config.scopes[scope].child(Place::Nameless, at);
            let inside = node.block.as_deref().unwrap_or_default();
            self.settings(&mut level, inside)?;
            let lets_get = node.args.iter().any(|arg| arg.eq_ignore_ascii_case("get"));
            let index = self.add(level, node)?;
            self.config.scopes[scope].limit_except = Some((lets_get, index));
        }
        Ok(())
    }

    fn location(&mut self, parent: usize, node: &Node, depth: usize) -> Result<(), Fault> {
        let place = place(node)?;
        if let Place::Regex(pattern) = &place {
            self.known.extend(pattern.names());
        }
        self.check_place(parent, &place, node, depth)?;
        let inside = node
            .block
            .as_deref()
            .ok_or_else(|| Fault::of(node, "directive \"location\" has no opening \"{\""))?;
        let mut level = self.config.scopes[parent].child(place.clone(), node.reason());
        self.settings(&mut level, inside)?;
        let index = self.add(level, node)?;
        self.codes(index, inside, false)?;
        match place {
            Place::Regex(_) => self.config.scopes[parent].regexes.push(index),
            Place::Named(name) => {
                if let Some(server) = self.config.servers.last_mut()
                    && server.named.insert(name, index).is_some()
                {
                    return Err(Fault::of(node, "duplicate location"));
                }
            }
            _ => self.config.scopes[parent].fixed.push(index),
        }
        self.locations(index, inside, depth + 1)
    }

    fn check_place(
        &self,
        parent: usize,
        place: &Place,
        node: &Node,
        depth: usize,
    ) -> Result<(), Fault> {
        let outer: &Scope = &self.config.scopes[parent];
        let outside = match (&outer.place, place) {
            (Place::Exact(_) | Place::Named(_), _) => true,
            (_, Place::Named(_)) => depth > 0,
            (
                Place::Prefix { name: outer, .. },
                Place::Prefix { name, .. } | Place::Exact(name),
            ) => !name.starts_with(outer.as_str()),
            (Place::Regex(pattern), Place::Prefix { name, .. } | Place::Exact(name)) => {
                !name.starts_with(&pattern.text)
            }
            _ => false,
        };
        if outside {
            return Err(Fault::of(
                node,
                "the location cannot be inside of the one around it",
            ));
        }
        let is_same = |other: &usize| match (&self.config.scopes[*other].place, place) {
            (Place::Exact(one), Place::Exact(other))
            | (Place::Prefix { name: one, .. }, Place::Prefix { name: other, .. }) => one == other,
            _ => false,
        };
        if outer.fixed.iter().any(is_same) {
            return Err(Fault::of(node, "duplicate location"));
        }
        Ok(())
    }

    /// The level of an `if` in a location.
    pub(super) fn nameless(&mut self, parent: usize, node: &Node) -> Result<usize, Fault> {
        let mut level = self.config.scopes[parent].child(Place::Nameless, node.reason());
        self.settings(&mut level, node.block.as_deref().unwrap_or_default())?;
        self.add(level, node)
    }
}

fn place(node: &Node) -> Result<Place, Fault> {
    let regex = |text: &str, ignores_case| Place::Regex(Arc::new(Pattern::new(text, ignores_case)));
    let prefix = |name: &str, stops| Place::Prefix {
        name: name.to_owned(),
        stops,
    };
    match node.args.as_slice() {
        [modifier, name] => match modifier.as_str() {
            "=" => Ok(Place::Exact(name.clone())),
            "^~" => Ok(prefix(name, true)),
            "~" => Ok(regex(name, false)),
            "~*" => Ok(regex(name, true)),
            _ => Err(Fault::of(node, "invalid location modifier")),
        },
        [name] => Ok(if let Some(name) = name.strip_prefix('=') {
            Place::Exact(name.to_owned())
        } else if let Some(name) = name.strip_prefix("^~") {
            prefix(name, true)
        } else if let Some(text) = name.strip_prefix("~*") {
            regex(text, true)
        } else if let Some(text) = name.strip_prefix('~') {
            regex(text, false)
        } else if name.starts_with('@') {
            Place::Named(name.clone())
        } else {
            prefix(name, false)
        }),
        _ => Err(Fault::of(
            node,
            "invalid number of arguments in \"location\"",
        )),
    }
}
