//! How credentials get out, from outside: what a report says, and that it says it without the credentials.

use super::support::{Tree, env_file, formats, mailgun_key};

const DOCKERFILE: &str = "FROM php:8.3-apache\nCOPY . /var/www/html\n";

/// A key in an environment file that is served, and the same in a directive that chains repeat.
fn leaky(key: &str) -> Tree {
    let htaccess =
        format!("SetEnv MAILGUN_SECRET {key}\n<Files secret.txt>\nRequire env {key}\n</Files>\n");
    Tree::of(&[
        ("app/Dockerfile", DOCKERFILE),
        ("app/.env", &env_file(key)),
        ("app/.htaccess", &htaccess),
        ("app/secret.txt", &format!("MAILGUN_SECRET={key}\n")),
        ("app/index.php", "<?php echo 1;\n"),
    ])
}

#[test]
fn a_served_file_is_reachable_with_its_chain() {
    let tree = leaky(&mailgun_key(21));
    let report = tree.run(&["app", "--format=json"]).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["reach"], "reachable");
    assert_eq!(finding["severity"], "critical");
    let way = &finding["ways"][0];
    assert_eq!(
        (&way["url"], &way["file"]),
        (&"/.env".into(), &"app/.env".into())
    );
    let files: Vec<&str> = way["because"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|reason| reason["file"].as_str())
        .collect();
    assert!(files.contains(&"app/Dockerfile"), "{files:?}");
}

#[test]
fn what_the_scanned_directory_lies_in_changes_nothing() {
    let key = mailgun_key(22);
    let files = [
        ("Dockerfile", DOCKERFILE),
        ("public/info.php", "<?php phpinfo();\n"),
    ];
    for place in ["app", "tests/app", "vendor/docs/app"] {
        let tree = Tree::new();
        for (name, text) in files {
            tree.write(format!("{place}/{name}"), text);
        }
        tree.write(format!("{place}/.env"), env_file(&key));
        let report = tree.run(&[place, "--format=json"]).json();
        let checks: Vec<&str> = report["exposures"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|exposure| exposure["check"].as_str())
            .collect();
        assert!(checks.contains(&"php-phpinfo"), "{place}: {checks:?}");
        assert_eq!(report["findings"][0]["reach"], "reachable", "{place}");
    }
}

#[test]
fn a_tree_that_is_named_from_the_top_has_the_same_ways_out() {
    let key = env_file(&mailgun_key(24));
    let script = r#"{"scripts": {"start": "http-server ."}}"#;
    let express = "const app = require('express')();\napp.use(express.static(__dirname));\n";
    let caddy = "shop.example.com {\nroot * /srv\nfile_server\n}\n";
    for files in [
        &[("Procfile", "web: python3 -m http.server\n")][..],
        &[("package.json", script)],
        &[("server.js", express), ("package.json", "{}")],
        &[("Dockerfile", DOCKERFILE)],
        &[
            ("Caddyfile", caddy),
            ("Dockerfile", "FROM caddy\nCOPY . /srv\n"),
        ],
    ] {
        let tree = Tree::of(files);
        tree.write(".env", &key);
        tree.write("settings.ini", &key);
        let top = tree.path().to_str().unwrap();
        let named = tree.run(&[top, "--format=jsonl"]).stdout;
        let inside = tree.run(&[".", "--format=jsonl"]).stdout;
        assert!(inside.contains("\"ways\":[{"), "{files:?}: {inside}");
        assert_eq!(
            named.replace(&format!("{top}/"), "").replace(top, "."),
            inside,
            "{files:?}"
        );
    }
}

#[test]
fn chains_hold_no_credential_whatever_the_format() {
    let key = mailgun_key(23);
    let tree = leaky(&key);
    for format in formats() {
        let run = tree.run(&["app", &format!("--format={format}")]);
        // The end of a modern key is its id, which is shown on purpose.
        let secret = &key.as_bytes()[4..32];
        for part in secret.windows(6) {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!run.stdout.contains(part), "{format} holds `{part}`");
        }
    }
}

#[test]
fn the_same_tree_gives_the_same_bytes_with_any_number_of_threads() {
    let tree = leaky(&mailgun_key(24));
    let run = |jobs: &str| tree.run(&["app", "--format=json", jobs]).stdout;
    let one = run("--jobs=1");
    assert_eq!(one, run("--jobs=2"));
    assert_eq!(one, run("--jobs=8"));
}
