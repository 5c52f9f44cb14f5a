//! Random servers and request targets.

use crate::support::Random;

/// A directive. `@` stands for the directory of the tree, `#named` for a named location, `FCGI` for a port.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) head: String,
    pub(super) body: Option<Vec<Statement>>,
}

impl Statement {
    pub(super) fn line(head: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            body: None,
        }
    }

    pub(super) fn block(head: String, body: Vec<Self>) -> Self {
        Self {
            head,
            body: Some(body),
        }
    }
}

pub(super) fn write(statements: &[Statement], depth: usize) -> String {
    let mut text = String::new();
    for statement in statements {
        text += &"  ".repeat(depth);
        text += &statement.head;
        match &statement.body {
            Some(body) => {
                text += " {\n";
                text += &write(body, depth + 1);
                text += &"  ".repeat(depth);
                text += "}\n";
            }
            None => text += ";\n",
        }
    }
    text
}

const PREFIXES: &[&str] = &[
    "/",
    "/i",
    "/i/",
    "/sub",
    "/sub/",
    "/files/",
    "/files",
    "/.env",
    "/.git/",
    "/.git",
    "/up/",
    "/sub/deep/",
    "/a.php",
    "/index.html",
    "/p/",
    "/p",
    "/s",
    "/sub/index.php",
    "/404.html",
];

const REGEXES: &[&str] = &[
    r"~ /\.",
    r"~ /\.(?!well-known).*",
    r"~ ^/\.env",
    r"~ /\.ht",
    r"~* \.(bak|log|env)$",
    r"~ \.env$",
    r"~ /\.git",
    r"~ \.php$",
    r"~ \.php(/|$)",
    r"~ [^/]\.php(/|$)",
    r"~ ^/sub/(.*)$",
    r"~* ^/(up|files)/.*\.php$",
    r"~ ^/i/(.*)$",
    r"~ \.txt$",
    r"~* \.(jpg|txt|html)$",
    r"~ ^/p/(?<rest>.+)$",
    r"~ ^/(sub|files)/",
    r"~ (^|/)\.",
    r"~ \.(?:bak|old|swp)$",
    "~ /$",
    r"~* ^/S",
    r#"~ "^/[a-z]{1,3}/""#,
    r"~ ^(?!/sub)",
    r"~ (?<=/sub)/",
    r"~ ^/$",
];

const TARGETS: &[&str] = &[
    "/",
    "/.env",
    "/.env.bak",
    "/sub/.env",
    "/.git/config",
    "/.git/",
    "/.git",
    "/index.html",
    "/a.php",
    "/a.php.bak",
    "/debug.log",
    "/sub",
    "/sub/",
    "/sub/index.php",
    "/sub/deep/x.txt",
    "/sub/deep/",
    "/sub/deep",
    "/files/f.txt",
    "/files",
    "/files/",
    "/files/.env",
    "/i",
    "/i/",
    "/i/f.txt",
    "/i/.env",
    "/i../.env",
    "/i../secret.txt",
    "/i/../secret.txt",
    "/i../../secret.txt",
    "/i/in.txt",
    "/if.txt",
    "/isystem/s.txt",
    "/files../.env",
    "/files../w/.env",
    "/sub../.env",
    "/up/load.php",
    "/up/pic.jpg",
    "/up/pic.jpg/x.php",
    "/a.php/info",
    "/.env/x.php",
    "/nothing",
    "/nothing/",
    "/nothing.php",
    "/sp%20ace.txt",
    "/per%25cent.txt",
    "/plus+.txt",
    "/plus%2b.txt",
    "/link",
    "/link/",
    "/link/f.txt",
    "/lf.txt",
    "/lost",
    "/p/f.txt",
    "/p/.env",
    "/p",
    "/p/",
    "/p/sub/x.txt",
    "/.well-known/x.txt",
    "/empty.d/",
    "/empty.d",
    "/404.html",
    "/s",
    "/p../secret.txt",
    "/../secret.txt",
    "/index.html/",
    "/a.php/",
    "/.env/",
    "/filesystem/s.txt",
    "/other/f.txt",
    "/f.txt",
    "/w/.env",
    "/SUB/.env",
    "/.ENV",
    "/deny",
    "/in",
];

pub(super) fn target(random: &mut Random) -> String {
    let mut target = random.of(TARGETS).to_owned();
    if random.percent(30) {
        target = mutate(random, &target);
    }
    if random.percent(12) {
        target += random.of(&["?a=1", "?x=/.env", "?", "?a=b&c=d", "#f", "?a=1#b"]);
    }
    target
}

fn mutate(random: &mut Random, target: &str) -> String {
    let chars: Vec<char> = target.chars().collect();
    match random.below(7) {
        0 => format!("/{target}"),
        1 => target.replacen('.', "%2e", 1),
        2 => target.replace('.', "%2E"),
        3 => {
            let at = random.below(chars.len());
            let encode = |(index, char): (usize, &char)| {
                if index == at && *char != '%' {
                    format!("%{:02x}", u32::from(*char))
                } else {
                    char.to_string()
                }
            };
            chars.iter().enumerate().map(encode).collect()
        }
        4 => target.replacen('/', "/./", 1),
        5 => target.replacen('/', "/x/../", 1),
        _ => target.replace('/', "//"),
    }
}

