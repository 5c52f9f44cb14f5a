//! The access logs that a scan looks at: those that are named, and those that lie where logs do.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use globset::Glob;

use crate::input::{Files as _, Root, SkipReason, Skipped, shown};
use crate::logs::{self, Configured, Examined, Log, Wish, is_access_log};
use crate::site::{Hosted, Model, Software};
use crate::trace::{About, Observed, observe};

use super::Failure;

/// So many logs are read: years of daily ones.
const MAX_LOGS: usize = 10_000;
/// In the notes, this many clients that looked for known places are named, and this many gaps.
const MAX_NAMED: usize = 5;

#[derive(Debug, Default, Args)]
pub(super) struct LogArgs {
    /// An access log, a directory of them or a glob, such as '/var/log/nginx/*.log*'; may be repeated [default: those
    /// that lie beside the application]
    #[arg(long = "access-log", value_name = "PATH|GLOB")]
    pub(super) access_logs: Vec<PathBuf>,
    /// An address whose requests in the access logs do not count, such as that of an audit; may be repeated
    #[arg(long = "ignore-ip", value_name = "ADDRESS")]
    pub(super) ignore_ips: Vec<IpAddr>,
    /// Look at no access logs
    #[arg(long, conflicts_with = "access_logs")]
    pub(super) no_access_logs: bool,
    /// The named logs, as far as they are still there, are scanned for credentials only: they show what was, and not
    /// what is.
    #[arg(skip)]
    pub(super) are_past: bool,
}

/// Logs to read.
#[derive(Debug, Default)]
pub(super) struct Logs {
    all: BTreeSet<Log>,
    /// Named by the user, so that one that cannot be read is missed.
    named: BTreeSet<String>,
    own: Vec<IpAddr>,
}

impl LogArgs {
    /// The logs that are named.
    pub(super) fn named(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut all = BTreeSet::new();
        for path in &self.access_logs {
            let found = expand(path)?;
            if found.is_empty() && !self.are_past {
                return Err(Failure::usage(format!(
                    "{}: there is no access log; check the spelling, and put globs in quotes",
                    path.display()
                )));
            }
            all.extend(found);
        }
        Ok(all.into_iter().collect())
    }

    /// Those of the named logs that are not scanned with what they lie in: people send credentials in URLs.
    pub(super) fn outside(&self, roots: &[Root]) -> Result<Vec<Root>, Failure> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let paths = roots.iter().filter_map(|root| match root {
            Root::Path(path) => Some(real(path)),
            Root::Stdin { .. } => None,
        });
        let roots: Vec<PathBuf> = paths.collect();
        let is_outside = |path: &PathBuf| {
            let path = real(path);
            !roots.iter().any(|root| path.starts_with(root))
        };
        let named = self.named()?.into_iter();
        Ok(named.filter(is_outside).map(Root::Path).collect())
    }

    /// The logs that are named, and those that lie beside the scanned directories.
    pub(super) fn find(
        &self,
        roots: &[Root],
        (model, disk): (&Model, &crate::input::Disk),
    ) -> Result<Logs, Failure> {
        let mut logs = Logs {
            own: self.ignore_ips.clone(),
            ..Logs::default()
        };
        if self.are_past {
            return Ok(logs);
        }
        let named = self.named()?;
        if !self.no_access_logs {
            for root in roots {
                if let Root::Path(path) = root
                    && path.is_dir()
                {
                    let beside = logs::DIRECTORIES
                        .iter()
                        .map(|directory| path.join(directory));
                    beside.for_each(|directory| logs.take_directory(&directory));
                }
            }
            for path in configured_paths(model) {
                if let Some(real) = disk.real(&path).filter(|_| disk.is_file(&path)) {
                    logs.take(&real, &path);
                }
            }
        }
        for path in named {
            logs.take(&path, &shown(&path));
            logs.named.insert(shown(&path));
        }
        Ok(logs)
    }
}

