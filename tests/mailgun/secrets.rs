//! Whatever is done about an incident, nothing that is written or kept holds a stretch of a secret: neither of those that
//! were planted in the tree, its logs, its exports and in what a person types, nor of those that Mailgun hands out.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};
use spillcheck::finding::Secret;
use spillcheck::incident::{Case, FILE_NAME};
use spillcheck::mailgun::ApiKey;

use crate::mailgun_mock::{Account, Key, Mock, rendered};
use crate::stretches::{stretches, stretches_of, without_key_id};
use crate::support::{command, outcome};
use crate::terminal::on_terminal;

/// Each by the name that it has in an `.env`.
const KINDS: [(&str, &str); 8] = [
    ("DB_PASSWORD", "{base62:18}"),
    ("STRIPE_SECRET", "sk_live_{base62:24}"),
    ("AWS_SECRET_ACCESS_KEY", "{base62:40}"),
    ("GITHUB_TOKEN", "ghp_{crc62|{base62:30}}"),
    ("SENDGRID_API_KEY", "SG.{base64url:22}.{base64url:43}"),
    ("MAILGUN_OLD_KEY", "key-{hex:32}"),
    ("JWT_SECRET", "{hex:64}"),
    ("REDIS_PASSWORD", "{base62:24}"),
];

/// What was written, by what wrote it.
#[derive(Default)]
struct Written(Vec<(String, String)>);

impl Written {
    fn take(&mut self, what: &str, text: impl Into<String>) {
        self.0.push((what.to_owned(), text.into()));
    }

    /// Runs the binary and takes what it wrote.
    fn run(&mut self, mut command: Command, typed: &str) {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that asks nothing may be over.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let ran = outcome(child.wait_with_output().unwrap());
        let args: Vec<_> = command.get_args().take(2).map(ToOwned::to_owned).collect();
        self.take(&format!("{args:?}"), ran.stdout + &ran.stderr);
    }
}

