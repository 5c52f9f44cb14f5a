//! The steps after an investigation: remembered, refused while a way out is open, and none of them done twice.

use serde_json::Value;

use super::own_rules::{PATTERN, rule_file};
use super::support::{Tree, command, env_file, mailgun_key, render};

const COMPOSE: &str =
    "services:\n  web:\n    image: php:8.3-apache\n    volumes:\n      - .:/var/www/html\n";
const DENY_DOTS: &str = "<FilesMatch \"^\\.\">\nRequire all denied\n</FilesMatch>\n";

fn leaky(key: &str) -> Tree {
    Tree::of(&[
        ("app/docker-compose.yml", COMPOSE),
        ("app/.env", &env_file(key)),
        ("app/index.php", "<?php echo 1;\n"),
    ])
}

/// Answers questions; gives standard output.
fn respond(tree: &Tree, answers: &str) -> String {
    let output = command(tree.path(), &["respond"])
        .write_stdin(answers)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn case(tree: &Tree) -> Value {
    serde_json::from_str(&std::fs::read_to_string(tree.at("spillcheck-case.json")).unwrap())
        .unwrap()
}

#[test]
fn a_key_is_not_replaced_while_its_way_out_is_open() {
    let key = mailgun_key(51);
    let tree = leaky(&key);
    tree.run(&[
        "investigate",
        "app",
        "--isolated",
        "--account=example",
        "--report=html=report.html",
    ])
    .exits(1);
    let open = respond(&tree, "n\n");
    assert!(open.contains("Close the way out: app/.env"), "{open}");
    assert!(
        open.contains("not yet: app/.env still lets it out"),
        "{open}"
    );

    tree.write("app/.htaccess", DENY_DOTS);
    let check = tree.run(&["respond", "--check"]);
    check
        .exits(1)
        .says("No way out that was found before is open any more.")
        .says("app/.env:2: the new one goes here");
    let first = respond(&tree, "y deleted by Ann\nq\n");
    assert!(first.contains("Delete the Mailgun"), "{first}");
    assert!(!first.contains("not yet"), "{first}");
    let attested = case(&tree)["attested"].clone();
    let id = key.get(33..).unwrap();
    assert_eq!(attested[format!("key:{id}")]["note"], "deleted by Ann");

    // Interrupted and resumed: what is done is not asked again.
    let second = respond(&tree, "y\ny\ny\ny\ny\ny\ny\ny\n");
    assert!(!second.contains("Delete the Mailgun"), "{second}");
    assert!(second.contains("Every step is done"), "{second}");
    tree.run(&["respond"]).exits(0);

    tree.write("app/.env", "MAIL_MAILER=log\n");
    tree.run(&["respond", "--check"])
        .exits(0)
        .says("None of the old credentials stands in the tree any more.");
}

#[test]
fn a_second_look_sees_what_the_first_saw() {
    let key = mailgun_key(53);
    let line = format!(
        "203.0.113.7 - - [28/Nov/2026:10:00:00 +0000] \"GET /send?key={key} HTTP/1.1\" 200 12\n"
    );
    let tree = Tree::of(&[
        ("app/index.php", "<?php echo 1;\n"),
        ("app/token.txt", &render("acme_{base62:20}", 53)),
        ("logs/access.log", &line),
        (
            "rules/acme.toml",
            &rule_file("acme-token", PATTERN, "acme_", ""),
        ),
    ]);
    tree.run(&[
        "investigate",
        "app",
        "--isolated",
        "--rules=rules",
        "--access-log=logs/access.log",
    ])
    .exits(1);
    let check = tree.run(&["respond", "--check"]);
    check
        .exits(1)
        .says("logs/access.log:1: the new one goes here")
        .says("app/token.txt:1: the new one goes here");

    // Rotated away.
    std::fs::remove_file(tree.at("logs/access.log")).unwrap();
    tree.write("app/token.txt", "");
    tree.run(&["respond", "--check"])
        .exits(0)
        .says("None of the old credentials stands in the tree any more.");
}

#[test]
fn nothing_that_is_kept_or_written_holds_a_secret() {
    let key = mailgun_key(52);
    let tree = leaky(&key);
    tree.write(
        "app/.htaccess",
        format!("SetEnv MAILGUN_SECRET {key}\n<Files secret.txt>\nRequire env {key}\n</Files>\n"),
    );
    tree.write(
        format!("app/backup-{key}.txt"),
        format!("MAILGUN_SECRET={key}\n"),
    );
    let reports = [
        "--report=md=r.md",
        "--report=html=r.html",
        "--report=json=r.json",
    ];
    let stated = ["plan", "reseller", "notice", "prevention", "prevention"]
        .map(|field| format!("--{field}=of {key} in {field}"));
    let stated: Vec<&str> = stated.iter().map(String::as_str).collect();
    let run = tree.run(
        &[
            &["investigate", "app", "--isolated"],
            &reports[..],
            &stated[..],
        ]
        .concat(),
    );
    run.exits(1);
    let check = tree.run(&["respond", "--check"]);
    let mut texts = vec![
        run.stdout,
        run.stderr,
        check.stdout,
        check.stderr,
        respond(&tree, "y\nn\n"),
    ];
    for file in ["spillcheck-case.json", "r.md", "r.html", "r.json"] {
        texts.push(std::fs::read_to_string(tree.at(file)).unwrap());
    }
    for text in &texts {
        assert!(!text.contains(&key[..32]), "{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(tree.at("spillcheck-case.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn without_a_case_there_is_nothing_to_go_through() {
    let tree = Tree::new();
    tree.run(&["respond"])
        .exits(2)
        .warns("the case file spillcheck-case.json");
}
