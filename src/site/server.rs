//! What every kind of web server can be asked.

use crate::finding::Reason;
use crate::input::Files;

use super::answer::{Answer, Request};

/// Which program answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Software {
    /// Apache httpd 2.4.
    Apache,
    /// nginx.
    Nginx,
    /// Caddy 2.
    Caddy,
    /// Microsoft IIS.
    Iis,
    /// lighttpd.
    Lighttpd,
    /// A server that is started with a directory and no configuration, by the command's name: `php -S`, `serve`.
    Command(&'static str),
    /// Middleware of an application, by its package: `express`.
    Middleware(&'static str),
    /// A program that declares a directory to be served, by its framework: `flask`.
    Framework(&'static str),
    /// None is known: a directory that is by convention a document root, under a server that serves every file.
    Assumed,
}

impl Software {
    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Iis => "iis",
            Self::Lighttpd => "lighttpd",
            Self::Command(name) | Self::Middleware(name) | Self::Framework(name) => name,
            Self::Assumed => "assumed",
        }
    }
}

/// One virtual host, or the only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its first name and port, as far as they are given: `shop.example.com:443`, `*:80`.
    pub name: String,
    /// Its document root, as the server names it.
    pub root: Option<String>,
    /// Other directories that URLs lead to (aliases), as the server names them, with the URL prefix.
    pub aliases: Vec<(String, String)>,
    /// Where it is configured.
    pub at: Reason,
}

/// A directive of a configuration, for checks that look at directives one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The file, as reports name it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Its name, as written.
    pub name: String,
    /// Its arguments, without quotes.
    pub args: Vec<String>,
    /// The sections that it stands in, outermost first, each as its opening line: `<VirtualHost *:80>`,
    /// `location /api`.
    pub inside: Vec<String>,
}

/// A configured web server.
///
/// Everything it says of files is in the server's own names. `files` are given in these names too; for what the
/// configuration names and the tree does not hold they answer [`Kind::Unmapped`](crate::input::Kind::Unmapped), and
/// where that matters, the answer is [`Verdict::Unknown`](super::Verdict::Unknown).
pub trait Server: Send + Sync {
    /// Which program.
    fn software(&self) -> Software;

    /// Its hosts, the default one first.
    fn hosts(&self) -> &[Host];

    /// Which host answers to a `Host` header.
    fn select(&self, header: &str) -> usize {
        let wanted = header.split(':').next().unwrap_or_default();
        let names = |host: &Host| {
            let name = host
                .name
                .rsplit_once(':')
                .map_or(host.name.as_str(), |(name, _)| name);
            name.eq_ignore_ascii_case(wanted)
        };
        self.hosts().iter().position(names).unwrap_or(0)
    }

    /// What the host of this index answers.
    fn answer(&self, host: usize, request: &Request<'_>, files: &dyn Files) -> Answer;

    /// Request targets of this host that may lead to a file, given by the server's name: through the document
    /// root, through every alias, and as attackers write them (encoded, doubled slashes, `alias..`). The plain
    /// spelling comes first. Each is to be asked.
    fn targets(&self, host: usize, file: &str) -> Vec<String>;

    /// The directives of the configuration, in order; empty for servers without one.
    fn directives(&self) -> &[Directive] {
        &[]
    }

    /// What was not understood and so makes answers unknown, for the reader.
    fn notes(&self) -> &[String] {
        &[]
    }
}
