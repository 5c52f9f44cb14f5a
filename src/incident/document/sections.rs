//! The sections, in the order in which a reader asks.

use crate::finding::{Reach, Reason};
use crate::report::counted;

use super::super::case::{Case, Cause, Credential};
use super::super::steps::State;
use super::{Block, Item};

const NOT_STATED: &str = "not stated";

/// For the person who investigates.
pub(super) fn answer(case: &Case) -> Vec<Block> {
    let mut blocks = causes(case);
    blocks.extend(safe(case));
    blocks.extend(themes(case));
    blocks.extend(open(case));
    blocks
}

/// For the provider's support: statements that can be checked, each with what it rests on.
pub(super) fn report(case: &Case) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(
            1,
            "Incident report: compromised sending credentials".to_owned(),
        ),
        Block::Text(format!(
            "Written by spillcheck {} on {}. Credentials are named by their ids; no secret is in this report.",
            case.tool, case.updated
        )),
    ];
    blocks.extend(causes(case));
    blocks.push(Block::Heading(2, "Account and time".to_owned()));
    blocks.push(Block::Fields(account(case)));
    blocks.push(Block::Heading(2, "Affected credentials".to_owned()));
    blocks.push(affected(case));
    blocks.extend(evidence(case));
    blocks.push(Block::Heading(2, "What has been done".to_owned()));
    blocks.push(steps(case));
    blocks.extend(prevention(case));
    blocks.extend(safe(case));
    blocks.extend(themes(case));
    blocks.extend(open(case));
    blocks.push(Block::Heading(2, "What is asked for".to_owned()));
    blocks.push(Block::Text(request(case)));
    blocks
}

fn causes(case: &Case) -> Vec<Block> {
    let mut causes = case.answer.causes.iter();
    let mut blocks = vec![Block::Heading(2, "Most likely cause".to_owned())];
    let first = causes.next().filter(|cause| cause.reach >= Reach::Latent);
    let Some(first) = first else {
        blocks.push(Block::Text(
            "None was found: the cause is not in what was scanned. What was examined, and what was not, is listed below."
                .to_owned(),
        ));
        return blocks;
    };
    let certainty = match first.reach {
        Reach::ObservedLeak => "An access log shows it.",
        Reach::Reachable => {
            "The server's configuration lets it out; no log shows that someone fetched it."
        }
        Reach::Published => "It is in what is handed out.",
        Reach::Likely => "It is probable: the server's configuration was not there to be read.",
        _ => "It takes a second fault, such as an error that someone brings about.",
    };
    blocks.push(Block::Text(certainty.to_owned()));
    blocks.push(Block::List(vec![cause(case, first)]));
    let others: Vec<Item> = causes.map(|other| cause(case, other)).collect();
    if !others.is_empty() {
        blocks.push(Block::Heading(2, "Other ways out".to_owned()));
        blocks.push(Block::List(others));
    }
    blocks
}

fn cause(case: &Case, cause: &Cause) -> Item {
    let mut details = vec![cause.summary.clone()];
    details.extend(cause.because.iter().map(reason));
    if let (Some(first), Some(last)) = (cause.first_fetched, cause.last_fetched) {
        details.push(format!("first fetched {first}, last fetched {last}"));
    }
    let known = |fingerprint: &String| {
        case.credentials
            .iter()
            .find(|found| found.fingerprint == *fingerprint)
    };
    let out: Vec<String> = cause
        .credentials
        .iter()
        .filter_map(known)
        .map(named)
        .collect();
    if !out.is_empty() {
        details.push(format!("lets out: {}", out.join("; ")));
    }
    details.push(match cause.closed {
        Some(at) => format!("closed, as seen on {at}"),
        None if cause.reach.is_out() => "still open".to_owned(),
        None => "open to whoever brings about the second fault".to_owned(),
    });
    details.extend(cause.fix.iter().map(|fix| format!("to close it: {fix}")));
    details.extend(
        cause
            .settle
            .iter()
            .map(|settle| format!("what settles it: {settle}")),
    );
    Item {
        text: format!("{}: {} [{}]", cause.class, cause.file, cause.reach.word()),
        details,
    }
}

fn reason(reason: &Reason) -> String {
    match (&reason.file, reason.line) {
        (Some(file), Some(line)) => format!("{file}:{line}: {}", reason.directive),
        (Some(file), None) => format!("{file}: {}", reason.directive),
        _ => reason.directive.clone(),
    }
}

/// A credential by what may be told of it.
fn named(found: &Credential) -> String {
    let mut parts = vec![found.title.clone()];
    parts.extend(found.key_id.iter().map(|id| format!("key id {id}")));
    parts.extend(found.login.iter().map(|login| format!("login {login}")));
    if !found.domains.is_empty() {
        parts.push(format!("domain {}", found.domains.join(", ")));
    }
    parts.extend(found.region.iter().map(|region| format!("region {region}")));
    if found.key_id.is_none() && found.login.is_none() {
        parts.push(format!(
            "fingerprint {}",
            &found.fingerprint[..found.fingerprint.len().min(8)]
        ));
    }
    parts.join(", ")
}

