//! The least of an HTTP server: one call a connection.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    None,
    Form(Vec<(String, String)>),
    Json(Value),
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Text(String),
    Json(Value),
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Json(body),
        }
    }

    pub(crate) fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Text(body.into()),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Reads one request; `None` for a connection that says nothing.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Option<Call>> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let bytes = body(&mut reader, &headers)?;
    let kind = headers.get("content-type").map_or("", String::as_str);
    let body = match kind.split_once("boundary=") {
        Some((_, boundary)) => Body::Form(form(&String::from_utf8(bytes).unwrap(), boundary)),
        None if kind == "application/json" => Body::Json(serde_json::from_slice(&bytes)?),
        None => Body::None,
    };
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Ok(Some(Call {
        method,
        path: path
            .trim_start_matches('/')
            .split('/')
            .map(decoded)
            .collect(),
        query: query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect(),
        headers,
        body,
    }))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn body(
    reader: &mut BufReader<&TcpStream>,
    headers: &BTreeMap<String, String>,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(len) = headers.get("content-length") {
        bytes.resize(len.parse().unwrap(), 0);
        reader.read_exact(&mut bytes)?;
    } else if headers.contains_key("transfer-encoding") {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let len = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut chunk = vec![0; len + 2];
            reader.read_exact(&mut chunk)?;
            bytes.extend_from_slice(&chunk[..len]);
            if len == 0 {
                break;
            }
        }
    }
    Ok(bytes)
}

fn form(text: &str, boundary: &str) -> Vec<(String, String)> {
    let boundary = format!("--{boundary}");
    text.split(&boundary)
        .filter_map(|part| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once("name=\"")?;
            let (name, _) = name.split_once('"')?;
            Some((name.to_owned(), value.trim_end_matches("\r\n").to_owned()))
        })
        .collect()
}

/// Writes an answer, and ends the connection.
pub(crate) fn write(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    let (kind, body) = match &reply.body {
        Content::Text(text) => ("text/plain", text.clone()),
        Content::Json(value) => ("application/json", value.to_string()),
    };
    let mut head = format!(
        "HTTP/1.1 {} .\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n",
        reply.status,
        body.len()
    );
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())
}
