//! Rules as people write them, and what Apache 2.4 was measured to answer.

use super::case::{Case, Pair, Seen, ask};
use super::server::{Php, is_installed};

const URLS: [&str; 8] = [
    "/.env",
    "/.env.bak",
    "/sub/.env",
    "/.git/config",
    "/a.php.bak",
    "/debug.log",
    "//.env",
    "/.%65nv",
];

/// The name, what `.htaccess` says, how the directory is configured, and the statuses in the order of `URLS`.
type Row = (&'static str, &'static str, &'static str, [u16; 8]);

const DIRECTORY: &str = "<Directory @>\nOptions FollowSymLinks Indexes\nAllowOverride All\nRequire all granted\n</Directory>";
const PLAIN: &str = "<Directory @>\nOptions FollowSymLinks\nAllowOverride None\nRequire all granted\n</Directory>\n";

const ROWS: &[Row] = &[
    (
        "a file by its name",
        "<Files .env>\nRequire all denied\n</Files>",
        DIRECTORY,
        [403, 200, 403, 200, 200, 200, 403, 403],
    ),
    (
        "dot files",
        "<FilesMatch \"^\\.\">\nRequire all denied\n</FilesMatch>",
        DIRECTORY,
        [403, 403, 403, 200, 200, 200, 403, 403],
    ),
    (
        "a rule that may not stand there",
        "<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>",
        "<Directory @>\nOptions FollowSymLinks\nAllowOverride FileInfo\nRequire all granted\n</Directory>",
        [500; 8],
    ),
    (
        "a rule that may",
        "<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>",
        "<Directory @>\nOptions FollowSymLinks\nAllowOverride AuthConfig\nRequire all granted\n</Directory>",
        [403, 403, 403, 200, 200, 200, 403, 403],
    ),
    (
        "every dot",
        "RewriteEngine On\nRewriteRule (^|/)\\.(?!well-known) - [F]",
        DIRECTORY,
        [403, 403, 403, 403, 200, 200, 403, 403],
    ),
    (
        "a front controller",
        "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ public/$1 [L]",
        DIRECTORY,
        [200; 8],
    ),
    (
        "a loop",
        "RewriteEngine On\nRewriteRule ^(.*)$ public/$1 [L]",
        DIRECTORY,
        [500; 8],
    ),
    (
        "a repository",
        "RedirectMatch 404 /\\.git",
        DIRECTORY,
        [200, 200, 200, 404, 200, 200, 200, 200],
    ),
    ("no listing", "Options -Indexes", DIRECTORY, [200; 8]),
    (
        "a module that is not there",
        "<IfModule mod_doesnotexist.c>\n<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>\n</IfModule>",
        DIRECTORY,
        [200; 8],
    ),
    (
        "extensions",
        "<FilesMatch \"\\.(env|log|bak)$\">\nRequire all denied\n</FilesMatch>",
        DIRECTORY,
        [403, 403, 403, 200, 403, 403, 403, 403],
    ),
    (
        "a location",
        "",
        "PLAIN<Location /.env>\nRequire all denied\n</Location>",
        [403, 200, 200, 200, 200, 200, 403, 403],
    ),
    (
        "directories by pattern",
        "",
        "PLAIN<DirectoryMatch \"^/.*/\\.git/\">\nRequire all denied\n</DirectoryMatch>",
        [200, 200, 200, 403, 200, 200, 200, 200],
    ),
    (
        "a glob",
        "",
        "PLAIN<Files \".env*\">\nRequire all denied\n</Files>",
        [403, 403, 403, 200, 200, 200, 403, 403],
    ),
    (
        "later files win",
        "",
        "PLAIN<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>\n<Files \".env\">\nRequire all granted\n</Files>",
        [200, 403, 200, 200, 200, 200, 200, 200],
    ),
    (
        "locations win",
        "",
        "PLAIN<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>\n<Location />\nRequire all granted\n</Location>",
        [200; 8],
    ),
    (
        "locations by pattern",
        "",
        "PLAIN<LocationMatch \"/\\.(?!well-known)\">\nRequire all denied\n</LocationMatch>",
        [403, 403, 403, 403, 200, 200, 403, 403],
    ),
    ("nothing", "", DIRECTORY, [200; 8]),
    (
        "no override",
        "<Files .env>\nRequire all denied\n</Files>",
        "PLAIN",
        [200; 8],
    ),
    (
        "rules of 2.2 without their module",
        "Order allow,deny\nDeny from all",
        DIRECTORY,
        [500; 8],
    ),
];

const OTHER_URLS: [&str; 8] = [
    "/",
    "/.env",
    "/.env.bak",
    "/.git/config",
    "/composer.json",
    "/cfg/.env",
    "/public/.env",
    "//.env",
];

const INDEX: &str = "DirectoryIndex index.html\n";
const ALL: &str =
    "<Directory @>\nOptions FollowSymLinks\nAllowOverride All\nRequire all granted\n</Directory>\n";
const FRONT: &str = "<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-d\n\
                     RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ index.html [L]\n</IfModule>";

/// With `mod_access_compat`, and the site of an application that has a public directory.
const OTHER_ROWS: &[Row] = &[
    (
        "2.2 files",
        "Order allow,deny\nAllow from all\n<Files .env>\nOrder allow,deny\nDeny from all\n</Files>",
        "ALL",
        [200, 403, 200, 200, 200, 404, 403, 403],
    ),
    (
        "2.2 and 2.4 together",
        "<Files .env>\nOrder allow,deny\nDeny from all\n</Files>",
        "ALL<Files \".env\">\nRequire all granted\n</Files>",
        [200, 403, 200, 200, 200, 404, 403, 403],
    ),
    (
        "a directory by name",
        "",
        "PLAIN<Directory \"@/.git\">\nRequire all denied\n</Directory>",
        [200, 200, 200, 403, 200, 404, 200, 200],
    ),
    (
        "an alias beside a location",
        "",
        "PLAINAlias /cfg @\n<Location /.env>\nRequire all denied\n</Location>",
        [200, 403, 200, 200, 200, 200, 200, 403],
    ),
    (
        "a rewritten file by name",
        "RewriteEngine On\nRewriteRule ^\\.env$ - [F,L]",
        "ALL",
        [200, 403, 200, 200, 200, 404, 200, 403],
    ),
    (
        "files by tilde",
        "<Files ~ \"^\\.(env|git)\">\nRequire all denied\n</Files>",
        "ALL",
        [200, 403, 403, 200, 200, 404, 403, 403],
    ),
    (
        "a rule without its engine",
        "RewriteRule (^|/)\\. - [F]",
        "ALL",
        [200, 200, 200, 200, 200, 404, 200, 200],
    ),
    (
        "rules without links",
        "Options -FollowSymLinks\nRewriteEngine On\nRewriteRule (^|/)\\. - [F]",
        "ALL",
        [403; 8],
    ),
    (
        "a condition",
        "<If \"%{REQUEST_URI} =~ m#/\\.env#\">\nRequire all denied\n</If>",
        "ALL",
        [200, 403, 403, 200, 200, 403, 403, 403],
    ),
    (
        "a later section takes it back",
        "<FilesMatch \"^\\.env\">\nRequire all denied\n</FilesMatch>",
        "ALL<Directory @/>\nAllowOverride None\n</Directory>",
        [200, 200, 200, 200, 200, 404, 200, 200],
    ),
    (
        "everything goes to public",
        "RewriteEngine On\nRewriteRule ^(.*)$ public/$1 [L]",
        "ALLFRONT",
        [200, 200, 200, 200, 200, 200, 200, 200],
    ),
];

fn case(row: &Row, urls: &[&str]) -> Case {
    let (_, access, host, _) = row;
    let has_front = host.contains("FRONT");
    let host = host
        .replace("PLAIN", PLAIN)
        .replace("ALL", ALL)
        .replace("FRONT", "");
    let files = [
        ".env",
        ".env.bak",
        "sub/.env",
        ".git/config",
        "a.php.bak",
        "debug.log",
        "index.html",
        "composer.json",
        "public/index.html",
        "public/app.js",
    ];
    let mut case = Case {
        host: vec![format!("DocumentRoot @\n{INDEX}{host}")],
        files: files.map(str::to_owned).to_vec(),
        urls: urls.iter().map(|&url| url.to_owned()).collect(),
        ..Case::default()
    };
    if urls.contains(&"/public/.env") {
        case.files.push("public/.env".to_owned());
    }
    case.access
        .insert(String::new(), access.lines().map(str::to_owned).collect());
    if has_front {
        case.access
            .insert("public".to_owned(), vec![FRONT.to_owned()]);
        case.files.retain(|name| name != "public/.env");
    }
    case
}

fn check(rows: &[Row], urls: &[&str], modules: &[&str], php: u16) -> Vec<String> {
    let cases: Vec<Case> = rows.iter().map(|row| case(row, urls)).collect();
    let pairs = ask(&cases, modules, php).unwrap();
    let status = |seen: &Seen| match seen {
        Seen::Status(status) => *status,
        Seen::Unknown(_) => 0,
        _ => 200,
    };
    let mut wrong = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let Pair {
            url,
            real,
            evaluated,
            because,
            ..
        } = pair;
        let (name, .., expected) = &rows[index / urls.len()];
        let expected = expected[index % urls.len()];
        if status(real) != expected || status(evaluated) != expected || !pair.agrees() {
            wrong.push(format!("{name}: {url}: {expected} expected, Apache {real:?}, evaluated {evaluated:?} {because}"));
        }
    }
    wrong
}

#[test]
fn measured_rules_are_evaluated_as_measured() {
    if !is_installed() {
        println!("not run: apache2 and php-cgi are not installed");
        return;
    }
    let php = Php::start();
    let mut wrong = check(ROWS, &URLS, &["rewrite"], php.port);
    wrong.extend(check(
        OTHER_ROWS,
        &OTHER_URLS,
        &["rewrite", "access_compat"],
        php.port,
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
