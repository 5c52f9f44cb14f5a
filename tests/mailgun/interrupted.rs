//! The whole way through an incident, ended hard at each step and taken up again: nothing is done or asked twice, and
//! nothing that was done is forgotten.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use spillcheck::incident::FILE_NAME;

use crate::changes::{case, journal};
use crate::mailgun_mock::{Account, Key, Mock};
use crate::support::{Outcome, outcome};
use crate::terminal::{Terminal, on_terminal};

const CONFIRM: &str = "to do it:";

fn spillcheck(dir: &Path, args: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillcheck"));
    outcome(command.current_dir(dir).args(args).output().unwrap())
}

fn stored(dir: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.join(FILE_NAME)).unwrap()).unwrap()
}

/// `respond`, up to its question. Gives the title of the step that it asks about; `None` if there is none left.
fn respond(dir: &Path) -> (Terminal, Option<String>) {
    let mut terminal = Terminal::start(dir, &[], &["respond"]);
    let mut text = String::new();
    // A step may be told and not asked about.
    while !["Every step is ", "Is this "]
        .iter()
        .any(|end| text.ends_with(end))
    {
        text += &terminal.waits_for("done");
    }
    let asked = text.ends_with("Is this ").then(|| {
        let (_, step) = text.rsplit_once("Step ").unwrap();
        step.lines().next().unwrap().trim().to_owned()
    });
    (terminal, asked)
}

/// Ends `respond` at its question, and gives the title of the step.
fn is_asked_again(dir: &Path) -> Option<String> {
    let before = stored(dir);
    let (terminal, title) = respond(dir);
    title.as_ref()?;
    terminal.kill();
    assert_eq!(stored(dir), before, "a question changes nothing");
    title
}

#[test]
fn a_response_that_is_ended_at_each_step_goes_on_where_it_was() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    let leaked = account.keys[1].clone();
    let mock = Mock::start(account);
    let tree = tempfile::tempdir().unwrap();
    let dir = tree.path();
    fs::create_dir(dir.join("app")).unwrap();
    let compose =
        "services:\n  web:\n    image: php:8.3-apache\n    volumes:\n      - .:/var/www/html\n";
    fs::write(dir.join("app/docker-compose.yml"), compose).unwrap();
    let env = format!(
        "MAILGUN_DOMAIN=mg.example.com\nMAILGUN_SECRET={}\n",
        leaked.secret
    );
    fs::write(dir.join("app/.env"), env).unwrap();
    spillcheck(
        dir,
        &["investigate", "app", "--isolated", "--report=md=report.md"],
    )
    .exits(1);

    // The way out first: while it is open, its key is not asked about.
    let way_out = is_asked_again(dir).unwrap();
    assert!(way_out.contains("Close the way out: app/.env"), "{way_out}");
    let deny = "<FilesMatch \"^\\.\">\nRequire all denied\n</FilesMatch>\n";
    fs::write(dir.join("app/.htaccess"), deny).unwrap();
    spillcheck(dir, &["respond", "--check"]).exits(1);

    let mut asked = Vec::new();
    while let Some(title) = is_asked_again(dir) {
        let (mut terminal, again) = respond(dir);
        assert_eq!(again.as_ref(), Some(&title));
        if title.contains(&leaked.id) {
            // Done in another terminal, while this one asks. What it notes is not lost by what is answered here.
            on_terminal(
                &mock,
                dir,
                &[
                    "create-key",
                    "--domain=mg.example.com",
                    "--apply",
                    "--write-to=app/.env",
                    "--name=MAILGUN_SECRET",
                ],
                "mg.example.com",
            )
            .exits(0);
            on_terminal(
                &mock,
                dir,
                &["delete-key", &leaked.id, "--apply"],
                &leaked.id,
            )
            .exits(0);
            terminal.types("n");
        } else {
            terminal.types("y by Ann");
            asked.push(title);
        }
        // Ended as soon as the answer has been taken; after the last one it ends by itself.
        if asked
            .last()
            .is_some_and(|title| title.contains("Send the report"))
        {
            terminal.ends().exits(0);
        } else {
            terminal.waits_for("Step ");
            terminal.kill();
        }
    }
    asked.sort();
    let mut once = asked.clone();
    once.dedup();
    assert_eq!(asked, once);
    let parts = [
        "SMTP",
        "password of every user",
        "two-factor",
        "attacker added",
        "hosting",
        "Send the report",
    ];
    for part in parts {
        assert!(
            asked.iter().any(|title| title.contains(part)),
            "{part}: {asked:#?}"
        );
    }
    assert_eq!(
        stored(dir)["attested"].as_object().unwrap().len(),
        asked.len()
    );
    assert_eq!(
        mock.changes(),
        [
            "us POST /v1/keys".to_owned(),
            format!("us DELETE /v1/keys/{}", leaked.id)
        ]
    );
    let actions: Vec<String> = journal(dir).into_iter().map(|(action, _)| action).collect();
    let noted = [
        "key-creating",
        "key-created",
        "value-replaced",
        "key-deleting",
        "key-deleted",
        "key-dead",
    ];
    assert!(actions.ends_with(&noted.map(str::to_owned)), "{actions:?}");
    spillcheck(dir, &["respond"])
        .exits(0)
        .says("Every step is done.");
}

