//! Small configurations and what becomes of requests; the real server is asked in `tests/differential`.

use super::{Apache, Defaults};
use crate::input::Memory;
use crate::site::{Answer, Request, Server as _, Verdict};

/// A site of one `.htaccess` file, under a document root that is assumed.
fn ask(access: &str, target: &str) -> Answer {
    let mut files = Memory::new();
    for name in ["/site/.env", "/site/index.html", "/site/sub/a.txt"] {
        files.add(name, "x");
    }
    files.add("/site/.htaccess", access);
    let server = Apache::load(&[], &files, &Defaults::debian().with_root("/site"));
    server.answer(0, &Request::of(target), &files)
}

#[test]
fn a_redirect_to_tls_is_followed() {
    let access = "RewriteEngine On\nRewriteCond %{HTTPS} off\n\
                  RewriteRule ^(.*)$ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]";
    assert_eq!(ask(access, "/.env").verdict, Verdict::Served);
    let other = ask("Redirect 301 / https://other.example/x/", "/.env");
    assert_eq!(
        (other.verdict, other.status),
        (Verdict::NotMapped, Some(301))
    );
}

/// PHP as a module leaves a script to the server then, who sends it; a handler in another process does not know of it.
/// All rows with the module are what Apache 2.4 with PHP 8.2 answered.
#[test]
fn a_script_is_sent_where_the_engine_is_off() {
    let verdict = |configuration: &str, access: &str| {
        let mut files = Memory::new();
        files.add("/site/config.php", "<?php");
        files.add("/site/.htaccess", access);
        files.add("/etc/apache2/apache2.conf", configuration);
        let mut defaults = Defaults::debian().with_root("/site");
        defaults.is_complete = true;
        let server = Apache::load(&["/etc/apache2/apache2.conf".to_owned()], &files, &defaults);
        server
            .answer(0, &Request::of("/config.php"), &files)
            .verdict
    };
    let site = |more: &str, handler: &str| {
        format!(
            "LoadModule php_module x\nLoadModule proxy_module x\nLoadModule proxy_fcgi_module x\nDocumentRoot /site\n<Directory /site>\nAllowOverride All\n\
             Require all granted\n{more}\n</Directory>\n<Files *.php>\nSetHandler {handler}\n</Files>"
        )
    };
    let module = |more: &str| site(more, "application/x-httpd-php");
    let fpm = "proxy:unix:/run/php/php-fpm.sock|fcgi://localhost";
    for (configuration, access, expected) in [
        (module(""), "", Verdict::Executed),
        (module(""), "php_flag engine off", Verdict::Served),
        (module(""), "php_value engine 0", Verdict::Served),
        (module(""), "php_value engine no", Verdict::Served),
        (module(""), "php_value engine true", Verdict::Executed),
        (module(""), "php_value engine 1x", Verdict::Executed),
        (module(""), "php_flag engine true", Verdict::Served),
        (module(""), "php_flag engine \"1\"", Verdict::Executed),
        (module(""), "php_flag Engine off", Verdict::Executed),
        (module(""), "php_flag display_errors off", Verdict::Executed),
        (module("php_admin_flag engine off"), "", Verdict::Served),
        (
            module("php_admin_flag engine off"),
            "php_flag engine on",
            Verdict::Served,
        ),
        (
            module("php_flag engine off"),
            "php_flag engine on",
            Verdict::Executed,
        ),
        (
            module("php_admin_flag engine on"),
            "php_flag engine off",
            Verdict::Executed,
        ),
        (
            site("", fpm),
            "<IfModule mod_php.c>\nphp_flag engine off\n</IfModule>",
            Verdict::Executed,
        ),
    ] {
        assert_eq!(
            verdict(&configuration, access),
            expected,
            "{configuration}\n{access}"
        );
    }
}

#[test]
fn what_is_not_understood_is_unknown() {
    for access in [
        "NoSuchDirective on",
        "<IfModule mod_nobody_knows.c>\nRequire all denied\n</IfModule>",
        "RewriteEngine On\nRewriteRule ^(.*)$ ${map:$1}",
        "<Files .env>\nRequire something else\n</Files>",
        "<If \"%{UNKNOWN_VARIABLE} == 'x'\">\nRequire all denied\n</If>",
    ] {
        let answer = ask(access, "/.env");
        assert_eq!(answer.verdict, Verdict::Unknown, "{access}");
        assert!(answer.settle.is_some(), "{access}");
    }
}

#[test]
fn the_chain_names_the_file_and_the_line() {
    let answer = ask("\n<Files .env>\nRequire all denied\n</Files>", "/.env");
    assert_eq!(
        (answer.verdict, answer.status),
        (Verdict::Denied, Some(403))
    );
    let places = answer
        .because
        .iter()
        .map(|reason| (reason.file.as_deref(), reason.line));
    let places: Vec<_> = places.filter(|(file, _)| file.is_some()).collect();
    let name = Some("/site/.htaccess");
    assert_eq!(places, [(name, Some(2)), (name, Some(3))]);
}

#[test]
fn a_file_that_the_server_refuses_closes_the_site() {
    for access in [
        "<Files x>",
        "Options Nothing",
        "RewriteRule a b [WRONG]",
        "DocumentRoot /",
    ] {
        let answer = ask(access, "/sub/a.txt");
        assert_eq!(
            (answer.verdict, answer.status),
            (Verdict::Denied, Some(500)),
            "{access}"
        );
    }
}

#[test]
fn hostile_texts_do_no_harm() {
    let words = [
        "<Files ",
        ">\n",
        "\n",
        "</Files>\n",
        "<If \"",
        "\">",
        "RewriteRule ",
        "RewriteCond ",
        "^(.*)$ ",
        "$1 ",
        "%{",
        "}",
        "[",
        "]",
        "[L,N]",
        "(",
        "*",
        "\\",
        "\"",
        "'",
        "RewriteEngine On\n",
        "DirectoryIndex / /\n",
        "${A}",
        "Define A ${A}\n",
        "Include /site/.htaccess\n",
        "é",
        "FallbackResource /\n",
        "Require ",
        "all granted\n",
        "((((((",
        "!",
        "&& ",
        "-f ",
    ];
    let mut state = 7_u64;
    let mut next = |end: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % end
    };
    for _ in 0..3_000 {
        let length = 1 + next(25);
        let text: String = (0..length).map(|_| words[next(words.len())]).collect();
        let target = ["/", "/.env", "/sub/../.env", "//%2e", "/sub", "*", ""][next(7)];
        assert_eq!(ask(&text, target), ask(&text, target));
        let mut files = Memory::new();
        files.add("/site/httpd.conf", text);
        let server = Apache::load(&["/site/httpd.conf".to_owned()], &files, &Defaults::none());
        for host in 0..server.hosts().len() {
            server.answer(host, &Request::of(target), &files);
            server.targets(host, "/site/httpd.conf");
        }
    }
}
