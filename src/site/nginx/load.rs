//! From entry files to one configuration tree, with everything included.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::input::{Files, Kind};
use crate::site::Mapping;

use super::syntax::{Fault, Node, parse};

/// Files and directives in all: a configuration of a machine with thousands of sites has fewer.
const MAX_FILES: usize = 5_000;
const MAX_NODES: usize = 500_000;
const MAX_DEPTH: usize = 16;

/// Where the usual packages and images of nginx have their configuration.
const PREFIX: &str = "/etc/nginx";

/// What is read: entry files under the tree's names, and how the server's names relate to these.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// The configuration files to begin with, as reports name them.
    pub entries: &'s [String],
    /// The files of the tree.
    pub files: &'s dyn Files,
    /// From the names that `include` uses to the tree's.
    pub mapping: &'s Mapping,
}

/// What was read.
#[derive(Default)]
pub(super) struct Loaded {
    /// The directives inside of `http`.
    pub(super) http: Vec<Node>,
    pub(super) notes: Vec<String>,
    pub(super) faults: Vec<Fault>,
}

pub(super) fn load(sources: Sources<'_>) -> Loaded {
    let mut loader = Loader {
        sources,
        loaded: Loaded::default(),
        seen: BTreeSet::new(),
        entry: String::new(),
        files: 0,
        nodes: 0,
    };
    let mut loose: Vec<Node> = Vec::new();
    let mut parsed = Vec::new();
    for entry in sources.entries {
        loader.entry.clone_from(entry);
        if loader.seen.contains(entry) {
            continue;
        }
        match loader.file(entry, 0) {
            Ok(nodes) => parsed.push((entry, nodes)),
            Err(fault) => loader.loaded.faults.push(fault),
        }
    }
    for (entry, nodes) in parsed {
        loader.place(entry, nodes, sources.entries.len() > 1, &mut loose);
    }
    if !loose.is_empty() {
        let node = &loose[0];
        let server = Node {
            name: "server".to_owned(),
            args: Vec::new(),
            file: Arc::clone(&node.file),
            line: node.line,
            block: Some(loose),
        };
        loader.loaded.http.push(server);
    }
    loader.loaded
}

struct Loader<'s> {
    sources: Sources<'s>,
    loaded: Loaded,
    /// Files that were read, whether as an entry or included.
    seen: BTreeSet<String>,
    /// The entry file at hand.
    entry: String,
    files: usize,
    nodes: usize,
}

