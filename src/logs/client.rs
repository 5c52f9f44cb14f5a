//! Who asked.

use std::net::IpAddr;
use std::str;

use super::format::Line;

/// Longer names are cut.
const MAX_LEN: usize = 64;

/// The address of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) name: String,
    /// Of this machine or of a private network: the site's own, or a proxy in front of it.
    pub(super) is_private: bool,
}

impl Client {
    /// The client of a line: behind a proxy, the one that the proxy names.
    pub(super) fn of(line: &Line<'_>) -> Self {
        let own = Self::named(&line.client);
        if own.is_private && !line.forwarded.is_empty() && &*line.forwarded != b"-" {
            let first = line.forwarded.split(|&byte| byte == b',').next();
            return Self::named(first.unwrap_or_default().trim_ascii());
        }
        own
    }

    fn named(bytes: &[u8]) -> Self {
        let text = str::from_utf8(&bytes[..bytes.len().min(MAX_LEN)]).unwrap_or("?");
        match address(text) {
            Some(address) => Self {
                name: address.to_string(),
                is_private: is_private(address),
            },
            None => Self {
                name: text.chars().filter(|c| !c.is_control()).collect(),
                is_private: text == "localhost",
            },
        }
    }
}

fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').split(']').next()?;
    bare.parse().ok().or_else(|| {
        // With a port.
        let (address, _) = text.rsplit_once(':')?;
        address.trim_matches(['[', ']']).parse().ok()
    })
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified()
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_ports_and_networks() {
        for (text, name, is_private) in [
            ("192.0.2.7", "192.0.2.7", false),
            ("192.0.2.7:4711", "192.0.2.7", false),
            ("[2001:db8::1]:80", "2001:db8::1", false),
            ("::1", "::1", true),
            ("::ffff:10.1.2.3", "::ffff:10.1.2.3", true),
            ("172.20.0.1", "172.20.0.1", true),
            ("crawl.example.com", "crawl.example.com", false),
        ] {
            let client = Client::named(text.as_bytes());
            assert_eq!(
                (client.name.as_str(), client.is_private),
                (name, is_private)
            );
        }
    }
}