fn tree(dir: &Path, account: &Account, seed: u64) -> Vec<String> {
    let (key, password) = (
        &account.keys[1].secret,
        &account.domains[0].logins[1].password,
    );
    let mut secrets: Vec<String> = KINDS
        .iter()
        .enumerate()
        .map(|(at, (_, template))| rendered(template, seed + at as u64))
        .collect();
    let mut env = format!(
        "MAILGUN_DOMAIN=mg.example.com\nMAILGUN_SECRET={key}\nMAIL_HOST=smtp.mailgun.org\n\
         MAIL_USERNAME=shop@mg.example.com\nMAIL_PASSWORD={password}\n"
    );
    for ((name, _), secret) in KINDS.iter().zip(&secrets) {
        env += &format!("{name}={secret}\n");
    }
    secrets.extend([key.clone(), password.clone()]);
    let write = |path: String, text: &str| {
        let path = dir.join("app").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(".env".to_owned(), &env);
    write(
        "Dockerfile".to_owned(),
        "FROM php:8.3-apache\nCOPY . /var/www/html\n",
    );
    let mut log = format!(
        "203.0.113.9 - - [21/Nov/2026:03:01:07 +0000] \"GET /.env HTTP/1.1\" 200 {} \"-\" \"curl/8.5\"\n",
        env.len()
    );
    let mut events = Vec::new();
    for secret in &secrets {
        write(format!("{secret}.env"), &env);
        write(format!("{secret}/.env.bak"), &env);
        log += &format!(
            "203.0.113.9 - {secret} [21/Nov/2026:03:02:07 +0000] \"GET /.env?key={secret} HTTP/1.1\" 200 {} \
             \"https://example.com/{secret}\" \"{secret}\"\n",
            env.len()
        );
        events.push(
            json!({ "event": "accepted", "@timestamp": "2026-11-21T04:00:00Z", "subject": secret,
            "api-key-id": account.keys[1].id, "envelope": { "sender": secret } }),
        );
    }
    write("logs/access.log".to_owned(), &log);
    fs::write(
        dir.join("events.json"),
        json!({ "items": events }).to_string(),
    )
    .unwrap();
    secrets
}

fn spillcheck(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillcheck"));
    command.current_dir(dir).args(args);
    command
}

/// What is random of a case file, and no secret of the tree; reports show the beginning of a fingerprint.
fn hashes(case: &Value) -> Vec<String> {
    let credentials = case["credentials"].as_array().unwrap().iter();
    let fingerprints = credentials.map(|found| found["fingerprint"].as_str().unwrap());
    let mut hashes = vec![case["fingerprint_key"].as_str().unwrap().to_owned()];
    for fingerprint in fingerprints {
        hashes.extend([fingerprint.to_owned(), fingerprint[..8].to_owned()]);
    }
    hashes
}

/// The way through an incident. Gives every secret that there was.
fn incident(dir: &Path, mock: &Mock, seed: u64, written: &mut Written) -> Vec<String> {
    let mut secrets = tree(dir, &mock.account(), seed);
    let all = secrets.join(" ");
    let told = format!("--noticed=mail by {all}");
    let reports = [
        "--report=md=r.md",
        "--report=html=r.html",
        "--report=json=r.json",
    ];
    let investigate = [
        "investigate",
        "app",
        "--isolated",
        "--mailgun-events=events.json",
        "--account",
        &all,
        &told,
    ];
    written.run(spillcheck(dir, &[&investigate[..], &reports].concat()), "");
    for file in ["r.md", "r.html", "r.json"] {
        written.take(file, fs::read_to_string(dir.join(file)).unwrap());
    }
    let long: Vec<&str> = secrets
        .iter()
        .filter(|secret| secret.len() >= 32)
        .map(String::as_str)
        .collect();
    let note = long.join(" ");
    written.run(
        spillcheck(dir, &["respond"]),
        &format!("y {note}\nn\ny {note}\nq\n"),
    );
    written.run(spillcheck(dir, &["respond", "--check"]), "");

    let leaked = mock.account().keys[1].clone();
    let admin = mock.account().keys[0].secret.clone();
    for args in [
        &["keys"][..],
        &["smtp"],
        &["audit"],
        &["sends"],
        &["verify", &leaked.secret],
        &["keys", "--leaked", &leaked.secret],
        &["delete-key", &leaked.secret],
        &["reset-smtp", &leaked.secret],
        &[
            "smtp",
            "--known",
            &format!("{}@mg.example.com", leaked.secret),
        ],
    ] {
        let mut command = command(mock, dir, args);
        command.env("MAILGUN_API_KEY", &admin);
        written.run(command, "");
    }
    let login = "shop@mg.example.com";
    let into = ["--apply", "--write-to=app/.env", "--name=MAILGUN_SECRET"];
    let create = [&["create-key", "--domain=mg.example.com"], &into[..]].concat();
    let reset = [&["reset-smtp", login], &into[..]].concat();
    let delete = ["delete-key", &leaked.id, "--apply"];
    // At first the provider repeats what it was told, and more.
    mock.account().refusal = Some(format!("no: {note}"));
    for refused in [true, false] {
        for (args, word) in [
            (&create[..], "mg.example.com"),
            (&reset, login),
            (&delete, &leaked.id),
        ] {
            let ran = on_terminal(mock, dir, args, word);
            ran.exits(if refused { 3 } else { 0 });
            written.take(&format!("{args:?}"), ran.stdout);
        }
        mock.account().refusal = None;
    }
    secrets.extend(mock.account().secrets());
    let case = dir.join(FILE_NAME);
    written.take(FILE_NAME, fs::read_to_string(&case).unwrap());
    written.take(
        "the case as Rust shows it",
        format!("{:?}", Case::read(&case).unwrap()),
    );
    for secret in &secrets {
        let shown = format!(
            "{:?} {:?}",
            ApiKey::new(secret),
            Secret::new(secret.as_bytes())
        );
        written.take("types", shown);
    }
    secrets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1))]

    #[test]
    fn a_response_to_an_incident_shows_no_secret(seed in 5_000..u64::from(u32::MAX)) {
        let mut account = Account::new();
        account.keys.push(Key::new(seed - 1, "user", "developer"));
        account.seed = seed + 1000;
        let mock = Mock::start(account);
        let dir = tempfile::tempdir().unwrap();
        let mut written = Written::default();
        let secrets = incident(dir.path(), &mock, seed, &mut written);
        let case: Value = serde_json::from_str(&fs::read_to_string(dir.path().join(FILE_NAME)).unwrap()).unwrap();
        prop_assert!(case["credentials"].as_array().unwrap().len() >= KINDS.len(), "{case:#}");
        let mut hidden = hashes(&case);
        hidden.push(dir.path().display().to_string());
        // Ids of keys are shown on purpose.
        let found = case["credentials"].as_array().unwrap().iter();
        let found = found.filter_map(|found| Some(found["key_id"].as_str()?.to_owned()));
        let ids: Vec<String> = found.chain(mock.account().keys.iter().map(|key| key.id.clone())).collect();
        let secrets: Vec<Vec<u8>> = secrets.into_iter().map(String::into_bytes).collect();
        for (what, text) in &written.0 {
            // Markdown's and JSON's escapes would hide what is there.
            let text = text.replace('\\', "");
            let text = hidden.iter().fold(text, |text, hash| text.replace(hash, ""));
            let text = ids.iter().fold(text, |text, id| without_key_id(&text, id));
            let seen: HashSet<&[u8]> = stretches_of(text.as_bytes()).collect();
            for stretch in stretches::<Vec<&[u8]>>(&secrets) {
                let stretch_text = String::from_utf8_lossy(stretch);
                let is_in = |line: &&str| line.contains(&*stretch_text);
                prop_assert!(
                    !seen.contains(stretch),
                    "{what} shows {stretch_text:?}: {:?}", text.lines().find(is_in)
                );
            }
        }
    }
}
