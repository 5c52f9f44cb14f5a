//! Reads configuration files with what they include, and decides their conditions as the server does while it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::input::{Files, Kind};

use super::modules::{Modules, directive};
use super::pattern;
use super::text;
use super::tree::{At, Node};
use super::version;

/// Files that include files …
const MAX_DEPTH: usize = 20;

/// So many directives in all.
const MAX_NODES: usize = 200_000;

/// Sections in sections.
const MAX_SECTIONS: usize = 64;

/// What reading has found out so far.
pub(super) struct Reader<'f> {
    pub(super) files: &'f dyn Files,
    pub(super) modules: Modules,
    pub(super) defined: BTreeMap<String, String>,
    pub(super) root: String,
    /// For the people who read the report.
    pub(super) notes: Vec<String>,
    /// The server would not start, for this reason.
    pub(super) broken: Option<String>,
    pub(super) has_load_module: bool,
    /// Files that were read.
    pub(super) read: BTreeSet<String>,
    /// Every condition is taken to hold.
    pub(super) is_as_meant: bool,
    /// Conditions are sections like others.
    pub(super) keeps_conditions: bool,
    count: usize,
}

/// A section that is not closed yet.
struct Open {
    node: Node,
    kind: Condition,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// No condition: a section that stays one.
    Plain,
    /// What is in it counts, as if it stood outside.
    Holds,
    Fails,
    /// Nobody knows.
    Open,
}

impl<'f> Reader<'f> {
    pub(super) fn new(files: &'f dyn Files, modules: Modules) -> Self {
        Self {
            files,
            modules,
            defined: BTreeMap::new(),
            root: "/etc/apache2".to_owned(),
            notes: Vec::new(),
            broken: None,
            has_load_module: false,
            read: BTreeSet::new(),
            is_as_meant: false,
            keeps_conditions: false,
            count: 0,
        }
    }