fn account(case: &Case) -> Vec<(String, String)> {
    let stated = |text: &str| {
        if text.is_empty() {
            NOT_STATED.to_owned()
        } else {
            text.to_owned()
        }
    };
    let account = &case.account;
    let window = match case.began() {
        Some(began) => format!("from {began} on; this report is of {}", case.updated),
        None => "the begin is not known".to_owned(),
    };
    let fields = [
        ("Account", stated(&account.name)),
        ("Contact", stated(&account.contact)),
        ("Plan", stated(&account.plan)),
        ("Reseller", stated(&account.reseller)),
        ("Noticed", stated(&account.noticed)),
        ("Notice of the provider", stated(&account.notice)),
        (
            "First mail that was not ours",
            account
                .first_abuse
                .map_or_else(|| NOT_STATED.to_owned(), |at| at.to_string()),
        ),
        ("Time of the incident", window),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn affected(case: &Case) -> Block {
    let affected = case.credentials.iter().filter(|found| found.reach.is_out());
    let items: Vec<Item> = affected
        .map(|found| Item {
            text: format!("{} [{}]", named(found), found.reach.word()),
            details: found
                .places
                .iter()
                .take(10)
                .map(|place| format!("{}:{}", place.file, place.line))
                .collect(),
        })
        .collect();
    if items.is_empty() {
        return Block::Text(
            "None of the credentials in what was scanned got out, as far as could be told."
                .to_owned(),
        );
    }
    Block::List(items)
}

fn evidence(case: &Case) -> Vec<Block> {
    let sent = case.timeline.iter().map(Item::new).collect();
    let mut blocks = section("Evidence of sending", sent);
    blocks.push(Block::Heading(2, "Evidence of access logs".to_owned()));
    let Some(logs) = &case.logs else {
        blocks.push(Block::Text(
            "Not examined: no access log was read.".to_owned(),
        ));
        return blocks;
    };
    let range = match (logs.from, logs.to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        _ => "of no time".to_owned(),
    };
    let mut items = vec![Item::new(format!(
        "read: {} with {}, {range}; not understood: {}",
        counted(logs.files, "log"),
        counted(logs.lines, "line"),
        counted(logs.unparsed, "line")
    ))];
    items.extend(
        logs.gaps
            .iter()
            .map(|(from, to)| Item::new(format!("no line between {from} and {to}"))),
    );
    items.extend(logs.sessions.iter().map(Item::new));
    blocks.push(Block::List(items));
    blocks
}

/// `done on … (by …)`, `open`, `blocked: …`.
pub(super) fn state(state: &State) -> String {
    match state {
        State::Done { at, by } => format!("done on {at} ({by})"),
        State::Open => "open".to_owned(),
        State::Blocked(why) => format!("blocked: {why}"),
    }
}

fn steps(case: &Case) -> Block {
    let items = case.steps().into_iter().map(|step| Item {
        text: format!(
            "Step {}: {}: {}",
            step.number,
            step.title,
            state(&step.state)
        ),
        details: Vec::new(),
    });
    Block::List(items.collect())
}

fn prevention(case: &Case) -> Vec<Block> {
    let stated = &case.account.prevention;
    let items = match stated.as_slice() {
        [] => vec![Item::new(NOT_STATED)],
        stated => stated.iter().map(Item::new).collect(),
    };
    section("What keeps it from happening again", items)
}

fn safe(case: &Case) -> Vec<Block> {
    section(
        "Examined and safe",
        case.answer.safe.iter().map(Item::new).collect(),
    )
}

fn themes(case: &Case) -> Vec<Block> {
    let items = case.examined.iter().map(|theme| {
        let word = if theme.done {
            "examined"
        } else {
            "not examined"
        };
        Item::new(format!("{}: {word}: {}", theme.theme, theme.result))
    });
    section("What was examined", items.collect())
}

fn open(case: &Case) -> Vec<Block> {
    let items = case.answer.open_questions.iter().map(Item::new).collect();
    section("What could not be told, and what would settle it", items)
}

fn section(title: &str, items: Vec<Item>) -> Vec<Block> {
    if items.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(2, title.to_owned()), Block::List(items)]
}

fn request(case: &Case) -> String {
    let left = case
        .steps()
        .iter()
        .filter(|step| !step.state.is_done() && step.id != "report")
        .count();
    let asked = "to enable the account again, to lift limits that were set for the incident, and to drop queued mail that is \
                 not ours";
    match left {
        0 => format!("All steps are done. We ask {asked}."),
        1 => format!("One step is still to be done, as listed above; then we ask {asked}."),
        left => {
            format!("{left} steps are still to be done, as listed above; then we ask {asked}.")
        }
    }
}
