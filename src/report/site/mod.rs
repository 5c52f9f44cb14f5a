//! What `spillcheck site` shows: the servers of a tree, and what they make of files and URLs.

mod human;
mod json;

use std::io::{self, Write};

use crate::finding::{Reason, Redactor};
use crate::site::{DocumentRoot, FileVerdict, Framework, UrlAnswer, UrlVerdict};

pub use json::schema as site_schema;

/// Everything that is shown of a site.
#[derive(Debug, Default)]
pub struct SiteReport {
    /// Every document root and alias.
    pub roots: Vec<DocumentRoot>,
    /// Frameworks and applications.
    pub frameworks: Vec<Framework>,
    /// What the servers make of the files that were asked for.
    pub files: Vec<FileVerdict>,
    /// What they answer to the URLs that were asked for.
    pub urls: Vec<UrlAnswer>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

impl SiteReport {
    /// Writes it for people.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_human(&self, out: &mut dyn Write) -> io::Result<()> {
        human::write(self, out)
    }

    /// Writes it for programs.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(self, out)
    }

    /// The files that say how the servers are known and what they do.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let roots = self.roots.iter().flat_map(|root| &root.because);
        let frameworks = self.frameworks.iter().flat_map(|known| &known.because);
        let files = self.files.iter().flat_map(|file| &file.urls);
        let verdicts = files.chain(self.urls.iter().map(|answer| &answer.verdict));
        roots
            .chain(frameworks)
            .chain(verdicts.flat_map(|verdict| &verdict.because))
            .filter_map(|reason| reason.file.as_deref())
    }

    /// Takes secrets out of everything that repeats what a file says.
    pub fn redact(&mut self, redactor: &Redactor) {
        let reasons = |because: &mut Vec<Reason>| {
            for reason in because {
                clean(&mut reason.directive, redactor);
            }
        };
        for root in &mut self.roots {
            reasons(&mut root.because);
        }
        for framework in &mut self.frameworks {
            reasons(&mut framework.because);
        }
        let files = self.files.iter_mut().flat_map(|file| &mut file.urls);
        let urls = self.urls.iter_mut().map(|answer| &mut answer.verdict);
        let verdicts: Vec<&mut UrlVerdict> = files.chain(urls).collect();
        for verdict in verdicts {
            reasons(&mut verdict.because);
            if let Some(settle) = &mut verdict.settle {
                clean(settle, redactor);
            }
        }
        for note in &mut self.notes {
            clean(note, redactor);
        }
    }
}

fn clean(text: &mut String, redactor: &Redactor) {
    *text = redactor.redact(text).into_owned();
}
