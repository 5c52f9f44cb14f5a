//! What is found out beside the credentials: the servers, what leaks, and so how far each credential has got.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::ThreadPoolBuilder;

use crate::checks::{self, Check, Context, Credentials};
use crate::finding::{Confidence, Exposure, GitState, Severity};
use crate::incident::Sent;
use crate::input::{Disk, Files as _, GitStates, Remote, Root, SkipReason, Skipped, shown};
use crate::logs::Examined;
use crate::site::advisories::Advisories;
use crate::site::{self, Checksums, DocumentRoot, Framework, Model, Settings, Watch};
use crate::trace::{Inquiry, Observed, Surroundings};

use super::Failure;
use super::args::ReadArgs;
use super::history::Versions;
use super::logs::LogsRead;
use super::options::{Options, jobs};
use super::placement::work_tree;

/// A survey that is under way: it watches which files the scan meets.
pub(super) struct Survey {
    watch: Watch,
    disk: Disk,
    settings: Settings,
    checks: Vec<&'static Check>,
    /// Those of the user beside our own.
    advisories: Option<Advisories>,
    checksums: Option<Checksums>,
    notes: Vec<String>,
    versions: Versions,
}

/// What a survey gives.
#[derive(Default)]
pub(super) struct Surveyed {
    /// At least as sure as wanted.
    pub(super) exposures: Vec<Exposure>,
    /// How many were not.
    pub(super) below_confidence: u64,
    pub(super) roots: Vec<DocumentRoot>,
    pub(super) notes: Vec<String>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) seen: Seen,
}

/// What an investigation tells of beside what was found.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) frameworks: Vec<Framework>,
    /// By their words.
    pub(super) servers: BTreeSet<String>,
    pub(super) logs: Option<Examined>,
    pub(super) sent: Sent,
    pub(super) is_repository: bool,
    /// Where files with credentials are pushed to.
    pub(super) remotes: BTreeSet<String>,
}

impl Survey {
    /// Starts, if a directory is scanned: single files say nothing of how they are served.
    pub(super) fn start(args: &ReadArgs, options: &Options) -> Result<Option<Self>, Failure> {
        // Said before the scan, which may take long.
        args.logs.named()?;
        if let Some(path) = args.servers.missing() {
            return Err(Failure::usage(format!(
                "{}: no such file or directory; check the spelling",
                path.display()
            )));
        }
        let is_directory = |root: &Root| matches!(root, Root::Path(path) if path.is_dir());
        if args.no_checks || !options.roots.iter().any(is_directory) {
            return Ok(None);
        }
        let wants = site::WANTS
            .iter()
            .copied()
            .chain(checks::wants(&options.checks));
        let watch = Watch::new(wants).below(names(&options.roots));
        let (advisories, notes) = match args.advisories.load()? {
            Some((advisories, notes)) => (Some(advisories), notes),
            None => (None, Vec::new()),
        };
        let mut roots = options.roots.clone();
        roots.extend(args.servers.extra_roots());
        Ok(Some(Self {
            watch,
            disk: Disk::new(&roots),
            settings: args.servers.settings(&options.roots),
            checks: options.checks.clone(),
            advisories,
            checksums: args.advisories.checksums()?,
            notes,
            versions: Versions::new(),
        }))
    }

    /// Takes in how long files were before.
    pub(super) fn knows(&mut self, versions: Versions) {
        self.versions = versions;
    }

