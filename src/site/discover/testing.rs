//! Trees in memory, indexed as a scan does it.

use std::collections::BTreeSet;

use crate::input::{Files as _, Kind, Memory};

use super::super::index::Index;
use super::super::model::{FileVerdict, Model};
use super::super::watch::Watch;
use super::{Settings, WANTS, discover};

/// What a scan would keep of these files.
pub(in crate::site) fn index_of(files: &Memory) -> Index {
    let watch = Watch::new(WANTS.iter().copied());
    let mut seen = BTreeSet::new();
    for name in files.all_names() {
        for (at, _) in name.match_indices('/') {
            if seen.insert(name[..at].to_owned()) {
                watch.saw(&name[..at], Kind::Directory);
            }
        }
        watch.saw(name, files.kind(name));
        if let Some(text) = files.read(name) {
            watch.read(name, &text);
        }
    }
    watch.finish()
}

/// A tree and its servers.
pub(in crate::site) struct Site {
    pub(in crate::site) files: Memory,
    pub(in crate::site) model: Model,
}

impl Site {
    pub(in crate::site) fn of(files: &[(&str, &str)]) -> Self {
        Self::with(files, &Settings::default())
    }

    pub(in crate::site) fn with(files: &[(&str, &str)], settings: &Settings) -> Self {
        Self::new(files.iter().copied().collect(), settings)
    }

    pub(in crate::site) fn new(files: Memory, settings: &Settings) -> Self {
        let model = discover(&files, &index_of(&files), settings);
        Self { files, model }
    }

    pub(in crate::site) fn look_up(&self, path: &str) -> FileVerdict {
        self.model.look_up(path, &self.files)
    }

    /// `served /.env`, `denied /.env (assumed)`; `none` if no URL leads there.
    pub(in crate::site) fn worst(&self, path: &str) -> String {
        let verdict = self.look_up(path);
        verdict.worst().map_or("none".to_owned(), |url| {
            let assumed = if url.assumed.is_some() {
                " (assumed)"
            } else {
                ""
            };
            format!("{} {}{assumed}", url.verdict.word(), url.url)
        })
    }

    /// `SERVER DIRECTORY-OF-THE-TREE URL`, sorted; a question mark behind what is assumed.
    pub(in crate::site) fn roots(&self) -> Vec<String> {
        let mut roots: Vec<String> = self
            .model
            .roots()
            .into_iter()
            .map(|root| {
                let path = root.path.map_or("-".to_owned(), |path| format!("[{path}]"));
                let mark = if root.assumed.is_some() { "?" } else { "" };
                format!("{} {path} {}{mark}", root.server, root.url)
            })
            .collect();
        roots.sort();
        roots
    }
}
