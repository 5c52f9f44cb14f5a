//! Where calls go to.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A region of Mailgun. Keys and users are the same in both; logins, routes and logs are not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// `api.mailgun.net`
    Us,
    /// `api.eu.mailgun.net`
    Eu,
}

impl Region {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Us, Self::Eu];

    /// `us`, `eu`
    pub fn word(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
        }
    }
}

/// The address of each region. A key goes to nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    us: String,
    eu: String,
    is_loopback: bool,
}

impl Default for Hosts {
    fn default() -> Self {
        Self {
            us: "https://api.mailgun.net".to_owned(),
            eu: "https://api.eu.mailgun.net".to_owned(),
            is_loopback: false,
        }
    }
}

impl Hosts {
    /// Servers on this machine in the place of Mailgun's: `http://127.0.0.1:8080`, one for each region.
    ///
    /// # Errors
    /// One of them is not on this machine.
    pub fn on_loopback(us: &str, eu: &str) -> Result<Self, String> {
        for base in [us, eu] {
            if !is_loopback(base) {
                return Err(format!(
                    "{base}: a key is sent to Mailgun, or to this machine for tests; write \
                     http://127.0.0.1:PORT"
                ));
            }
        }
        Ok(Self {
            us: us.to_owned(),
            eu: eu.to_owned(),
            is_loopback: true,
        })
    }

    /// The address of a region, without a slash at its end.
    pub fn base(&self, region: Region) -> &str {
        match region {
            Region::Us => &self.us,
            Region::Eu => &self.eu,
        }
    }

    /// Whether calls stay on this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

/// An address in digits alone: a name, even `localhost`, may lead elsewhere.
fn is_loopback(base: &str) -> bool {
    let Some((host, port)) = base
        .strip_prefix("http://")
        .and_then(|authority| authority.rsplit_once(':'))
    else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_port = port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port && host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_to_mailgun_or_stay_here() {
        let here = "http://127.0.0.1:8080";
        assert!(Hosts::on_loopback(here, "http://[::1]:1").is_ok());
        for elsewhere in [
            "http://localhost:80",
            "https://127.0.0.1:80",
            "http://127.0.0.1",
            "http://127.0.0.1:80/x",
            "http://127.0.0.1:80@example.com:80",
            "http://10.0.0.1:80",
            "http://api.mailgun.net:80",
            "http://127.0.0.1:+80",
        ] {
            assert!(Hosts::on_loopback(here, elsewhere).is_err(), "{elsewhere}");
            assert!(Hosts::on_loopback(elsewhere, here).is_err(), "{elsewhere}");
        }
    }
}
