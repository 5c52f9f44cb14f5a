//! Servers that start commands name: Procfile, systemd, supervisor, `package.json`.

mod scripts;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use crate::finding::Reason;
use crate::input::{Files, Kind};

use super::super::mapping::{Mapped, Mapping};
use super::super::model::Hosted;
use super::super::path;
use super::{Found, Search, is_aside};
use table::{Place, Started};
use words::Command;

/// Commands that lead to commands are not followed further.
const MAX_STEPS: usize = 6;

/// Where commands run.
pub(super) struct Site<'s> {
    /// Files by the tree's names.
    pub(super) files: &'s dyn Files,
    /// How the server's names relate to the tree's.
    pub(super) mapping: &'s Mapping,
    /// The directory, as the server names it.
    pub(super) directory: &'s str,
}

/// The servers that a line of a file starts.
pub(super) fn started(commands: &[Command], site: &Site<'_>, at: &Reason) -> Vec<Hosted> {
    let mut found = Vec::new();
    for command in commands {
        follow(command, site, &mut vec![at.clone()], &mut found);
    }
    found
}

/// `npm run x` leads to a script of `package.json`, `./start.sh` to the lines of a file.
fn follow(command: &Command, site: &Site<'_>, chain: &mut Vec<Reason>, found: &mut Vec<Hosted>) {
    let mapped = Mapped::new(site.files, site.mapping);
    let Some(at) = chain.last().cloned() else {
        return;
    };
    // A server names files as its machine does; what it says is read so.
    let at_server = Reason {
        file: at.file.map(|file| {
            let named = site.mapping.to_server(&file).into_iter().next();
            named.unwrap_or(file)
        }),
        ..at
    };
    let place = Place {
        files: &mapped,
        directory: site.directory,
        at: &at_server,
    };
    if let Some(started) = table::server(command, &place) {
        found.push(hosted(started, site, chain));
        return;
    }
    if chain.len() >= MAX_STEPS {
        return;
    }
    for (next, at) in scripts::next(command, site.directory, &mapped) {
        let at = match at
            .file
            .as_deref()
            .and_then(|file| site.mapping.to_tree(file))
        {
            Some(tree) => Reason {
                file: Some(tree),
                ..at
            },
            None => at,
        };
        chain.push(at);
        follow(&next, site, chain, found);
        chain.pop();
    }
}

fn hosted(started: Started, site: &Site<'_>, chain: &[Reason]) -> Hosted {
    Hosted {
        server: Box::new(started.server),
        mapping: site.mapping.clone(),
        assumed: started.is_dev.then(|| {
            "the command starts a server for development, which is taken to be what runs".to_owned()
        }),
        because: chain.to_vec(),
    }
}

/// Looks through the files that name start commands.
pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    for file in search.index.starting("procfile") {
        lines(search, file, found, |line| {
            line.split_once(':').map(|(_, command)| command.trim())
        });
    }
    for file in search.index.ending(".service") {
        unit(search, file, found, ["ExecStart", "WorkingDirectory"]);
    }
    for file in search.index.ending(".conf") {
        let is_supervisor = search.files.text(file).is_some_and(|text| {
            text.lines()
                .any(|line| line.trim_start().starts_with("[program:"))
        });
        if is_supervisor {
            unit(search, file, found, ["command", "directory"]);
        }
    }
    let manifests: Vec<&str> = search.index.named("package.json").collect();
    for manifest in manifests {
        package(search, manifest, found);
    }
}

fn is_own(search: &Search<'_>, file: &str) -> bool {
    search.files.kind(file) == Kind::File && !is_aside(search.relative(path::parent(file)))
}

fn lines(
    search: &Search<'_>,
    file: &str,
    found: &mut Found,
    command: impl Fn(&str) -> Option<&str>,
) {
    let Some(text) = search.files.text(file).filter(|_| is_own(search, file)) else {
        return;
    };
    for (number, line) in (1..).zip(text.lines()) {
        let Some(command) = command(line).filter(|_| !line.trim_start().starts_with('#')) else {
            continue;
        };
        let commands = words::commands(command);
        for one in &commands {
            let at = Reason::at(file, number, one.shown());
            found.servers.extend(local(
                search,
                path::parent(file),
                std::slice::from_ref(one),
                &at,
            ));
        }
    }
}

/// Servers that run in a directory of the tree.
fn local(search: &Search<'_>, directory: &str, commands: &[Command], at: &Reason) -> Vec<Hosted> {
    let tree = search.tree_of(directory);
    let mapping = Mapping::whole(tree);
    let server = path::inside("/", path::below(tree, directory).unwrap_or_default());
    let site = Site {
        files: search.files,
        mapping: &mapping,
        directory: &server,
    };
    started(commands, &site, at)
}

/// A file of `key=value` with the command and the directory that it runs in on the server.
fn unit(search: &Search<'_>, file: &str, found: &mut Found, [command, directory]: [&str; 2]) {
    let Some(text) = search.files.text(file).filter(|_| is_own(search, file)) else {
        return;
    };
    let value = |line: &str, key: &str| {
        let (have, value) = line.split_once('=')?;
        (have.trim() == key).then(|| value.trim().to_owned())
    };
    let mut section: Vec<(u32, &str)> = Vec::new();
    let mut sections: Vec<Vec<(u32, &str)>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with('[') {
            sections.push(std::mem::take(&mut section));
        }
        section.push((number, line));
    }
    sections.push(section);
    for section in sections {
        let working = section.iter().find_map(|(_, line)| value(line, directory));
        let started = section
            .iter()
            .filter_map(|(number, line)| Some((*number, value(line, command)?)));
        for (number, line) in started {
            let commands = words::commands(&line);
            let Some(first) = commands.first() else {
                continue;
            };
            let at = Reason::at(file, number, first.shown());
            let working = working.as_deref().unwrap_or("/");
            found
                .servers
                .extend(super::infer::started(search, working, &commands, &at));
        }
    }
}

/// `npm start` is what runs where nothing else is said; that is an assumption, and no development server is assumed.
fn package(search: &Search<'_>, manifest: &str, found: &mut Found) {
    if !is_own(search, manifest) {
        return;
    }
    let directory = path::parent(manifest);
    let commands = words::commands("npm start");
    let at = Reason::fact("`npm start` is by convention what runs");
    let servers = local(search, directory, &commands, &at);
    let servers = servers
        .into_iter()
        .filter(|hosted| hosted.assumed.is_none());
    for mut hosted in servers {
        let why = "nothing but `package.json` says that this command runs";
        hosted.assumed = Some(why.to_owned());
        found.servers.push(hosted);
    }
}
