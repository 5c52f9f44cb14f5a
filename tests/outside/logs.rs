//! What access logs prove, from outside.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::support::{Tree, env_file, mailgun_key};

const DOCKERFILE: &str = "FROM php:8.3-apache\nCOPY . /var/www/html\n";

/// An application whose `.env` is served, if nothing denies it.
fn app(key: &str, htaccess: &str) -> Tree {
    let tree = Tree::of(&[
        ("app/Dockerfile", DOCKERFILE),
        ("app/.env", &env_file(key)),
        ("app/index.php", "<?php echo 1;\n"),
    ]);
    if !htaccess.is_empty() {
        tree.write("app/.htaccess", htaccess);
    }
    tree
}

/// A line as Apache's `combined` has it.
fn line(client: &str, minute: u32, request: &str, answer: &str) -> String {
    format!(
        "{client} - - [21/Nov/2026:03:{minute:02}:07 +0000] \"{request} HTTP/1.1\" {answer} \"-\" \"curl/8.5\"\n"
    )
}

/// The strongest way of the only finding.
fn way(report: &Value) -> &Value {
    &report["findings"][0]["ways"][0]
}

#[test]
fn a_fetch_of_the_very_file_is_an_observed_leak() {
    let key = mailgun_key(31);
    let len = env_file(&key).len();
    let tree = app(&key, "");
    let log = [
        line("198.51.100.4", 1, "GET /", "200 640"),
        line(
            "203.0.113.9",
            2,
            "GET /.env?token=abc",
            &format!("200 {len}"),
        ),
        line("203.0.113.9", 9, "GET /%2eenv", &format!("200 {len}")),
        line("198.51.100.7", 5, "GET /.env", "404 196"),
    ];
    tree.write("app/logs/access.log", log.concat());
    let report = tree.run(&["app", "--format=json"]).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["reach"], "observed-leak");
    let way = way(&report);
    let summary = way["summary"].as_str().unwrap();
    let told = format!(
        "GET /.env was answered with it 2 times between 2026-11-21T03:02:07Z and 2026-11-21T03:09:07Z, to 1 address, \
         of 3 requests in the access logs: the answer has exactly the file's {len} bytes (95 %)"
    );
    assert_eq!(summary, told);
    let sample = &way["because"][0];
    assert_eq!(
        (&sample["file"], &sample["line"]),
        (&"app/logs/access.log".into(), &2.into())
    );
    let text =
        format!("203.0.113.9 2026-11-21T03:02:07Z \"GET /.env?****\": 200, {len} bytes, curl/8.5");
    assert_eq!(sample["directive"], text);
    assert_eq!(
        way["because"][1]["file"], "app/Dockerfile",
        "then why the server sent it"
    );
    let notes = report["notes"].to_string();
    assert!(
        notes.contains("4 lines, from 2026-11-21T03:01:07Z to 2026-11-21T03:09:07Z"),
        "{notes}"
    );
    for format in ["human", "sarif"] {
        tree.run(&["app", "--format", format])
            .says(&told)
            .says("203.0.113.9 2026-11-21T03:02:07Z");
    }
}

