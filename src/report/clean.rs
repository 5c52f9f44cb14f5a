//! The report as formats see it: no secret is in it, and no text from a scanned file that has not
//! been through the redactor.

use std::time::Duration;

use memchr::memmem;

use super::{Report, ReportedRule, Withheld};
use crate::checks::Check;
use crate::finding::{
    Attribute, Confidence, Excerpt, Exposure, Finding, Occurrence, Reach, Reason, Redactor,
    RedactorError, Secret, Severity, Way,
};
use crate::input::{Coverage, Skipped};
use crate::site::DocumentRoot;

/// Secrets of small letters from this length on are no words.
const LONGEST_WORD: usize = 16;

/// This many bytes of a secret give nothing away.
const MAX_SHARED: usize = 5;

/// The one attribute that is a part of its secret and shown on purpose: the provider's own lists
/// name a key by it.
const KEY_ID: &str = "key id";

/// Whether the credentials themselves are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Hidden,
    Shown,
}

/// A report that may be written.
#[derive(Debug)]
pub(super) struct Clean<'r> {
    pub(super) findings: Vec<Shown<'r>>,
    pub(super) rules: &'r [ReportedRule],
    pub(super) exposures: Vec<Exposure>,
    pub(super) checks: &'r [&'static Check],
    pub(super) roots: Vec<DocumentRoot>,
    pub(super) coverage: Coverage,
    pub(super) withheld: Withheld,
    pub(super) notes: Vec<String>,
    pub(super) base: Option<String>,
    pub(super) elapsed: Duration,
}

/// A finding that may be written.
#[derive(Debug)]
pub(super) struct Shown<'r> {
    pub(super) rule: &'r str,
    pub(super) title: &'r str,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) fingerprint: String,
    pub(super) mask: String,
    /// The credential itself; only with [`Plain::Shown`].
    pub(super) plain: Option<String>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) occurrences: Vec<Occurrence>,
    pub(super) reach: Reach,
    /// Those that lead out first.
    pub(super) ways: Vec<Way>,
    /// What is known of the rule, and its index in [`Clean::rules`].
    pub(super) definition: Option<(usize, &'r ReportedRule)>,
}

impl<'r> Clean<'r> {
    pub(super) fn new(report: &'r Report, plain: Plain) -> Result<Self, RedactorError> {
        let secrets = || report.findings.iter().map(|finding| &finding.secret);
        let net = Net {
            redactor: Redactor::new(secrets())?,
            names: Redactor::new(secrets().filter(|secret| !is_word(secret)))?,
        };
        let show = |finding| net.finding(finding, plain, &report.rules);
        Ok(Self {
            findings: report.findings.iter().map(show).collect(),
            rules: &report.rules,
            exposures: report
                .exposures
                .iter()
                .map(|exposure| net.exposure(exposure))
                .collect(),
            checks: &report.checks,
            roots: report.roots.iter().map(|root| net.root(root)).collect(),
            coverage: net.coverage(&report.coverage),
            withheld: report.withheld,
            notes: report.notes.iter().map(|note| net.name(note)).collect(),
            base: report.base.as_deref().map(|base| net.name(base)),
            elapsed: report.elapsed,
        })
    }

    /// How many findings and exposures have this severity.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.severities().filter(|&found| found == severity).count()
    }

    /// How bad everything is that was found.
    pub(super) fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.exposures.iter().map(|exposure| exposure.severity))
    }

    /// How many things were found.
    pub(super) fn total(&self) -> usize {
        self.findings.len() + self.exposures.len()
    }

    /// What is known of the check that found something, and its index in [`Self::checks`].
    pub(super) fn check(&self, exposure: &Exposure) -> Option<(usize, &'static Check)> {
        let index = self
            .checks
            .iter()
            .position(|check| check.id == exposure.check)?;
        Some((index, self.checks[index]))
    }
}

impl Shown<'_> {
    /// The first place; the others are further ones.
    pub(super) fn primary(&self) -> Option<&Occurrence> {
        self.occurrences.first()
    }
}

struct Net {
    redactor: Redactor,
    /// For paths, names and attributes: a report must say where, and a password such as `wordpress` or
    /// `postgres` is part of many paths and names without being given away by them.
    names: Redactor,
}

/// Whether a password could be part of a name: small letters only, and not many of them.
fn is_word(secret: &Secret) -> bool {
    let bytes = secret.expose();
    bytes.len() < LONGEST_WORD && bytes.iter().all(u8::is_ascii_lowercase)
}

impl Net {
    fn name(&self, text: &str) -> String {
        self.names.redact(text).into_owned()
    }

    fn text(&self, text: &str) -> String {
        self.redactor.redact(text).into_owned()
    }