/// What stands in `http` for a server, and what stands in it.
pub(super) fn server(random: &mut Random, number: usize) -> (Vec<Statement>, Vec<Statement>) {
    let mut outside = Vec::new();
    let mut inside = Vec::new();
    if random.percent(95) {
        inside.push(Statement::line(format!(
            "root {}",
            random.of(&["@/w", "@/w/", "@/other", "@"])
        )));
    }
    if random.percent(60) {
        inside.push(Statement::line("auth_basic_user_file @/users"));
    }
    if random.percent(8) {
        inside.push(Statement::line("merge_slashes off"));
    }
    if random.percent(15) {
        outside.push(map(random, number));
        let action = random.of(&["return 403", "return 404", "rewrite ^ /index.html last"]);
        let head = format!("if ($m{number})");
        inside.push(Statement::block(head, vec![Statement::line(action)]));
    }
    settings(random, &mut inside, true);
    let has_named = random.percent(20);
    if has_named {
        let mut body = Vec::new();
        settings(random, &mut body, false);
        body.retain(|statement| !statement.head.starts_with("alias"));
        if random.percent(40) {
            body.push(Statement::line("rewrite ^(.*)$ /index.html"));
        }
        inside.push(Statement::block("location #named".to_owned(), body));
    }
    let mut used = Vec::new();
    for _ in 0..1 + random.below(4) {
        if let Some(location) = location(random, "", &mut used, 0) {
            inside.push(location);
        }
    }
    (outside, inside)
}

fn map(random: &mut Random, number: usize) -> Statement {
    let of = random.of(&["$uri", "$request_uri", "$host", "$args"]);
    let mut body = vec![Statement::line(format!(
        "default {}",
        random.of(&["0", "''", "1"])
    ))];
    for entry in [
        r"~^/\.env 1",
        r"~*\.PHP 1",
        "/sub/.env 1",
        "/index.html 0",
        r"~x=(?<x>.*) $x",
        "a=1 yes",
    ] {
        if random.percent(45) {
            body.push(Statement::line(entry));
        }
    }
    Statement::block(format!("map {of} $m{number}"), body)
}

fn location(
    random: &mut Random,
    outer: &str,
    used: &mut Vec<String>,
    depth: usize,
) -> Option<Statement> {
    let mut place = if random.percent(45) {
        random.of(REGEXES).to_owned()
    } else {
        let modifier = random.of(&["", "", "", "= ", "^~ "]);
        format!("{modifier}{}", random.of(PREFIXES))
    };
    let is_regex = place.starts_with('~');
    let name = place.trim_start_matches(['=', '^', '~', ' ']).to_owned();
    if !is_regex {
        if !name.starts_with(outer) {
            place = format!("{outer}{}", name.trim_start_matches('/'));
        }
        if used.contains(&place) || (place.starts_with("^~") && used.contains(&name)) {
            return None;
        }
        used.push(place.clone());
        used.push(format!("^~ {place}"));
    }
    let mut body = Vec::new();
    let is_exact = place.starts_with('=');
    root(random, &mut body, &place);
    settings(random, &mut body, false);
    if random.percent(12) {
        handler(random, &mut body);
    }
    if depth < 2 && !is_exact && random.percent(25) {
        let mut inner = Vec::new();
        let outer = if is_regex { "\u{1}" } else { &name };
        for _ in 0..=random.below(2) {
            let nested = location(random, outer, &mut inner, depth + 1);
            // Only regex locations can stand in regex locations.
            body.extend(nested.filter(|nested| !is_regex || nested.head.starts_with("location ~")));
        }
    }
    Some(Statement::block(format!("location {place}"), body))
}

fn root(random: &mut Random, body: &mut Vec<Statement>, place: &str) {
    if !random.percent(40) {
        return;
    }
    let is_regex = place.starts_with('~');
    let line = if is_regex {
        random.of(&[
            "alias @/w/files/$1",
            "alias @/w/$1",
            "root @/other",
            "alias @/other/$rest",
            "alias @/w/index.html",
        ])
    } else if place.starts_with('=') {
        random.of(&["alias @/w/files/f.txt", "alias @/w/files", "root @/other"])
    } else {
        random.of(&[
            "alias @/w/files/",
            "alias @/w/files",
            "alias @/other/",
            "alias @/w/",
            "root @/other",
            "root @/w/files",
            "root @/w/sub/",
        ])
    };
    let line = if line.contains("$rest") && !place.contains("<rest>") {
        "root @/w"
    } else {
        line
    };
    body.push(Statement::line(line));
}

