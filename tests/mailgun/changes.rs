//! What changes an account: shown first, made on a terminal alone, noted in the case file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use spillcheck::incident::{Case, FILE_NAME};

use crate::mailgun_mock::{Account, Key, Mock};
use crate::support::run;
use crate::terminal::on_terminal;

pub(crate) fn case(dir: &Path) {
    Case::open().unwrap().write(&dir.join(FILE_NAME)).unwrap();
}

pub(crate) fn journal(dir: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(dir.join(FILE_NAME)).unwrap();
    let case: Value = serde_json::from_str(&text).unwrap();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
    case["journal"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(entry, "action"), text(entry, "subject")))
        .collect()
}

#[test]
fn nothing_is_changed_without_a_word() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    let old = account.keys[1].id.clone();
    let mock = Mock::start(account);
    let dir = tempfile::tempdir().unwrap();
    let key = mock.account().keys[0].secret.clone();
    for args in [
        &["delete-key", old.as_str()][..],
        &["create-key", "--domain", "mg.example.com"],
        &["reset-smtp", "shop@mg.example.com"],
        &["delete-smtp", "shop@mg.example.com"],
    ] {
        run(&mock, dir.path(), &key, args)
            .exits(1)
            .warns("would send")
            .warns("--apply");
        // Without a terminal there is nobody to ask.
        let args = [args, &["--apply"]].concat();
        run(&mock, dir.path(), &key, &args).exits(2);
        on_terminal(&mock, dir.path(), &args, "yes\n")
            .exits(1)
            .says("nothing was changed");
    }
    assert!(mock.changes().is_empty(), "{:?}", mock.changes());
}

#[test]
fn a_key_is_deleted_and_seen_dead() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    account.lag = Duration::from_millis(500);
    let old = account.keys[1].clone();
    let mock = Mock::start(account);
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    let args = ["delete-key", &old.id, "--apply"];
    let ran = on_terminal(&mock, dir.path(), &args, &format!("{}\n", old.id));
    ran.exits(0).says("not listed any more");
    let done = [
        ("key-deleting".to_owned(), old.id.clone()),
        ("key-deleted".to_owned(), old.id.clone()),
        ("key-dead".to_owned(), old.id),
    ];
    assert_eq!(journal(dir.path()), done);
}

#[test]
fn a_key_does_not_delete_itself() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    let key = mock.account().keys[0].clone();
    run(&mock, dir.path(), &key.secret, &["delete-key", &key.id])
        .exits(2)
        .warns("make a new one");
}

#[test]
fn a_new_key_is_shown_once_and_noted_by_its_id() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    let args = ["create-key", "--domain", "mg.example.com", "--apply"];
    let ran = on_terminal(&mock, dir.path(), &args, "mg.example.com\n");
    ran.exits(0);
    let made = mock.account().keys[1].clone();
    assert_eq!(
        (made.kind.as_str(), made.role.as_str()),
        ("domain", "sending")
    );
    assert_eq!(ran.stdout.matches(&made.secret).count(), 1);
    let done = [
        ("key-creating".to_owned(), "mg.example.com".to_owned()),
        ("key-created".to_owned(), made.id),
    ];
    assert_eq!(journal(dir.path()), done);
    let case = fs::read_to_string(dir.path().join(FILE_NAME)).unwrap();
    assert!(!case.contains(&made.secret));
}

#[test]
fn a_new_password_goes_into_a_file_and_nowhere_else() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    let env = dir.path().join("app.env");
    fs::write(&env, "A=1\nMAIL_PASSWORD=old-one\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&env, fs::Permissions::from_mode(0o640)).unwrap();
    }
    let args = [
        "reset-smtp",
        "shop@mg.example.com",
        "--apply",
        "--write-to",
        "app.env",
        "--name",
        "MAIL_PASSWORD",
    ];
    let ran = on_terminal(&mock, dir.path(), &args, "shop@mg.example.com\n");
    ran.exits(0);
    let password = mock.account().domains[0].logins[1].password.clone();
    ran.holds_none_of(std::slice::from_ref(&password));
    assert_eq!(
        fs::read_to_string(&env).unwrap(),
        format!("A=1\nMAIL_PASSWORD={password}\n")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&env).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
    let copies = dir.path().join("state/spillcheck/backups");
    let copy = fs::read_dir(copies).unwrap().next().unwrap().unwrap();
    assert_eq!(
        fs::read_to_string(copy.path()).unwrap(),
        "A=1\nMAIL_PASSWORD=old-one\n"
    );
    let actions: Vec<String> = journal(dir.path())
        .into_iter()
        .map(|(action, _)| action)
        .collect();
    assert_eq!(actions, ["smtp-resetting", "smtp-reset", "value-replaced"]);
}

#[test]
fn a_domain_is_done_when_all_of_its_logins_are() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    for login in [
        "postmaster@mg.example.com",
        "shop@mg.example.com",
        "postmaster@eu.example.com",
    ] {
        let args = ["reset-smtp", login, "--apply"];
        on_terminal(&mock, dir.path(), &args, &format!("{login}\n")).exits(0);
    }
    let key = mock.account().keys[0].secret.clone();
    for _ in 0..2 {
        run(&mock, dir.path(), &key, &["smtp"])
            .exits(0)
            .says("reset 20");
    }
    let done: Vec<String> = journal(dir.path())
        .into_iter()
        .filter(|(action, _)| action == "smtp-domain-done")
        .map(|(_, domain)| domain)
        .collect();
    assert_eq!(done, ["eu.example.com", "mg.example.com", ""]);
}

#[test]
fn a_login_that_belongs_to_its_domain_is_not_deleted() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    let key = mock.account().keys[0].secret.clone();
    let args = ["delete-smtp", "postmaster@mg.example.com"];
    run(&mock, dir.path(), &key, &args)
        .exits(2)
        .warns("reset-smtp");
    let args = ["delete-smtp", "shop@mg.example.com", "--apply"];
    on_terminal(&mock, dir.path(), &args, "shop@mg.example.com\n").exits(0);
    assert_eq!(mock.account().domains[0].logins.len(), 1);
}