    fn finding<'r>(
        &self,
        finding: &'r Finding,
        plain: Plain,
        rules: &'r [ReportedRule],
    ) -> Shown<'r> {
        let index = rules.binary_search_by(|known| known.rule.id.as_str().cmp(&finding.rule));
        let secret = &finding.secret;
        Shown {
            rule: &finding.rule,
            title: &finding.title,
            severity: finding.severity,
            confidence: finding.confidence,
            fingerprint: finding.fingerprint.to_string(),
            mask: secret.mask(),
            plain: (plain == Plain::Shown)
                .then(|| String::from_utf8_lossy(secret.expose()).into_owned()),
            attributes: finding
                .attributes
                .iter()
                .filter_map(|attribute| self.attribute(attribute, secret))
                .collect(),
            occurrences: finding
                .occurrences
                .iter()
                .map(|occurrence| self.occurrence(occurrence))
                .collect(),
            reach: finding.reach,
            ways: finding.ways.iter().map(|way| self.way(way)).collect(),
            definition: index.ok().map(|index| (index, &rules[index])),
        }
    }

    /// An attribute that is a part of its own secret is left out, but for a key id at the end of a key.
    fn attribute(&self, attribute: &Attribute, secret: &Secret) -> Option<Attribute> {
        let value = attribute.value.as_bytes();
        let is_key_id = attribute.name == KEY_ID && secret.expose().ends_with(value);
        let shares = |window: &[u8]| memmem::find(secret.expose(), window).is_some();
        let value = if is_key_id {
            attribute.value.clone()
        } else if value.windows(MAX_SHARED + 1).any(shares) {
            return None;
        } else {
            self.name(&attribute.value)
        };
        Some(Attribute {
            name: attribute.name.clone(),
            value,
        })
    }

    fn occurrence(&self, occurrence: &Occurrence) -> Occurrence {
        let mut clean = occurrence.clone();
        clean.location.path = self.name(&occurrence.location.path);
        clean.name = occurrence.name.as_deref().map(|name| self.name(name));
        clean.excerpt = self.excerpt(&occurrence.excerpt);
        clean
    }

    /// If something in the marked line was still to be masked, the mark moves along with the text
    /// before it.
    fn excerpt(&self, excerpt: &Excerpt) -> Excerpt {
        let mut clean = excerpt.clone();
        clean.lines = excerpt.lines.iter().map(|line| self.text(line)).collect();
        let before = excerpt.lines.get(excerpt.marked_line);
        let after = clean.lines.get(excerpt.marked_line);
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            let head: String = before.chars().take(excerpt.mark_start).collect();
            let len = after.chars().count();
            clean.mark_start = self.redactor.redact(&head).chars().count().min(len);
            clean.mark_len = excerpt.mark_len.min(len - clean.mark_start);
        }
        clean
    }

    fn reasons(&self, reasons: &[Reason]) -> Vec<Reason> {
        let clean = |reason: &Reason| Reason {
            file: reason.file.as_deref().map(|file| self.name(file)),
            line: reason.line,
            directive: self.text(&reason.directive),
        };
        reasons.iter().map(clean).collect()
    }

    fn way(&self, way: &Way) -> Way {
        Way {
            reach: way.reach,
            file: self.name(&way.file),
            summary: self.name(&way.summary),
            url: way.url.as_deref().map(|url| self.name(url)),
            check: way.check.clone(),
            because: self.reasons(&way.because),
            settle: way.settle.as_deref().map(|settle| self.name(settle)),
        }
    }

    fn exposure(&self, exposure: &Exposure) -> Exposure {
        Exposure {
            file: self.name(&exposure.file),
            message: self.name(&exposure.message),
            because: self.reasons(&exposure.because),
            urls: exposure.urls.iter().map(|url| self.name(url)).collect(),
            exposes: exposure
                .exposes
                .iter()
                .map(|file| self.name(file))
                .collect(),
            ..exposure.clone()
        }
    }

    fn root(&self, root: &DocumentRoot) -> DocumentRoot {
        DocumentRoot {
            server_path: self.name(&root.server_path),
            path: root.path.as_deref().map(|path| self.name(path)),
            url: self.name(&root.url),
            because: self.reasons(&root.because),
            assumed: root.assumed.as_deref().map(|why| self.name(why)),
            ..root.clone()
        }
    }

    fn coverage(&self, coverage: &Coverage) -> Coverage {
        let clean = |skipped: &Skipped| Skipped {
            path: self.name(&skipped.path),
            reason: skipped.reason,
            detail: skipped.detail.as_deref().map(|detail| self.name(detail)),
        };
        Coverage {
            files: coverage.files,
            bytes: coverage.bytes,
            skipped: coverage.skipped.iter().map(clean).collect(),
        }
    }
}
