//! What the access logs are asked about: every file with credentials, and everything that a check says lets them out.

use std::collections::BTreeMap;

use crate::checks::Credentials;
use crate::finding::Exposure;
use crate::input::Files;
use crate::logs::{Target, Wanted};
use crate::site::{Index, Model, Verdict};

/// Of the URLs of an exposure this many are asked about.
const MAX_URLS: usize = 8;
/// Shorter pages show nothing.
const MIN_PAGE: u64 = 200;
/// A compressed `phpinfo()` has some ten thousand bytes, a plain one more than fifty thousand.
const MIN_PHPINFO: u64 = 8_000;

/// Pages of tools that have no file in the tree, by the check that knows that they are on.
const PAGES: &[(&str, &[&str])] = &[
    (
        "symfony-development",
        &["/_profiler/phpinfo", "/_profiler/open", "/_profiler/latest"],
    ),
    (
        "symfony-front-controller",
        &[
            "/app_dev.php/_profiler/phpinfo",
            "/app_dev.php/_profiler/open",
        ],
    ),
    (
        "laravel-debug-tool",
        &[
            "/telescope/requests",
            "/telescope/telescope-api/requests",
            "/_debugbar/open",
            "/log-viewer",
            "/logs",
            "/horizon/api/stats",
            "/__clockwork/app",
        ],
    ),
    (
        "spring-actuator",
        &["/actuator/env", "/actuator/heapdump", "/env", "/heapdump"],
    ),
    ("flask-debug", &["/console"]),
];

/// Checks that know of error pages that show the insides of a program.
const FAULTS: &[&str] = &[
    "laravel-debug",
    "django-debug",
    "symfony-development",
    "flask-debug",
    "yii-debug",
    "thinkphp-debug",
    "codeigniter-development",
    "cakephp-debug",
    "aspnet-debug",
    "node-error-handler",
];

/// Whom an answer of the logs concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The file of the target.
    File,
    /// The exposure of this index.
    Exposure(usize),
}

/// Whether large error pages are those of this exposure.
pub(super) fn is_fault(exposure: &Exposure) -> bool {
    FAULTS.contains(&exposure.check.as_str())
}

/// What there is to ask.
pub struct Inquiry<'q> {
    /// The files of the tree.
    pub files: &'q dyn Files,
    /// How long a file was before, as far as a history tells: by length in bytes, a commit of that time.
    pub older: &'q dyn Fn(&str) -> BTreeMap<u64, String>,
    /// Those that tell where a tree begins.
    pub index: &'q Index,
    /// The servers.
    pub model: &'q Model,
}

impl Inquiry<'_> {
    /// The targets, each with whom it concerns.
    pub fn targets(
        &self,
        credentials: &Credentials,
        exposures: &[Exposure],
    ) -> Vec<(Target, About)> {
        let files = credentials.keys().filter_map(|file| self.file(file));
        let mut targets: Vec<(Target, About)> = files.map(|target| (target, About::File)).collect();
        for (index, exposure) in exposures.iter().enumerate() {
            let about = About::Exposure(index);
            let urls = exposure.urls.iter().take(MAX_URLS);
            targets.extend(urls.filter_map(|url| Some((self.url(url, exposure)?, about))));
            let pages = PAGES.iter().filter(|(check, _)| *check == exposure.check);
            for url in pages.flat_map(|(_, urls)| urls.iter()) {
                let page = Target {
                    file: exposure.file.clone(),
                    urls: vec![(*url).to_owned()],
                    wanted: Wanted::Page { at_least: MIN_PAGE },
                    older: BTreeMap::new(),
                };
                targets.push((page, about));
            }
        }
        targets
    }

    /// A file with credentials, under every URL that leads to it now, or may have led to it.
    fn file(&self, file: &str) -> Option<Target> {
        let len = self.files.len(file)?;
        let verdict = self.model.look_up(file, self.files);
        let mut urls: Vec<String> = verdict.urls.iter().map(|url| url.url.clone()).collect();
        let wanted = if verdict.served().is_some() {
            let grows = is_written(file);
            Wanted::File { len, grows }
        } else {
            urls.extend(guesses(self.index.inside(file)));
            Wanted::Exactly { len }
        };
        Some(Target {
            file: file.to_owned(),
            urls,
            wanted,
            older: (self.older)(file),
        })
    }

    /// What a check says can be asked for.
    fn url(&self, url: &str, exposure: &Exposure) -> Option<Target> {
        let answers = self.model.ask(url, self.files);
        let told = answers.iter().find(|answer| {
            matches!(answer.verdict.verdict, Verdict::Served | Verdict::Executed)
                && answer.path.is_some()
        });
        let file = told.and_then(|answer| answer.path.clone());
        let is_sent = told
            .is_some_and(|answer| answer.verdict.verdict == Verdict::Served && !answer.is_listing);
        let len = file
            .as_deref()
            .filter(|_| is_sent)
            .and_then(|file| self.files.len(file));
        let wanted = match len {
            Some(len) => Wanted::File {
                len,
                grows: file.as_deref().is_some_and(is_written),
            },
            None if exposure.check == "php-eval-stdin" => Wanted::Script,
            None if exposure.check.contains("phpinfo") => Wanted::Page {
                at_least: MIN_PHPINFO,
            },
            None => Wanted::Page { at_least: MIN_PAGE },
        };
        let older = match (&file, wanted) {
            (Some(file), Wanted::File { .. }) => (self.older)(file),
            _ => BTreeMap::new(),
        };
        Some(Target {
            file: file.unwrap_or_else(|| exposure.file.clone()),
            urls: vec![url.to_owned()],
            wanted,
            older,
        })
    }
}

/// Whether a program appends to a file of this name.
fn is_written(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.ends_with(".log") || name == "error_log"
}

/// The URLs of a file, wherever the document root is or was.
fn guesses(inside: &str) -> impl Iterator<Item = String> + '_ {
    let starts = inside.match_indices('/').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(starts)
        .map(|start| format!("/{}", &inside[start..]))
}
