//! A request through the directives of a site, in Caddy's order.

use crate::finding::Reason;
use crate::input::{Files, Kind};
use crate::site::answer::{Answer, Verdict};
use crate::site::ignored::matches_part;
use crate::site::path;

use super::matcher::{self, Asked};
use super::parse::Node;

/// <https://caddyserver.com/docs/caddyfile/directives#directive-order>, without those that change no path and send
/// nothing.
const ORDER: &[&str] = &[
    "root",
    "redir",
    "rewrite",
    "uri",
    "try_files",
    "basic_auth",
    "basicauth",
    "forward_auth",
    "handle",
    "handle_path",
    "route",
    "abort",
    "error",
    "respond",
    "reverse_proxy",
    "php_fastcgi",
    "file_server",
];
/// Directives that change neither the path nor what is sent for it.
const HARMLESS: &[&str] = &[
    "tracing",
    "vars",
    "fs",
    "log",
    "log_append",
    "log_skip",
    "header",
    "request_header",
    "request_body",
    "encode",
    "push",
    "tls",
    "bind",
    "metrics",
    "skip_log",
    "copy_response",
    "copy_response_headers",
    "handle_errors",
    "acme_server",
    "log_name",
];
const MAX_DEPTH: usize = 16;

pub(super) struct Walk<'w> {
    pub(super) files: &'w dyn Files,
    pub(super) file: &'w str,
    pub(super) host: &'w str,
}

/// What is known on the way.
struct State {
    path: String,
    root: String,
    because: Vec<Reason>,
}

