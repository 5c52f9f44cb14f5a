//! Who asks: addresses, and the access rules of Apache 2.2 that `mod_access_compat` still knows.

use std::net::IpAddr;

use super::request::Asked;
use super::settings::Compat;

/// The client on the internet, of whom rules cannot know: <https://www.rfc-editor.org/rfc/rfc5737>.
pub(super) const SOMEONE: &str = "203.0.113.77";

/// Addresses of one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Net {
    address: IpAddr,
    bits: u8,
}

impl Net {
    /// `10.1`, `10.1.0.0/16`, `10.1.0.0/255.255.0.0`, `::1`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, mask) = match text.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (text, None),
        };
        if let Ok(address @ IpAddr::V6(_)) = address.parse() {
            let bits = mask.map_or(Some(128), |mask| mask.parse().ok())?;
            return (bits <= 128).then_some(Self { address, bits });
        }
        let parts: Vec<&str> = address.trim_end_matches('.').split('.').collect();
        let mut octets = [0; 4];
        for (index, part) in parts.iter().enumerate() {
            *octets.get_mut(index)? = part.parse().ok()?;
        }
        let bits = match mask {
            None => u8::try_from(parts.len() * 8).ok()?,
            Some(mask) => match mask.parse::<IpAddr>() {
                Ok(IpAddr::V4(mask)) => u8::try_from(u32::from(mask).leading_ones()).ok()?,
                _ => mask.parse().ok().filter(|&bits| bits <= 32)?,
            },
        };
        Some(Self {
            address: IpAddr::from(octets),
            bits,
        })
    }

    /// Whether the client is in it.
    pub(super) fn holds(&self, is_local: bool) -> bool {
        let client = if is_local { "127.0.0.1" } else { SOMEONE };
        let Ok(client) = client.parse::<IpAddr>() else {
            return false;
        };
        match (self.address, client) {
            (IpAddr::V4(net), IpAddr::V4(client)) => {
                let shift = 32 - u32::from(self.bits);
                let top = |address| u64::from(u32::from(address)) >> shift;
                top(net) == top(client)
            }
            _ => false,
        }
    }
}

/// What `Allow from` and `Deny from` name.
#[derive(Debug, Clone)]
pub(super) enum Allow {
    All,
    Net(Net),
    Host,
    Env(String),
    NotEnv(String),
}

impl Allow {
    pub(super) fn parse(word: &str) -> Self {
        let lower = word.to_ascii_lowercase();
        if lower == "all" {
            return Self::All;
        }
        if lower.starts_with("env=!") {
            return Self::NotEnv(word[5..].to_owned());
        }
        if lower.starts_with("env=") {
            return Self::Env(word[4..].to_owned());
        }
        Net::parse(word).map_or(Self::Host, Self::Net)
    }

    fn holds(&self, asked: &Asked<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Net(net) => net.holds(asked.is_local),
            Self::Host => false,
            Self::Env(name) => asked.env.contains_key(name),
            Self::NotEnv(name) => !asked.env.contains_key(name),
        }
    }
}

/// `Order`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    DenyAllow,
    AllowDeny,
    MutualFailure,
}

impl Compat {
    /// Whether these rules let the client in.
    pub(super) fn allows(&self, asked: &Asked<'_>) -> bool {
        let is_allowed = self.allow.iter().any(|rule| rule.value.holds(asked));
        let is_denied = self.deny.iter().any(|rule| rule.value.holds(asked));
        match self.order {
            Order::AllowDeny | Order::MutualFailure => is_allowed && !is_denied,
            Order::DenyAllow => is_allowed || !is_denied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_addresses() {
        let holds = |net: &str, is_local| Net::parse(net).unwrap().holds(is_local);
        assert!(holds("127", true) && holds("127.0.0.0/8", true) && !holds("127", false));
        assert!(holds("0.0.0.0/0", false) && holds("203.0.113.0/255.255.255.0", false));
        assert!(!holds("::1", true) && !holds("10.0", true));
        assert_eq!(Net::parse("example.com"), None);
        assert_eq!(Net::parse("1.2.3.4/33"), None);
    }
}
