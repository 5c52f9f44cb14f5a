//! Configurations of servers: those that the user names, and those of the tree that no container uses.

use std::collections::BTreeSet;

use super::super::apache::{Apache, Defaults};
use super::super::caddy::Caddy;
use super::super::lighttpd::Lighttpd;
use super::super::mapping::{Mapped, Mapping, NOWHERE, Pair};
use super::super::model::Hosted;
use super::super::nginx::{Nginx, Sources};
use super::super::path;
use super::super::server::{Server, Software};
use super::{Found, Search, infer, is_aside};

/// More configurations are not read.
const MAX_CONFIGS: usize = 100;

/// Whether a URL of a server leads to a directory of the tree.
pub(super) fn leads_into_tree(hosted: &Hosted) -> bool {
    let pairs = hosted.mapping.pairs();
    let into = |path: &String| {
        let holds = pairs
            .iter()
            .any(|pair| pair.tree != NOWHERE && path::below(path, &pair.server).is_some());
        holds || hosted.mapping.to_tree(path).is_some()
    };
    hosted.server.hosts().iter().any(|host| {
        host.root.as_ref().is_some_and(into) || host.aliases.iter().any(|(_, path)| into(path))
    })
}

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for config in &search.settings.configs {
        let entries = entries(search, config);
        if entries.is_empty() {
            found.notes.push(format!(
                "{config}: no configuration of a known server was found in it"
            ));
        }
        for (software, entry) in entries {
            add(search, software, &entry, true, found);
            used.insert(entry);
        }
    }
    used.append(&mut found.used);
    let mut configs: Vec<(Software, String)> = Vec::new();
    for file in own(search) {
        if used.contains(&file) || is_aside(search.relative(path::parent(&file))) {
            continue;
        }
        configs.extend(software(search, &file).map(|software| (software, file)));
    }
    configs.sort_by_key(|(_, file)| (!is_main(file), file.clone()));
    let mut mains: Vec<(Software, String)> = Vec::new();
    for (software, file) in configs.into_iter().take(MAX_CONFIGS) {
        // What lies beside or below a main configuration is what it includes.
        let is_part = mains.iter().any(|(of, main)| {
            *of == software
                && path::below(path::parent(main), &file).is_some()
                && !path::parent(main).is_empty()
        });
        if is_part {
            continue;
        }
        add(search, software, &file, false, found);
        if is_main(&file) {
            mains.push((software, file));
        }
    }
}

fn is_main(file: &str) -> bool {
    matches!(
        path::base(file),
        "nginx.conf" | "apache2.conf" | "httpd.conf" | "lighttpd.conf" | "Caddyfile"
    )
}

/// Files of the tree that may be configurations.
fn own(search: &Search<'_>) -> BTreeSet<String> {
    const ENDS: &[&str] = &[
        ".conf",
        ".conf.template",
        ".conf.tmpl",
        ".conf.tpl",
        ".conf.j2",
        ".nginx",
        ".vhost",
        ".caddyfile",
    ];
    let by_end = ENDS.iter().flat_map(|end| search.index.ending(end));
    let mut files: BTreeSet<String> = by_end.map(str::to_owned).collect();
    files.extend(search.index.starting("caddyfile").map(str::to_owned));
    for directory in search
        .index
        .named("sites-available")
        .chain(search.index.named("sites-enabled"))
    {
        let names = search.files.list(directory).into_iter();
        files.extend(names.map(|name| path::inside(directory, &name)));
    }
    files
}

