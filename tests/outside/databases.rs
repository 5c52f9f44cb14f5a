//! Databases of SQLite, from outside: an application's own, which lies where the server hands it out.

use std::io::Read as _;

use super::support::{Tree, findings, mailgun_key};

/// The database that the unit tests describe, with these keys in it.
fn database(option: &str, account: &str) -> Vec<u8> {
    let packed: &[u8] = include_bytes!("../../src/input/archive/tests/database.sqlite.gz");
    let mut bytes = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(packed);
    decoder.read_to_end(&mut bytes).unwrap();
    for (stand_in, key) in [("K", option), ("L", account)] {
        let found = memchr::memmem::find(&bytes, stand_in.repeat(key.len()).as_bytes());
        let at = found.expect("the database has room for keys");
        bytes[at..at + key.len()].copy_from_slice(key.as_bytes());
    }
    bytes
}

#[test]
fn a_served_database_lets_out_what_is_in_its_rows() {
    let (option, account) = (mailgun_key(81), mailgun_key(82));
    let tree = Tree::of(&[
        (
            "app/Dockerfile",
            "FROM php:8.3-apache\nCOPY . /var/www/html\n",
        ),
        ("app/index.php", "<?php echo 1;\n"),
    ]);
    let name = "app/wp-content/database/.ht.sqlite.bak";
    tree.write(name, database(&option, &account));
    let run = tree.run(&["app", "--format=json"]);
    run.exits(1);
    let report = run.json();
    let mut places: Vec<String> = findings(&report)
        .iter()
        .map(|finding| {
            let place = &finding["occurrences"][0];
            assert_eq!(place["archive"], name);
            let (path, line) = (&place["path"], &place["start"]["line"]);
            format!("{}:{line} {}", path.as_str().unwrap(), finding["rule"])
        })
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            format!("{name}!mail accounts.sql:1 \"mailgun-api-key\""),
            format!("{name}!wp_options.sql:62 \"mailgun-api-key\""),
        ]
    );
    for run in [
        run,
        tree.run(&["app"]),
        tree.run(&["app", "--format=sarif"]),
    ] {
        assert!(!run.stdout.contains(&option[4..32]), "{run:#?}");
    }
}

/// A secret that has no shape of its own: the column, or the row's other value, says what it is.
#[test]
fn names_of_columns_and_of_options_say_what_a_value_is() {
    let secret = super::support::render("{base62:50}", 83);
    let other = super::support::render("{base62:50}", 84);
    let tree = Tree::new();
    tree.write("db.sqlite3", database(&secret, &other));
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let report = run.json();
    assert_eq!(findings(&report).len(), 2, "{report:#}");
}

#[test]
fn what_lies_beside_a_database_is_listed() {
    let tree = Tree::new();
    tree.write("db.sqlite3", database(&"-".repeat(50), &"-".repeat(50)));
    tree.write(
        "db.sqlite3-wal",
        b"\x37\x7f\x06\x82\0\x2d\xe2\x18\0\0\x10\0",
    );
    tree.write(
        "db.sqlite3-journal",
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\x01",
    );
    tree.run(&["--show-skipped"])
        .exits(0)
        .says("sqlite write-ahead log")
        .says("sqlite journal")
        .says("free pages");
    tree.run(&["--show-skipped", "--no-archives"])
        .exits(3)
        .says("db.sqlite3");
}