impl Logs {
    fn take_directory(&mut self, directory: &Path) {
        let is_for_logs = directory.ends_with("access-logs");
        let Ok(entries) = fs::read_dir(directory) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && (is_for_logs || is_access_log(&name.to_string_lossy())) {
                let path = directory.join(name);
                self.take(&path, &shown(&path));
            }
        }
    }

    /// The same log is read once, however it is named.
    fn take(&mut self, path: &Path, name: &str) {
        let Ok(real) = path.canonicalize() else {
            return;
        };
        if self.all.len() < MAX_LOGS && !self.all.iter().any(|log| log.path == real) {
            self.all.insert(Log {
                name: name.to_owned(),
                path: real,
            });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Reads them all.
    pub(super) fn examine(
        self,
        targets: &[(logs::Target, About)],
        model: &Model,
        jobs: usize,
    ) -> LogsRead {
        let all: Vec<Log> = self.all.into_iter().collect();
        let wish = Wish {
            targets: targets.iter().map(|(target, _)| target.clone()).collect(),
            formats: configured_formats(model),
            own: self.own,
            jobs,
        };
        LogsRead {
            examined: logs::examine(&all, wish),
            named: self.named,
        }
    }
}

/// What the logs said.
pub(super) struct LogsRead {
    pub(super) examined: Examined,
    named: BTreeSet<String>,
}

impl LogsRead {
    /// Says so of the exposures, and gives the ways of the files.
    pub(super) fn observe(
        &self,
        targets: &[(logs::Target, About)],
        exposures: &mut [crate::finding::Exposure],
    ) -> Observed {
        observe(&self.examined, targets, exposures)
    }

    /// Those that were not read, though they are named.
    pub(super) fn skipped(&self) -> Vec<Skipped> {
        let unread = self
            .examined
            .unread
            .iter()
            .filter(|unread| self.named.contains(&unread.name));
        let skipped = unread.map(|unread| Skipped {
            path: unread.name.clone(),
            reason: SkipReason::Unreadable,
            detail: Some(unread.why.clone()),
        });
        skipped.collect()
    }

    /// For the reader of the report.
    pub(super) fn notes(&self) -> Vec<String> {
        let examined = &self.examined;
        let mut notes = Vec::new();
        let (lines, unparsed) = examined.logs.iter().fold((0, 0), |(lines, unparsed), log| {
            (lines + log.1, unparsed + log.2)
        });
        if let (Some(from), Some(to)) = (examined.from, examined.to) {
            let names: Vec<&str> = examined
                .logs
                .iter()
                .map(|log| log.0.as_str())
                .take(MAX_NAMED)
                .collect();
            let more = examined.logs.len().saturating_sub(names.len());
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let odd = if unparsed > 0 {
                format!(", {unparsed} of them not understood")
            } else {
                String::new()
            };
            notes.push(format!(
                "access logs: {}{more}: {lines} lines{odd}, from {from} to {to}; they say nothing of any other time",
                names.join(", ")
            ));
        }
        for (from, to) in examined.gaps.iter().take(MAX_NAMED) {
            notes.push(format!("access logs: no line between {from} and {to}"));
        }
        if examined.gaps.len() > MAX_NAMED {
            notes.push(format!(
                "access logs: {} more gaps",
                examined.gaps.len() - MAX_NAMED
            ));
        }
        if examined.is_proxied {
            notes.push(
                "access logs: nearly all addresses are private, so they are those of a proxy, and do not tell clients apart"
                    .to_owned(),
            );
        }
        for session in examined.sessions.iter().take(MAX_NAMED) {
            notes.push(format!("access logs: {session}"));
        }
        if examined.sessions.len() > MAX_NAMED {
            let more = examined.sessions.len() - MAX_NAMED;
            notes.push(format!(
                "access logs: {more} more clients worked through lists of known places"
            ));
        }
        let missed = examined
            .unread
            .iter()
            .filter(|unread| !self.named.contains(&unread.name));
        notes
            .extend(missed.map(|unread| {
                format!("access logs: {} was not read: {}", unread.name, unread.why)
            }));
        notes
    }
}

/// Files that are, are in, or match what the user names.
fn expand(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let text = path.to_string_lossy();
    if path.is_dir() {
        let is_log = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            is_access_log(&name.to_string_lossy())
        };
        return Ok(files_below(path, &is_log));
    }
    let Some(first) = text.find(['*', '?', '[', '{']) else {
        return Ok(Vec::new());
    };
    let glob = Glob::new(&text)
        .map_err(|error| Failure::usage(format!("--access-log {text}: {error}")))?;
    let matcher = glob.compile_matcher();
    let start = match text[..first].rfind('/') {
        Some(0) => Path::new("/"),
        Some(slash) => Path::new(&text[..slash]),
        None => Path::new("."),
    };
    let is_match = |path: &Path| matcher.is_match(path.strip_prefix("./").unwrap_or(path));
    Ok(files_below(start, &is_match))
}

/// Logs lie no deeper than so many directories below what is named.
const MAX_DEPTH: usize = 5;

fn files_below(directory: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(directory)
        .standard_filters(false)
        .max_depth(Some(MAX_DEPTH))
        .build();
    let files = walk
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let files = files
        .map(ignore::DirEntry::into_path)
        .filter(|path| wanted(path));
    let mut files: Vec<PathBuf> = files.take(MAX_LOGS).collect();
    files.sort();
    files
}

/// Access logs that the configuration of a server names, as reports name files.
fn configured_paths(model: &Model) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for hosted in model.servers() {
        for directive in hosted.server.directives() {
            let is_log = ["customlog", "transferlog", "access_log"]
                .iter()
                .any(|name| directive.name.eq_ignore_ascii_case(name));
            let path = directive
                .args
                .first()
                .filter(|path| is_log && path.starts_with('/'));
            paths.extend(path.and_then(|path| hosted.mapping.to_tree(path)));
        }
    }
    paths
}

/// Formats of access logs that the configuration of a server sets.
fn configured_formats(model: &Model) -> Vec<Configured> {
    let mut formats: Vec<Configured> = model.servers().iter().flat_map(formats_of).collect();
    formats.sort();
    formats.dedup();
    formats
}

fn formats_of(hosted: &Hosted) -> Vec<Configured> {
    let is_nginx = hosted.server.software() == Software::Nginx;
    let mut formats = Vec::new();
    for directive in hosted.server.directives() {
        let is = |name: &str| directive.name.eq_ignore_ascii_case(name);
        let args = &directive.args;
        if is_nginx && is("log_format") {
            let parts = args
                .iter()
                .skip(1)
                .filter(|part| !part.starts_with("escape="));
            formats.push(Configured::Nginx(parts.map(String::as_str).collect()));
        } else if is("LogFormat") || is("CustomLog") {
            let texts = args
                .iter()
                .filter(|text| text.contains('%') && !text.starts_with("env="));
            formats.extend(texts.map(|text| Configured::Apache(text.clone())));
        }
    }
    formats
}