fn handler(random: &mut Random, body: &mut Vec<Statement>) {
    body.push(Statement::line("fastcgi_pass 127.0.0.1:FCGI"));
    if random.percent(40) {
        body.push(Statement::line(
            r"fastcgi_split_path_info ^(.+?\.php)(/.*)$",
        ));
    }
    if random.percent(40) {
        body.push(Statement::line("fastcgi_index index.php"));
    }
    let script = random.of(&[
        "$document_root$fastcgi_script_name",
        "$request_filename",
        "$document_root/a.php",
        "@/w/sub/index.php",
    ]);
    body.push(Statement::line(format!(
        "fastcgi_param SCRIPT_FILENAME {script}"
    )));
    if random.percent(25) {
        body.push(Statement::line("fastcgi_intercept_errors on"));
    }
}

fn settings(random: &mut Random, body: &mut Vec<Statement>, is_server: bool) {
    const SETTINGS: &[&str] = &[
        "deny all",
        "allow all",
        "allow 127.0.0.1",
        "deny 127.0.0.1",
        "allow 10.0.0.0/8",
        "allow 127.0.0.0/8",
        "satisfy any",
        "auth_basic closed",
        "auth_basic off",
        "autoindex on",
        "autoindex off",
        "index index.php",
        "index index.html index.php",
        "index /index.html",
        "index f.txt index.html",
        "error_page 404 /404.html",
        "error_page 404 =200 /index.html",
        "error_page 403 404 = /a.php",
        "error_page 403 /sub/deep/x.txt",
        "error_page 404 = #named",
        "error_page 403 =404 /nothing",
        "error_page 403 http://x.t/",
        "error_page 404 /sub/.env",
        "recursive_error_pages on",
        "internal",
        "disable_symlinks on",
        "error_page 301 =200 /index.html",
        "error_page 500 /index.html",
    ];
    const TRIES: &[&str] = &[
        "try_files $uri =404",
        "try_files $uri /index.html",
        "try_files $uri $uri/ =404",
        "try_files $uri $uri/ /a.php?$args",
        "try_files $uri #named",
        "try_files /index.html =403",
        "try_files $uri $uri/ /nothing",
        "try_files $uri.bak $uri =404",
        "try_files $uri/index.html $uri =410",
        "try_files /.env $uri",
        "try_files '' /sub/deep/x.txt",
    ];
    const STEPS: &[&str] = &[
        "return 403",
        "return 404",
        "return 200 ok",
        "return 301 /x",
        "return 444",
        "return 403 no",
        "return 410",
        r"rewrite ^/p/(.*)$ /$1 last",
        r"rewrite ^/p/(.*)$ /$1 break",
        r"rewrite ^/p/(.*)$ /$1",
        r"rewrite ^(.*)\.bak$ $1",
        r"rewrite ^/sub/(.*)$ /files/$1 last",
        r"rewrite ^/s(.*)$ /x$1 redirect",
        r"rewrite \.env$ /index.html? last",
        r"rewrite ^/(.*)$ /index.html?q=$1 break",
        "rewrite ^/i /sub/.env permanent",
        r"rewrite ^/files/(.*)$ /$1/../$1",
        "break",
        "set $v $uri",
        "set $v $1",
        "set $args z=1",
        "rewrite ^ /loop last",
        r"rewrite ^/([a-z]+)/(.*)$ /$2/$1",
    ];
    if random.percent(45) {
        for _ in 0..=random.below(2) {
            let line = random.of(SETTINGS);
            let word = line.split(' ').next().unwrap_or_default();
            let repeats = matches!(word, "allow" | "deny" | "error_page");
            let starts = |statement: &Statement| statement.head.split(' ').next() == Some(word);
            if (is_server && line == "internal") || (!repeats && body.iter().any(starts)) {
                continue;
            }
            body.push(Statement::line(line));
        }
    }
    if random.percent(25) {
        body.push(Statement::line(random.of(TRIES)));
    }
    if random.percent(if is_server { 10 } else { 18 }) {
        for _ in 0..=random.below(2) {
            body.push(Statement::line(random.of(STEPS)));
        }
    }
    if random.percent(15) {
        body.push(condition(random, STEPS, is_server));
    }
}

fn condition(random: &mut Random, steps: &[&str], is_server: bool) -> Statement {
    let test = random.of(&[
        r#"$request_uri ~ "/\.env""#,
        r"$uri ~* ^/(sub|FILES)/(.*)$",
        "!-e $request_filename",
        "-f $request_filename",
        "-d $request_filename",
        "$args",
        "$arg_a",
        r"$uri !~ \.php$",
        "$arg_a = 1",
        "$request_method != GET",
        "$document_uri = /.env",
        r"$host ~ ^(.)\d",
        "-f $document_root/index.html",
        "!-f $document_root$uri",
        "$v",
    ]);
    let mut body = Vec::new();
    for _ in 0..=random.below(2) {
        let line = match random.below(8) {
            0 if !is_server => random.of(&["root @/other", "error_page 404 /index.html"]),
            1 => "set $v 1",
            _ => random.of(steps),
        };
        body.push(Statement::line(line));
    }
    Statement::block(format!("if ({test})"), body)
}
