//! The case file: what it knows of leaked credentials, and the journal of what is done.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Failure;
use crate::finding::Moment;
use crate::incident::{Action, Case, Entry, FILE_NAME};

const PROVIDER: &str = "mailgun";

/// Where the case is.
#[derive(Debug, Args)]
pub(super) struct CaseArgs {
    /// The case file, which says what leaked and keeps the journal [default: spillcheck-case.json, where there is one]
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// Since when: a time such as 2026-11-23T00:00:00Z [default: what the case file says]
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
}

/// A case that is at hand, or none.
#[derive(Debug)]
pub(super) struct Opened {
    case: Option<(PathBuf, Case)>,
    since: Option<Moment>,
}

impl CaseArgs {
    pub(super) fn open(&self) -> Result<Opened, Failure> {
        let path = match &self.case {
            Some(path) => Some(path.as_path()),
            None => Some(Path::new(FILE_NAME)).filter(|path| path.is_file()),
        };
        let case = path
            .map(|path| {
                let case = Case::read(path)
                    .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
                Ok::<_, Failure>((path.to_owned(), case))
            })
            .transpose()?;
        let since = self.since.as_deref().map(str::parse).transpose();
        Ok(Opened {
            case,
            since: since.map_err(Failure::usage)?,
        })
    }
}

impl Opened {
    /// When the incident began.
    pub(super) fn began(&self) -> Option<Moment> {
        self.since
            .or_else(|| self.case.as_ref().and_then(|(_, case)| case.began()))
    }

    pub(super) fn leaked_keys(&self) -> Vec<&str> {
        let case = self.case.as_ref();
        case.map_or_else(Vec::new, |(_, case)| case.leaked_key_ids(PROVIDER))
    }

    pub(super) fn leaked_logins(&self) -> Vec<&str> {
        let case = self.case.as_ref();
        case.map_or_else(Vec::new, |(_, case)| case.leaked_logins(PROVIDER))
    }

    /// Ways out that the last look found open.
    pub(super) fn open_ways(&self) -> Vec<&str> {
        let openings = self.case.iter().flat_map(|(_, case)| &case.openings);
        let open = openings.filter(|opening| opening.closed.is_none() && opening.reach.is_out());
        open.map(|opening| opening.file.as_str()).collect()
    }

    /// When something was done last, by the journal.
    pub(super) fn last(&self, action: Action, subject: &str) -> Option<Moment> {
        let (_, case) = self.case.as_ref()?;
        Some(case.last(action, subject)?.at)
    }

    /// Looks in the journal for a change that a run was ended in: whether it was made is not known.
    pub(super) fn cut_short(
        &self,
        begun: (Action, &str),
        after: impl Fn(&Entry) -> bool,
    ) -> Option<&Entry> {
        let (_, case) = self.case.as_ref()?;
        case.cut_short(begun, after)
    }

    /// Whether the case speaks of a key: it leaked, or these commands made it or were about to delete it.
    pub(super) fn knows_key(&self, id: &str) -> bool {
        let begun = self.last(Action::KeyDeleting, id).is_some();
        begun || self.has_made(id) || self.leaked_keys().contains(&id)
    }

    /// Whether a key was made by these commands.
    pub(super) fn has_made(&self, id: &str) -> bool {
        self.last(Action::KeyCreated, id).is_some()
    }

    /// Notes that a change is about to be made: should this run be ended in between, the next one knows of it.
    pub(super) fn begins(&mut self, action: Action, subject: &str) -> Result<(), Failure> {
        self.note(action, subject, "")
            .map_err(|why| Failure::usage(format!("{why}; nothing was changed")))
    }

    /// Notes what was done.
    pub(super) fn journal(
        &mut self,
        action: Action,
        subject: &str,
        detail: &str,
    ) -> Result<(), Failure> {
        self.note(action, subject, detail)
            .map_err(|why| Failure::usage(format!("{why}; it was done all the same")))
    }

    fn note(&mut self, action: Action, subject: &str, detail: &str) -> Result<(), String> {
        let Some((path, case)) = &mut self.case else {
            return Ok(());
        };
        let entry = Entry::now("spillcheck mailgun", action, subject).with(detail);
        *case =
            Case::journal(path, entry).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(())
    }
}
