//! Fixed configurations whose answers were measured by hand, and still are what both say.

use super::compare::{Case, Outcome, batch};
use super::grammar::Statement;
use super::tree::Tree;

const TARGETS: &[&str] = &[
    "/.env",
    "/.env.bak",
    "/sub/.env",
    "/.git/config",
    "/a.php.bak",
    "/debug.log",
    "//.env",
    "/.%65nv",
    "/i../.env",
    "/i../../secret.txt",
    "/i/../secret.txt",
    "/a.php",
    "/",
    "/files/f.txt",
    "/i/f.txt",
    "/if.txt",
];

/// Name, what stands in the server, and the statuses of the first four targets and of the seventh to ninth.
const ROWS: &[(&str, &str, [u16; 7])] = &[
    ("N1", "location / { }", [200, 200, 200, 200, 200, 200, 404]),
    (
        "N2",
        r"location ~ /\.(?!well-known).* { deny all; } location / { }",
        [403, 403, 403, 403, 403, 403, 403],
    ),
    (
        "N3",
        r"location ~ ^/\.env { deny all; } location / { }",
        [403, 403, 200, 200, 403, 403, 404],
    ),
    (
        "N4",
        r"location ~ /\.ht { deny all; } location / { }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N5",
        r"location / { location ~ /\. { deny all; } }",
        [403, 403, 403, 403, 403, 403, 403],
    ),
    (
        "N6",
        r"location ^~ /sub/ { } location ~ /\. { deny all; }",
        [403, 403, 200, 403, 403, 403, 403],
    ),
    (
        "N6b",
        r"location ^~ / { } location ~ /\. { deny all; }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N7",
        r"location ~* \.(bak|log|env)$ { deny all; }",
        [403, 403, 403, 200, 403, 403, 403],
    ),
    (
        "N8",
        "location /i { alias @/w/files/; }",
        [200, 200, 200, 200, 200, 200, 200],
    ),
    (
        "N9",
        "location /i/ { alias @/w/files/; }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N10",
        "location /i { alias @/w/files; }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N11",
        "location ~ ^/i/(.*)$ { alias @/w/files/$1; }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N12",
        r"location / { autoindex on; } location ~ /\. { return 404; }",
        [404, 404, 404, 404, 404, 404, 404],
    ),
    (
        "N13",
        "location = /.env { return 404; } location / { }",
        [404, 200, 200, 200, 404, 404, 404],
    ),
    (
        "N14",
        r"location ~ /\. { allow 127.0.0.1; deny all; }",
        [200, 200, 200, 200, 200, 200, 404],
    ),
    (
        "N15",
        "location / { try_files $uri /index.html; }",
        [200, 200, 200, 200, 200, 200, 200],
    ),
    (
        "N16",
        r#"if ($request_uri ~ "/\.env") { return 403; } location / { }"#,
        [403, 403, 403, 200, 403, 200, 403],
    ),
    (
        "N17",
        r"location ~ \.env$ { deny all; } location ~ /\.git { deny all; } location / { }",
        [403, 200, 403, 403, 403, 403, 403],
    ),
    (
        "N18",
        "merge_slashes off; location = /.env { deny all; } location / { }",
        [403, 200, 200, 200, 200, 403, 404],
    ),
];

#[test]
fn measured_configurations_are_answered_as_measured() {
    if super::is_missing() {
        return;
    }
    let tree = Tree::create("truth");
    let mut wrong = Vec::new();
    let cases: Vec<Case> = ROWS
        .iter()
        .map(|(name, inside, _)| {
            let host = format!("{}.t", name.to_lowercase());
            // One line of text stands for several statements.
            let body = format!("server_name {host}; root @/w; {inside}");
            let body = body
                .strip_suffix(';')
                .map_or(format!("{body} set $end 1"), str::to_owned);
            Case {
                outside: Vec::new(),
                inside: vec![Statement::line(body)],
                host,
                targets: TARGETS.iter().map(|&target| target.to_owned()).collect(),
            }
        })
        .collect();
    // The default server of a socket decides on slashes, so each has its own.
    let compared: Vec<_> = cases
        .chunks(1)
        .flat_map(|case| batch(&tree, case))
        .collect();
    assert_eq!(compared.len(), ROWS.len());
    for (case, outcomes) in compared {
        for outcome in outcomes {
            match outcome {
                Outcome::Same => {}
                Outcome::Unknown => wrong.push(format!("{}: unknown", case.host)),
                Outcome::Different(what) => wrong.push(format!("{}: {what}", case.host)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without nginx as well.
#[test]
fn measured_configurations_are_evaluated_as_measured() {
    use spillcheck::site::{Request, Server as _};

    let tree = Tree::create("rows");
    let targets = [0, 1, 2, 3, 6, 7, 8].map(|index| TARGETS[index]);
    for (name, inside, statuses) in ROWS {
        let config = format!("server {{ root @/w; {inside} }}").replace('@', &tree.base);
        let nginx = super::compare::evaluator(&config);
        for (target, status) in targets.iter().zip(statuses) {
            let request = Request {
                is_local: true,
                ..Request::of(target)
            };
            let answer = nginx.answer(0, &request, &tree.files);
            assert_eq!(answer.status, Some(*status), "{name} {target}: {answer:?}");
        }
    }
}
