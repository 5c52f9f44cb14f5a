//! What makes a step done, and what does not.

use super::super::case::Place;
use super::super::journal::Attestation;
use super::*;
use crate::finding::Severity;

const ID: &str = "3af52e3b-7c19d0e4";

fn case() -> Case {
    let mut case = Case::open().unwrap();
    case.credentials.push(Credential {
        fingerprint: "f".to_owned(),
        rule: "mailgun-api-key".to_owned(),
        title: "Mailgun API key".to_owned(),
        provider: "mailgun".to_owned(),
        severity: Severity::Critical,
        reach: Reach::Reachable,
        key_id: Some(ID.to_owned()),
        login: None,
        domains: Vec::new(),
        region: None,
        places: vec![Place {
            file: ".env".to_owned(),
            line: 1,
            name: None,
        }],
        rotate: String::new(),
        rotate_steps: Vec::new(),
        rotate_urls: Vec::new(),
        gone: None,
    });
    case
}

fn note(case: &mut Case, at: i64, action: Action, subject: &str) {
    let mut entry = Entry::now("a test", action, subject);
    entry.at = Moment(at);
    case.append(entry);
}

fn attest(case: &mut Case, at: i64, id: &str) {
    let said = Attestation {
        at: Moment(at),
        note: String::new(),
    };
    case.attested.insert(id.to_owned(), said);
}

fn is_done(case: &Case, id: &str) -> bool {
    let steps = case.steps();
    let step = steps.iter().find(|step| step.id == id).unwrap();
    step.state.is_done()
}

#[test]
fn a_report_that_was_written_was_not_sent() {
    let mut case = case();
    note(&mut case, 10, Action::Reported, "report.md");
    assert!(!is_done(&case, "report"));
    let steps = case.steps();
    let step = steps.iter().find(|step| step.id == "report").unwrap();
    assert!(step.how[0].starts_with("report.md was written on"));
    attest(&mut case, 20, "report");
    assert!(is_done(&case, "report"));
}

#[test]
fn a_key_that_was_seen_alive_is_not_dead_whoever_said_so_before() {
    let mut case = case();
    let id = format!("key:{ID}");
    note(&mut case, 10, Action::KeyDeleted, ID);
    assert!(is_done(&case, &id));
    attest(&mut case, 15, &id);
    note(&mut case, 20, Action::KeyAlive, ID);
    assert!(!is_done(&case, &id));
    attest(&mut case, 30, &id);
    assert!(is_done(&case, &id));
    note(&mut case, 40, Action::KeyAlive, ID);
    note(&mut case, 50, Action::KeyDead, ID);
    assert!(is_done(&case, &id));
}

#[test]
fn what_is_seen_open_is_not_closed_by_an_older_word() {
    let mut case = case();
    case.answer.causes.push(Cause::bare());
    attest(&mut case, 10, "close:.env");
    assert!(is_done(&case, "close:.env"));
    note(&mut case, 20, Action::Checked, "");
    assert!(!is_done(&case, "close:.env"));
    attest(&mut case, 30, "close:.env");
    assert!(is_done(&case, "close:.env"));
}

#[test]
fn a_list_with_something_left_in_it_is_no_review() {
    let mut case = case();
    note(&mut case, 10, Action::Audited, "3 to look at, 0 not listed");
    assert!(!is_done(&case, "review"));
    note(&mut case, 20, Action::Audited, "");
    assert!(is_done(&case, "review"));
}

#[test]
fn a_change_that_nobody_saw_the_end_of_is_known() {
    let mut case = case();
    let is_deleted = |entry: &Entry| entry.action == Action::KeyDeleted && entry.subject == ID;
    let begun = (Action::KeyDeleting, ID);
    assert!(case.cut_short(begun, is_deleted).is_none());
    note(&mut case, 10, Action::KeyDeleting, ID);
    note(&mut case, 10, Action::KeyDeleted, "another");
    assert_eq!(case.cut_short(begun, is_deleted).unwrap().at, Moment(10));
    note(&mut case, 20, Action::KeyDeleted, ID);
    assert!(case.cut_short(begun, is_deleted).is_none());
}
