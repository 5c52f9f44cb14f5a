//! `spillcheck investigate`: everything that a scan does, and one answer.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum as _};

use crate::finding::{FingerprintKey, Moment, Reach, Redactor, without_keys};
use crate::incident::{
    self, Account, Action, Case, CaseError, Entry, Evidence, FILE_NAME, ReportForm, Repository,
};
use crate::report::Report;

use super::args::ReadArgs;
use super::exit::Exit;
use super::options::Options;
use super::scan::{HistoryPart, Manner, Timings, look, to_file};
use super::survey::Seen;
use super::{Failure, print, say, scanned};

#[derive(Debug, Args)]
pub(super) struct InvestigateArgs {
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    case: CaseArgs,
    /// Write the report for the provider's support: `md=report.md`, `html=report.html`, `json=report.json`; may be
    /// repeated
    #[arg(long = "report", value_name = "FORM=PATH", value_parser = parse_report)]
    reports: Vec<(ReportForm, PathBuf)>,
    #[command(flatten)]
    stated: StatedArgs,
    /// An export of Mailgun's logs or events, JSON or CSV: joins what was sent with what was fetched
    #[arg(long, value_name = "FILE")]
    mailgun_events: Option<PathBuf>,
}

/// What only people know. What is stated again replaces what was stated before.
#[derive(Debug, Args)]
struct StatedArgs {
    /// Name or number of the account at the provider
    #[arg(long, value_name = "TEXT")]
    account: Option<String>,
    /// Whom the provider answers
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// The plan of the account
    #[arg(long, value_name = "TEXT")]
    plan: Option<String>,
    /// Who sold the account, if it was not the provider: Heroku, for one
    #[arg(long, value_name = "TEXT")]
    reseller: Option<String>,
    /// When and how it was noticed
    #[arg(long, value_name = "TEXT")]
    noticed: Option<String>,
    /// What the provider's banner or mail says
    #[arg(long, value_name = "TEXT")]
    notice: Option<String>,
    /// What keeps it from happening again, such as an allowlist of addresses, a sending key for each domain, a hook before
    /// each commit; may be repeated
    #[arg(long, value_name = "TEXT")]
    prevention: Vec<String>,
    /// When the first mail was sent that was not yours: `2026-11-23T11:34:42Z`
    #[arg(long, value_name = "TIME")]
    first_abuse: Option<Moment>,
}

impl StatedArgs {
    fn fill(&self, account: &mut Account) {
        for (field, given) in [
            (&mut account.name, &self.account),
            (&mut account.contact, &self.contact),
            (&mut account.plan, &self.plan),
            (&mut account.reseller, &self.reseller),
            (&mut account.noticed, &self.noticed),
            (&mut account.notice, &self.notice),
        ] {
            if let Some(given) = given {
                field.clone_from(given);
            }
        }
        if !self.prevention.is_empty() {
            account.prevention.clone_from(&self.prevention);
        }
        account.first_abuse = self.first_abuse.or(account.first_abuse);
    }
}

/// A longer export is not read.
const MAX_EXPORT: u64 = 512 * 1024 * 1024;

fn events(path: &Path) -> io::Result<Vec<u8>> {
    let mut export = Vec::new();
    let file = crate::input::open_regular(path)?;
    file.take(MAX_EXPORT + 1).read_to_end(&mut export)?;
    if export.len() as u64 > MAX_EXPORT {
        return Err(io::Error::other(format!(
            "it is longer than {MAX_EXPORT} bytes"
        )));
    }
    Ok(export)
}

#[derive(Debug, Args)]
pub(super) struct CaseArgs {
    /// The case file
    #[arg(long = "case", value_name = "FILE", default_value = FILE_NAME)]
    pub(super) file: PathBuf,
}

