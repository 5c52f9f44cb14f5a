//! Which server a request is for: <https://nginx.org/en/docs/http/request_processing.html>.

use super::config::{Config, Listen};
use super::pattern::Pattern;
use super::run::is_wildcard_of;

/// The servers, those that answer to any name first.
pub(super) fn order(config: &Config) -> Vec<usize> {
    let mut servers: Vec<usize> = (0..config.servers.len()).collect();
    let is_default = |&server: &usize| {
        let mut listens = config.servers[server].listens.iter();
        listens.any(|listen| default(config, listen) == Some(server))
    };
    servers.sort_by_key(|server| !is_default(server));
    servers
}

fn shares(config: &Config, server: usize, listen: &Listen) -> bool {
    let listens = &config.servers[server].listens;
    listens.iter().any(|other| is_same_socket(other, listen))
}

fn is_same_socket(one: &Listen, other: &Listen) -> bool {
    one.port == other.port && one.address == other.address
}

/// The server for names that none has.
fn default(config: &Config, listen: &Listen) -> Option<usize> {
    let mut sharing = (0..config.servers.len()).filter(|&server| shares(config, server, listen));
    let marked = sharing.clone().find(|&server| {
        let listens = &config.servers[server].listens;
        listens
            .iter()
            .any(|other| is_same_socket(other, listen) && other.is_default)
    });
    marked.or_else(|| sharing.next())
}

/// Whether slashes are merged: a request line is read before the `Host` header is, so the default server decides,
/// unless TLS has told the name already.
pub(super) fn merges_slashes(config: &Config, listen: &Listen, server: usize) -> bool {
    let reads = if listen.is_tls {
        None
    } else {
        default(config, listen)
    };
    config.servers[reads.unwrap_or(server)].merge_slashes
}

/// The server for a `Host` header on a socket.
pub(super) fn by_name(config: &Config, listen: &Listen, host: &str) -> Option<usize> {
    let host = host.to_ascii_lowercase();
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let sharing = (0..config.servers.len()).filter(|&server| shares(config, server, listen));
    // The kind of match, then the length of the name; of equals the first counts.
    let mut best: Option<((u8, usize), usize)> = None;
    for server in sharing {
        for name in &config.servers[server].names {
            let Some(rank) = rank(name, host) else {
                continue;
            };
            if best.is_none_or(|(most, _)| rank > most) {
                best = Some((rank, server));
            }
        }
    }
    best.map(|(_, server)| server)
        .or_else(|| default(config, listen))
}

fn rank(name: &str, host: &str) -> Option<(u8, usize)> {
    if let Some(pattern) = name.strip_prefix('~') {
        let found = Pattern::new(pattern, true).find(host.as_bytes());
        return matches!(found, Ok(Some(_))).then_some((1, 0));
    }
    let name = name.to_ascii_lowercase();
    if name == host || name.strip_prefix('.') == Some(host) {
        return Some((4, 0));
    }
    if !is_wildcard_of(&name, host) {
        return None;
    }
    let kind = if name.ends_with(".*") { 2 } else { 3 };
    Some((kind, name.trim_start_matches("*").len()))
}