/// Ends a change before it is confirmed, and then while Mailgun, which has made it, has not answered.
fn cut_short(mock: &Mock, dir: &Path, args: &[&str], word: &str) {
    let before = mock.changes().len();
    let mut terminal = Terminal::mailgun(mock, dir, args);
    terminal.waits_for(CONFIRM);
    terminal.kill();
    assert_eq!(mock.changes().len(), before);

    mock.account().is_silent = true;
    let mut terminal = Terminal::mailgun(mock, dir, args);
    terminal.waits_for(CONFIRM);
    terminal.types(word);
    mock.waits_for_changes(before + 1);
    terminal.kill();
    mock.account().is_silent = false;
}

#[test]
fn a_key_that_was_made_for_nobody_is_not_made_twice() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    let args = ["create-key", "--domain", "mg.example.com", "--apply"];
    cut_short(&mock, dir.path(), &args, "mg.example.com");
    let orphan = mock.account().keys[1].id.clone();
    let refused = on_terminal(&mock, dir.path(), &args, "mg.example.com");
    refused.exits(2).says(&format!("delete-key {orphan}"));
    assert_eq!(mock.changes().len(), 1);

    let delete = ["delete-key", &orphan, "--apply"];
    on_terminal(&mock, dir.path(), &delete, &orphan).exits(0);
    on_terminal(&mock, dir.path(), &args, "mg.example.com").exits(0);
    let listed = mock
        .account()
        .keys
        .iter()
        .filter(|key| key.dies.is_none())
        .count();
    assert_eq!(listed, 2, "the administrator's and one more");
}

#[test]
fn a_key_is_deleted_once_and_its_death_is_looked_at_again() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    account.lag = Duration::from_millis(1500);
    let old = account.keys[1].clone();
    let admin = account.keys[0].secret.clone();
    let mock = Mock::start(account);
    let tree = tempfile::tempdir().unwrap();
    let dir = tree.path();
    case(dir);
    let args = ["delete-key", &old.id, "--apply"];
    cut_short(&mock, dir, &args, &old.id);
    assert_eq!(journal(dir), [("key-deleting".to_owned(), old.id.clone())]);

    // The old key is still accepted: this one is ended while it waits for that to end.
    let [us, eu] = mock.urls();
    let with_old = [
        ("MAILGUN_API_KEY", &*admin),
        ("MAILGUN_LEAKED_KEY", &*old.secret),
    ];
    let args = [
        "mailgun",
        "delete-key",
        &old.id,
        "--apply",
        "--base-url",
        &us,
        &eu,
    ];
    let mut terminal = Terminal::start(dir, &with_old, &args);
    terminal.waits_for("nothing to delete");
    terminal.waits_for("waiting 2 s");
    terminal.kill();
    std::thread::sleep(Duration::from_millis(1500));
    Terminal::start(dir, &with_old, &args)
        .ends()
        .exits(0)
        .says("is dead");
    assert_eq!(mock.changes().len(), 1);
    let last = journal(dir).pop().unwrap();
    assert_eq!(last, ("key-dead".to_owned(), old.id.clone()));
}

#[test]
fn a_login_is_reset_until_somebody_has_its_password_and_no_more() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    fs::write(dir.path().join("app.env"), "MAIL_PASSWORD=old\n").unwrap();
    let login = "shop@mg.example.com";
    let args = [
        "reset-smtp",
        login,
        "--apply",
        "--write-to=app.env",
        "--name=MAIL_PASSWORD",
    ];
    cut_short(&mock, dir.path(), &args, login);
    on_terminal(&mock, dir.path(), &args, login)
        .exits(0)
        .says("an earlier run was ended");
    assert_eq!(mock.changes().len(), 2);
    on_terminal(&mock, dir.path(), &args, login)
        .exits(0)
        .says("nothing was changed");
    assert_eq!(mock.changes().len(), 2);
    let password = mock.account().domains[0].logins[1].password.clone();
    let file = fs::read_to_string(dir.path().join("app.env")).unwrap();
    assert_eq!(file, format!("MAIL_PASSWORD={password}\n"));
}

#[test]
fn a_login_that_is_gone_is_noted_as_deleted() {
    let mock = Mock::start(Account::new());
    let dir = tempfile::tempdir().unwrap();
    case(dir.path());
    let login = "shop@mg.example.com";
    let args = ["delete-smtp", login, "--apply"];
    cut_short(&mock, dir.path(), &args, login);
    on_terminal(&mock, dir.path(), &args, login).exits(0);
    assert_eq!(mock.changes().len(), 1);
    let last = journal(dir.path()).pop().unwrap();
    assert_eq!(last, ("smtp-deleted".to_owned(), login.to_owned()));
}
