//! Files that a configuration includes: <https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_Configuration#Including-configuration-from-another-file>.

use crate::input::Files;

use super::super::path;

/// Files that include files that include files: no deeper.
const MAX_DEPTH: usize = 8;
/// More files are not read.
const MAX_FILES: usize = 200;

/// Where distributions have the configuration. In a tree it may lie anywhere, with what it includes beside it.
const HOME: &str = "/etc/lighttpd";

pub(super) struct Sources<'f> {
    files: &'f dyn Files,
    /// The directory of the main file: relative names start from it, those in included files as well.
    home: String,
    depth: usize,
    read: usize,
}

impl<'f> Sources<'f> {
    pub(super) fn new(main: &str, files: &'f dyn Files) -> Self {
        Self {
            files,
            home: path::parent(main).to_owned(),
            depth: 0,
            read: 0,
        }
    }

    /// The files that a name or a pattern stands for, with their texts, until [`Self::close`]. Nothing, if there are
    /// none or too many. A pattern that fits no file includes nothing.
    pub(super) fn open(&mut self, what: &str) -> Option<Vec<(String, String)>> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let names = self.names(what)?;
        self.read += names.len();
        if self.read > MAX_FILES {
            return None;
        }
        self.depth += 1;
        let texts = names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.files.text(&name)?)));
        Some(texts.collect())
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
    }

    fn names(&self, what: &str) -> Option<Vec<String>> {
        let in_home = path::below(HOME, what).or((!what.starts_with('/')).then_some(what));
        let beside = in_home.and_then(|inside| path::join(&self.home, inside));
        let candidates = [
            Some(what.to_owned()).filter(|name| name.starts_with('/')),
            beside,
        ];
        candidates.into_iter().flatten().find_map(|name| {
            let last = path::base(&name);
            if !last.contains(['*', '?', '[']) {
                return self.files.is_file(&name).then(|| vec![name]);
            }
            let directory = path::parent(&name);
            let glob = globset::Glob::new(last).ok()?.compile_matcher();
            self.files.is_directory(directory).then(|| {
                let mut names = self.files.list(directory);
                names.retain(|name| glob.is_match(name));
                names.sort();
                let inside = names.iter().map(|name| path::inside(directory, name));
                inside.filter(|name| self.files.is_file(name)).collect()
            })
        })
    }
}