impl Walk<'_> {
    pub(super) fn site(&self, site: &Node, path: String) -> Answer {
        let mut state = State {
            path,
            root: String::new(),
            because: vec![Reason::at(self.file, site.line, site.shown())],
        };
        let answer = self.through(site.inside(), &mut state, false, 0);
        answer.unwrap_or_else(|| Answer::new(Verdict::NotMapped, 200, None, state.because))
    }

    /// `None` if nothing answered.
    fn through(
        &self,
        nodes: &[Node],
        state: &mut State,
        as_written: bool,
        depth: usize,
    ) -> Option<Answer> {
        if depth > MAX_DEPTH {
            return Some(self.unknown(state, "blocks that are nested less deeply"));
        }
        let mut handled = false;
        for node in ordered(nodes, as_written) {
            let name = node.name();
            if HARMLESS.contains(&name) || name.starts_with('@') {
                continue;
            }
            let asked = Asked {
                path: &state.path,
                host: self.host,
            };
            let (matched, args) = matcher::split(node, nodes, &asked);
            let Some(matched) = matched else {
                return Some(self.unknown(
                    state,
                    &format!("whether `{}` is for this request", node.shown()),
                ));
            };
            let is_group = matches!(name, "handle" | "handle_path");
            if !matched || (is_group && handled) {
                continue;
            }
            handled |= is_group;
            if let Some(answer) = self.one(node, args, state, depth) {
                return Some(answer);
            }
        }
        None
    }

    fn one(&self, node: &Node, args: &[String], state: &mut State, depth: usize) -> Option<Answer> {
        let here = Reason::at(self.file, node.line, node.shown());
        let answer = |state: &State, verdict, status| {
            let because = state
                .because
                .iter()
                .cloned()
                .chain([here.clone()])
                .collect();
            Some(Answer::new(verdict, status, None, because))
        };
        match node.name() {
            "root" => {
                state.root = path::join("/", args.first()?)?;
                state.because.push(here);
                None
            }
            "redir" => answer(state, Verdict::NotMapped, 302),
            "reverse_proxy" => answer(state, Verdict::NotMapped, 200),
            "abort" => answer(state, Verdict::Denied, 0),
            "basic_auth" | "basicauth" => answer(state, Verdict::Denied, 401),
            "error" => answer(state, Verdict::Denied, status(args).unwrap_or(500)),
            "respond" => {
                let inner = node.inside().iter().any(|node| node.name() == "close");
                let status = status(args).unwrap_or(if inner { 0 } else { 200 });
                let verdict = if status < 400 {
                    Verdict::NotMapped
                } else {
                    Verdict::Denied
                };
                answer(state, verdict, status)
            }
            "handle" | "route" => {
                self.through(node.inside(), state, node.name() == "route", depth + 1)
            }
            "handle_path" => {
                let before = state.path.clone();
                let prefix = node
                    .args()
                    .first()
                    .map_or("", |prefix| prefix.trim_end_matches(['*', '/']));
                let rest = before.get(prefix.len()..).unwrap_or_default();
                state.path = format!("/{}", rest.trim_start_matches('/'));
                let found = self.through(node.inside(), state, false, depth + 1);
                state.path = before;
                found
            }
            "rewrite" | "uri" => self.rewrite(node, args, state),
            "try_files" => {
                self.try_files(args, state);
                None
            }
            "php_fastcgi" => self.php(state, here),
            "file_server" => Some(self.file_server(node, args, state, here)),
            _ => Some(self.unknown(state, &format!("what `{}` does", node.shown()))),
        }
    }

    fn unknown(&self, state: &State, settle: &str) -> Answer {
        Answer::unknown(settle, state.because.clone())
    }

    fn rewrite(&self, node: &Node, args: &[String], state: &mut State) -> Option<Answer> {
        let to = match (node.name(), args) {
            ("rewrite", [to]) => to
                .split('?')
                .next()
                .unwrap_or_default()
                .replace("{path}", &state.path),
            ("uri", [action, prefix]) if action == "strip_prefix" => {
                let rest = state.path.strip_prefix(prefix.as_str());
                rest.map_or_else(
                    || state.path.clone(),
                    |rest| format!("/{}", rest.trim_start_matches('/')),
                )
            }
            _ => {
                return Some(
                    self.unknown(state, &format!("what `{}` makes of the path", node.shown())),
                );
            }
        };
        if to.contains('{') {
            return Some(
                self.unknown(state, &format!("what `{}` makes of the path", node.shown())),
            );
        }
        if to != state.path {
            state
                .because
                .push(Reason::at(self.file, node.line, node.shown()));
            state.path = to;
        }
        None
    }

    fn try_files(&self, args: &[String], state: &mut State) {
        for candidate in args {
            let candidate = candidate.split('?').next().unwrap_or_default();
            let to = candidate
                .replace("{path}", &state.path)
                .replace("{http.request.uri.path}", &state.path);
            let Some(file) = path::join(&state.root, to.trim_start_matches('/')) else {
                continue;
            };
            let kind = self.files.kind(&file);
            let fits = if candidate.ends_with('/') {
                kind == Kind::Directory
            } else {
                kind == Kind::File
            };
            if fits {
                state.path = to;
                return;
            }
        }
    }

    /// <https://caddyserver.com/docs/caddyfile/directives/php_fastcgi#expanded-form>.
    fn php(&self, state: &mut State, here: Reason) -> Option<Answer> {
        let candidates = ["{path}", "{path}/index.php", "index.php"].map(str::to_owned);
        self.try_files(&candidates, state);
        if !state.path.ends_with(".php") {
            return None;
        }
        let file = path::join(&state.root, state.path.trim_start_matches('/'))?;
        let because = state.because.iter().cloned().chain([here]).collect();
        Some(match self.files.kind(&file) {
            Kind::File => Answer::new(Verdict::Executed, 200, Some(file), because),
            _ => Answer::new(Verdict::NotMapped, 404, None, because),
        })
    }

    fn file_server(&self, node: &Node, args: &[String], state: &State, here: Reason) -> Answer {
        let option = |name: &str| node.inside().iter().find(|node| node.name() == name);
        let own = option("root").and_then(|node| node.args().first());
        let root = own.cloned().unwrap_or_else(|| state.root.clone());
        let mut because = state.because.clone();
        because.push(here);
        if root.is_empty() || root.contains('{') {
            return Answer::unknown("the directory that the server is started in", because);
        }
        let Some(mut file) = path::join(&root, state.path.trim_start_matches('/')) else {
            return Answer::new(Verdict::NotMapped, 404, None, because);
        };
        if self.files.kind(&file) == Kind::Directory {
            let index = option("index").map_or(&[][..], |node| node.args());
            let usual = ["index.html".to_owned(), "index.txt".to_owned()];
            let names = if index.is_empty() { &usual[..] } else { index };
            let there = names
                .iter()
                .map(|name| path::inside(&file, name))
                .find(|name| self.files.is_file(name));
            match there {
                Some(index) => file = index,
                None if args.iter().any(|arg| arg == "browse") || option("browse").is_some() => {
                    let mut answer = Answer::new(Verdict::Served, 200, Some(file), because);
                    answer.is_listing = true;
                    return answer;
                }
                None => return Answer::new(Verdict::NotMapped, 404, None, because),
            }
        }
        if let Some(hide) = option("hide")
            .filter(|node| node.args().iter().any(|hide| is_hidden(hide, &root, &file)))
        {
            because.push(Reason::at(self.file, hide.line, hide.shown()));
            return Answer::new(Verdict::Denied, 404, Some(file), because);
        }
        match self.files.kind(&file) {
            Kind::File => Answer::new(Verdict::Served, 200, Some(file), because),
            Kind::Unmapped | Kind::Link => {
                Answer::unknown(format!("what stands at {file}"), because)
            }
            Kind::Missing | Kind::Directory => Answer::new(Verdict::NotMapped, 404, None, because),
        }
    }
}

/// The directives in the order in which they act; those with longer paths go first, but for `root`.
fn ordered(nodes: &[Node], as_written: bool) -> Vec<&Node> {
    let mut all: Vec<&Node> = nodes.iter().collect();
    if !as_written {
        let rank = |node: &Node| {
            let name = if matches!(node.name(), "handle_path") {
                "handle"
            } else {
                node.name()
            };
            ORDER.iter().position(|have| *have == name).unwrap_or(0)
        };
        all.sort_by_key(|node| {
            let weight = matcher::weight(node);
            // The most specific root acts last, and so counts.
            let weight = if node.name() == "root" {
                weight
            } else {
                usize::MAX - weight
            };
            (rank(node), weight)
        });
    }
    all
}

fn status(args: &[String]) -> Option<u16> {
    args.iter().rev().find_map(|arg| {
        arg.parse()
            .ok()
            .filter(|status| (100..600).contains(status))
    })
}

/// A pattern without a slash is for each part of the file's whole name, even above the root; one with a slash is
/// for its start.
fn is_hidden(pattern: &str, root: &str, file: &str) -> bool {
    if pattern.contains('/') {
        let pattern = path::join(root, pattern).unwrap_or_default();
        return path::below(&pattern, file).is_some() || matches_part(&pattern, file);
    }
    file.split('/').any(|part| matches_part(pattern, part))
}
