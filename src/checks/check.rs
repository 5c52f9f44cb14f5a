//! What a check is.

use crate::finding::{Confidence, Exposure, Reach, Reason, Severity};
use crate::site::{FileVerdict, UrlVerdict, Verdict, Want};

use super::context::Context;

/// A check: a misconfiguration, or a leftover, that lets credentials out. One file each, which holds this value and
/// the function that it names.
#[derive(Debug)]
pub struct Check {
    /// What reports and configuration call it: `env-variant`. Its first word is the group.
    pub id: &'static str,
    /// Its number in the catalogue: `ENV-002`.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Why it is bad, in sentences.
    pub description: &'static str,
    /// How bad it is in general; a finding may be more or less so.
    pub severity: Severity,
    /// CWE numbers.
    pub cwe: &'static [u32],
    /// What to do about it.
    pub fix: &'static str,
    /// Where it is documented.
    pub references: &'static [&'static str],
    /// Which files it wants to hear of.
    pub wants: &'static [Want],
    /// Looks, and reports what it finds.
    pub run: fn(&Context<'_>, &mut Findings),
}

/// What a check has found so far.
#[derive(Debug)]
pub struct Findings {
    check: &'static Check,
    found: Vec<Exposure>,
}

impl Findings {
    pub(super) fn of(check: &'static Check) -> Self {
        Self {
            check,
            found: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<Exposure> {
        self.found
    }

    /// Reports something in a file. It has the check's severity and high confidence until told otherwise.
    pub fn report(&mut self, file: &str, message: impl Into<String>) -> &mut Exposure {
        self.found.push(Exposure {
            check: self.check.id.to_owned(),
            title: self.check.title.to_owned(),
            severity: self.check.severity,
            confidence: Confidence::High,
            file: file.to_owned(),
            line: None,
            message: message.into(),
            because: Vec::new(),
            urls: Vec::new(),
            exposes: Vec::new(),
            reach: Reach::Latent,
            suppressed: None,
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

impl Exposure {
    /// On this line, from 1.
    pub fn at_line(&mut self, line: u32) -> &mut Self {
        self.line = Some(line);
        self
    }

    /// More or less bad than the check is in general.
    pub fn severe(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Less sure.
    pub fn sure(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = confidence;
        self
    }

    /// One more link of the chain, if it is not in it.
    pub fn because(&mut self, reason: Reason) -> &mut Self {
        if !self.because.contains(&reason) {
            self.because.push(reason);
        }
        self
    }

    /// By this, the credentials in a file get out, as far as [`Self::reaching`] says.
    pub fn exposing(&mut self, file: &str) -> &mut Self {
        self.exposes.push(file.to_owned());
        self
    }

    /// The credentials of the files that are exposed get so far by it: [`Reach::Latent`] until told otherwise.
    pub fn reaching(&mut self, reach: Reach) -> &mut Self {
        self.reach = reach;
        self
    }

    /// Under these URLs a server sends it: adds them with their chain. Where it is only assumed to, the finding is
    /// less sure.
    pub fn served(&mut self, file: &FileVerdict) -> &mut Self {
        let is_served = |url: &&UrlVerdict| url.verdict == Verdict::Served;
        if let Some(first) = file.urls.iter().find(is_served) {
            for reason in &first.because {
                self.because(reason.clone());
            }
            if first.assumed.is_some() {
                self.confidence = self.confidence.min(Confidence::Medium);
            }
        }
        for url in file.urls.iter().filter(is_served) {
            if !self.urls.contains(&url.url) {
                self.urls.push(url.url.clone());
            }
        }
        self
    }
}