    /// Reads a file by name.
    pub(super) fn file(&mut self, name: &str, depth: usize) -> Vec<Node> {
        let Some(text) = self.files.text(name) else {
            self.note(format!("{name} cannot be read"));
            return Vec::new();
        };
        self.read.insert(name.to_owned());
        match self.text(&text, Some(&name.into()), depth) {
            Ok(nodes) => nodes,
            Err(error) => {
                self.broken.get_or_insert(error);
                Vec::new()
            }
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Says what is wrong with its sections.
    pub(super) fn text(
        &mut self,
        text: &str,
        file: Option<&Arc<str>>,
        depth: usize,
    ) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        for line in text::lines(text) {
            let at = At {
                file: file.cloned(),
                line: line.number,
            };
            let place = format!(
                "{}:{}",
                file.map(AsRef::as_ref).unwrap_or("(assumed)"),
                line.number
            );
            self.count += 1;
            if self.count > MAX_NODES || open.len() > MAX_SECTIONS {
                return Err(format!("{place}: the configuration is too large"));
            }
            if let Some(close) = line.text.strip_prefix("</") {
                let name = close
                    .trim_end()
                    .trim_end_matches('>')
                    .trim()
                    .to_ascii_lowercase();
                let Some(section) = open.pop().filter(|section| section.node.name == name) else {
                    return Err(format!("{place}: </{name}> closes nothing"));
                };
                close_section(section, &mut nodes, &mut open);
                continue;
            }
            let is_skipped = open.iter().any(|section| section.kind == Condition::Fails);
            let node = self.node(&line.text, at, is_skipped)?;
            if node.is_section {
                let kind = if is_skipped {
                    Condition::Fails
                } else {
                    self.condition(&node)
                };
                open.push(Open { node, kind });
            } else if !is_skipped {
                let found = self.read_node(node, depth);
                place_nodes(found, &mut nodes, &mut open);
            }
        }
        match open.pop() {
            None => Ok(nodes),
            Some(section) => Err(format!(
                "{}:{}: <{}> is not closed",
                file.map(AsRef::as_ref).unwrap_or("(assumed)"),
                section.node.at.line,
                section.node.written
            )),
        }
    }

    fn node(&self, line: &str, at: At, is_skipped: bool) -> Result<Node, String> {
        let is_section = line.starts_with('<');
        let line = if is_skipped {
            line.to_owned()
        } else {
            text::resolve(line, &self.defined)
        };
        let body = if is_section {
            let end = line.rfind('>').unwrap_or(line.len());
            line.get(1..end).unwrap_or_default()
        } else {
            &line
        };
        let body = body.trim();
        let end = body.find(char::is_whitespace).unwrap_or(body.len());
        if is_section && !line.ends_with('>') && !is_skipped {
            return Err(format!("line {}: a section misses its >", at.line));
        }
        Ok(Node {
            name: body[..end].to_ascii_lowercase(),
            written: body[..end].to_owned(),
            args: body[end..].trim().to_owned(),
            at,
            is_section,
            children: Vec::new(),
            is_doubtful: false,
        })
    }

    /// Directives that act while they are read.
    fn read_node(&mut self, node: Node, depth: usize) -> Vec<Node> {
        let words = node.words();
        let first = words.first().map(String::as_str).unwrap_or_default();
        match &*node.name {
            "include" | "includeoptional" => return self.include(&node, first, depth),
            "define" => {
                let value = words.get(1).cloned().unwrap_or_default();
                self.defined.insert(first.to_owned(), value);
            }
            "undefine" => {
                self.defined.remove(first);
            }
            "loadmodule" => {
                self.has_load_module = true;
                self.modules.load(first);
            }
            "serverroot" => first.trim_end_matches('/').clone_into(&mut self.root),
            _ => {}
        }
        vec![node]
    }

    fn include(&mut self, node: &Node, pattern: &str, depth: usize) -> Vec<Node> {
        if depth >= MAX_DEPTH {
            self.broken
                .get_or_insert_with(|| format!("{pattern} includes itself"));
            return Vec::new();
        }
        let path = if pattern.starts_with('/') {
            pattern.to_owned()
        } else {
            format!("{}/{pattern}", self.root)
        };
        let path = path.trim_end_matches('/');
        let found = self.expand(path);
        if found.is_empty() {
            return self.included_nothing(node, path);
        }
        let mut nodes = vec![node.clone()];
        for name in found {
            nodes.extend(self.file(&name, depth + 1));
        }
        nodes
    }

    /// An include that leads to nothing that can be looked at leaves a doubt; one that leads to nothing at all is
    /// an error, unless it is optional or a pattern.
    fn included_nothing(&mut self, node: &Node, path: &str) -> Vec<Node> {
        let start = path.find(['*', '?', '[']).unwrap_or(path.len());
        let directory = super::path::parent(&path[..start]).trim_end_matches('/');
        let is_unseen = [path, directory]
            .iter()
            .any(|name| self.files.kind(name) == Kind::Unmapped);
        if is_unseen {
            self.note(format!("{path} is included, and is not there to be read"));
            let mut unseen = node.clone();
            unseen.is_doubtful = true;
            return vec![unseen];
        }
        if node.name == "include" && start == path.len() {
            self.broken
                .get_or_insert_with(|| format!("{path} is included, and does not exist"));
        }
        vec![node.clone()]
    }

    /// The files that a pattern stands for, sorted; all files below a directory.
    fn expand(&self, path: &str) -> Vec<String> {
        let mut found = vec![String::new()];
        for part in path.trim_start_matches('/').split('/') {
            let mut next = Vec::new();
            for directory in found {
                if pattern::is_glob(part) {
                    let names = self.files.list(if directory.is_empty() {
                        "/"
                    } else {
                        &directory
                    });
                    let fits = names
                        .iter()
                        .filter(|name| pattern::glob(part, name, true) && !name.starts_with('.'));
                    next.extend(fits.map(|name| format!("{directory}/{name}")));
                } else {
                    next.push(format!("{directory}/{part}"));
                }
            }
            next.truncate(MAX_NODES);
            found = next;
        }
        let mut files = Vec::new();
        for name in found {
            self.collect(&name, 0, &mut files);
        }
        files
    }

    fn collect(&self, name: &str, depth: usize, files: &mut Vec<String>) {
        let real = super::disk::real(self.files, name);
        match real.as_deref().map(|real| self.files.kind(real)) {
            Some(Kind::File) => files.extend(real),
            Some(Kind::Directory) if depth < MAX_DEPTH && files.len() < MAX_NODES => {
                for entry in self.files.list(name) {
                    self.collect(&format!("{name}/{entry}"), depth + 1, files);
                }
            }
            _ => {}
        }
    }

    fn condition(&mut self, node: &Node) -> Condition {
        if self.keeps_conditions {
            return Condition::Plain;
        }
        let args = node.args.trim_matches('"');
        let (is_negated, name) = match args.strip_prefix('!') {
            Some(name) => (true, name.trim()),
            None => (false, args),
        };
        let holds = match &*node.name {
            "ifmodule" if self.is_as_meant => Some(true),
            "ifmodule" => self.has_module(name),
            "ifdefine" => Some(self.defined.contains_key(name)),
            "ifversion" => version::holds(args).map(|holds| holds != is_negated),
            "iffile" => match self.files.kind(name) {
                Kind::Unmapped => None,
                kind => Some(kind != Kind::Missing),
            },
            "ifdirective" | "ifsection" => Some(directive(&name.to_ascii_lowercase()).is_some()),
            _ => return Condition::Plain,
        };
        match holds {
            None => {
                self.note(format!(
                    "whether {} {} holds is not known",
                    node.written, node.args
                ));
                Condition::Open
            }
            Some(holds) if holds != is_negated => Condition::Holds,
            Some(_) => Condition::Fails,
        }
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        if name.to_ascii_lowercase().contains("php") && !self.modules.is_complete {
            return Some(self.modules.is_loaded(name));
        }
        self.modules.has(name)
    }

    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) && self.notes.len() < 1_000 {
            self.notes.push(note);
        }
    }
}

fn close_section(section: Open, nodes: &mut Vec<Node>, open: &mut [Open]) {
    let found = match section.kind {
        Condition::Plain => vec![section.node],
        Condition::Holds => section.node.children,
        Condition::Fails => Vec::new(),
        Condition::Open => {
            let mut inside = section.node.children;
            for node in &mut inside {
                node.is_doubtful = true;
            }
            inside
        }
    };
    place_nodes(found, nodes, open);
}

fn place_nodes(found: Vec<Node>, nodes: &mut Vec<Node>, open: &mut [Open]) {
    match open.last_mut() {
        Some(section) => section.node.children.extend(found),
        None => nodes.extend(found),
    }
}
