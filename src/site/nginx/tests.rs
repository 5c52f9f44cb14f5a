use crate::input::Memory;
use crate::site::{Mapping, Pair};

use super::*;

const ROOT: &str = "root /srv/w;";

fn load(config: &str) -> Nginx {
    let mut files = Memory::new();
    files.add("nginx.conf", config);
    Nginx::load(Sources {
        entries: &["nginx.conf".to_owned()],
        files: &files,
        mapping: &Mapping::default(),
    })
}

fn tree() -> Memory {
    [
        "/srv/w/.env",
        "/srv/w/.env.bak",
        "/srv/w/sub/.env",
        "/srv/w/.git/config",
        "/srv/w/index.html",
        "/srv/w/a.php",
        "/srv/w/files/f.txt",
        "/srv/secret.txt",
    ]
    .into_iter()
    .map(|name| (name, name))
    .collect()
}

fn ask(config: &str, target: &str) -> Answer {
    load(config).answer(0, &Request::of(target), &tree())
}

fn verdict(config: &str, target: &str) -> (Verdict, Option<u16>) {
    let answer = ask(&format!("server {{ {ROOT} {config} }}"), target);
    (answer.verdict, answer.status)
}

#[test]
fn an_answer_names_the_directives_that_decided() {
    let config = "server {\n root /srv/w;\n location / { }\n location ~ /\\. { deny all; }\n}";
    let answer = ask(config, "/.env");
    assert_eq!(answer.verdict, Verdict::Denied);
    assert_eq!(answer.file.as_deref(), Some("/srv/w/.env"));
    let lines: Vec<Option<u32>> = answer.because.iter().map(|reason| reason.line).collect();
    assert_eq!(lines, [Some(1), Some(4), Some(4)]);
    assert_eq!(answer.because[2].directive, "deny all");
}

#[test]
fn an_alias_without_a_slash_leads_one_level_up() {
    let nginx = load("server { root /srv/w; location /i { alias /srv/w/files/; } }");
    let targets = nginx.targets(0, "/srv/w/.env");
    assert!(targets.contains(&"/i../.env".to_owned()), "{targets:?}");
    let answer = nginx.answer(0, &Request::of("/i../.env"), &tree());
    assert_eq!(answer.file.as_deref(), Some("/srv/w/.env"));
    let closed = load("server { root /srv/w; location /i/ { alias /srv/w/files/; } }");
    let answer = closed.answer(0, &Request::of("/i../.env"), &tree());
    assert_eq!(
        (answer.verdict, answer.status),
        (Verdict::NotMapped, Some(404))
    );
}

#[test]
fn what_may_decide_and_is_not_understood_gives_unknown() {
    for directive in [
        "auth_request /auth;",
        "access_by_lua_block { ngx.exit(403) }",
        "js_content main.hello;",
        "some_module on;",
        "include snippets/lost.conf;",
    ] {
        assert_eq!(
            verdict(directive, "/.env").0,
            Verdict::Unknown,
            "{directive}"
        );
    }
    assert_eq!(
        verdict("auth_request off; gzip on; include mime.types;", "/.env").0,
        Verdict::Served
    );
}

#[test]
fn conditions_on_what_the_client_sends_are_tried_both_ways() {
    let both = "if ($http_x_key = a) { return 403; }";
    assert_eq!(verdict(both, "/.env").0, Verdict::Unknown);
    let either = "if ($http_x_key = a) { return 403; } return 404;";
    assert_eq!(verdict(either, "/nothing").0, Verdict::Unknown);
    let same = "if ($http_x_key = a) { set $b 1; }";
    assert_eq!(verdict(same, "/.env").0, Verdict::Served);
}

#[test]
fn a_socket_without_tls_that_redirects_does_not_hide_the_one_with() {
    let config =
        "listen 80; listen 443 ssl; if ($scheme = http) { return 301 https://$host$request_uri; }";
    assert_eq!(verdict(config, "/.env"), (Verdict::Served, Some(200)));
}

#[test]
fn addresses_are_those_of_someone_on_the_internet() {
    let config = "location / { allow 127.0.0.1; allow 10.0.0.0/8; deny all; }";
    assert_eq!(verdict(config, "/.env"), (Verdict::Denied, Some(403)));
    assert_eq!(
        verdict("location / { deny 192.0.2.1; }", "/.env").0,
        Verdict::Served
    );
    assert_eq!(
        verdict("location / { allow 0.0.0.0/0; deny all; }", "/.env").0,
        Verdict::Served
    );
}

#[test]
fn a_configuration_that_nginx_refuses_gives_unknown_and_a_note() {
    for config in [
        "server { root /srv/w; ",
        "server { location /a { } location /a { } }",
        "server { root /a; root /b; }",
        "server { location /a { location /b { } } }",
    ] {
        let nginx = load(config);
        assert!(
            nginx.notes()[0].contains("nginx would not start"),
            "{config}"
        );
    }
    assert_eq!(
        ask("server { root /a; root /b; }", "/").verdict,
        Verdict::Unknown
    );
}

