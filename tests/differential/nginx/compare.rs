//! One configuration and its URLs, asked of both.

use spillcheck::input::Memory;
use spillcheck::site::nginx::{Nginx, Sources};
use spillcheck::site::{Mapping, Request, Server as _, Verdict};

use crate::http;
use crate::support::Random;

use super::grammar::{self, Statement};
use super::tree::Tree;
use super::{fastcgi, server};

/// A server, and what is asked of it.
#[derive(Clone)]
pub(super) struct Case {
    /// What stands at the level of `http` for it.
    pub(super) outside: Vec<Statement>,
    pub(super) inside: Vec<Statement>,
    /// The name that the server is asked for by.
    pub(super) host: String,
    pub(super) targets: Vec<String>,
}

pub(super) enum Outcome {
    Same,
    Unknown,
    Different(String),
}

/// What a client sees.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u16,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    File(String),
    Run(String),
    Listing,
    Other,
}

impl Case {
    pub(super) fn random(random: &mut Random, number: usize, targets: usize) -> Self {
        let (name, host) = match random.below(4) {
            0 => (format!("*.c{number}.t"), format!("x.c{number}.t")),
            1 => (format!("~^r{number}\\..*$"), format!("r{number}.a")),
            2 => (format!(".d{number}.t"), format!("D{number}.t")),
            _ => (format!("e{number}.t e{number}.*"), format!("e{number}.t")),
        };
        let mut inside = vec![Statement::line(format!("server_name {name}"))];
        let (outside, body) = grammar::server(random, number);
        inside.extend(body);
        let targets = (0..targets).map(|_| grammar::target(random)).collect();
        Self {
            outside,
            inside,
            host,
            targets,
        }
    }

    pub(super) fn text(&self, tree: &Tree, ports: Ports) -> String {
        let mut inside = vec![Statement::line(format!("listen 127.0.0.1:{}", ports.http))];
        inside.extend(self.inside.iter().cloned());
        let mut all = self.outside.clone();
        all.push(Statement::block("server".to_owned(), inside));
        let text = grammar::write(&all, 0);
        text.replace('@', &tree.base)
            .replace("FCGI", &ports.fastcgi.to_string())
            .replace("#named", "@named")
    }
}

#[derive(Clone, Copy)]
pub(super) struct Ports {
    pub(super) http: u16,
    pub(super) fastcgi: u16,
}

impl Ports {
    pub(super) fn of(tree: &Tree) -> Self {
        static FASTCGI: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
        let fastcgi = *FASTCGI.get_or_init(|| {
            let port = server::free_port();
            fastcgi::serve(port);
            port
        });
        Self {
            http: tree.port,
            fastcgi,
        }
    }
}

/// Asks both all that the cases ask. Cases that nginx does not take are left out.
pub(super) fn batch<'c>(tree: &Tree, cases: &'c [Case]) -> Vec<(&'c Case, Vec<Outcome>)> {
    let ports = Ports::of(tree);
    let config_of = |cases: &[&Case]| {
        let servers: String = cases.iter().map(|case| case.text(tree, ports)).collect();
        server::main_config(tree, &servers)
    };
    let mut good: Vec<&Case> = cases.iter().collect();
    if !server::accepts(tree, &config_of(&good)) {
        good.retain(|case| server::accepts(tree, &config_of(&[case])));
    }
    if good.is_empty() {
        return Vec::new();
    }
    let config = config_of(&good);
    let running = server::start(tree, &config, ports.http);
    let nginx = evaluator(&config);
    let compared = good
        .into_iter()
        .map(|case| {
            let outcomes = case.targets.iter();
            let ask = |target: &String| ask(tree, &nginx, ports, &case.host, target);
            (case, outcomes.map(ask).collect())
        })
        .collect();
    drop(running);
    compared
}

pub(super) fn evaluator(config: &str) -> Nginx {
    let mut files = Memory::new();
    files.add("nginx.conf", config);
    Nginx::load(Sources {
        entries: &["nginx.conf".to_owned()],
        files: &files,
        mapping: &Mapping::default(),
    })
}

fn ask(tree: &Tree, nginx: &Nginx, ports: Ports, host: &str, target: &str) -> Outcome {
    let request = Request {
        target,
        host: Some(host),
        is_local: true,
    };
    let answer = nginx.answer(0, &request, &tree.files);
    if answer.verdict == Verdict::Unknown {
        return Outcome::Unknown;
    }
    let what = match (answer.verdict, &answer.file) {
        (Verdict::Served, _) if answer.is_listing => What::Listing,
        (Verdict::Served, Some(file)) => What::File(file.clone()),
        (Verdict::Executed, Some(file)) => What::Run(file.clone()),
        _ => What::Other,
    };
    let said = Seen {
        status: answer.status.unwrap_or(0),
        what,
    };
    let real = real(ports, host, target);
    if said == real {
        Outcome::Same
    } else {
        Outcome::Different(format!(
            "GET {target}: nginx {real:?}, evaluator {said:?} because {:?}",
            answer.because
        ))
    }
}

/// What nginx answers.
fn real(ports: Ports, host: &str, target: &str) -> Seen {
    let Ok(response) = http::get(ports.http, target, host) else {
        // It closes the connection without a word.
        return Seen {
            status: 444,
            what: What::Other,
        };
    };
    let body = String::from_utf8_lossy(&response.body);
    let what = if let Some(file) = body.strip_prefix("FILE:") {
        What::File(file.to_owned())
    } else if let Some(file) = body.strip_prefix("EXEC:") {
        What::Run(file.replace("///", "/").replace("//", "/"))
    } else if body.contains("<title>Index of ") {
        What::Listing
    } else {
        What::Other
    };
    Seen {
        status: response.status,
        what,
    }
}