impl Loader<'_> {
    /// Puts the directives of an entry file where they belong: it may be a whole configuration, servers, or what
    /// stands in one server.
    fn place(
        &mut self,
        entry: &str,
        nodes: Vec<Node>,
        is_one_of_many: bool,
        loose: &mut Vec<Node>,
    ) {
        let has = |name: &str| nodes.iter().any(|node| node.name == name);
        if has("http") || has("events") || has("stream") || has("mail") {
            for node in nodes {
                if node.name == "http" {
                    self.loaded.http.extend(node.block.unwrap_or_default());
                }
            }
        } else if has("server") || has("upstream") || has("map") || has("geo") {
            self.loaded.http.extend(nodes);
        } else if has("location") || has("try_files") || has("root") || has("if") {
            // Of several files a loose one may well be included by another that was not found.
            if is_one_of_many {
                self.loaded.notes.push(format!(
                    "{entry}: it holds no server; it was read as part of one that has nothing else"
                ));
            }
            loose.extend(nodes);
        } else {
            self.loaded.http.extend(nodes);
        }
    }

    fn file(&mut self, name: &str, depth: usize) -> Result<Vec<Node>, Fault> {
        let fault = |what: &str| Fault {
            file: name.to_owned(),
            line: 1,
            what: what.to_owned(),
        };
        self.files += 1;
        if depth > MAX_DEPTH || self.files > MAX_FILES {
            return Err(fault("too many files include each other"));
        }
        self.seen.insert(name.to_owned());
        let text = self.sources.files.text(name);
        let text = text.ok_or_else(|| fault("it cannot be read"))?;
        let nodes = parse(name, text.strip_prefix('\u{feff}').unwrap_or(&text))?;
        self.expand(nodes, depth)
    }

    /// Replaces each `include` by what it includes.
    fn expand(&mut self, nodes: Vec<Node>, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut expanded = Vec::with_capacity(nodes.len());
        for mut node in nodes {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                return Err(Fault::of(&node, "too many directives"));
            }
            let is_data = matches!(&*node.name, "types" | "map" | "geo" | "split_clients");
            match node.block.take() {
                // Includes of these blocks hold pairs, which read like directives.
                Some(block) if is_data || depth < 200 => {
                    node.block = Some(self.expand(block, depth)?);
                    expanded.push(node);
                }
                Some(_) => return Err(Fault::of(&node, "blocks stand too deep in each other")),
                None if node.name == "include" => expanded.extend(self.include(&node, depth)?),
                None => expanded.push(node),
            }
        }
        Ok(expanded)
    }

    fn include(&mut self, node: &Node, depth: usize) -> Result<Vec<Node>, Fault> {
        let [pattern] = node.args.as_slice() else {
            return Err(Fault::of(
                node,
                "invalid number of arguments in \"include\"",
            ));
        };
        let is_glob = pattern.contains(['*', '?', '[']);
        let mut nodes = Vec::new();
        let mut found = self.resolve(pattern, &node.file, is_glob);
        found.sort();
        for file in &found {
            nodes.extend(self.file(file, depth + 1)?);
        }
        if found.is_empty() && !is_glob {
            if let Some(text) = stock(pattern) {
                return parse(&node.file, text);
            }
            // What it decides is not known: the directive stays, and is met where it stands.
            return Ok(vec![node.clone()]);
        }
        Ok(nodes)
    }

    /// The tree's names of the files that an `include` means.
    fn resolve(&self, pattern: &str, from: &str, is_glob: bool) -> Vec<String> {
        let server = match pattern.strip_prefix('/') {
            Some(_) => pattern.to_owned(),
            None => format!("{PREFIX}/{pattern}"),
        };
        let mut candidates = Vec::new();
        candidates.extend(self.sources.mapping.to_tree(&server));
        // Without a mapping, the directory of the entry file, or one above, stands for the prefix.
        let inside = server
            .strip_prefix(PREFIX)
            .map(|rest| rest.trim_start_matches('/'));
        for base in [self.entry.as_str(), from] {
            let mut directory = base;
            for _ in 0..3 {
                directory = directory.rsplit_once('/').map_or("", |(above, _)| above);
                if let Some(inside) = inside {
                    candidates.push(join(directory, inside));
                }
                if directory.is_empty() {
                    break;
                }
            }
        }
        for candidate in candidates {
            let found = if is_glob {
                self.glob(&candidate)
            } else {
                let exists = self.sources.files.kind(&candidate) == Kind::File;
                exists.then_some(candidate).into_iter().collect()
            };
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Files whose names match, part by part.
    fn glob(&self, pattern: &str) -> Vec<String> {
        let mut found = vec![String::new()];
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        for (index, part) in parts.iter().enumerate() {
            let is_last = index + 1 == parts.len();
            let mut next = Vec::new();
            for directory in &found {
                let names = if part.contains(['*', '?', '[']) {
                    self.matching(directory, part)
                } else {
                    vec![(*part).to_owned()]
                };
                next.extend(names.iter().map(|name| join(directory, name)));
            }
            next.retain(|name| match self.sources.files.kind(name) {
                Kind::File => is_last,
                Kind::Directory => !is_last,
                _ => false,
            });
            next.truncate(MAX_FILES);
            found = next;
        }
        found
    }

    fn matching(&self, directory: &str, part: &str) -> Vec<String> {
        let Ok(glob) = globset::GlobBuilder::new(part)
            .literal_separator(true)
            .build()
        else {
            return Vec::new();
        };
        let matcher = glob.compile_matcher();
        let mut names = self.sources.files.list(directory);
        // As a shell does: a leading dot is not matched by a star.
        names.retain(|name| {
            matcher.is_match(name) && (!name.starts_with('.') || part.starts_with('.'))
        });
        names
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    }
}

/// What the files that every package of nginx brings decide. They are seldom in the tree.
fn stock(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let text = match file {
        "fastcgi_params" => "fastcgi_param SCRIPT_NAME $fastcgi_script_name;",
        "fastcgi.conf" => {
            "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
             fastcgi_param SCRIPT_NAME $fastcgi_script_name;"
        }
        // https://salsa.debian.org/nginx-team/nginx/-/blob/main/debian/conf/snippets/fastcgi-php.conf
        "fastcgi-php.conf" => {
            "fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
             try_files $fastcgi_script_name =404;
             set $path_info $fastcgi_path_info;
             fastcgi_param PATH_INFO $path_info;
             fastcgi_index index.php;
             fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
             fastcgi_param SCRIPT_NAME $fastcgi_script_name;"
        }
        // https://github.com/certbot/certbot/tree/main/certbot-nginx: TLS settings only.
        "options-ssl-nginx.conf"
        | "snakeoil.conf"
        | "mime.types"
        | "proxy_params"
        | "uwsgi_params"
        | "scgi_params"
        | "koi-utf"
        | "win-utf" => "",
        _ => return None,
    };
    Some(text)
}
