use crate::input::Memory;
use crate::site::{Request, Server as _};

use super::Caddy;

fn files() -> Memory {
    [
        "/w/.env",
        "/w/.git/config",
        "/w/index.html",
        "/w/a.php",
        "/w/sub/b.txt",
        "/other/c.txt",
        "/w/index.php",
    ]
    .into_iter()
    .map(|name| (name, "x"))
    .collect()
}

fn ask(config: &str, targets: &[&str]) -> Vec<&'static str> {
    let caddy = Caddy::load("Caddyfile", config);
    targets
        .iter()
        .map(|target| {
            caddy
                .answer(0, &Request::of(target), &files())
                .verdict
                .word()
        })
        .collect()
}

const TARGETS: &[&str] = &["/.env", "/.git/config", "/a.php", "/nothing"];

#[test]
fn files_are_served_but_for_what_is_hidden() {
    let base = ":80 {\nroot * /w\nfile_server\n}\n";
    assert_eq!(
        ask(base, TARGETS),
        ["served", "served", "served", "not-mapped"]
    );
    let hide = ":80 {\nroot * /w\nfile_server {\nhide .*\n}\n}\n";
    assert_eq!(
        ask(hide, TARGETS),
        ["denied", "denied", "served", "not-mapped"]
    );
    let git = ":80\nroot * /w\nfile_server {\nhide .git\n}\n";
    assert_eq!(
        ask(git, TARGETS),
        ["served", "denied", "served", "not-mapped"]
    );
}

/// As Caddy 2.6.2 does it: the names of directories above the root count as well.
#[test]
fn what_is_hidden_may_be_the_root_itself() {
    let files: Memory = [("/srv/.site/a.txt", "x")].into_iter().collect();
    let config = ":80 {\nroot * /srv/.site\nfile_server {\nhide .*\n}\n}\n";
    let caddy = Caddy::load("Caddyfile", config);
    let answer = caddy.answer(0, &Request::of("/a.txt"), &files);
    assert_eq!(answer.verdict.word(), "denied");
}

#[test]
fn requests_are_refused_by_matchers() {
    let named = ":80 {\n@dot {\npath */.*\nnot path /.well-known/*\n}\nrespond @dot 404\nroot * /w\nfile_server\n}\n";
    assert_eq!(
        ask(named, TARGETS),
        ["denied", "denied", "served", "not-mapped"]
    );
    let regexp = ":80 {\n@dot path_regexp \\.env\nerror @dot 403\nroot * /w\nfile_server\n}\n";
    assert_eq!(
        ask(regexp, TARGETS),
        ["denied", "served", "served", "not-mapped"]
    );
    let unknown = ":80 {\n@x expression {path} == 'x'\nrespond @x 403\nroot * /w\nfile_server\n}\n";
    assert_eq!(ask(unknown, TARGETS)[0], "unknown");
    let strange = ":80 {\nmagic on\nroot * /w\nfile_server\n}\n";
    assert_eq!(ask(strange, TARGETS)[0], "unknown");
}

#[test]
fn php_is_run_and_misses_go_to_the_front() {
    let php = "(common) {\nroot * /w\n}\nexample.com {\nimport common\nphp_fastcgi unix//run/php.sock\nfile_server\n}\n";
    assert_eq!(
        ask(php, TARGETS),
        ["served", "served", "executed", "executed"]
    );
    let spa = ":80 {\nroot * /w\ntry_files {path} /index.html\nfile_server\n}\n";
    assert_eq!(ask(spa, TARGETS), ["served", "served", "served", "served"]);
}

#[test]
fn handles_exclude_each_other_and_strip_prefixes() {
    let config = ":80 {\nhandle_path /files/* {\nroot * /other\nfile_server browse\n}\nhandle /api/* {\nreverse_proxy app:3000\n}\nhandle {\nroot * /w\nfile_server\n}\n}\n";
    let targets = ["/files/c.txt", "/files/", "/api/.env", "/.env", "/c.txt"];
    assert_eq!(
        ask(config, &targets),
        ["served", "served", "not-mapped", "served", "not-mapped"]
    );
    let caddy = Caddy::load("Caddyfile", config);
    assert_eq!(caddy.targets(0, "/other/c.txt"), ["/files/c.txt"]);
}

#[test]
fn hostile_files_end_somewhere() {
    for config in [
        "}",
        "{",
        "(a) {\nimport a\n}\n:80 {\nimport a\n}\n",
        "\"",
        "`",
        "a {\n{\n}\n}\n",
    ] {
        let caddy = Caddy::load("Caddyfile", config);
        if !caddy.hosts().is_empty() {
            caddy.answer(0, &Request::of("/"), &files());
        }
    }
    let deep = "a {\n".repeat(5_000);
    assert!(!Caddy::load("Caddyfile", &deep).notes().is_empty());
}
