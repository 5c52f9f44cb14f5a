//! Servers.

use std::collections::BTreeMap;

use super::super::config::{Listen, Place, Scope, Virtual};
use super::super::syntax::{Fault, Node};
use super::{Builder, flag};

impl Builder {
    pub(super) fn server(
        &mut self,
        node: &Node,
        base: &Scope,
        merge_slashes: bool,
    ) -> Result<(), Fault> {
        let inside = node
            .block
            .as_deref()
            .ok_or_else(|| Fault::of(node, "directive \"server\" has no opening \"{\""))?;
        let mut level = base.child(Place::Server, node.reason());
        self.settings(&mut level, inside)?;
        let scope = self.add(level, node)?;
        let mut listens = Vec::new();
        for directive in inside.iter().filter(|node| node.name == "listen") {
            listens.extend(listen(directive)?);
        }
        if listens.is_empty() {
            listens.push(Listen {
                address: "*".to_owned(),
                port: 80,
                is_default: false,
                is_tls: false,
            });
        }
        if flag(inside, "ssl") == Some(true) {
            listens.iter_mut().for_each(|listen| listen.is_tls = true);
        }
        let names = inside.iter().filter(|node| node.name == "server_name");
        self.config.servers.push(Virtual {
            names: names.flat_map(|node| node.args.iter().cloned()).collect(),
            listens,
            merge_slashes: flag(inside, "merge_slashes").unwrap_or(merge_slashes),
            scope,
            named: BTreeMap::new(),
            at: node.reason(),
        });
        self.codes(scope, inside, true)?;
        self.locations(scope, inside, 0)
    }
}

/// A socket; none for one in the file system.
fn listen(node: &Node) -> Result<Option<Listen>, Fault> {
    let spec = node.arg(0);
    if spec.starts_with("unix:") {
        return Ok(None);
    }
    let (address, port) = match spec.rsplit_once(':') {
        Some((address, port)) if !port.contains(']') => (address, port),
        _ if !spec.is_empty() && spec.bytes().all(|byte| byte.is_ascii_digit()) => ("*", spec),
        _ => (spec, "80"),
    };
    let port: u16 = port
        .split('-')
        .next()
        .and_then(|port| port.parse().ok())
        .ok_or_else(|| Fault::of(node, "invalid port in \"listen\""))?;
    let address = match address {
        "0.0.0.0" | "[::]" => "*",
        other => other,
    };
    let has = |name: &str| node.args.iter().skip(1).any(|arg| arg == name);
    Ok(Some(Listen {
        address: address.to_owned(),
        port,
        is_default: has("default_server") || has("default"),
        is_tls: has("ssl") || has("quic"),
    }))
}