/// The configurations that a file or directory begins with.
fn entries(search: &Search<'_>, config: &str) -> Vec<(Software, String)> {
    const MAINS: &[(&str, Software)] = &[
        ("apache2.conf", Software::Apache),
        ("conf/httpd.conf", Software::Apache),
        ("httpd.conf", Software::Apache),
        ("nginx.conf", Software::Nginx),
        ("conf/nginx.conf", Software::Nginx),
        ("Caddyfile", Software::Caddy),
        ("lighttpd.conf", Software::Lighttpd),
        ("web.config", Software::Iis),
    ];
    if search.files.is_file(config) {
        return software(search, config)
            .map(|software| (software, config.to_owned()))
            .into_iter()
            .collect();
    }
    let mains = MAINS
        .iter()
        .map(|(name, software)| (*software, path::inside(config, name)));
    let mut found: Vec<(Software, String)> = mains
        .filter(|(_, file)| search.files.is_file(file))
        .collect();
    if found.is_empty() {
        let below = ["", "sites-enabled", "conf.d", "sites-available"];
        for directory in below.iter().map(|name| path::inside(config, name)) {
            for name in search.files.list(&directory) {
                let file = path::inside(&directory, &name);
                found.extend(software(search, &file).map(|software| (software, file)));
            }
        }
    }
    found
}

/// Whose configuration a file is, by its name and by what only one of the servers writes.
fn software(search: &Search<'_>, file: &str) -> Option<Software> {
    let name = path::base(file).to_ascii_lowercase();
    if name == "web.config" {
        return Some(Software::Iis);
    }
    if name.starts_with("caddyfile") || name.ends_with(".caddyfile") {
        return Some(Software::Caddy);
    }
    let text = search.files.text(file)?;
    let mut nginx = 0;
    let mut apache = 0;
    for line in text.lines().take(5_000) {
        let line = line.trim();
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("server.document-root") || lower.starts_with("server.modules") {
            return Some(Software::Lighttpd);
        }
        let opens = |word: &str| {
            lower
                .strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with('{'))
        };
        let says = |word: &str| {
            lower
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(char::is_whitespace))
        };
        if opens("server")
            || opens("http")
            || (says("location") && line.ends_with('{'))
            || (says("root") && line.ends_with(';'))
        {
            nginx += 1;
        }
        let is_section = [
            "<virtualhost",
            "<directory",
            "<location",
            "<files",
            "<ifmodule",
        ];
        if is_section.iter().any(|section| lower.starts_with(section))
            || says("documentroot")
            || says("alias") && !line.ends_with(';')
        {
            apache += 1;
        }
    }
    match (nginx, apache) {
        (0, 0) => None,
        (nginx, apache) if nginx >= apache => Some(Software::Nginx),
        _ => Some(Software::Apache),
    }
}

fn add(search: &Search<'_>, software: Software, file: &str, is_given: bool, found: &mut Found) {
    let loaded = match software {
        Software::Apache => Some(apache(search, file)),
        Software::Nginx => nginx_alone(search, file),
        Software::Caddy => alone(search, file, caddy),
        Software::Lighttpd => alone(search, file, lighttpd),
        Software::Iis => Some(super::iis::site(search, path::parent(file))),
        _ => None,
    };
    let Some(hosted) = loaded else {
        return;
    };
    if !leads_into_tree(&hosted) && !is_given {
        found.elsewhere.push(hosted);
        return;
    }
    if !leads_into_tree(&hosted) {
        found.notes.push(format!(
            "{file}: none of the directories that it names was found in the tree; say with --map where they lie"
        ));
    }
    for reason in &hosted.because {
        found.notes.push(format!("{file}: {}", reason.directive));
    }
    found.servers.push(hosted);
}

/// The directories that the hosts of a server name.
fn directories(server: &dyn Server) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for host in server.hosts() {
        let aliases = host.aliases.iter().map(|(_, path)| path);
        for path in host.root.iter().chain(aliases) {
            if !all.contains(path) {
                all.push(path.clone());
            }
        }
    }
    all
}

fn apache(search: &Search<'_>, file: &str) -> Hosted {
    let directory = path::parent(file);
    let text = search.files.text(file).unwrap_or_default();
    let is_whole = is_main(file) || text.to_ascii_lowercase().contains("loadmodule ");
    let (mut pairs, entry) = config_pairs(file, directory, &text, is_whole);
    if directory.starts_with('/') {
        pairs.push(Pair {
            server: directory.to_owned(),
            tree: directory.to_owned(),
        });
    }
    let defaults = if is_whole {
        Defaults::none()
    } else {
        Defaults::debian().with_php()
    };
    let load = |mapping: &Mapping| {
        let files = Mapped::new(search.files, mapping);
        Apache::load(std::slice::from_ref(&entry), &files, &defaults)
    };
    let first = load(&Mapping::new(pairs.iter().cloned()));
    let inferred = infer::mapping(search, &directories(&first), file);
    // The directories come first: a configuration's own place may lie inside of them.
    let mapping = inferred.mapping.clone().and(pairs);
    inferred.hosted(Box::new(load(&mapping)), mapping)
}

