//! All servers of a tree, and what they make of a file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::finding::{Reach, Reason};
use crate::input::Files;

use super::answer::{Answer, Request, Verdict};
use super::mapping::{Mapped, Mapping};
use super::server::Server;

/// A server, and how its names of files relate to the tree's.
pub struct Hosted {
    /// The server.
    pub server: Box<dyn Server>,
    /// Which directories of the tree it sees.
    pub mapping: Mapping,
    /// Why it is believed that the server runs and the mapping holds, if that is an assumption.
    pub assumed: Option<String>,
    /// How it is known: the Dockerfile, the configuration file, the start command.
    pub because: Vec<Reason>,
}

/// The scanned directory itself has the empty name within.
fn shown<S: serde::Serializer>(path: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let path = path.as_deref();
    path.map(|path| if path.is_empty() { "." } else { path })
        .serialize(serializer)
}

/// A document root, or another directory that URLs lead to.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct DocumentRoot {
    /// As the server names it.
    pub server_path: String,
    /// As reports name it, if it is in the tree.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown")]
    pub path: Option<String>,
    /// Under which URL it lies.
    pub url: String,
    /// The host's name.
    pub host: String,
    /// Which server.
    pub server: String,
    /// Why it is assumed, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
    /// How it is known.
    pub because: Vec<Reason>,
}

/// What a server makes of a file under one URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct UrlVerdict {
    /// The path to ask for.
    pub url: String,
    /// The host to ask.
    pub host: String,
    /// Which server.
    pub server: String,
    /// What becomes of the file.
    pub verdict: Verdict,
    /// The HTTP status, where it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why the server is assumed to run like this; null if that is certain.
    pub assumed: Option<String>,
    /// The chain: how the server is known, then the directives that decided.
    pub because: Vec<Reason>,
    /// What would settle an unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settle: Option<String>,
}

/// What all servers make of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FileVerdict {
    /// The file, as reports name it.
    pub path: String,
    /// Every URL that leads to it, the worst first; none, if it lies outside of everything that is served.
    pub urls: Vec<UrlVerdict>,
}

impl FileVerdict {
    /// The worst of its URLs.
    pub fn worst(&self) -> Option<&UrlVerdict> {
        self.urls.first()
    }

    /// The URL under which its bytes are sent, if there is one.
    pub fn served(&self) -> Option<&UrlVerdict> {
        self.worst().filter(|url| url.verdict == Verdict::Served)
    }

    /// What that means for a secret in it.
    pub fn reach(&self) -> Option<Reach> {
        let url = self.worst()?;
        Some(match url.verdict {
            Verdict::Served if url.assumed.is_some() => Reach::Likely,
            Verdict::Served => Reach::Reachable,
            Verdict::Unknown => Reach::Unknown,
            Verdict::Executed | Verdict::Denied | Verdict::NotMapped => Reach::Contained,
        })
    }
}

/// What a server answers to a request for a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct UrlAnswer {
    /// The URL as it was asked for.
    pub asked: String,
    /// The file that is sent, run or refused, as reports name it; as the server does, if it is not in the tree.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown")]
    pub path: Option<String>,
    /// Whether what is sent is a list of a directory's files; `path` is then the directory.
    pub is_listing: bool,
    /// What becomes of it.
    #[serde(flatten)]
    pub verdict: UrlVerdict,
}

/// All servers of a tree. Empty where nothing says how it is served.
#[derive(Default)]
pub struct Model {
    servers: Vec<Hosted>,
    elsewhere: Vec<Hosted>,
    /// For the reader: what was not understood, what was assumed.
    notes: Vec<String>,
}

impl Model {
    /// From servers.
    pub fn new(servers: Vec<Hosted>, notes: Vec<String>) -> Self {
        Self {
            servers,
            elsewhere: Vec::new(),
            notes,
        }
    }

    /// With servers whose configuration lies in the tree, and that serve nothing of it.
    #[must_use]
    pub fn with_elsewhere(self, elsewhere: Vec<Hosted>) -> Self {
        Self { elsewhere, ..self }
    }

    /// The servers.
    pub fn servers(&self) -> &[Hosted] {
        &self.servers
    }

    /// Servers whose configuration lies in the tree, and that serve nothing of it: no file has a verdict of theirs.
    pub fn elsewhere(&self) -> &[Hosted] {
        &self.elsewhere
    }

    /// What the reader should know.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        let of_servers = self.servers.iter().flat_map(|hosted| hosted.server.notes());
        self.notes.iter().chain(of_servers).map(String::as_str)
    }

    /// Every document root and alias, sorted.
    pub fn roots(&self) -> Vec<DocumentRoot> {
        let mut roots: Vec<DocumentRoot> = self.servers.iter().flat_map(Hosted::roots).collect();
        roots.sort();
        roots.dedup();
        roots
    }

    /// What every server answers to a request for a path, or for a URL with a host, in their order.
    pub fn ask(&self, url: &str, files: &dyn Files) -> Vec<UrlAnswer> {
        let answers = self.servers.iter().map(|hosted| hosted.answer(url, files));
        answers.collect()
    }

    /// What the servers make of a file of the tree.
    pub fn look_up(&self, path: &str, files: &dyn Files) -> FileVerdict {
        let mut urls: Vec<UrlVerdict> = self
            .servers
            .iter()
            .flat_map(|hosted| hosted.look_up(path, files))
            .collect();
        // Within a rank the order of servers, and in each the plain spelling first, stays.
        urls.sort_by_key(|url| rank(url.verdict, url.assumed.is_some()));
        let mut seen: BTreeSet<UrlVerdict> = BTreeSet::new();
        urls.retain(|url| seen.insert(url.clone()));
        FileVerdict {
            path: path.to_owned(),
            urls,
        }
    }
}

