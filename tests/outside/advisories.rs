//! Advisories that the user has.

use serde_json::json;

use super::support::Tree;

const LOCK: &str = r#"{"packages":[{"name":"acme/mailer","version":"v1.2.3"}],"packages-dev":[]}"#;
const ENTRY: &str = "title: CVE-2026-0001 Secrets in an error page
link: https://acme.example/advisory
cve: CVE-2026-0001
branches:
    1.x:
        time: 2026-01-01 00:00:00
        versions: ['>=1.0.0', '<1.2.4']
reference: composer://acme/mailer
";

fn checks_found(tree: &Tree, args: &[&str]) -> Vec<String> {
    let report = tree
        .run(&[&["--format=json", "--isolated"], args].concat())
        .json();
    let exposures = report["exposures"]
        .as_array()
        .expect("a report has exposures")
        .iter();
    exposures
        .map(|exposure| exposure["check"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_checkout_of_the_php_database_is_read() {
    let tree = Tree::of(&[
        ("app/composer.lock", LOCK),
        ("db/acme/mailer/one.yaml", ENTRY),
    ]);
    assert!(checks_found(&tree, &["app"]).is_empty());
    assert_eq!(
        checks_found(&tree, &["app", "--advisories=db"]),
        ["vulnerable-composer-package"]
    );
    let fixed = LOCK.replace("1.2.3", "1.2.4");
    tree.write("app/composer.lock", fixed);
    assert!(checks_found(&tree, &["app", "--advisories=db"]).is_empty());
    tree.run(&["app", "--advisories=app"])
        .exits(2)
        .warns("no advisories are there");
    tree.run(&["app", "--advisories=missing"])
        .exits(2)
        .warns("cannot be read");
}

#[test]
fn a_downloaded_feed_is_read() {
    let feed = json!({ "0b1c": {
        "id": "0b1c", "title": "Acme Forms <= 2.0 - Key disclosure", "cve": "CVE-2026-0002",
        "software": [{ "type": "plugin", "slug": "acme-forms", "affected_versions": {
            "* - 2.0": { "from_version": "*", "from_inclusive": true, "to_version": "2.0", "to_inclusive": true }
        }}],
        "references": ["https://acme.example/forms"],
    }});
    let plugin = "<?php\n/*\nPlugin Name: Acme Forms\nVersion: 1.9\n*/\n";
    let tree = Tree::of(&[
        ("blog/wp-content/plugins/acme-forms/acme-forms.php", plugin),
        ("feed.json", &feed.to_string()),
    ]);
    assert!(checks_found(&tree, &["blog"]).is_empty());
    let found = checks_found(&tree, &["blog", "--wordfence-feed=feed.json"]);
    assert_eq!(found, ["vulnerable-wordpress-plugin"]);
    tree.write("feed.json", "[1, 2");
    tree.run(&["blog", "--wordfence-feed=feed.json"])
        .exits(2)
        .warns("feed.json");
}

#[test]
fn a_list_of_what_wordpress_ships_is_read() {
    let tree = Tree::of(&[
        ("blog/wp-load.php", ""),
        (
            "blog/wp-config.php",
            "<?php define('DISALLOW_FILE_EDIT', true);",
        ),
        ("blog/wp-includes/user.php", "<?php"),
        // The MD5 of no bytes.
        (
            "sums.txt",
            "d41d8cd98f00b204e9800998ecf8427e  wp-load.php\nd41d8cd98f00b204e9800998ecf8427e  wp-includes/user.php\n",
        ),
    ]);
    assert!(checks_found(&tree, &["blog"]).is_empty());
    assert_eq!(
        checks_found(&tree, &["blog", "--wordpress-checksums=sums.txt"]),
        ["wordpress-core-integrity"]
    );
    tree.write("sums.txt", "{\"checksums\":false}");
    tree.run(&["blog", "--wordpress-checksums=sums.txt"])
        .exits(2)
        .warns("no checksums are in it");
}