/// Where a configuration lies on its server, as far as it says so.
fn config_pairs(file: &str, directory: &str, text: &str, is_whole: bool) -> (Vec<Pair>, String) {
    let root = text.lines().find_map(|line| {
        let (name, value) = line.trim().split_once(char::is_whitespace)?;
        name.eq_ignore_ascii_case("ServerRoot").then(|| {
            value
                .trim()
                .trim_matches('"')
                .trim_end_matches('/')
                .to_owned()
        })
    });
    let name = path::base(file);
    let pair = |server: &str, tree: &str| Pair {
        server: server.to_owned(),
        tree: tree.to_owned(),
    };
    if !is_whole {
        let entry = format!("/etc/apache2/sites-enabled/{name}");
        return (vec![pair(&entry, file)], entry);
    }
    let root = root
        .filter(|root| root.starts_with('/'))
        .unwrap_or_else(|| "/etc/apache2".to_owned());
    let (server, tree) = if path::base(directory) == "conf" {
        (format!("{root}/conf"), directory)
    } else {
        (root.clone(), directory)
    };
    let mut pairs = vec![pair(&server, tree)];
    if path::base(directory) == "conf" && directory.contains('/') {
        pairs.push(pair(&root, path::parent(directory)));
    }
    (pairs, format!("{server}/{name}"))
}

/// nginx with these files of the tree.
pub(super) fn nginx(
    search: &Search<'_>,
    entries: &[String],
    mapping: &Mapping,
) -> Option<Box<dyn Server>> {
    Some(Box::new(Nginx::load(Sources {
        entries,
        files: search.files,
        mapping,
    })))
}

fn nginx_alone(search: &Search<'_>, file: &str) -> Option<Hosted> {
    let entries = [file.to_owned()];
    let directory = path::parent(file);
    let base = if path::base(directory) == "conf.d" || path::base(directory).starts_with("sites-") {
        path::parent(directory)
    } else {
        directory
    };
    // What is included is named from the directory of the main configuration.
    let mut pairs = vec![Pair {
        server: "/etc/nginx".to_owned(),
        tree: base.to_owned(),
    }];
    if base.starts_with('/') {
        pairs.push(Pair {
            server: base.to_owned(),
            tree: base.to_owned(),
        });
    }
    let first = nginx(search, &entries, &Mapping::new(pairs.iter().cloned()))?;
    let inferred = infer::mapping(search, &directories(&*first), file);
    let mapping = inferred.mapping.clone().and(pairs);
    let server = nginx(search, &entries, &mapping)?;
    Some(inferred.hosted(server, mapping))
}

/// Caddy with this file of the tree.
pub(super) fn caddy(search: &Search<'_>, file: &str) -> Option<Box<dyn Server>> {
    let text = search.files.text(file)?;
    Some(Box::new(Caddy::load(file, &text)))
}

/// lighttpd with this file of the tree.
pub(super) fn lighttpd(search: &Search<'_>, file: &str) -> Option<Box<dyn Server>> {
    let text = search.files.text(file)?;
    Some(Box::new(Lighttpd::load(file, &text, search.files)))
}

/// A server of which one file is the whole configuration.
fn alone(
    search: &Search<'_>,
    file: &str,
    load: fn(&Search<'_>, &str) -> Option<Box<dyn Server>>,
) -> Option<Hosted> {
    let server = load(search, file)?;
    let inferred = infer::mapping(search, &directories(&*server), file);
    let mapping = inferred.mapping.clone();
    Some(inferred.hosted(server, mapping))
}