    /// Watches which files are met.
    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Looks at the servers and runs the checks, then lets `join` look at findings with all that.
    pub(super) fn finish(
        self,
        credentials: &Credentials,
        (args, options, git): (&ReadArgs, &Options, &GitStates),
        join: impl FnOnce(&Surroundings<'_>),
    ) -> Result<Surveyed, Failure> {
        let index = self.watch.finish();
        let model = site::discover(&self.disk, &index, &self.settings);
        let least = options.judgement.min_confidence;
        let disk = &self.disk;
        let state = |name: &str| {
            let real: Option<PathBuf> = disk.real(name).filter(|_| disk.is_file(name));
            real.map_or(GitState::NoRepository, |real| git.state(&real))
        };
        let mut context = Context::new(disk, &index, &model, credentials, &state);
        if let Some(advisories) = &self.advisories {
            context.advisories = advisories;
        }
        context.checksums = self.checksums.as_ref();
        let pool = ThreadPoolBuilder::new().num_threads(jobs(args)).build();
        let pool = pool.map_err(|error| {
            Failure::internal(format!("no threads for the checks: {error}; try --jobs 1"))
        })?;
        let found = pool.install(|| checks::run(&self.checks, &context));
        let mut all = judged(found, &options.check_severities);
        let mut logs = None;
        let mut observed = Observed::default();
        let found = args.logs.find(&options.roots, (&model, disk))?;
        if !found.is_empty() {
            let older = |name: &str| {
                let real = disk.real(name);
                let known = real.and_then(|real| self.versions.get(&real));
                known.cloned().unwrap_or_default()
            };
            let inquiry = Inquiry {
                older: &older,
                files: disk,
                index: &index,
                model: &model,
            };
            let targets = inquiry.targets(credentials, &all);
            let read = found.examine(&targets, &model, jobs(args));
            observed = read.observe(&targets, &mut all);
            logs = Some(read);
        }
        let remotes = |name: &str| -> Vec<Remote> {
            disk.real(name)
                .map_or_else(Vec::new, |real| git.remotes(&real))
        };
        join(&Surroundings {
            files: disk,
            model: &model,
            exposures: &all,
            observed: &observed,
            remotes: &remotes,
        });
        let mut skipped: Vec<Skipped> = logs.iter().flat_map(LogsRead::skipped).collect();
        skipped.extend(index.is_capped().then(|| Skipped {
            path: ".".to_owned(),
            reason: SkipReason::Capped,
            detail: Some(
                "more files look like parts of a web application than the checks keep".to_owned(),
            ),
        }));
        let of_logs = logs.iter().flat_map(LogsRead::notes);
        let notes = self.notes.into_iter().chain(notes(&model)).chain(of_logs);
        let notes = notes.collect();
        let (exposures, below) = split(all, least);
        let mut seen = Seen::default();
        if options.for_incident {
            let servers = model.servers().iter();
            let pushed = credentials.keys().flat_map(|file| remotes(file));
            seen = Seen {
                frameworks: site::frameworks(disk, &index),
                servers: servers
                    .map(|hosted| hosted.server.software().word().to_owned())
                    .collect(),
                logs: logs.map(|read| read.examined),
                sent: observed.sent,
                is_repository: options.roots.iter().any(is_repository),
                remotes: pushed.map(|remote| told(&remote)).collect(),
            };
        }
        Ok(Surveyed {
            exposures,
            below_confidence: below,
            roots: model.roots(),
            notes,
            skipped,
            seen,
        })
    }
}

/// Whether a directory lies in a work tree of git.
fn is_repository(root: &Root) -> bool {
    let Root::Path(path) = root else {
        return false;
    };
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    work_tree(&real).is_some()
}

fn told(remote: &Remote) -> String {
    match &remote.host {
        Some(host) => format!("{} at {host}", remote.name),
        None => remote.name.clone(),
    }
}

/// The scanned paths, as reports name them.
pub(super) fn names(roots: &[Root]) -> impl Iterator<Item = String> + '_ {
    roots.iter().filter_map(|root| match root {
        Root::Path(path) => Some(shown(path)),
        Root::Stdin { .. } => None,
    })
}

fn judged(mut exposures: Vec<Exposure>, set: &BTreeMap<String, Severity>) -> Vec<Exposure> {
    for exposure in &mut exposures {
        if let Some(&severity) = set.get(&exposure.check) {
            exposure.severity = severity;
        }
    }
    exposures.sort_by(|a, b| {
        (b.severity, &a.file, a.line, &a.check).cmp(&(a.severity, &b.file, b.line, &b.check))
    });
    exposures
}

fn split(exposures: Vec<Exposure>, least: Confidence) -> (Vec<Exposure>, u64) {
    let all = exposures.len();
    let kept: Vec<Exposure> = exposures
        .into_iter()
        .filter(|exposure| exposure.confidence >= least)
        .collect();
    let below = (all - kept.len()) as u64;
    (kept, below)
}

fn notes(model: &Model) -> Vec<String> {
    let mut notes: Vec<String> = model.notes().map(str::to_owned).collect();
    notes.sort();
    notes.dedup();
    notes
}
