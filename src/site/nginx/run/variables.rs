//! Values of variables.

use super::super::config::{Alias, Geo, Map, Source};
use super::super::template::{Part, Template};
use super::super::uri::escape_args;
use super::access::is_in;
use super::{MAX_VALUE, Run, Value};

/// Maps of maps.
const MAX_DEPTH: usize = 16;
/// What a client that wants in sends as the headers that tell browsers from programs.
const BROWSER: &[u8] = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

impl Run<'_> {
    pub(super) fn evaluate(&mut self, template: &Template) -> Value {
        self.evaluate_quoted(template, false)
    }

    /// In the rewrite module, captures are escaped where the URI was.
    pub(super) fn evaluate_quoted(&mut self, template: &Template, is_quoted: bool) -> Value {
        let (mut value, args) = self.evaluate_parts(template, is_quoted)?;
        if let Some(args) = args {
            value.push(b'?');
            value.extend(args);
        }
        Ok(value)
    }

    /// A URI, and its arguments if they are written out.
    pub(super) fn evaluate_uri(
        &mut self,
        template: &Template,
    ) -> Result<(Vec<u8>, Option<Vec<u8>>), String> {
        self.evaluate_parts(template, false)
    }

    fn evaluate_parts(
        &mut self,
        template: &Template,
        is_quoted: bool,
    ) -> Result<(Vec<u8>, Option<Vec<u8>>), String> {
        let mut value = Vec::new();
        let mut uri = None;
        for part in &template.parts {
            match part {
                Part::Text(text) => value.extend_from_slice(text.as_bytes()),
                Part::Variable(name) => value.extend(self.variable(name)?),
                Part::Capture(index) => {
                    let capture = self
                        .captures
                        .get(*index)
                        .cloned()
                        .unwrap_or_else(|| Ok(Vec::new()))?;
                    if (is_quoted || uri.is_some()) && self.has_escapes {
                        value.extend(escape_args(&capture));
                    } else {
                        value.extend(capture);
                    }
                }
                Part::Args => uri = Some(std::mem::take(&mut value)),
            }
            if value.len() > MAX_VALUE {
                return Err("a value is too long to follow".to_owned());
            }
        }
        Ok(match uri {
            Some(uri) => (uri, Some(value)),
            None => (value, None),
        })
    }

    /// A variable that was not set is empty.
    pub(super) fn variable(&mut self, name: &str) -> Value {
        self.steps += 1;
        if let Some(value) = self.set.get(name).or_else(|| self.cached.get(name)) {
            return value.clone();
        }
        let config = self.asked.config;
        if let Some(source) = config.variables.get(name) {
            if self.depth >= MAX_DEPTH {
                return Err(format!("the value of ${name}, which refers to itself"));
            }
            self.depth += 1;
            let value = match source {
                Source::Map(map) => self.mapped(map),
                Source::Geo(geo) => self.located(geo, name),
                Source::Unknown => Err(format!("the value of ${name}")),
            };
            self.depth -= 1;
            self.cached.insert(name.to_owned(), value.clone());
            return value;
        }
        self.built_in(name)
    }

    fn built_in(&mut self, name: &str) -> Value {
        let request = self.asked.request;
        let listen = self.asked.listen;
        let text = |text: &str| Ok(text.as_bytes().to_vec());
        match name {
            "uri" | "document_uri" => Ok(self.uri.clone()),
            "request_uri" => text(request.target),
            "args" | "query_string" => Ok(self.args.clone()),
            "is_args" => text(if self.args.is_empty() { "" } else { "?" }),
            "host" | "http_host" => Ok(self.host()),
            "server_name" => text(self.server().names.first().map_or("", String::as_str)),
            "server_port" => text(&listen.port.to_string()),
            "scheme" => text(if listen.is_tls { "https" } else { "http" }),
            "https" => text(if listen.is_tls { "on" } else { "" }),
            "request_method" => text("GET"),
            "invalid_referer" | "request_body" | "remote_user" | "content_length"
            | "content_type" => text(""),
            "limit_rate" | "http_transfer_encoding" => text("0"),
            "document_root" => match self.scope().root.alias {
                Alias::None | Alias::Prefix(_) | Alias::Whole => {
                    let root = self.scope().root.path.clone();
                    self.evaluate(&root)
                }
            },
            "realpath_root" => {
                let root = self.scope().root.path.clone();
                let path = self.evaluate(&root)?;
                Ok(match self.find(&path) {
                    super::paths::Found::Directory(name) => name.into_bytes(),
                    _ => path,
                })
            }
            "request_filename" => Ok(self.map_to_path()?.unwrap_or_default()),
            "fastcgi_script_name" => Ok(self.script_name()?.0),
            "fastcgi_path_info" => Ok(self.script_name()?.1),
            "remote_addr" | "binary_remote_addr" if request.is_local => text("127.0.0.1"),
            _ => self.client_value(name),
        }
    }

    fn host(&self) -> Vec<u8> {
        let first = self.server().names.first().map_or("", String::as_str);
        let host = self.asked.request.host.unwrap_or(first);
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        host.trim_start_matches("*.")
            .to_ascii_lowercase()
            .into_bytes()
    }

    /// What the client sends with the request.
    fn client_value(&self, name: &str) -> Value {
        let is_local = self.asked.request.is_local;
        if let Some(wanted) = name.strip_prefix("arg_") {
            let pairs = self.args.split(|&byte| byte == b'&');
            for pair in pairs {
                let mut halves = pair.splitn(2, |&byte| byte == b'=');
                let key = halves.next().unwrap_or_default();
                if let (true, Some(value)) =
                    (key.eq_ignore_ascii_case(wanted.as_bytes()), halves.next())
                {
                    return Ok(value.to_vec());
                }
            }
            return Ok(Vec::new());
        }
        match name {
            "http_user_agent" if !is_local => Ok(BROWSER.to_vec()),
            _ if name.starts_with("http_") || name.starts_with("cookie_") => {
                if is_local || name == "http_referer" {
                    Ok(Vec::new())
                } else {
                    Err(format!("what the client sends as ${name}"))
                }
            }
            _ => Err(format!("the value of ${name}")),
        }
    }

    /// `$fastcgi_script_name`, and the path info behind it.
    fn script_name(&mut self) -> Result<(Vec<u8>, Vec<u8>), String> {
        let scope = self.scope();
        if let Some(pattern) = &scope.split_path_info {
            let found = pattern.find(&self.uri);
            let found =
                found.map_err(|()| format!("whether the pattern `{}` matches", pattern.text))?;
            if let Some(mut found) = found
                && found.groups.len() > 2
            {
                let info = found.groups.swap_remove(2);
                return Ok((found.groups.swap_remove(1), info));
            }
            return Ok((self.uri.clone(), Vec::new()));
        }
        let mut name = self.uri.clone();
        if name.last() == Some(&b'/')
            && let Some(index) = &scope.fastcgi_index
        {
            name.extend_from_slice(index.as_bytes());
        }
        Ok((name, Vec::new()))
    }

    fn mapped(&mut self, map: &Map) -> Value {
        let key = self.evaluate(&map.of)?;
        let key_text = String::from_utf8_lossy(&key).to_lowercase();
        let mut found = map.exact.get(&key_text);
        if found.is_none() && map.hosts {
            found = map
                .exact
                .iter()
                .filter(|(name, _)| is_wildcard_of(name, &key_text))
                .max_by_key(|(name, _)| (!name.ends_with(".*"), name.len()))
                .map(|(_, value)| value);
        }
        if let Some(value) = found {
            return self.evaluate(value);
        }
        for (pattern, value) in &map.patterns {
            if self.matches(pattern, &key)? {
                return self.evaluate(value);
            }
        }
        self.evaluate(&map.default)
    }

    /// By the most specific network. Someone on the internet may be in any public one.
    fn located(&self, geo: &Geo, name: &str) -> Value {
        let is_local = self.asked.request.is_local;
        let mut best: Option<(u8, &str)> = None;
        for (network, value) in &geo.networks {
            let bits = match network {
                super::super::config::Network::Addresses { bits, first } => {
                    let is_private = match first {
                        std::net::IpAddr::V4(first) => first.is_private() || first.is_loopback(),
                        std::net::IpAddr::V6(first) => first.is_loopback(),
                    };
                    if !is_local && !is_private && *bits > 0 {
                        return Err(format!(
                            "the value of ${name}, which is by the client's address"
                        ));
                    }
                    *bits
                }
                _ => 0,
            };
            if is_in(*network, is_local) && best.is_none_or(|(most, _)| bits >= most) {
                best = Some((bits, value));
            }
        }
        let value = best.map_or(geo.default.as_str(), |(_, value)| value);
        Ok(value.as_bytes().to_vec())
    }
}

/// `*.a.b`, `.a.b`, `a.*`.
pub(in super::super) fn is_wildcard_of(pattern: &str, host: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("*.") {
        return host
            .strip_suffix(rest)
            .is_some_and(|start| start.len() > 1 && start.ends_with('.'));
    }
    if let Some(rest) = pattern.strip_prefix('.') {
        return host == rest
            || host
                .strip_suffix(rest)
                .is_some_and(|start| start.len() > 1 && start.ends_with('.'));
    }
    pattern
        .strip_suffix(".*")
        .and_then(|start| host.strip_prefix(start))
        .is_some_and(|rest| rest.len() > 1 && rest.starts_with('.'))
}
