use crate::input::Memory;
use crate::site::{Request, Server as _};

use super::Lighttpd;

fn files() -> Memory {
    [
        "/w/.env",
        "/w/.git/config",
        "/w/index.html",
        "/w/a.php",
        "/w/b.inc",
        "/w/x~",
        "/other/c.txt",
    ]
    .into_iter()
    .map(|name| (name, "x"))
    .collect()
}

fn ask(config: &str, targets: &[&str]) -> Vec<&'static str> {
    let server = Lighttpd::load("lighttpd.conf", config, &files());
    targets
        .iter()
        .map(|target| {
            server
                .answer(0, &Request::of(target), &files())
                .verdict
                .word()
        })
        .collect()
}

const BASE: &str = "server.modules = ( \"mod_access\", \"mod_alias\", \"mod_fastcgi\" )\nserver.document-root = \"/w\"\n";
const TARGETS: &[&str] = &["/.env", "/.git/config", "/b.inc", "/x~", "/nothing"];

#[test]
fn the_usual_configuration_denies_ends_of_names() {
    assert_eq!(
        ask(BASE, TARGETS),
        ["served", "served", "served", "served", "not-mapped"]
    );
    let usual = format!("{BASE}url.access-deny = ( \"~\", \".inc\" )\n");
    assert_eq!(
        ask(&usual, TARGETS),
        ["served", "served", "denied", "denied", "not-mapped"]
    );
    let unloaded = usual.replace("\"mod_access\", ", "");
    assert_eq!(ask(&unloaded, TARGETS)[2], "served");
}

#[test]
fn conditions_hold_for_urls_and_hosts() {
    let dots =
        format!("{BASE}$HTTP[\"url\"] =~ \"/\\.(env|git)\" {{\n url.access-deny = ( \"\" )\n}}\n");
    assert_eq!(
        ask(&dots, TARGETS),
        ["denied", "denied", "served", "served", "not-mapped"]
    );
    let other = format!(
        "{BASE}$HTTP[\"host\"] == \"a\" {{\n server.document-root = \"/x\"\n}} else {{\n url.access-deny = ( \".env\" )\n}}\n"
    );
    assert_eq!(ask(&other, TARGETS)[0], "denied");
    let unsure =
        format!("{BASE}$HTTP[\"remoteip\"] != \"10.0.0.1\" {{ url.access-deny = ( \"\" ) }}\n");
    assert_eq!(ask(&unsure, TARGETS)[0], "unknown");
}

#[test]
fn programs_run_and_aliases_lead_elsewhere() {
    let config = format!(
        "var.base = \"/other\"\n{BASE}alias.url += ( \"/files/\" => var.base + \"/\" )\nfastcgi.server = ( \".php\" => (( \"socket\" => \"/x\" )) )\nstatic-file.exclude-extensions = ( \".inc\" )\n"
    );
    assert_eq!(
        ask(&config, &["/a.php", "/files/c.txt", "/b.inc"]),
        ["executed", "served", "denied"]
    );
    let server = Lighttpd::load("x", &config, &files());
    assert_eq!(server.targets(0, "/other/c.txt"), ["/files/c.txt"]);
}

#[test]
fn hostile_files_end_somewhere() {
    for config in [
        "}",
        "a = (",
        "$HTTP[\"url\"",
        "a",
        "\"",
        "a = (((((",
        "x := =",
    ] {
        let server = Lighttpd::load("x", config, &files());
        server.answer(0, &Request::of("/"), &files());
        assert_eq!(server.notes().len(), 1, "{config}");
    }
    let deep = format!("a = {}", "(".repeat(10_000));
    assert!(!Lighttpd::load("x", &deep, &files()).notes().is_empty());
}

#[test]
fn included_files_are_read() {
    let files: Memory = [
        ("etc/conf.d/a.conf", "url.access-deny = ( end )\n"),
        ("etc/conf.d/b.conf", "include \"more.conf\"\n"),
        ("etc/conf.d/c.txt", "no configuration"),
        (
            "etc/more.conf",
            "$HTTP[\"url\"] =^ \"/static\" {\n  url.access-deny = ()\n}\n",
        ),
        ("etc/loop.conf", "include \"loop.conf\"\n"),
    ]
    .into_iter()
    .collect();
    let config = format!(
        "{BASE}end = \".env\"\ninclude \"/etc/lighttpd/conf.d/*.conf\"\ninclude \"missing.conf\"\ninclude_shell \"x\"\n\
         include \"loop.conf\"\n"
    );
    let server = Lighttpd::load("etc/lighttpd.conf", &config, &files);
    let tree: Memory = [("/w/.env", "x"), ("/w/static/.env", "x")]
        .into_iter()
        .collect();
    let answer = server.answer(0, &Request::of("/.env"), &tree);
    assert_eq!(answer.verdict.word(), "denied");
    let last = answer.because.last().unwrap();
    assert_eq!(
        (last.file.as_deref(), last.line),
        (Some("etc/conf.d/a.conf"), Some(1))
    );
    let open = server.answer(0, &Request::of("/static/.env"), &tree);
    assert_eq!(open.verdict.word(), "served");
    let notes: Vec<&str> = server.notes().iter().map(String::as_str).collect();
    assert_eq!(
        notes,
        [
            "etc/lighttpd.conf:5: what missing.conf includes was not read",
            "etc/lighttpd.conf:6: what x includes was not read",
            "etc/loop.conf:1: what loop.conf includes was not read",
        ]
    );
}
