//! From everything that was looked at to one answer: how the credentials got out.

mod causes;
mod credentials;
mod themes;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{GitState, Moment, Reach};
use crate::logs::Examined as LogsSeen;
use crate::report::{Report, ReportedCheck};
use crate::site::Framework;

use super::case::{Answer, Case, LogsExamined, Opening};
use super::journal::{Action, Entry};

/// More are not told of.
const MAX_SESSIONS: usize = 50;
const MAX_GAPS: usize = 50;
/// So many sentences on what is safe, and on what is open.
const MAX_SENTENCES: usize = 40;

/// The first and the last time that something was sent, by the file that it is about and the check that knows of it.
pub type Sent = BTreeMap<(String, Option<String>), (Moment, Moment)>;

/// What was looked at, beside the report.
#[derive(Debug)]
pub struct Evidence<'e> {
    /// Frameworks and applications in the tree.
    pub frameworks: &'e [Framework],
    /// What servers there are, by their words: `apache`, `nginx`, `express`.
    pub servers: &'e BTreeSet<String>,
    /// What the access logs say, if there were any.
    pub logs: Option<&'e LogsSeen>,
    /// When what was sent, by the file and the check that knows of it, if one does.
    pub sent: &'e Sent,
    /// Hosts that repositories of the tree are pushed to, and whether there is a repository at all.
    pub repository: Repository<'e>,
}

/// What is known of git.
#[derive(Debug)]
pub struct Repository<'e> {
    /// Some file of the tree is in a work tree.
    pub is_there: bool,
    /// Where it is pushed to, with hosts where they are known.
    pub remotes: &'e BTreeSet<String>,
    /// Whether its history was looked through.
    pub history: bool,
}

/// Puts what an investigation found into a case, in the place of what an earlier one did. What persons have said and
/// programs have done stays.
pub fn investigate(case: &mut Case, report: &Report, evidence: &Evidence<'_>) {
    case.credentials = credentials::of(report);
    case.openings = openings(report);
    case.logs = evidence.logs.map(logs);
    case.answer = Answer {
        causes: causes::of(report, evidence.sent),
        safe: safe(report),
        open_questions: open_questions(report, evidence),
    };
    case.examined = themes::of(report, evidence);
    let leaks = case
        .answer
        .causes
        .iter()
        .filter(|cause| cause.reach == Reach::ObservedLeak);
    let detail = format!(
        "{} credentials, {} ways out, {} of them seen in use",
        case.credentials.len(),
        case.answer.causes.len(),
        leaks.count()
    );
    case.tool = env!("CARGO_PKG_VERSION").to_owned();
    case.append(Entry::now("spillcheck investigate", Action::Investigated, "").with(detail));
}

/// The fix that a check knows.
fn fix(report: &Report, check: &str) -> Option<String> {
    let found = |known: &&ReportedCheck| known.id == check;
    report
        .checks
        .iter()
        .find(found)
        .map(|known| known.fix.clone())
}

fn openings(report: &Report) -> Vec<Opening> {
    let openings = report.exposures.iter().map(|exposure| Opening {
        check: exposure.check.clone(),
        title: exposure.title.clone(),
        severity: exposure.severity,
        reach: exposure.reach,
        file: exposure.file.clone(),
        line: exposure.line,
        message: exposure.message.clone(),
        urls: exposure.urls.clone(),
        fix: fix(report, &exposure.check).unwrap_or_default(),
        closed: None,
    });
    openings.collect()
}

fn logs(seen: &LogsSeen) -> LogsExamined {
    let (lines, unparsed) = seen.logs.iter().fold((0, 0), |(lines, unparsed), log| {
        (lines + log.1, unparsed + log.2)
    });
    LogsExamined {
        files: seen.logs.len() as u64,
        lines,
        unparsed,
        from: seen.from,
        to: seen.to,
        gaps: seen.gaps.iter().copied().take(MAX_GAPS).collect(),
        sessions: seen
            .sessions
            .iter()
            .take(MAX_SESSIONS)
            .map(ToString::to_string)
            .collect(),
    }
}

/// Credentials that are kept in, and why.
fn safe(report: &Report) -> Vec<String> {
    let kept = report
        .findings
        .iter()
        .filter(|finding| finding.reach == Reach::Contained);
    let sentences: BTreeSet<String> = kept
        .filter_map(|finding| {
            let way = finding.ways.first()?;
            let why: Vec<&str> = finding
                .ways
                .iter()
                .filter(|way| way.reach == Reach::Contained)
                .map(|way| way.summary.as_str())
                .take(3)
                .collect();
            Some(format!("{}: {}", way.file, why.join("; ")))
        })
        .collect();
    sentences.into_iter().take(MAX_SENTENCES).collect()
}

/// What nothing that was read decides.
fn open_questions(report: &Report, evidence: &Evidence<'_>) -> Vec<String> {
    let mut questions = BTreeSet::new();
    for finding in &report.findings {
        for way in finding.ways.iter().filter(|way| way.reach <= Reach::Likely) {
            if let Some(settle) = &way.settle {
                questions.insert(format!("{}: {}: {settle}", way.file, way.summary));
            }
        }
    }
    let mut questions: Vec<String> = questions.into_iter().take(MAX_SENTENCES).collect();
    if report.findings.iter().any(|finding| {
        let places = finding.occurrences.iter();
        places.clone().count() > 0 && places.clone().any(|place| place.git == GitState::Tracked)
    }) && !evidence.repository.history
    {
        questions.push(
            "whether anyone read the repository: who has access to its remote, and whether it was ever public".to_owned(),
        );
    }
    match evidence.logs.and_then(|logs| logs.from.zip(logs.to)) {
        Some((from, to)) => questions.push(format!(
            "what was fetched before {from} and after {to}: the access logs do not say; older ones settle it"
        )),
        None => questions.push(
            "whether anything was fetched: no access log was read; --access-log with the web server's logs settles it"
                .to_owned(),
        ),
    }
    questions.push(
        "what no file tells: bodies of POST requests, rules of a CDN or firewall in front, computers of the people who \
         know a credential"
            .to_owned(),
    );
    questions
}
