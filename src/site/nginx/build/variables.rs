//! Variables that the configuration defines.

use std::collections::BTreeMap;

use super::super::config::{Geo, Map, Source};
use super::super::pattern::Pattern;
use super::super::syntax::{Fault, Node};
use super::super::template::Template;
use super::Builder;
use super::level::{network, template};

impl Builder {
    pub(super) fn variables(&mut self, node: &Node) -> Result<(), Fault> {
        let variable = node.args.last().and_then(|arg| arg.strip_prefix('$'));
        let source = match &*node.name {
            "map" => {
                let map = map(node)?;
                for (pattern, _) in &map.patterns {
                    self.known.extend(pattern.names());
                }
                Source::Map(map)
            }
            "geo" if node.args.len() == 1 => Source::Geo(geo(node)),
            "geo" | "split_clients" => Source::Unknown,
            _ => return Ok(()),
        };
        let name = variable.ok_or_else(|| Fault::of(node, "invalid variable name"))?;
        self.config.variables.insert(name.to_owned(), source);
        Ok(())
    }
}

fn map(node: &Node) -> Result<Map, Fault> {
    if node.args.len() != 2 {
        return Err(Fault::of(node, "invalid number of arguments in \"map\""));
    }
    let mut map = Map {
        of: template(node, node.arg(0))?,
        exact: BTreeMap::new(),
        hosts: false,
        patterns: Vec::new(),
        default: Template::default(),
    };
    for entry in node.block.as_deref().unwrap_or_default() {
        let value = template(entry, entry.arg(0))?;
        match entry.name.as_str() {
            "hostnames" if entry.args.is_empty() => map.hosts = true,
            "volatile" if entry.args.is_empty() => {}
            "include" => return Err(Fault::of(entry, "the file is not there")),
            "default" => map.default = value,
            name => {
                if let Some(text) = name.strip_prefix("~*") {
                    map.patterns.push((Pattern::new(text, true), value));
                } else if let Some(text) = name.strip_prefix('~') {
                    map.patterns.push((Pattern::new(text, false), value));
                } else {
                    let name = name.strip_prefix('\\').unwrap_or(name);
                    map.exact.insert(name.to_lowercase(), value);
                }
            }
        }
    }
    Ok(map)
}

fn geo(node: &Node) -> Geo {
    let mut geo = Geo {
        networks: Vec::new(),
        default: String::new(),
    };
    for entry in node.block.as_deref().unwrap_or_default() {
        if entry.name == "default" {
            entry.arg(0).clone_into(&mut geo.default);
        } else if let Some(network) = network(&entry.name) {
            geo.networks.push((network, entry.arg(0).to_owned()));
        }
    }
    geo
}
