//! The report as formats see it: no secret is in it, and no text from a scanned file that has not
//! been through the redactor.

use std::time::Duration;

use memchr::memmem;
use sha2::{Digest as _, Sha256};

use super::{Report, ReportedCheck, ReportedRule, Run, Withheld};
use crate::finding::{
    Attribute, Confidence, Excerpt, Exposure, Finding, Occurrence, Reach, Reason, Redactor,
    RedactorError, Secret, Severity, Suppression, Way, hex,
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
    pub(super) exposures: Vec<Exposure>,
    /// What is not to be counted, and is to be shown all the same.
    pub(super) suppressed: Vec<Shown<'r>>,
    pub(super) suppressed_exposures: Vec<Exposure>,
    /// Sorted by id.
    pub(super) rules: &'r [ReportedRule],
    /// Sorted by id.
    pub(super) checks: &'r [ReportedCheck],
    pub(super) roots: Vec<DocumentRoot>,
    pub(super) coverage: Coverage,
    /// At least one.
    pub(super) runs: Vec<Run>,
    pub(super) withheld: Withheld,
    pub(super) notes: Vec<String>,
    /// Unknown for a report that was saved.
    pub(super) elapsed: Option<Duration>,
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
    pub(super) suppressed: Option<Suppression>,
    /// What is known of the rule, and its index in [`Clean::rules`].
    pub(super) definition: Option<(usize, &'r ReportedRule)>,
}

impl<'r> Clean<'r> {
    pub(super) fn new(report: &'r Report, plain: Plain) -> Result<Self, RedactorError> {
        let all = || report.findings.iter().chain(&report.suppressed.findings);
        let secrets = || all().map(|finding| &finding.secret);
        let net = Net {
            redactor: Redactor::new(secrets())?,
            names: Redactor::new(secrets().filter(|secret| !is_word(secret)))?,
        };
        let shown = |findings: &'r [Finding]| -> Vec<Shown<'r>> {
            let show = |finding| net.finding(finding, plain, &report.rules);
            findings.iter().map(show).collect()
        };
        let exposed = |exposures: &[Exposure]| -> Vec<Exposure> {
            let clean = |exposure| net.exposure(exposure);
            exposures.iter().map(clean).collect()
        };
        let (suppressed, suppressed_exposures) = if report.suppressed.shown {
            (
                shown(&report.suppressed.findings),
                exposed(&report.suppressed.exposures),
            )
        } else {
            (Vec::new(), Vec::new())
        };
        let mut clean = Self {
            findings: shown(&report.findings),
            exposures: exposed(&report.exposures),
            suppressed,
            suppressed_exposures,
            rules: &report.rules,
            checks: &report.checks,
            roots: report.roots.iter().map(|root| net.root(root)).collect(),
            coverage: net.coverage(&report.coverage),
            runs: Vec::new(),
            withheld: report.withheld,
            notes: report.notes.iter().map(|note| net.name(note)).collect(),
            elapsed: Some(report.elapsed),
        };
        clean.runs = vec![Run {
            id: clean.digest(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            paths: report.paths.iter().map(|path| net.name(path)).collect(),
            base: report.base.as_deref().map(|base| net.name(base)),
            baseline: report.baseline.as_deref().map(|file| net.name(file)),
            complete: !report.coverage.is_incomplete(),
            files: report.coverage.files,
            bytes: report.coverage.bytes,
            withheld: report.withheld,
        }];
        Ok(clean)
    }

    /// A hash of what was read and found.
    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        for finding in self.findings.iter().chain(&self.suppressed) {
            add(finding.rule);
            add(&finding.fingerprint);
            for place in &finding.occurrences {
                let at = &place.location;
                add(&format!("{}:{}+{}", at.path, at.offset, at.length));
            }
        }
        for exposure in self.exposures.iter().chain(&self.suppressed_exposures) {
            let line = exposure.line.unwrap_or(0);
            add(&exposure.check);
            add(&format!("{}:{line}", exposure.file));
            add(&exposure.message);
        }
        for skipped in &self.coverage.skipped {
            add(&skipped.path);
            add(skipped.reason.word());
        }
        hex(&hash.finalize()[..16])
    }

    /// Whether everything that should have been read was, in every run.
    pub(super) fn is_complete(&self) -> bool {
        self.runs.iter().all(|run| run.complete)
    }

    /// What paths are relative to, if that is known and the same in every run.
    pub(super) fn base(&self) -> Option<&str> {
        let (first, others) = self.runs.split_first()?;
        let base = first.base.as_deref()?;
        let same = |run: &Run| run.base.as_deref() == Some(base);
        others.iter().all(same).then_some(base)
    }

    /// A path as whoever knows the base names it.
    pub(super) fn relative<'p>(&self, path: &'p str) -> &'p str {
        let inside = self.base().and_then(|base| {
            let inside = path.strip_prefix(base.trim_end_matches('/'))?;
            inside.strip_prefix('/')
        });
        inside.unwrap_or(path)
    }

    /// Whether findings were compared with a baseline.
    pub(super) fn has_baseline(&self) -> bool {
        self.runs.iter().any(|run| run.baseline.is_some())
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
    pub(super) fn check(&self, exposure: &Exposure) -> Option<(usize, &'r ReportedCheck)> {
        let index = self
            .checks
            .binary_search_by(|check| check.id.cmp(&exposure.check))
            .ok()?;
        Some((index, &self.checks[index]))
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
        let index = rules.binary_search_by(|known| known.id.as_str().cmp(&finding.rule));
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
            suppressed: self.suppression(finding.suppressed.as_ref()),
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
        let archive = occurrence.location.archive.as_deref();
        clean.location.archive = archive.map(|name| self.name(name));
        clean.name = occurrence.name.as_deref().map(|name| self.name(name));
        clean.excerpt = self.excerpt(&occurrence.excerpt);
        if let Some(commits) = &mut clean.commits {
            for name in commits.refs.iter_mut().chain(&mut commits.remotes) {
                *name = self.name(name);
            }
        }
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

    fn suppression(&self, suppression: Option<&Suppression>) -> Option<Suppression> {
        let suppression = suppression?;
        let clean = |text: &Option<String>| text.as_deref().map(|text| self.text(text));
        Some(Suppression {
            by: suppression.by,
            source: clean(&suppression.source),
            reason: clean(&suppression.reason),
        })
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
            suppressed: self.suppression(exposure.suppressed.as_ref()),
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
            may_be_empty: coverage.may_be_empty,
        }
    }
}
