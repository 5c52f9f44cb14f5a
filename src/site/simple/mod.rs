//! Servers that are started with a directory and no configuration, and static middleware of applications.

mod manner;
pub(crate) mod target;
#[cfg(test)]
mod tests;

use crate::finding::Reason;
use crate::input::{Files, Kind};

use super::answer::{Answer, Request, Verdict};
use super::path;
use super::server::{Host, Server, Software};

pub use manner::{Dots, Manner, Missing};

/// A directory under a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The URL's path, without a slash at the end but for `/` itself.
    pub url: String,
    /// The directory, as the server names it.
    pub dir: String,
    /// How it is served.
    pub manner: Manner,
    /// What says so.
    pub at: Reason,
}

/// A server of directories.
#[derive(Debug)]
pub struct Simple {
    software: Software,
    hosts: Vec<Host>,
    mounts: Vec<Mount>,
    notes: Vec<String>,
}

impl Simple {
    /// A server that looks into its directories in this order. `name` is its host and port.
    pub fn new(software: Software, name: &str, mounts: Vec<Mount>) -> Self {
        let is_root = |mount: &&Mount| mount.url == "/";
        let root = mounts.iter().find(is_root);
        let others = mounts.iter().filter(|mount| Some(*mount) != root);
        let at = mounts.first().map(|mount| mount.at.clone());
        let host = Host {
            name: name.to_owned(),
            root: root.map(|mount| mount.dir.clone()),
            aliases: others
                .map(|mount| (mount.url.clone(), mount.dir.clone()))
                .collect(),
            at: at.unwrap_or_default(),
        };
        Self {
            software,
            hosts: vec![host],
            mounts,
            notes: Vec::new(),
        }
    }

    /// With something that the reader should know.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Its directories, in the order in which it looks into them.
    pub fn mounts(&self) -> &[Mount] {
        &self.mounts
    }
}

impl Server for Simple {
    fn software(&self) -> Software {
        self.software
    }

    fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    fn answer(&self, _host: usize, request: &Request<'_>, files: &dyn Files) -> Answer {
        let Some(path) = target::decoded(request.target) else {
            let why = Reason::fact("the path is not well-formed, or leads out of the directory");
            return Answer::new(Verdict::Denied, 400, None, vec![why]);
        };
        let mut refused = None;
        for mount in &self.mounts {
            let Some(inside) = target::inside(&mount.url, &path) else {
                continue;
            };
            let answer = mount.answer(inside, files);
            if answer.verdict != Verdict::NotMapped && answer.status != Some(404) {
                return answer;
            }
            refused = refused.or(Some(answer));
        }
        let missed = |mount: &Mount| mount.missed(&path, files);
        let fallback = self.mounts.iter().find_map(missed);
        let answer = match (fallback, refused) {
            // What is refused as if it were not there is still refused.
            (_, Some(refused)) if refused.verdict == Verdict::Denied => Some(refused),
            (Some(fallback), _) => Some(fallback),
            (None, refused) => refused,
        };
        answer.unwrap_or_else(|| {
            let why = Reason::fact("no directory lies under this URL");
            Answer::new(Verdict::NotMapped, 404, None, vec![why])
        })
    }

