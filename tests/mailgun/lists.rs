//! What is in an account: keys, logins, users, what was added, what was sent.

use serde_json::{Value, json};

use crate::mailgun_mock::{Account, Key, Mock};
use crate::support::{Outcome, run};

fn list(mock: &Mock, args: &[&str]) -> Outcome {
    let key = mock.account().keys[0].secret.clone();
    let dir = tempfile::tempdir().unwrap();
    let args = [args, &["--format", "json"]].concat();
    run(mock, dir.path(), &key, &args)
}

fn named<'v>(rows: &'v Value, field: &str, name: &str) -> &'v Value {
    let rows = rows.as_array().unwrap();
    rows.iter().find(|row| row[field] == name).unwrap()
}

#[test]
fn leaked_keys_are_told_from_the_others() {
    let mut account = Account::new();
    account
        .keys
        .push(Key::new(2, "domain", "sending").of_domain("mg.example.com"));
    let leaked = account.keys[1].id.clone();
    let mock = Mock::start(account);
    let ran = list(&mock, &["keys", "--leaked", &leaked]);
    let rows = ran.exits(1).result();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(named(&rows, "id", &leaked)["leaked"], true);
    list(&mock, &["keys"]).exits(0);
}

#[test]
fn logins_of_both_regions_are_listed() {
    let mock = Mock::start(Account::new());
    let ran = list(&mock, &["smtp", "--known", "shop@mg.example.com"]);
    let rows = ran.exits(1).result();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(
        named(&rows, "login", "postmaster@eu.example.com")["region"],
        "eu"
    );
    assert_eq!(
        named(&rows, "login", "shop@mg.example.com")["unknown"],
        false
    );
    let rows = list(&mock, &["smtp"]).result();
    assert_eq!(
        named(&rows, "login", "shop@mg.example.com")["unknown"],
        true
    );
    assert_eq!(
        named(&rows, "login", "postmaster@mg.example.com")["unknown"],
        false
    );
}

fn user(email: &str, set: Option<&str>, factors: bool, method: &str) -> Value {
    json!({
        "id": email, "name": "A", "activated": true, "is_disabled": false, "email": email, "role": "admin",
        "email_details": { "address": email, "is_valid": true, "reason": "", "parts": {} },
        "account_id": "1", "opened_ip": "", "is_master": true, "metadata": {}, "preferences": {},
        "tfa_enabled": factors, "tfa_active": factors, "tfa_created_at": null, "password_updated_at": set,
        "auth": { "method": method, "prior_details": {}, "prior_method": "" },
        "github_user_id": null, "salesforce_user_id": null, "migration_status": "done",
    })
}

#[test]
fn users_who_have_something_left_to_do() {
    let mut account = Account::new();
    account.users = vec![
        user(
            "done@example.com",
            Some("2026-11-20T10:00:00.892000"),
            true,
            "local",
        ),
        user(
            "old@example.com",
            Some("2022-12-20T16:52:01.892000"),
            false,
            "local",
        ),
        user(
            "sinch@example.com",
            Some("2022-12-20T16:52:01.892000"),
            false,
            "sinch",
        ),
    ];
    let mock = Mock::start(account);
    let rows = list(&mock, &["users", "--since", "2026-11-19T00:00:00Z"])
        .exits(1)
        .result();
    let duties = |email: &str| {
        let row = named(&rows, "email", email);
        [row["password"].clone(), row["second_factor"].clone()]
    };
    assert_eq!(duties("done@example.com"), ["done", "done"]);
    assert_eq!(duties("old@example.com"), ["open", "open"]);
    assert_eq!(duties("sinch@example.com"), ["by-hand", "by-hand"]);
    mock.account().users.truncate(1);
    list(&mock, &["users", "--since", "2026-11-19T00:00:00Z"]).exits(0);
    // Without a beginning no password is new.
    list(&mock, &["users"]).exits(1);
}