#[test]
fn what_was_sent_of_several_files_is_said_of_that_file_alone() {
    let (sent, kept) = (mailgun_key(33), mailgun_key(34));
    let server = "const express = require('express');\nexpress().use(express.static('.', { dotfiles: 'allow' })).listen(80);\n";
    let tree = Tree::of(&[
        (
            "app/package.json",
            "{\"dependencies\":{\"express\":\"4.21.0\"}}",
        ),
        ("app/server.js", server),
        ("app/.env", &env_file(&sent)),
        (
            "app/deploy/mail.env",
            &format!("# mail\n{}", env_file(&kept)),
        ),
    ]);
    let answer = format!("200 {}", env_file(&sent).len());
    tree.write(
        "app/logs/access.log",
        line("203.0.113.9", 2, "GET /.env", &answer),
    );
    let report = tree.run(&["app", "--isolated", "--format=json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let reach = |file: &str| {
        let in_file = |finding: &&Value| {
            finding["occurrences"][0]["path"]
                .as_str()
                .unwrap()
                .ends_with(file)
        };
        findings.iter().find(in_file).unwrap()["reach"].clone()
    };
    assert_eq!(reach("app/.env"), "observed-leak");
    assert_eq!(reach("deploy/mail.env"), "reachable");
}

#[test]
fn requests_that_were_refused_are_no_leak() {
    let key = mailgun_key(32);
    let len = env_file(&key).len();
    let tree = app(
        &key,
        "<FilesMatch \"^\\.\">\nRequire all denied\n</FilesMatch>\n",
    );
    let log = [
        line("203.0.113.9", 2, "GET /.env", "403 199"),
        line("203.0.113.9", 3, "HEAD /.env", "403 -"),
        line("203.0.113.9", 4, "GET /.env.bak", "404 196"),
        // The site's own request, from inside.
        line("127.0.0.1", 5, "GET /.env", &format!("200 {len}")),
    ];
    tree.write("access.log", log.concat());
    let report = tree
        .run(&["app", "--access-log=access.log", "--format=json"])
        .json();
    assert_ne!(report["findings"][0]["reach"], "observed-leak");
    let ways = report["findings"][0]["ways"].to_string();
    assert!(
        ways.contains("none was answered with the file (1 × 200, 2 × 403)"),
        "{ways}"
    );
}

#[test]
fn a_page_that_answers_everything_is_no_leak() {
    let key = mailgun_key(33);
    let len = env_file(&key).len();
    let tree = app(&key, "");
    let mut log: Vec<String> = ["/.git/config", "/wp-config.php.bak", "/backup.zip"]
        .iter()
        .map(|path| {
            line(
                "203.0.113.9",
                1,
                &format!("GET {path}"),
                &format!("200 {len}"),
            )
        })
        .collect();
    log.push(line("203.0.113.9", 2, "GET /.env", &format!("200 {len}")));
    tree.write("access.log", log.concat());
    let report = tree
        .run(&["app", "--access-log=access.log", "--format=json"])
        .json();
    assert_eq!(report["findings"][0]["reach"], "reachable");
}

#[test]
fn packed_logs_and_those_of_the_configured_format_are_read() {
    let key = mailgun_key(34);
    let len = env_file(&key).len();
    let conf = "http {\n  log_format short '$time_iso8601|$remote_addr|$request|$status|$body_bytes_sent';\n  server {\n    \
                listen 80;\n    root /srv/app/public;\n  }\n}\n";
    let tree = Tree::of(&[
        ("nginx.conf", conf),
        ("app/.env", &env_file(&key)),
        ("app/public/index.html", "x"),
    ]);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    writeln!(
        packed,
        "2026-11-21T03:02:07+00:00|203.0.113.9|GET /.env HTTP/1.1|200|{len}"
    )
    .unwrap();
    tree.write("old/access.log.2.gz", packed.finish().unwrap());
    let args = [
        "app",
        "--server-config=nginx.conf",
        "--map=/srv/app=app",
        "--access-log=old/*.gz",
        "--format=json",
    ];
    let report = tree.run(&args).json();
    assert_eq!(
        report["findings"][0]["reach"], "observed-leak",
        "it was served once, whatever is configured now"
    );
}

#[test]
fn logs_that_are_missing_or_none_are_not_passed_over() {
    let tree = app(&mailgun_key(35), "");
    tree.run(&["app", "--access-log=nowhere.log"])
        .exits(2)
        .warns("nowhere.log: there is no access log");
    tree.write("odd.log", "this is\nno access log\n");
    let run = tree.run(&[
        "app",
        "--access-log=odd.log",
        "--format=json",
        "--fail-on=critical",
    ]);
    let skipped = run.json()["coverage"]["skipped"].to_string();
    assert!(
        skipped.contains("its lines are of no format that is known"),
        "{skipped}"
    );
}

#[test]
fn who_works_through_a_list_is_told_in_a_line() {
    let tree = app(&mailgun_key(36), "");
    let paths = [
        "/.env",
        "/.git/config",
        "/phpinfo.php",
        "/backup.sql",
        "/.aws/credentials",
        "/wp-config.php~",
    ];
    let log: Vec<String> = paths
        .iter()
        .map(|path| line("203.0.113.9", 2, &format!("GET {path}"), "404 196"))
        .collect();
    tree.write("app/logs/access.log", log.concat());
    tree.run(&["app"])
        .says("203.0.113.9 asked 6 times for environment files, git repositories");
    let own = tree
        .run(&["app", "--ignore-ip=203.0.113.9", "--format=json"])
        .json();
    assert!(!own["notes"].to_string().contains("asked 6 times"));
}

/// The line of [`logs_are_read_however_they_are_packed`], as `xz` packs it.
const XZ: &[u8] = b"\xfd7zXZ\x00\x00\x01i\x22\xde6\x02\x00!\x01\x0c\x00\x00\x00\x8f\x98A\x9c\xe0\x00W\x00V]\x00\x19\x0c\
    \x02\xb77\x8d\x96\xeb\xdd\xe8\xc3#\xac\x17\xe6]R\x94\xfeB\x91h\x9cF\x0d\xd6\xa5Ng%\xc0F^X*w\x13\x81\
    \x8a\xd4\x91\xad\xb1\xef\x9cR\xc4\xd0\xde\xb1o\xdfR]m\xees\xc4^\x16n\x91\xc6\xee$%\xae\x87\xba\xbb>x\
    _\xf1\x09\x7f&\xf1\xf1\x8c3K\x83\x1ah\x00\x00\x00\x00\x14\xd9\xca7\x00\x01nX\xc4*H\xbe\x90B\x99\x0d\
    \x01\x00\x00\x00\x00\x01YZ";

#[test]
fn logs_are_read_however_they_are_packed() {
    let key = mailgun_key(37);
    let log = line(
        "203.0.113.9",
        2,
        "GET /.env",
        &format!("200 {}", env_file(&key).len()),
    );
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz2.write_all(log.as_bytes()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(
        log.as_bytes(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    for (name, packed) in [
        ("access.log.bz2", bz2.finish().unwrap()),
        ("access.log.xz", XZ.to_vec()),
        ("access.log.zst", zstd),
    ] {
        let tree = app(&key, "");
        tree.write(name, &packed);
        let args = ["app", "--access-log", name, "--format=json"];
        let report = tree.run(&args).json();
        assert_eq!(report["findings"][0]["reach"], "observed-leak", "{name}");
        // What is cut off is said.
        tree.write(name, &packed[..packed.len() - 5]);
        let skipped = tree.run(&args).json()["coverage"]["skipped"].to_string();
        assert!(skipped.contains(name), "{name}: {skipped}");
    }
}

#[test]
fn credentials_in_a_named_log_are_found() {
    let tree = app(&mailgun_key(38), "");
    let request = format!("GET /mail?api_key={}", mailgun_key(39));
    tree.write("old/access.log", line("203.0.113.9", 2, &request, "200 17"));
    let report = tree
        .run(&["app", "--access-log=old/access.log", "--format=json"])
        .json();
    let text = report["findings"].to_string();
    assert!(text.contains("\"path\":\"old/access.log\""), "{text}");
    let report = tree.run(&["app", "--format=json"]).json();
    assert!(!report["findings"].to_string().contains("old/access.log"));
}

#[test]
fn what_one_site_answers_to_everything_says_nothing_of_another() {
    let key = mailgun_key(40);
    let answer = format!("200 {}", env_file(&key).len());
    let get = |path: &str| line("203.0.113.9", 1, &format!("GET {path}"), &answer);
    let probes = ["/.git/config", "/wp-config.php.bak", "/backup.zip"].map(get);
    for (of_the_other, reach) in [
        ("spa-access.log", "observed-leak"),
        ("access.log.1", "reachable"),
    ] {
        let tree = app(&key, "");
        tree.write("logs/access.log", get("/.env"));
        tree.write(format!("logs/{of_the_other}"), probes.concat());
        let report = tree
            .run(&["app", "--access-log=logs", "--format=json"])
            .json();
        assert_eq!(report["findings"][0]["reach"], reach, "{of_the_other}");
    }
    // Debian's format has the head in its sizes.
    let answer = format!("200 {}", env_file(&key).len() + 300);
    let host = |host: &str, path: &str| {
        let line = line("203.0.113.9", 1, &format!("GET {path}"), &answer);
        format!("{host}:443 {line}")
    };
    let mut log: Vec<String> = ["/.git/config", "/wp-config.php.bak", "/backup.zip"]
        .iter()
        .map(|path| host("spa.example.com", path))
        .collect();
    log.push(host("shop.example.com", "/.env"));
    let tree = app(&key, "");
    tree.write("other_vhosts_access.log", log.concat());
    let args = [
        "app",
        "--access-log=other_vhosts_access.log",
        "--format=json",
    ];
    assert_eq!(
        tree.run(&args).json()["findings"][0]["reach"],
        "observed-leak"
    );
}
