//! A site of its own: its virtual host, its files, and what is asked for.

use std::collections::BTreeMap;

use spillcheck::input::Memory;
use spillcheck::site::apache::{Apache, Defaults};
use spillcheck::site::{Answer, Request, Server as _, Verdict};

use super::super::http::{self, Response};
use super::server::{Home, Server, free_port, head};

/// One site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Case {
    /// Directives and sections of the virtual host; `@` is the directory of the site.
    pub(crate) host: Vec<String>,
    /// Of each `.htaccess` file, by directory inside of the site's.
    pub(crate) access: BTreeMap<String, Vec<String>>,
    /// Names inside of the site's directory; what is in them follows from the name.
    pub(crate) files: Vec<String>,
    pub(crate) links: Vec<(String, String)>,
    /// Files with a text of their own.
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) urls: Vec<String>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    Sent(String),
    Executed(String),
    Listing,
    Status(u16),
    Unknown(String),
}

/// Where the two do not agree.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) case: usize,
    pub(crate) url: String,
    pub(crate) real: Seen,
    pub(crate) evaluated: Seen,
    pub(crate) because: String,
}

impl Case {
    fn text_of(name: &str) -> String {
        if name.to_ascii_lowercase().contains(".php") {
            format!("<?php echo 'RUN:', '{name}', ':END';\n")
        } else {
            format!("FILE:{name}:END\n")
        }
    }

    fn everything(&self, root: &str) -> Vec<(String, String)> {
        let put = |text: &str| text.replace('@', root);
        let files = self
            .files
            .iter()
            .map(|name| (format!("{root}/{name}"), Self::text_of(name)));
        let texts = self
            .texts
            .iter()
            .map(|(name, text)| (format!("{root}/{name}"), put(text)));
        let access = self.access.iter().map(|(directory, lines)| {
            let slash = if directory.is_empty() { "" } else { "/" };
            (
                format!("{root}/{directory}{slash}.htaccess"),
                put(&lines.join("\n")) + "\n",
            )
        });
        files.chain(texts).chain(access).collect()
    }
}

/// Asks both about every URL of every case.
pub(crate) fn ask(cases: &[Case], modules: &[&str], php: u16) -> Result<Vec<Pair>, String> {
    let home = Home::new();
    let port = free_port();
    let mut config = head(home.path(), port, modules);
    let mut memory = Memory::new();
    for (number, case) in cases.iter().enumerate() {
        let root = format!("{}/c{number}", home.path());
        let host = case
            .host
            .join("\n")
            .replace('@', &root)
            .replace("PHPPORT", &php.to_string());
        config.push_str(&format!(
            "<VirtualHost *:{port}>\nServerName c{number}.test\n{host}\n</VirtualHost>\n"
        ));
        for (name, text) in case.everything(&root) {
            let text = text.replace("PHPPORT", &php.to_string());
            home.write(&name, &text);
            memory.add(name, text);
        }
        for (name, target) in &case.links {
            home.link(&format!("{root}/{name}"), target);
            memory.link(format!("{root}/{name}"), target.clone());
        }
    }
    let name = format!("{}/httpd.conf", home.path());
    home.write(&name, &config);
    memory.add(name.clone(), config);
    let evaluator = Apache::load(&[name], &memory, &Defaults::none());
    let _server = Server::start(&home, port)?;
    let mut pairs = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let root = format!("{}/c{number}/", home.path());
        let host = format!("c{number}.test");
        for url in &case.urls {
            let response =
                http::get(port, url, &host).map_err(|error| format!("{url}: {error}"))?;
            let request = Request {
                target: url,
                host: Some(&host),
                is_local: true,
            };
            let answer = evaluator.answer(number, &request, &memory);
            pairs.push(Pair {
                case: number,
                url: url.clone(),
                real: seen(&response),
                evaluated: told(&answer, &root),
                because: format!("{:?}", answer.because),
            });
        }
    }
    Ok(pairs)
}

fn seen(response: &Response) -> Seen {
    let body = String::from_utf8_lossy(&response.body);
    let marked = |mark: &str| {
        let start = body.find(mark)? + mark.len();
        let end = body[start..].find(":END")?;
        Some(body[start..start + end].to_owned())
    };
    if response.status != 200 {
        return Seen::Status(response.status);
    }
    if let Some(name) = marked("<?php echo 'RUN:', '") {
        return Seen::Sent(name.trim_end_matches("', '").to_owned());
    }
    if let Some(name) = marked("RUN:") {
        return Seen::Executed(name);
    }
    match marked("FILE:") {
        Some(name) => Seen::Sent(name),
        None if body.contains("<title>Index of") => Seen::Listing,
        None => Seen::Status(200),
    }
}

fn told(answer: &Answer, root: &str) -> Seen {
    let file = answer.file.as_deref().unwrap_or_default();
    let name = file.strip_prefix(root).unwrap_or(file).to_owned();
    match answer.verdict {
        Verdict::Unknown => Seen::Unknown(answer.settle.clone().unwrap_or_default()),
        Verdict::Served if answer.is_listing => Seen::Listing,
        Verdict::Served => Seen::Sent(name),
        Verdict::Executed => Seen::Executed(name),
        Verdict::Denied | Verdict::NotMapped => Seen::Status(answer.status.unwrap_or(0)),
    }
}

impl Pair {
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.evaluated, Seen::Unknown(_))
    }

    pub(crate) fn agrees(&self) -> bool {
        match (&self.real, &self.evaluated) {
            // PHP sends what is no PHP as it is.
            (Seen::Sent(real), Seen::Executed(run)) => real == run && !real.contains(".php"),
            (real, evaluated) => real == evaluated,
        }
    }
}
