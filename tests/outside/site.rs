//! `spillcheck site`: document roots, and what becomes of files and URLs.

use serde_json::Value;

use super::support::{Tree, mailgun_key};

const VHOST: &str = "<VirtualHost *:80>\nServerName shop.example.com\nDocumentRoot /var/www/app/public\n\
    <Directory /var/www/app/public>\nRequire all granted\n<Files \".env\">\nRequire all denied\n</Files>\n</Directory>\n\
    </VirtualHost>\n";

fn app() -> Tree {
    Tree::of(&[
        ("app/.env", "A=1\n"),
        ("app/public/index.php", "<?php\n"),
        ("app/public/.env", "A=1\n"),
        ("app/public/.env.bak", "A=1\n"),
        ("conf/site.conf", VHOST),
    ])
}

/// The verdict on the first file, or else the first URL.
fn verdict(tree: &Tree, args: &[&str]) -> Value {
    let mut all = vec!["site", "app", "--format=json"];
    all.extend(args);
    let report = tree.run(&all).exits(0).json();
    match report["files"].get(0) {
        Some(file) => file["urls"][0].clone(),
        None => report["urls"][0].clone(),
    }
}

#[test]
fn the_json_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/site-1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let all = [
        "site",
        "app",
        "--all-files",
        "--url=/",
        "--server-config=conf",
        "--format=json",
    ];
    for args in [
        &all[..],
        &["site", "--format=json"],
        &["site", "conf", "--format=json"],
    ] {
        let report = app().run(args).exits(0).json();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn what_is_said_of_servers_holds_however_directories_are_spelled() {
    let tree = app();
    let absolute = tree.path().canonicalize().unwrap();
    let docroot = format!("--docroot={}", absolute.join("app/public").display());
    assert_eq!(
        verdict(&tree, &[&docroot, "public/.env"])["verdict"],
        "served"
    );
    let config = format!(
        "--server-config={}",
        absolute.join("app/../conf/site.conf").display()
    );
    let map = format!(
        "--map=/var/www/app={}",
        absolute.join("conf/../app").display()
    );
    let denied = verdict(&tree, &[&config, &map, "--url=/.env"]);
    assert_eq!(denied["verdict"], "denied");
    assert_eq!(denied["path"], "app/public/.env");
}

#[test]
fn a_configuration_outside_of_the_tree_is_mapped_by_content_or_as_the_user_says() {
    let tree = app();
    let config = "--server-config=conf/site.conf";
    let inferred = verdict(&tree, &[config, "--url=http://shop.example.com/.env.bak"]);
    assert_eq!(inferred["verdict"], "served");
    assert_eq!(inferred["path"], "app/public/.env.bak");
    assert_eq!(inferred["assumed"], Value::Null);
    let because = inferred["because"].as_array().unwrap();
    assert!(because.iter().any(|reason| {
        reason["directive"]
            .as_str()
            .unwrap()
            .contains("mapped by content")
    }));
    let mapped = verdict(
        &tree,
        &[config, "--map=/var/www/app=app", "public/.env.bak"],
    );
    assert_eq!(mapped["verdict"], "served");
    assert_eq!(mapped["server"], "apache");
    assert_eq!(mapped["assumed"], Value::Null);
    let denied = verdict(&tree, &[config, "--map=/var/www/app=app", "--url=/.env"]);
    assert_eq!(denied["verdict"], "denied");
    let lines: Vec<(&str, i64)> = denied["because"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|reason| Some((reason["file"].as_str()?, reason["line"].as_i64()?)))
        .collect();
    assert!(
        lines.iter().any(|(file, _)| *file == "conf/site.conf"),
        "{lines:?}"
    );
    let outside = tree
        .run(&[
            "site",
            "app",
            config,
            "--map=/var/www/app=app",
            "--path=.env",
            "--format=json",
        ])
        .json();
    assert_eq!(outside["files"][0]["urls"].as_array().unwrap().len(), 0);
}

#[test]
fn nginx_is_read_too() {
    let tree = app();
    tree.write(
        "conf/nginx.conf",
        "events {}\nhttp { server { listen 80; root /var/www/app/public; location ~ /\\.env$ { deny all; } } }\n",
    );
    let args = ["--server-config=conf/nginx.conf", "--map=/var/www/app=app"];
    let with = |url: &str| verdict(&tree, &[args[0], args[1], url])["verdict"].clone();
    assert_eq!(with("--url=/.env"), "denied");
    assert_eq!(with("--url=/.env.bak"), "served");
}

#[test]
fn a_server_of_this_machine_names_the_tree_as_it_is() {
    let tree = app();
    let root = tree.path().canonicalize().unwrap();
    let conf = VHOST.replace("/var/www/app", &format!("{}/app", root.display()));
    tree.write("conf/site.conf", conf);
    let found = verdict(
        &tree,
        &["--server-config=conf/site.conf", "public/.env.bak"],
    );
    assert_eq!(found["verdict"], "served");
    assert_eq!(found["assumed"], Value::Null);
}

#[test]
fn document_roots_are_named_by_the_user_or_assumed() {
    let tree = app();
    let given = verdict(&tree, &["--docroot=app", ".env"]);
    assert_eq!(
        (&given["verdict"], &given["assumed"]),
        (&"served".into(), &Value::Null)
    );
    let under = verdict(&tree, &["--docroot=app/public=/shop", "--url=/shop/.env"]);
    assert_eq!(under["verdict"], "served");
    let assumed = verdict(&tree, &["--path=public/.env"]);
    assert!(assumed["assumed"].is_string());
    tree.run(&["site", "app", "--docroot=nowhere"])
        .exits(2)
        .warns("nowhere");
}

#[test]
fn people_read_the_chain() {
    let tree = app();
    tree.write(
        "app/Dockerfile",
        "FROM php:8.3-apache\nCOPY . /var/www/html\n",
    );
    tree.run(&["site", "app", ".env"])
        .exits(0)
        .says("app at / of")
        .says("app/Dockerfile:2: COPY . /var/www/html")
        .says("served (200): /.env of");
}

#[test]
fn chains_show_no_credentials() {
    let tree = Tree::new();
    let key = mailgun_key(5);
    tree.write(
        "Dockerfile",
        format!("FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"sh\", \"-c\", \"MAILGUN_API_KEY={key} serve .\"]\n"),
    );
    for format in ["human", "json"] {
        let run = tree.run(&["site", ".", "Dockerfile", "--format", format]);
        run.exits(0).says("serve");
        assert!(!run.stdout.contains(&key[..12]), "{run:#?}");
    }
}