pub(super) fn run(args: &InvestigateArgs) -> Result<Exit, Failure> {
    let path = &args.case.file;
    let mut case = read_or_open(path)?;
    let (report, found) = look_into(&args.read, &case)?;
    if path.exists() {
        // That took a while, and other commands note in it what they do.
        case = read(path)?;
    }
    take(&mut case, found);
    case.scan = scanned::kept(&args.read);
    args.stated.fill(&mut case.account);
    if let Some(file) = &args.mailgun_events {
        let failed = |why: String| Failure::usage(format!("the export {}: {why}", file.display()));
        let export = events(file).map_err(|error| failed(error.to_string()))?;
        incident::join_events(&mut case, &export).map_err(failed)?;
    }
    case.redact(&redactor(&report)?);
    // After that: half of a known secret would not be known any more.
    for text in case.account.texts() {
        *text = without_keys(text);
    }
    for (_, file) in &args.reports {
        let subject = file.display().to_string();
        case.append(Entry::now(
            "spillcheck investigate",
            Action::Reported,
            subject,
        ));
    }
    for (form, file) in &args.reports {
        let text = incident::report(&case, *form).map_err(Failure::internal)?;
        to_file(file, |out| out.write_all(text.as_bytes()))?;
    }
    case.write(path).map_err(|error| failed(path, &error))?;
    print(incident::answer(&case).as_bytes())?;
    say(&format!(
        "the case is kept in {}; `spillcheck respond` goes through what is to be done",
        path.display()
    ));
    let is_out = case
        .answer
        .causes
        .iter()
        .any(|cause| cause.reach >= Reach::Likely);
    Ok(match (is_out, report.coverage.is_incomplete()) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::Incomplete,
        (false, false) => Exit::Clean,
    })
}

/// Looks at everything with the key of a case, and gives what was found as a case of its own, without secrets.
pub(super) fn look_into(read: &ReadArgs, case: &Case) -> Result<(Report, Case), Failure> {
    let mut options = Options::resolve(read)?;
    options.judgement.key = FingerprintKey::new(case.fingerprint_key.as_bytes());
    options.for_incident = true;
    let manner = Manner {
        progress: true,
        line_hashes: false,
        history: read.git.history.then(HistoryPart::beside),
    };
    let looked = look(read, options, &manner, &mut Timings::start(false))?;
    let mut found = Case::open().map_err(Failure::internal)?;
    incident::investigate(
        &mut found,
        &looked.report,
        &evidence(&looked.seen, read.git.history),
    );
    found.redact(&redactor(&looked.report)?);
    Ok((looked.report, found))
}

fn redactor(report: &Report) -> Result<Redactor, Failure> {
    let all = report.findings.iter().chain(&report.suppressed.findings);
    Redactor::new(all.map(|finding| &finding.secret)).map_err(Failure::internal)
}

fn evidence(seen: &Seen, history: bool) -> Evidence<'_> {
    Evidence {
        frameworks: &seen.frameworks,
        servers: &seen.servers,
        logs: seen.logs.as_ref(),
        sent: &seen.sent,
        repository: Repository {
            is_there: seen.is_repository,
            remotes: &seen.remotes,
            history,
        },
    }
}

/// What was found takes the place of what an earlier investigation found.
fn take(case: &mut Case, found: Case) {
    case.answer = found.answer;
    case.credentials = found.credentials;
    case.openings = found.openings;
    case.logs = found.logs;
    case.examined = found.examined;
    case.tool = found.tool;
    for entry in found.journal {
        case.append(entry);
    }
}

fn read_or_open(path: &Path) -> Result<Case, Failure> {
    if path.exists() {
        read(path)
    } else {
        Case::open().map_err(Failure::internal)
    }
}

pub(super) fn read(path: &Path) -> Result<Case, Failure> {
    Case::read(path).map_err(|error| failed(path, &error))
}

/// Changes the case as it stands in its file now.
pub(super) fn update(path: &Path, change: impl FnOnce(&mut Case)) -> Result<Case, Failure> {
    Case::update(path, change).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &CaseError) -> Failure {
    Failure::usage(format!("the case file {}: {error}", path.display()))
}

fn parse_report(text: &str) -> Result<(ReportForm, PathBuf), String> {
    match text.split_once('=') {
        Some((form, path)) if !path.is_empty() => {
            Ok((ReportForm::from_str(form, true)?, PathBuf::from(path)))
        }
        _ => Err("write it as FORM=PATH, such as `md=report.md`".to_owned()),
    }
}
