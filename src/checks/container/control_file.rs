//! Configuration files of what takes orders by a port.

use crate::checks::Context;
use crate::checks::names::name;
use crate::finding::Severity;
use crate::site::packages::json::{self, Node};

use super::control_port::is_for_all;

/// What a file says that it should not.
pub(super) struct Told {
    pub(super) line: u32,
    pub(super) message: String,
    pub(super) severity: Severity,
}

/// How a file is read, by its name.
pub(super) fn reader(context: &Context<'_>, path: &str) -> Option<fn(&str) -> Vec<Told>> {
    match name(path) {
        "daemon.json" => Some(docker),
        "aria2.conf" => Some(aria2),
        "rsyncd.conf" => Some(rsync),
        "jupyter_notebook_config.py" | "jupyter_server_config.py" => Some(jupyter),
        _ if context.index.holds(path, "[inet_http_server]") => Some(supervisor),
        _ => None,
    }
}

fn high(line: u32, message: &str) -> Told {
    Told {
        line,
        message: message.to_owned(),
        severity: Severity::High,
    }
}

/// <https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file>.
fn docker(text: &str) -> Vec<Told> {
    let Ok(root) = json::parse("daemon.json", text) else {
        return Vec::new();
    };
    let is_asked = root
        .get("tlsverify")
        .is_some_and(|node| node.value == json::Value::Bool(true));
    let hosts = root.get("hosts").map_or(&[][..], Node::items);
    let is_tcp = |host: &&Node| {
        let address = host.text().and_then(|host| host.strip_prefix("tcp://"));
        address.is_some_and(is_for_all)
    };
    let open = hosts.iter().find(|host| !is_asked && is_tcp(host));
    open.map(|host| {
        high(
            host.line,
            "Docker's API listens for everyone, and asks for no certificate.",
        )
    })
    .into_iter()
    .collect()
}

/// A line, a key, a value.
type Setting = (u32, String, String);

/// `key = value` of each section, with lines; comments are left out.
fn settings(text: &str) -> Vec<(String, Vec<Setting>)> {
    let mut sections = vec![(String::new(), Vec::new())];
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split(" ;").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let head = line
            .strip_prefix('[')
            .and_then(|head| head.strip_suffix(']'));
        if let Some(head) = head {
            sections.push((head.trim().to_owned(), Vec::new()));
        } else if let (Some((key, value)), Some((_, settings))) =
            (line.split_once('='), sections.last_mut())
        {
            let key = key.trim().to_ascii_lowercase();
            settings.push((number, key, value.trim().to_owned()));
        }
    }
    sections
}

fn value<'s>(settings: &'s [Setting], key: &str) -> Option<(u32, &'s str)> {
    let found = settings.iter().find(|(_, have, _)| have == key)?;
    Some((found.0, found.2.as_str()))
}

fn supervisor(text: &str) -> Vec<Told> {
    let sections = settings(text);
    let open = sections.iter().find_map(|(name, settings)| {
        let (line, port) = value(settings, "port").filter(|_| name == "inet_http_server")?;
        let is_open = is_for_all(port) && value(settings, "username").is_none();
        is_open.then(|| {
            high(
                line,
                "Supervisor's interface listens for everyone and asks for no password: it shows logs, and stops and \
                 starts programs.",
            )
        })
    });
    open.into_iter().collect()
}

fn aria2(text: &str) -> Vec<Told> {
    let sections = settings(text);
    let all = sections.first().map_or(&[][..], |(_, settings)| settings);
    let is_on = |key| value(all, key).is_some_and(|(_, value)| value == "true");
    let is_open = is_on("enable-rpc") && is_on("rpc-listen-all");
    if !is_open || value(all, "rpc-secret").is_some_and(|(_, value)| !value.is_empty()) {
        return Vec::new();
    }
    let line = value(all, "rpc-listen-all").map_or(1, |(line, _)| line);
    vec![high(
        line,
        "aria2 takes orders of everyone: it writes files wherever it is told to.",
    )]
}

/// <https://download.samba.org/pub/rsync/rsyncd.conf.5>: who asks gets the files of a module without `auth users`.
fn rsync(text: &str) -> Vec<Told> {
    let sections = settings(text);
    let shared = sections.first().map_or(&[][..], |(_, settings)| settings);
    let modules = sections.iter().skip(1).filter_map(|(name, settings)| {
        let has = |key| value(settings, key).or(value(shared, key)).is_some();
        let (line, path) = value(settings, "path")?;
        (!has("auth users") && !has("hosts allow")).then(|| Told {
            line,
            message: format!("rsync gives {path} to whoever asks for module {name}."),
            severity: Severity::Medium,
        })
    });
    modules.collect()
}

/// `c.NotebookApp.token = ''`.
fn jupyter(text: &str) -> Vec<Told> {
    let lines = (1..).zip(text.lines());
    let empty = lines.filter(|(_, line)| {
        let compact: String = line.split_whitespace().collect();
        let Some((name, value)) = compact.split_once('=') else {
            return false;
        };
        let is_token = name.starts_with("c.") && name.ends_with(".token");
        is_token && matches!(value.split('#').next(), Some("''" | "\"\"" | "u''"))
    });
    empty
        .map(|(number, _)| {
            high(
                number,
                "Jupyter has no token: it runs the code of whoever reaches it.",
            )
        })
        .collect()
}
