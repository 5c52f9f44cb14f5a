//! Any bytes as a configuration, a Dockerfile, a compose file or a script beside an application: no panic, and every
//! file and URL gets an answer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::input::{Files, Kind, Memory};
use spillcheck::site::{Settings, WANTS, Watch, discover};

const NAMES: [&str; 13] = [
    "Caddyfile",
    "lighttpd.conf",
    "nginx.conf",
    "site.conf",
    ".htaccess",
    "Dockerfile",
    "docker-compose.yml",
    ".dockerignore",
    "Procfile",
    "package.json",
    "server.js",
    "web.service",
    "web.config",
];

fuzz_target!(|data: &[u8]| {
    let [choice, text @ ..] = data else {
        return;
    };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    let mut files: Memory = [
        (".env", "A=1"),
        ("index.php", ""),
        ("public/index.html", ""),
    ]
    .into_iter()
    .collect();
    files.add(
        "compose.yml",
        "services:\n  web:\n    build: .\n    volumes: [\"./public:/var/www/html\"]\n",
    );
    files.add("Dockerfile", "FROM php:8-apache\nCOPY . /var/www/html\n");
    files.add(name, text);
    let watch = Watch::new(WANTS.iter().copied());
    watch.saw("public", Kind::Directory);
    for name in files.names() {
        watch.saw(name, Kind::File);
        watch.read(name, &files.read(name).unwrap_or_default());
    }
    let model = discover(&files, &watch.finish(), &Settings::default());
    for path in [".env", "index.php", "public/index.html", name] {
        let _ = model.look_up(path, &files).reach();
    }
    for url in ["/", "/.env", "//.%65nv?x", "http://a/public/../.env"] {
        let _ = model.ask(url, &files);
    }
});
