//! How a file gets out: through the servers, through what the checks found, through git.

use std::collections::BTreeMap;

use crate::finding::{Exposure, Reach, Reason, Way};
use crate::input::{Files, Remote};
use crate::site::{FileVerdict, Model, UrlVerdict, Verdict};

use super::observed::Observed;

/// Of the URLs of one file this many are kept: the worst.
const MAX_URLS: usize = 5;
/// So many document roots are named where a file lies outside of all of them.
const MAX_ROOTS: usize = 3;

/// What findings are joined with. All names of files are those that reports use.
pub struct Surroundings<'s> {
    /// The files of the tree.
    pub files: &'s dyn Files,
    /// The servers.
    pub model: &'s Model,
    /// What the checks found.
    pub exposures: &'s [Exposure],
    /// What the access logs say.
    pub observed: &'s Observed,
    /// The remotes of the repository that tracks a file.
    pub remotes: &'s dyn Fn(&str) -> Vec<Remote>,
}

/// The ways of files, each found out once.
pub(super) struct Ways<'s> {
    around: &'s Surroundings<'s>,
    known: BTreeMap<String, Vec<Way>>,
}

impl<'s> Ways<'s> {
    pub(super) fn new(around: &'s Surroundings<'s>) -> Self {
        Self {
            around,
            known: BTreeMap::new(),
        }
    }

    /// Every way that was looked at for a file: at least one.
    pub(super) fn of(&mut self, file: &str) -> &[Way] {
        let around = self.around;
        self.known.entry(file.to_owned()).or_insert_with(|| {
            let mut ways = around.through_servers(file);
            ways.extend(around.through_exposures(file));
            ways.extend(around.through_git(file));
            let observed = around.observed.ways.get(file).into_iter().flatten();
            let observed: Vec<Way> = observed.map(|way| with_chain(way, &ways)).collect();
            ways.extend(observed);
            ways
        })
    }
}

/// What a log shows, with the chain that says how the server came to send it.
fn with_chain(observed: &Way, ways: &[Way]) -> Way {
    let mut way = observed.clone();
    let is_same =
        |other: &&Way| other.url == way.url && other.check.is_none() && other.reach.is_out();
    if let Some(same) = ways.iter().find(is_same) {
        way.because.extend(same.because.iter().cloned());
    }
    way
}

impl Surroundings<'_> {
    fn through_servers(&self, file: &str) -> Vec<Way> {
        if self.model.servers().is_empty() {
            return vec![Way {
                reach: Reach::Unknown,
                file: file.to_owned(),
                summary: "nothing in the tree says whether a web server serves it".to_owned(),
                url: None,
                check: None,
                because: Vec::new(),
                settle: Some(
                    "name the server's configuration with --server-config, or what it serves with --docroot"
                        .to_owned(),
                ),
            }];
        }
        let verdict = self.model.look_up(file, self.files);
        if verdict.urls.is_empty() {
            return vec![self.outside(file)];
        }
        let ways = worst_of_each_server(&verdict);
        ways.into_iter().map(|url| way_of_url(file, url)).collect()
    }

    /// No URL leads to it.
    fn outside(&self, file: &str) -> Way {
        let roots = self.model.roots();
        let assumed = roots.iter().all(|root| root.assumed.is_some());
        let named = roots.iter().take(MAX_ROOTS).map(|root| {
            let at = root.because.last();
            let path = root.path.as_deref().unwrap_or(&root.server_path);
            let shown = if path.is_empty() { "." } else { path };
            Reason {
                file: at.and_then(|reason| reason.file.clone()),
                line: at.and_then(|reason| reason.line),
                directive: format!("document root {shown} ({})", root.server),
            }
        });
        let summary = match roots.len() {
            1 => "it lies outside of the document root".to_owned(),
            count => format!("it lies outside of all {count} document roots"),
        };
        Way {
            reach: Reach::Contained,
            file: file.to_owned(),
            summary,
            url: None,
            check: None,
            because: named.collect(),
            settle: assumed.then(|| {
                "the document root is assumed: --server-config or --docroot settles it".to_owned()
            }),
        }
    }

    fn through_exposures(&self, file: &str) -> Vec<Way> {
        let exposing = self
            .exposures
            .iter()
            .filter(|exposure| exposure.exposes.iter().any(|exposed| exposed == file));
        exposing
            .map(|exposure| {
                let here = Reason {
                    file: Some(exposure.file.clone()),
                    line: exposure.line,
                    directive: exposure.title.clone(),
                };
                Way {
                    reach: exposure.reach,
                    file: file.to_owned(),
                    summary: exposure.message.trim_end_matches('.').to_owned(),
                    url: exposure.urls.first().cloned(),
                    check: Some(exposure.check.clone()),
                    because: std::iter::once(here)
                        .chain(exposure.because.iter().cloned())
                        .collect(),
                    settle: None,
                }
            })
            .collect()
    }

    fn through_git(&self, file: &str) -> Option<Way> {
        let remotes = (self.remotes)(file);
        let names: Vec<String> = remotes
            .iter()
            .map(|remote| match &remote.host {
                Some(host) => format!("{} at {host}", remote.name),
                None => remote.name.clone(),
            })
            .collect();
        (!names.is_empty()).then(|| Way {
            reach: Reach::Published,
            file: file.to_owned(),
            summary: format!("git tracks it, and pushes to {}", names.join(", ")),
            url: None,
            check: None,
            because: Vec::new(),
            settle: Some(
                "whoever can read the remote can read it; a public one is a leak".to_owned(),
            ),
        })
    }
}

/// The worst URLs, and at least one of each server that has any, so that what is closed is said as well.
fn worst_of_each_server(verdict: &FileVerdict) -> Vec<&UrlVerdict> {
    let mut chosen: Vec<&UrlVerdict> = Vec::new();
    for url in &verdict.urls {
        let same = |other: &&UrlVerdict| other.host == url.host && other.server == url.server;
        let is_new = !chosen.iter().any(same);
        let is_open = url.verdict == Verdict::Served;
        if (is_new || is_open) && chosen.len() < MAX_URLS {
            chosen.push(url);
        }
    }
    chosen
}

fn way_of_url(file: &str, url: &UrlVerdict) -> Way {
    let asked = format!("GET {}", url.url);
    let status = url
        .status
        .map_or_else(String::new, |status| format!(" ({status})"));
    let (reach, summary) = match url.verdict {
        Verdict::Served if url.assumed.is_some() => {
            (Reach::Likely, format!("{asked} probably gives the file"))
        }
        Verdict::Served => (Reach::Reachable, format!("{asked} gives the file")),
        Verdict::Executed => (
            Reach::Contained,
            format!("{asked} runs it, and does not send its source"),
        ),
        Verdict::Denied => (Reach::Contained, format!("{asked} is refused{status}")),
        Verdict::NotMapped => (Reach::Contained, format!("{asked} leads elsewhere{status}")),
        Verdict::Unknown => (Reach::Unknown, format!("{asked} could not be decided")),
    };
    let assumed = url
        .assumed
        .as_ref()
        .map(|why| Reason::fact(format!("assumed: {why}")));
    Way {
        reach,
        file: file.to_owned(),
        summary: format!("{summary} ({}, {})", url.server, url.host),
        url: Some(url.url.clone()),
        check: None,
        because: assumed
            .into_iter()
            .chain(url.because.iter().cloned())
            .collect(),
        settle: url.settle.clone(),
    }
}
