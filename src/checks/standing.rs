//! How a file stands to the servers, and reports that say so.

use crate::finding::{Confidence, Exposure, GitState, Reach, Severity};
use crate::input::{Files, Kind};
use crate::site::{FileVerdict, Verdict};

use super::{Context, Findings};

/// What servers make of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// A server does with it what was asked about.
    Open(FileVerdict),
    /// It cannot be told; what would settle it.
    Unknown(String),
    /// Nothing says how the tree is served.
    NoServer,
    /// A server keeps it in, or none leads there.
    Kept,
}

/// Whether its bytes are sent.
pub(super) fn sent(context: &Context<'_>, path: &str) -> Standing {
    judged(context, &context.verdict(path), &[Verdict::Served])
}

/// Whether it runs, or is sent, if someone asks for it.
pub(super) fn requested(context: &Context<'_>, path: &str) -> Standing {
    let verdicts = [Verdict::Executed, Verdict::Served];
    judged(context, &context.verdict(path), &verdicts)
}

/// Whether its bytes would be sent if it were there.
pub(super) fn would_be_sent(context: &Context<'_>, path: &str) -> Standing {
    if context.files.kind(path) == Kind::File {
        return sent(context, path);
    }
    let files = WithFile {
        files: context.files,
        name: path,
    };
    let verdict = context.model.look_up(path, &files);
    judged(context, &verdict, &[Verdict::Served])
}

fn judged(context: &Context<'_>, verdict: &FileVerdict, open: &[Verdict]) -> Standing {
    if !context.has_servers() {
        return Standing::NoServer;
    }
    let Some(worst) = verdict.worst() else {
        return Standing::Kept;
    };
    if open.contains(&worst.verdict) {
        Standing::Open(verdict.clone())
    } else if worst.verdict == Verdict::Unknown {
        let settle = worst.settle.clone();
        Standing::Unknown(settle.unwrap_or_else(|| "the whole configuration".to_owned()))
    } else {
        Standing::Kept
    }
}

/// Reports a file as far as servers let it out; where that is not known, low and unsure; not at all where it stays
/// in.
pub(super) fn report<'f>(
    found: &'f mut Findings,
    standing: &Standing,
    file: &str,
    message: &str,
) -> Option<&'f mut Exposure> {
    let exposure = match standing {
        Standing::Open(verdict) => {
            let exposure = found.report(file, message);
            let reach = verdict.reach().unwrap_or(Reach::Latent);
            opened(exposure, verdict).reaching(reach.max(Reach::Latent))
        }
        Standing::Unknown(settle) => {
            let message =
                format!("{message} Whether a server lets it out would be settled by: {settle}.");
            let exposure = found.report(file, message);
            exposure.sure(Confidence::Low).reaching(Reach::Unknown);
            capped(exposure)
        }
        Standing::NoServer => {
            let message = format!("{message} Nothing in the tree says how it is served.");
            let exposure = found.report(file, message);
            exposure.sure(Confidence::Low).reaching(Reach::Unknown);
            capped(exposure)
        }
        Standing::Kept => return None,
    };
    Some(exposure)
}

fn capped(exposure: &mut Exposure) -> &mut Exposure {
    let severity = exposure.severity.min(Severity::Low);
    exposure.severe(severity)
}

/// Adds the URLs that lead to it, sent or run.
fn opened<'e>(exposure: &'e mut Exposure, verdict: &FileVerdict) -> &'e mut Exposure {
    if verdict.served().is_some() {
        return exposure.served(verdict);
    }
    if let Some(worst) = verdict.worst() {
        exposure.because.extend(worst.because.iter().cloned());
        if worst.assumed.is_some() {
            exposure.confidence = exposure.confidence.min(Confidence::Medium);
        }
        exposure.urls.push(worst.url.clone());
    }
    exposure
}

impl Standing {
    /// Whether a server lets it out, for sure or as is assumed.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Whether a server that is known, not only assumed, lets it out.
    pub(super) fn is_surely_open(&self) -> bool {
        match self {
            Self::Open(verdict) => verdict.worst().is_some_and(|url| url.assumed.is_none()),
            _ => false,
        }
    }
}

/// Whether git has a file in its index.
pub(super) fn is_tracked(context: &Context<'_>, path: &str) -> bool {
    (context.git)(path) == GitState::Tracked
}

/// A tree with one more file, an empty one.
struct WithFile<'f> {
    files: &'f dyn Files,
    name: &'f str,
}

impl WithFile<'_> {
    fn is_above(&self, name: &str) -> bool {
        name.is_empty()
            || self
                .name
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Files for WithFile<'_> {
    fn kind(&self, name: &str) -> Kind {
        match self.files.kind(name) {
            Kind::Missing if name == self.name => Kind::File,
            Kind::Missing if self.is_above(name) => Kind::Directory,
            kind => kind,
        }
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        if name == self.name {
            return Some(Vec::new());
        }
        self.files.read(name)
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.files.list(name)
    }

    fn target(&self, name: &str) -> Option<String> {
        self.files.target(name)
    }

    fn len(&self, name: &str) -> Option<u64> {
        if name == self.name {
            return Some(0);
        }
        self.files.len(name)
    }

    fn mode(&self, name: &str) -> Option<u32> {
        self.files.mode(name)
    }
}
