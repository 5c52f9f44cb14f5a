//! What is known of a request while it is worked on.

use std::collections::BTreeMap;

use crate::input::Files;

use super::client::SOMEONE;
use super::tree::{Known, unknown};

/// A request, as rules see it.
#[derive(Clone)]
pub(super) struct Asked<'f> {
    pub(super) files: &'f dyn Files,
    /// The client sits on the server.
    pub(super) is_local: bool,
    pub(super) is_https: bool,
    pub(super) host: String,
    pub(super) port: String,
    pub(super) server_name: String,
    /// As the client sent it.
    pub(super) target: String,
    pub(super) root: Option<String>,
    /// The alias that led to the file: its URL, and its directory.
    pub(super) context: Option<(String, String)>,
    pub(super) uri: String,
    pub(super) query: Option<String>,
    pub(super) filename: String,
    pub(super) path_info: String,
    pub(super) env: BTreeMap<String, String>,
    /// The server asks itself, for an index.
    pub(super) is_subrequest: bool,
    /// `[END]` was met.
    pub(super) is_rewritten_for_good: bool,
    /// `[H]` and `[T]`.
    pub(super) forced_handler: Option<String>,
    pub(super) forced_type: Option<String>,
}

impl Asked<'_> {
    pub(super) fn authority(&self) -> &str {
        if self.host.is_empty() {
            &self.server_name
        } else {
            &self.host
        }
    }

    /// A header of the request; clients send few.
    pub(super) fn header(&self, name: &str) -> String {
        if name.eq_ignore_ascii_case("host") {
            self.host.clone()
        } else if name.eq_ignore_ascii_case("connection") {
            "close".to_owned()
        } else {
            String::new()
        }
    }

    /// What `SetEnvIf` calls an attribute, in lower case.
    pub(super) fn attribute(&self, name: &str) -> String {
        match name {
            "request_uri" => self.uri.clone(),
            "request_method" => "GET".to_owned(),
            "request_protocol" => "HTTP/1.0".to_owned(),
            "remote_addr" | "remote_host" => self.client().to_owned(),
            _ if self.env.contains_key(name) => self.env[name].clone(),
            _ => self.header(name),
        }
    }

    fn client(&self) -> &'static str {
        if self.is_local { "127.0.0.1" } else { SOMEONE }
    }

    /// `%{NAME}`.
    pub(super) fn variable(&self, name: &str) -> Known<String> {
        let text = match name {
            "REQUEST_URI" | "DOCUMENT_URI" => self.uri.clone(),
            "REQUEST_FILENAME" | "SCRIPT_FILENAME" => self.filename.clone(),
            "PATH_INFO" => self.path_info.clone(),
            "QUERY_STRING" => self.query.clone().unwrap_or_default(),
            "REQUEST_METHOD" => "GET".to_owned(),
            "THE_REQUEST" => format!("GET {} HTTP/1.0", self.target),
            "HTTP_HOST" => self.host.clone(),
            "SERVER_NAME" => self.server_name.clone(),
            "SERVER_PORT" => self.port.clone(),
            "SERVER_PROTOCOL" => "HTTP/1.0".to_owned(),
            "HTTPS" => if self.is_https { "on" } else { "off" }.to_owned(),
            "REQUEST_SCHEME" => if self.is_https { "https" } else { "http" }.to_owned(),
            "REMOTE_ADDR" | "CONN_REMOTE_ADDR" => self.client().to_owned(),
            "DOCUMENT_ROOT" => match &self.root {
                Some(root) => root.clone(),
                None => return unknown("the document root"),
            },
            "CONTEXT_PREFIX" => match &self.context {
                Some((prefix, _)) => prefix.clone(),
                None => String::new(),
            },
            "CONTEXT_DOCUMENT_ROOT" => match (&self.context, &self.root) {
                (Some((_, directory)), _) => directory.clone(),
                (None, Some(root)) => root.clone(),
                (None, None) => return unknown("the document root"),
            },
            "IS_SUBREQ" => if self.is_subrequest { "true" } else { "false" }.to_owned(),
            "HTTP_CONNECTION" => self.header("connection"),
            "REMOTE_USER" | "REMOTE_IDENT" | "AUTH_TYPE" => String::new(),
            _ if name.starts_with("HTTP_") => String::new(),
            _ => return unknown(format!("%{{{name}}}")),
        };
        Ok(text)
    }
}
