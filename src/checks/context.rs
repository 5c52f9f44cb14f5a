//! What checks look at.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::aside::is_aside;
use super::names::is_for_development;
use super::start::{Start, starts};
use crate::finding::{GitState, Severity};
use crate::input::Files;
use crate::site::advisories::Advisories;
use crate::site::packages::Packages;
use crate::site::{Checksums, FileVerdict, Index, Model, path};

/// A credential that was found, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credential {
    /// The line, from 1.
    pub line: u64,
    /// The id of the rule that found it.
    pub rule: String,
    /// How bad it is to lose it.
    pub severity: Severity,
    /// The name that it is assigned to, as written.
    pub name: Option<String>,
    /// The same for the same secret, wherever it stands.
    pub identity: u64,
}

/// The credentials of a tree by file, as reports name it; those of a file sorted by line.
pub type Credentials = BTreeMap<String, Vec<Credential>>;

/// How git sees a file, as reports name it.
pub type GitView<'c> = &'c (dyn Fn(&str) -> GitState + Sync);

/// What checks look at. All names of files are those that reports use.
pub struct Context<'c> {
    /// The files of the tree.
    pub files: &'c dyn Files,
    /// Those that any check wanted to hear of.
    pub index: &'c Index,
    /// The servers.
    pub model: &'c Model,
    /// What the scan found.
    pub credentials: &'c Credentials,
    /// How git sees a file.
    pub git: GitView<'c>,
    /// Which packages are vulnerable: our own table until told otherwise.
    pub advisories: &'c Advisories,
    /// What WordPress ships, if the user says it.
    pub checksums: Option<&'c Checksums>,
    verdicts: RwLock<HashMap<String, Arc<FileVerdict>>>,
    packages: OnceLock<Packages>,
    starts: OnceLock<Vec<Start>>,
    own: OnceLock<Vec<&'c str>>,
}

impl<'c> Context<'c> {
    /// Puts it together.
    pub fn new(
        files: &'c dyn Files,
        index: &'c Index,
        model: &'c Model,
        credentials: &'c Credentials,
        git: GitView<'c>,
    ) -> Self {
        Self {
            files,
            index,
            model,
            credentials,
            git,
            advisories: Advisories::builtin(),
            checksums: None,
            verdicts: RwLock::default(),
            packages: OnceLock::new(),
            starts: OnceLock::new(),
            own: OnceLock::new(),
        }
    }

    /// What the servers make of a file. Remembered.
    pub fn verdict(&self, path: &str) -> Arc<FileVerdict> {
        let known = self.verdicts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(path) {
            return Arc::clone(known);
        }
        drop(known);
        let verdict = Arc::new(self.model.look_up(path, self.files));
        let mut known = self
            .verdicts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(path.to_owned()).or_insert(verdict))
    }

    /// The packages of the tree. Read once.
    pub fn packages(&self) -> &Packages {
        self.packages
            .get_or_init(|| Packages::of(self.files, self.index))
    }

    /// The commands that start applications, in order of the files. Read once.
    pub(super) fn starts(&self) -> &[Start] {
        self.starts.get_or_init(|| starts(self))
    }

    /// The credentials in a file.
    pub fn credentials_in(&self, path: &str) -> &[Credential] {
        self.credentials.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether a file lies, in the scanned directory, in directories of these names: `storage/logs`.
    pub fn is_in(&self, path: &str, directories: &str) -> bool {
        path::lies_in(self.index.inside(path), directories)
    }

    /// Whether a path ends, in the scanned directory, in these names: `app/etc/env.php`.
    pub fn is_at(&self, path: &str, end: &str) -> bool {
        let before = self.index.inside(path).strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    }

    /// Whether a file is for development, by its name and that of its directory.
    pub fn is_for_development(&self, path: &str) -> bool {
        is_for_development(self.index.inside(path))
    }

    /// How bad something is in a file, given how bad it is where others are served.
    pub fn severity_where(&self, path: &str, elsewhere: Severity) -> Severity {
        if self.is_for_development(path) {
            Severity::Low
        } else {
            elsewhere
        }
    }

    /// The same in a compose file, which most people use for development, unless its name says otherwise.
    pub fn severity_in_compose(&self, path: &str, mostly: Severity) -> Severity {
        let is_production = self.index.inside(path).contains("prod");
        self.severity_where(
            path,
            if is_production {
                Severity::High
            } else {
                mostly
            },
        )
    }

    /// Whether a file is not part of the application itself: tests, documentation, installed packages.
    pub fn is_aside(&self, path: &str) -> bool {
        is_aside(self.index.inside(path))
    }

    /// What is part of the application itself, of all that any check wanted to hear of; sorted by path. Told once: many
    /// checks look through it.
    pub fn own_files(&self) -> impl Iterator<Item = &'c str> + '_ {
        let own = self.own.get_or_init(|| {
            let all = self.index.all().map(|(path, _)| path);
            all.filter(|path| !self.is_aside(path)).collect()
        });
        own.iter().copied()
    }

    /// Whether any server, or an assumption about one, is known.
    pub fn has_servers(&self) -> bool {
        !self.model.servers().is_empty()
    }
}