#[test]
fn files_are_included_from_where_the_tree_has_them() {
    let mut files = Memory::new();
    files.add(
        "docker/nginx.conf",
        "http { include /etc/nginx/conf.d/*.conf; }",
    );
    files.add(
        "docker/conf.d/b.conf",
        "server { listen 81; include common.inc; }",
    );
    files.add("docker/conf.d/a.conf", "server { root /srv/w; }");
    files.add("docker/common.inc", "location / { return 403; }");
    let mut nginx = Nginx::load(Sources {
        entries: &["docker/nginx.conf".to_owned()],
        files: &files,
        mapping: &Mapping::default(),
    });
    assert_eq!(nginx.hosts().len(), 2);
    assert_eq!(
        nginx.answer(1, &Request::of("/"), &tree()).status,
        Some(403)
    );
    let mapping = Mapping::new([Pair {
        server: "/etc/nginx".to_owned(),
        tree: "docker".to_owned(),
    }]);
    files.add(
        "docker/sites/x",
        "server { listen 82; include common.inc; }",
    );
    nginx = Nginx::load(Sources {
        entries: &["docker/sites/x".to_owned()],
        files: &files,
        mapping: &mapping,
    });
    assert_eq!(
        nginx.answer(0, &Request::of("/"), &tree()).status,
        Some(403)
    );
    assert_eq!(nginx.hosts()[0].at.file.as_deref(), Some("docker/sites/x"));
}

#[test]
fn links_are_followed_as_the_system_does() {
    let mut files = tree();
    files.link("/srv/w/l", "../secret.txt");
    files.link("/srv/w/d", "/srv/w/files");
    files.link("/srv/w/loop", "loop");
    let config = "server { root /srv/w; }";
    let answer = |config: &str, target: &str| load(config).answer(0, &Request::of(target), &files);
    assert_eq!(
        answer(config, "/l").file.as_deref(),
        Some("/srv/secret.txt")
    );
    assert_eq!(
        answer(config, "/d/f.txt").file.as_deref(),
        Some("/srv/w/files/f.txt")
    );
    assert_eq!(answer(config, "/loop").status, Some(403));
    assert_eq!(
        answer("server { root /srv/w; disable_symlinks on; }", "/l").status,
        Some(403)
    );
}

/// The shapes that <https://github.com/yandex/gixy> tests its alias rule with. Without a slash on either side, what
/// is reached is a neighbour whose name starts like the directory's, not what lies beside it.
#[test]
fn known_shapes_of_aliases_lead_out_or_do_not() {
    let files: Memory = ["/home/a", "/etc-secret", "/homeless/b"]
        .into_iter()
        .map(|name| (name, name))
        .collect();
    for (location, target, expected) in [
        (
            "location /files { alias /home/; }",
            "/files../etc-secret",
            true,
        ),
        (
            "location /files/ { location /files/images { alias /home/; } }",
            "/files/images../etc-secret",
            true,
        ),
        ("location /files { alias /home; }", "/filesless/b", true),
        (
            "location /files { alias /home; }",
            "/files../etc-secret",
            false,
        ),
        (
            "location /files/ { alias /home/; }",
            "/files../etc-secret",
            false,
        ),
        (
            "location /files/ { location /files/images { } alias /home/; }",
            "/files/images../etc-secret",
            false,
        ),
        (
            "location /files/ { alias /home; }",
            "/files../etc-secret",
            false,
        ),
    ] {
        let answer =
            load(&format!("server {{ {location} }}")).answer(0, &Request::of(target), &files);
        assert_eq!(
            answer.verdict == Verdict::Served,
            expected,
            "{location} {target}: {answer:?}"
        );
    }
}

/// Words that occur in configurations, in any order.
const WORDS: &[&str] = &[
    "server",
    "location",
    "{",
    "}",
    ";",
    "~",
    "/",
    "/a",
    "\\.php$",
    "(",
    ")",
    "if",
    "($uri",
    "=",
    "alias",
    "/srv/w/",
    "root",
    "try_files",
    "$uri",
    "=404",
    "return",
    "404",
    "rewrite",
    "^(.*)$",
    "$1",
    "last",
    "error_page",
    "map",
    "$x",
    "default",
    "include",
    "nginx.conf",
    "listen",
    "80",
    "@n",
    "index",
    "\"",
    "'",
    "#",
    "\\",
    "$",
    "${",
    "internal",
    "set",
    "geo",
    "127.0.0.0/8",
    "deny",
    "all",
    "limit_except",
    "GET",
    "http",
    "(?<a>x)",
    "[a",
    "~*",
    "^~",
];

proptest::proptest! {
    #[test]
    fn no_configuration_makes_it_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..120),
        target in "/[a-z./%2e?#]{0,12}",
    ) {
        let nginx = load(&words.join(" "));
        let files = tree();
        for host in 0..nginx.hosts().len().min(3) {
            nginx.answer(host, &Request::of(&target), &files);
            for target in nginx.targets(host, "/srv/w/.env") {
                nginx.answer(host, &Request::of(&target), &files);
            }
        }
    }
}

#[test]
fn lists_are_not_copied_for_each_level_that_inherits_them() {
    let rules = "deny 192.0.2.1;".repeat(20_000);
    let locations: String = (0..5_000)
        .map(|number| format!("location /{number}/ {{ }}"))
        .collect();
    let config = format!("server {{ root /srv/w; {rules} {locations} }}");
    assert_eq!(ask(&config, "/.env").verdict, Verdict::Served);
}
