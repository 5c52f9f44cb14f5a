//! A call, before it is made.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::hosts::{Hosts, Region};

/// What may stand in a URL as it is (RFC 3986, 2.3), and `@`, which stands in logins.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Adds, or asks with a long question.
    Post,
    /// Changes.
    Put,
    /// Takes away.
    Delete,
}

impl Method {
    /// As it stands in a request.
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What a call carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Form {
    /// Nothing.
    #[default]
    None,
    /// Fields of a form. None of them is ever a secret: Mailgun makes those.
    Fields(Vec<(&'static str, String)>),
    /// A JSON document.
    Json(serde_json::Value),
}

/// A call. Its `Display` says what is sent, and to whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub(super) method: Method,
    pub(super) region: Region,
    pub(super) path: String,
    pub(super) body: Form,
    /// Whether it may be made again when nobody knows what became of it.
    pub(super) is_safe: bool,
}

impl Request {
    /// Reads something.
    pub fn get(region: Region, segments: &[&str]) -> Self {
        Self::new(Method::Get, region, segments, Form::None)
    }

    /// Something else. Names of domains, logins and ids are escaped, so that none of them can lead to another path.
    pub fn new(method: Method, region: Region, segments: &[&str], body: Form) -> Self {
        let path = segments
            .iter()
            .map(|segment| format!("/{}", escaped(segment)));
        Self {
            method,
            region,
            path: path.collect(),
            body,
            is_safe: method == Method::Get,
        }
    }

    /// Another parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.path
            .push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(&escaped(name));
        self.path.push('=');
        self.path.push_str(&escaped(value));
        self
    }

    /// Says of a question that is sent with POST that it changes nothing.
    #[must_use]
    pub fn reading(mut self) -> Self {
        self.is_safe = true;
        self
    }

    /// Whether it changes nothing.
    pub fn is_safe(&self) -> bool {
        self.is_safe
    }

    /// The URL.
    pub fn url(&self, hosts: &Hosts) -> String {
        format!("{}{}", hosts.base(self.region), self.path)
    }

    /// What is sent, in a line.
    pub fn shown(&self, hosts: &Hosts) -> String {
        format!("{} {}{}", self.method.word(), self.url(hosts), self.body)
    }
}

fn escaped(segment: &str) -> String {
    match segment {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => utf8_percent_encode(segment, ESCAPED).to_string(),
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Fields(fields) => fields
                .iter()
                .try_for_each(|(name, value)| write!(f, " {name}={value}")),
            Self::Json(value) => write!(f, " {value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_to_another_path() {
        let shown = |name: &str| {
            Request::get(Region::Us, &["v3", "domains", name, "credentials"])
                .query("skip", "0")
                .query("limit", "1&x")
                .path
        };
        assert_eq!(
            shown("mg.example.com"),
            "/v3/domains/mg.example.com/credentials?skip=0&limit=1%26x"
        );
        assert!(shown("../keys").starts_with("/v3/domains/..%2Fkeys/"));
        assert!(shown("..").starts_with("/v3/domains/%2E%2E/"));
        assert!(shown("a?b#c").starts_with("/v3/domains/a%3Fb%23c/"));
    }
}