/// The host of a URL, if it names one, and the rest of it.
fn split(url: &str) -> (Option<&str>, String) {
    match url.split_once("://") {
        Some((_, rest)) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (host, target) = rest.split_at(end);
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            (Some(host), rooted(target))
        }
        None => (None, rooted(url)),
    }
}

/// A request target starts with a slash, and ends before the fragment.
fn rooted(target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("/{target}")
    }
}

/// The URL that a spelling is one of: decoded, without doubled slashes, single dots and a query.
fn plain(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    format!("/{}", parts.join("/"))
}

/// Worst first: what is certain before what is assumed.
fn rank(verdict: Verdict, is_assumed: bool) -> u8 {
    match (verdict, is_assumed) {
        (Verdict::Served, false) => 0,
        (Verdict::Served, true) => 1,
        (Verdict::Unknown, _) => 2,
        (Verdict::Executed, _) => 3,
        (Verdict::Denied, _) => 4,
        (Verdict::NotMapped, _) => 5,
    }
}

impl Hosted {
    fn roots(&self) -> Vec<DocumentRoot> {
        let root = |host: &super::Host, server_path: &str, url: &str| DocumentRoot {
            server_path: server_path.to_owned(),
            path: self.mapping.to_tree(server_path),
            url: url.to_owned(),
            host: host.name.clone(),
            server: self.server.software().word().to_owned(),
            assumed: self.assumed.clone(),
            because: self.chain(vec![host.at.clone()]),
        };
        let mut roots = Vec::new();
        for host in self.server.hosts() {
            roots.extend(host.root.iter().map(|path| root(host, path, "/")));
            roots.extend(host.aliases.iter().map(|(url, path)| root(host, path, url)));
        }
        roots
    }

    /// The URLs of this server that lead to a file.
    fn look_up(&self, path: &str, files: &dyn Files) -> Vec<UrlVerdict> {
        let files = Mapped::new(files, &self.mapping);
        let mut urls = Vec::new();
        for name in self.mapping.to_server(path) {
            for host in 0..self.server.hosts().len() {
                urls.extend(self.ask(host, &name, &files));
            }
        }
        urls
    }

    /// Of the spellings of one URL the first, and of the others those that get further.
    fn ask(&self, host: usize, name: &str, files: &dyn Files) -> Vec<UrlVerdict> {
        let mut urls: Vec<UrlVerdict> = Vec::new();
        let mut best: BTreeMap<String, u8> = BTreeMap::new();
        for target in self.server.targets(host, name) {
            let mut answer = self.server.answer(host, &Request::of(&target), files);
            let leads_elsewhere = answer.file.as_deref().is_some_and(|file| file != name);
            if leads_elsewhere || answer.is_listing {
                answer.verdict = Verdict::NotMapped;
            }
            let rank = rank(answer.verdict, false);
            let best = best.entry(plain(&target)).or_insert(u8::MAX);
            if rank < *best {
                *best = rank;
                urls.push(self.url(host, target, answer));
            }
        }
        urls
    }

    fn answer(&self, url: &str, files: &dyn Files) -> UrlAnswer {
        let (header, target) = split(url);
        let request = Request {
            target: &target,
            host: header,
            is_local: false,
        };
        let host = header.map_or(0, |header| self.server.select(header));
        let files = Mapped::new(files, &self.mapping);
        let answer = self.server.answer(host, &request, &files);
        let in_tree = |file: &str| self.mapping.to_tree(file);
        UrlAnswer {
            asked: url.to_owned(),
            path: answer
                .file
                .as_deref()
                .map(|file| in_tree(file).unwrap_or_else(|| file.to_owned())),
            is_listing: answer.is_listing,
            verdict: self.url(host, target, answer),
        }
    }

    fn url(&self, host: usize, target: String, answer: Answer) -> UrlVerdict {
        UrlVerdict {
            url: target,
            host: self.server.hosts()[host].name.clone(),
            server: self.server.software().word().to_owned(),
            verdict: answer.verdict,
            status: answer.status,
            assumed: self.assumed.clone(),
            because: self.chain(answer.because),
            settle: answer.settle,
        }
    }

    /// How the server is known, then what it says, with the files that it names as reports name them.
    fn chain(&self, answer: Vec<Reason>) -> Vec<Reason> {
        let of_server = answer.into_iter().map(|reason| self.named(reason));
        let mut chain: Vec<Reason> = Vec::new();
        for reason in self.because.iter().cloned().chain(of_server) {
            if !chain.contains(&reason) {
                chain.push(reason);
            }
        }
        chain
    }

    fn named(&self, mut reason: Reason) -> Reason {
        let tree = reason
            .file
            .as_deref()
            .and_then(|file| self.mapping.to_tree(file));
        if tree.is_some() {
            reason.file = tree;
        }
        reason
    }
}
