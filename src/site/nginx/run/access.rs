//! `allow`, `deny`, `auth_basic`, `satisfy`.

use std::net::IpAddr;

use super::super::config::{Access, Network};
use super::{End, Run};

impl Run<'_> {
    /// Refuses, or lets go on.
    pub(super) fn access(&mut self) -> Option<End> {
        let scope = self.scope();
        let rule = scope.access.iter().find(|rule| self.is_about_client(rule));
        let by_address = rule.map(|rule| rule.allows);
        if let Some(rule) = rule {
            self.reason(Some(&rule.at));
        }
        let needs_password = match &scope.auth {
            Some((realm, at)) if scope.has_passwords => match self.evaluate(realm) {
                Ok(realm) if realm == b"off" => false,
                Ok(_) => {
                    self.reason(Some(at));
                    true
                }
                Err(doubt) => self.choose(&doubt),
            },
            _ => false,
        };
        if scope.satisfies_any {
            return match (by_address, needs_password) {
                (Some(true), _) | (None, false) => None,
                (_, true) => Some(End::Status(401)),
                (Some(false), false) => Some(End::Status(403)),
            };
        }
        match (by_address, needs_password) {
            (Some(false), _) => Some(End::Status(403)),
            (_, true) => Some(End::Status(401)),
            (_, false) => None,
        }
    }

    /// A client on the internet has an address that no rule names, unless it names all.
    fn is_about_client(&self, rule: &Access) -> bool {
        is_in(rule.who, self.asked.request.is_local)
    }
}

pub(super) fn is_in(network: Network, is_local: bool) -> bool {
    match network {
        Network::All => true,
        Network::Unix => false,
        Network::Addresses {
            first: IpAddr::V4(first),
            bits,
        } => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            let local = u32::from(std::net::Ipv4Addr::LOCALHOST);
            bits == 0 || (is_local && local & mask == u32::from(first) & mask)
        }
        Network::Addresses {
            first: IpAddr::V6(_),
            bits,
        } => bits == 0 && !is_local,
    }
}
