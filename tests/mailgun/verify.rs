//! `spillcheck mailgun verify`: each answer of the provider is taken for what it means.

use std::path::Path;
use std::process::Stdio;

use crate::mailgun_mock::{Account, Key, Mock, rendered};
use crate::support::{Outcome, command, outcome, run};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn verify(mock: &Mock, key: &str) -> Outcome {
    run(mock, Path::new(HERE), key, &["verify", "--format", "json"])
}

#[test]
fn a_key_of_an_administrator_is_live_and_is_found_in_the_list() {
    let mock = Mock::start(Account::new());
    let key = mock.account().keys[0].clone();
    let ran = verify(&mock, &key.secret);
    let found = ran.exits(1).result();
    assert_eq!(found["verdict"], "live-admin");
    assert_eq!(found["key_id"], key.id.as_str());
    assert_eq!(found["row"]["role"], "admin");
    assert_eq!(mock.requests(), ["us GET /v1/keys"]);
    ran.warns("sending GET http://127.0.0.1:");
    let ran = run(&mock, Path::new(HERE), &key.secret, &["verify"]);
    ran.exits(1).says(&format!("key {}: live", key.id));
}

#[test]
fn keys_that_may_do_less_are_live_as_well() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    account
        .keys
        .push(Key::new(3, "domain", "sending").of_domain("mg.example.com"));
    let (developer, sending) = (
        account.keys[1].secret.clone(),
        account.keys[2].secret.clone(),
    );
    let mock = Mock::start(account);
    assert_eq!(
        verify(&mock, &developer).exits(1).result()["verdict"],
        "live"
    );
    let found = verify(&mock, &sending).exits(1).result();
    assert_eq!(found["verdict"], "live-restricted");
    assert_eq!(found["probes"][0]["status"], 403);
}

#[test]
fn a_refusal_is_no_proof_of_death() {
    let mock = Mock::start(Account::new());
    let unknown = rendered("{hex:32}-{hex:8}-{hex:8}", 77);
    let ran = verify(&mock, &unknown);
    let found = ran.exits(0).result();
    assert_eq!(found["verdict"], "not-accepted");
    let asked = [
        "us GET /v1/keys",
        "us GET /v4/domains",
        "eu GET /v1/keys",
        "eu GET /v4/domains",
    ];
    assert_eq!(mock.requests(), asked, "both regions were asked");
    let ran = run(&mock, Path::new(HERE), &unknown, &["verify"]);
    ran.says("not accepted from this machine")
        .says("does not prove that it is dead");

    // The same for a live key of an account whose allowlist leaves this machine out …
    mock.account().allowlist = vec!["192.0.2.1"];
    let live = mock.account().keys[0].secret.clone();
    assert_eq!(
        verify(&mock, &live).exits(0).result()["verdict"],
        "not-accepted"
    );
    // … which does not bind keys of sessions.
    let web = Key::new(5, "web", "admin");
    mock.account().keys.push(web.clone());
    assert_eq!(
        verify(&mock, &web.secret).exits(1).result()["verdict"],
        "live-admin"
    );
}

#[test]
fn a_sending_key_that_is_answered_as_an_unknown_one_is_not_called_dead() {
    let mut account = Account::new();
    account.sending_key_status = 401;
    account
        .keys
        .push(Key::new(3, "domain", "sending").of_domain("mg.example.com"));
    let sending = account.keys[1].secret.clone();
    let mock = Mock::start(account);
    let ran = run(&mock, Path::new(HERE), &sending, &["verify"]);
    ran.exits(0).says("may only send");
}

#[test]
fn rate_limits_are_waited_for() {
    let mock = Mock::start(Account::new());
    mock.account().throttled = 2;
    let key = mock.account().keys[0].secret.clone();
    let ran = verify(&mock, &key);
    ran.exits(1).warns("waiting 1 s: Mailgun asks for a pause");
    assert_eq!(mock.requests().len(), 3);
}

#[test]
fn trouble_of_the_provider_teaches_nothing() {
    let mock = Mock::start(Account::new());
    mock.account().broken = u32::MAX;
    let key = mock.account().keys[0].secret.clone();
    let ran = verify(&mock, &key);
    assert_eq!(ran.exits(3).result()["verdict"], "unknown");
}

#[test]
fn the_key_is_never_an_argument_and_goes_to_nobody_else() {
    let mock = Mock::start(Account::new());
    let dir = Path::new(HERE);
    let key = mock.account().keys[0].secret.clone();
    run(&mock, dir, &key, &["verify", &key]).exits(2);
    run(&mock, dir, "no key: at all", &["verify"])
        .exits(2)
        .warns("no API key");
    let mut without = command(&mock, dir, &["verify"]);
    without.stdin(Stdio::null());
    outcome(without.output().unwrap())
        .exits(2)
        .warns("set MAILGUN_API_KEY");
    let elsewhere = ["--base-url", "http://192.0.2.1:80", "http://127.0.0.1:80"];
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_spillcheck"));
    command.args(["mailgun", "verify"]).args(elsewhere);
    let ran = outcome(command.env("MAILGUN_API_KEY", &key).output().unwrap());
    ran.exits(2)
        .warns("http://192.0.2.1:80: a key is sent to Mailgun");
    assert!(mock.requests().is_empty());
}