    fn targets(&self, _host: usize, file: &str) -> Vec<String> {
        let mut targets: Vec<String> = Vec::new();
        for mount in &self.mounts {
            if let Some(inside) = path::below(&mount.dir, file).filter(|inside| mount.has(inside)) {
                let target = target::encoded(&mount.url, inside);
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        targets
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl Mount {
    fn has(&self, inside: &str) -> bool {
        !self.manner.is_flat || !inside.trim_end_matches('/').contains('/')
    }

    /// What becomes of a path inside of the directory.
    fn answer(&self, inside: &str, files: &dyn Files) -> Answer {
        if !self.has(inside) {
            let why = vec![self.at.clone(), Reason::fact("the route takes one name")];
            return Answer::new(Verdict::NotMapped, 404, None, why);
        }
        let file = path::inside(&self.dir, inside.trim_end_matches('/'));
        if let Some(answer) = self.refused(inside, &file, files) {
            return answer;
        }
        match files.kind(&file) {
            Kind::File if !self.manner.sends(&file) => {
                let why =
                    Reason::fact("files of a type that the server does not know are not sent");
                let because = vec![self.at.clone(), why];
                Answer::new(Verdict::Denied, 404, Some(file), because)
            }
            Kind::File => self.sent(file),
            Kind::Directory => self.directory(file, files),
            Kind::Missing => {
                let why = vec![self.at.clone(), Reason::fact("there is no such file")];
                Answer::new(Verdict::NotMapped, 404, None, why)
            }
            Kind::Link => {
                let why = vec![self.at.clone()];
                Answer::unknown("where the symbolic link leads, outside of the tree", why)
            }
            Kind::Unmapped => {
                let why = vec![self.at.clone()];
                let settle = format!("which files lie in {} on the server", self.dir);
                Answer::unknown(settle, why)
            }
        }
    }

    fn sent(&self, file: String) -> Answer {
        let runs = self
            .manner
            .runs
            .iter()
            .any(|end| ends_with(path::base(&file), end));
        let mut because = vec![self.at.clone()];
        if runs {
            because.push(Reason::fact("PHP runs it"));
            return Answer::new(Verdict::Executed, 200, Some(file), because);
        }
        if !self.manner.fact.is_empty() && has_dot(path::below(&self.dir, &file).unwrap_or("")) {
            because.push(Reason::fact(self.manner.fact));
        }
        Answer::new(Verdict::Served, 200, Some(file), because)
    }

    fn directory(&self, directory: String, files: &dyn Files) -> Answer {
        for name in self.manner.index {
            let file = path::inside(&directory, name);
            if files.is_file(&file) {
                return self.sent(file);
            }
        }
        let because = vec![self.at.clone()];
        if self.manner.lists {
            let mut answer = Answer::new(Verdict::Served, 200, Some(directory), because);
            answer.is_listing = true;
            return answer;
        }
        Answer::new(Verdict::NotMapped, 404, None, because)
    }

    /// What the product itself refuses.
    fn refused(&self, inside: &str, file: &str, files: &dyn Files) -> Option<Answer> {
        let status = match self.manner.dots {
            Dots::Hidden if has_dot(inside) => 404,
            Dots::Refused if has_dot(inside) => 403,
            Dots::Named if manner::is_denied_by_vite(inside) => 403,
            Dots::OwnName if path::base(inside).starts_with('.') => 404,
            Dots::Sent | Dots::Hidden | Dots::Refused | Dots::Named | Dots::OwnName => return None,
        };
        let is_there = files.kind(file) != Kind::Missing;
        let because = vec![self.at.clone(), Reason::fact(self.manner.fact)];
        Some(Answer::new(
            Verdict::Denied,
            status,
            is_there.then(|| file.to_owned()),
            because,
        ))
    }

    /// What is sent where nothing lies under a path.
    fn missed(&self, path: &str, files: &dyn Files) -> Option<Answer> {
        let inside = target::inside(&self.url, path)?;
        let mut candidates: Vec<String> = Vec::new();
        match self.manner.missing {
            Missing::Nothing => {}
            Missing::Page => candidates.push("index.html".to_owned()),
            Missing::Nearest => {
                let mut directory = path::parent(inside);
                for _ in 0..64 {
                    candidates.push(path::inside(directory, "index.php"));
                    candidates.push(path::inside(directory, "index.html"));
                    if directory.is_empty() {
                        break;
                    }
                    directory = path::parent(directory);
                }
            }
        }
        let there = |inside: String| {
            let file = path::inside(&self.dir, &inside);
            files.is_file(&file).then_some(file)
        };
        candidates
            .into_iter()
            .find_map(there)
            .map(|file| self.sent(file))
    }
}

/// Whether a part of a path starts with a dot.
fn has_dot(path: &str) -> bool {
    path.split('/')
        .any(|part| part.len() > 1 && part.starts_with('.'))
}

fn ends_with(name: &str, end: &str) -> bool {
    let at = name.len().checked_sub(end.len());
    at.and_then(|at| name.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}