#[test]
fn what_an_attacker_added_stands_out() {
    let mut account = Account::new();
    account.domains[0].archive_to = Some("https://attacker.example/copy");
    account.domains[0].webhooks = json!({ "delivered": { "urls": ["https://shop.example.com/hook"] },
        "opened": { "urls": ["https://attacker.example/hook"] } });
    let route = |id: &str, to: &str| {
        json!({ "id": id, "priority": 0, "description": "", "expression": "match_recipient(\".*\")",
            "actions": [format!("forward(\"{to}\")")], "created_at": "Wed, 15 Feb 2012 13:03:31 GMT" })
    };
    account.routes[1] = vec![
        route("own", "https://www.example.com/m"),
        route("foreign", "x@attacker.example"),
    ];
    account.users = vec![user("owner@example.com", None, true, "local")];
    let mut stranger = Key::new(5, "user", "admin");
    stranger.requestor = Some("stranger@attacker.example");
    let stranger_id = stranger.id.clone();
    account.keys.push(stranger);
    let template = |name: String, made: &str| json!({ "name": name, "description": "", "createdAt": made, "id": "1" });
    let old = (0..130).map(|at| template(format!("t{at}"), "Sat, 12 Nov 2022 06:38:00 UTC"));
    account.domains[0].templates = old
        .chain([template("new".to_owned(), "Sat, 21 Nov 2026 06:38:00 UTC")])
        .collect();
    account.domains[1].is_held = true;
    let signing = |domain: &str| {
        json!({ "signing_domain": domain, "selector": "s1", "dns_record": { "is_active": true, "cached": [],
            "name": format!("s1._domainkey.{domain}"), "record_type": "TXT", "valid": "valid", "value": "k=rsa" } })
    };
    account.signing_keys[0] = vec![signing("mg.example.com"), signing("attacker.example")];
    let mock = Mock::start(account);
    let found = list(&mock, &["audit", "--since", "2026-11-19T00:00:00Z"])
        .exits(1)
        .result();
    let items = found["items"].as_array().unwrap();
    let suspects: Vec<&str> = items
        .iter()
        .filter(|item| !item["suspect"].is_null())
        .map(|item| item["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        suspects,
        [
            "attacker.example s1",
            "mg.example.com",
            &stranger_id,
            "foreign",
            "eu.example.com regular",
            "mg.example.com new",
            "mg.example.com opened"
        ]
    );
    assert_eq!(found["unlisted"], json!([]));
}

#[test]
fn a_key_that_may_list_little_says_what_it_could_not() {
    let mut account = Account::new();
    account.keys[0].role = "developer".to_owned();
    let mock = Mock::start(account);
    let found = list(&mock, &["audit"]).exits(1).result();
    let unlisted = found["unlisted"].as_array().unwrap();
    let areas: Vec<&str> = unlisted
        .iter()
        .map(|line| line.as_str().unwrap().split(':').next().unwrap())
        .collect();
    assert_eq!(
        areas,
        ["users", "keys", "subaccount", "address on the allowlist"]
    );
    list(&mock, &["users"]).exits(3).warns("403");
}

#[test]
fn sends_are_grouped_and_those_of_leaked_keys_stand_out() {
    let mut account = Account::new();
    account.keys.push(Key::new(2, "user", "developer"));
    let (own, leaked) = (account.keys[0].id.clone(), account.keys[1].id.clone());
    let event = |key: Option<&str>, ip: &str, at: &str| {
        let mut event = json!({ "id": "e", "event": "accepted", "@timestamp": at, "originating-ip": ip,
            "domain": { "name": "mg.example.com" }, "envelope": { "sender": "postmaster@mg.example.com" } });
        if let Some(key) = key {
            event["api-key-id"] = json!(key);
        }
        event
    };
    let mut events = vec![event(Some(&own), "192.0.2.1", "2026-11-20T08:01:00Z")];
    events.extend((0..700).map(|at| {
        event(
            Some(&leaked),
            "203.0.113.9",
            &format!("2026-11-20T09:{:02}:00Z", at % 60),
        )
    }));
    account.events[0] = events;
    account.events[1] = vec![event(None, "198.51.100.7", "2026-11-20T08:59:59Z")];
    let mock = Mock::start(account);
    let ran = list(
        &mock,
        &[
            "sends",
            "--since",
            "2026-11-20T00:00:00Z",
            "--leaked",
            &leaked,
        ],
    );
    let groups = ran.exits(1).result()["groups"].clone();
    let seen: Vec<(String, u64, bool)> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let sender = group["sender"].as_str().unwrap().to_owned();
            (
                sender,
                group["count"].as_u64().unwrap(),
                !group["suspect"].is_null(),
            )
        })
        .collect();
    let mut wanted = [
        (own, 1, false),
        (leaked, 700, true),
        ("postmaster@mg.example.com".to_owned(), 1, false),
    ];
    let mut seen = seen;
    seen.sort();
    wanted.sort();
    assert_eq!(seen, wanted);
}
