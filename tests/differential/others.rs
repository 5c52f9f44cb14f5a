//! Caddy and lighttpd on fixed configurations.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use spillcheck::input::{Disk, Memory, Root};
use spillcheck::site::caddy::Caddy;
use spillcheck::site::lighttpd::Lighttpd;
use spillcheck::site::{Request, Server, Verdict};

use super::http::get;
use super::support::is_installed;

const FILES: &[&str] = &[
    ".env",
    ".env.bak",
    ".git/config",
    "index.html",
    "a.txt",
    "b.inc",
    "x~",
    "sub/.env",
    "sub/c.txt",
    "files/d.txt",
];
const TARGETS: &[&str] = &[
    "/.env",
    "/.env.bak",
    "/.git/config",
    "/",
    "/a.txt",
    "/b.inc",
    "/x~",
    "/sub/.env",
    "/sub/c.txt",
    "/sub/",
    "/files/d.txt",
    "//.env",
    "/.%65nv",
    "/sub/../.env",
    "/nothing",
    "/f/d.txt",
    "/SUB/c.txt",
];

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn started(mut command: Command, port: u16) -> Running {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return running;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("the server does not start");
}

/// Asks both and compares: is the file sent, refused or not there?
fn compare(server: &dyn Server, root: &Path, port: u16, config: &str) {
    let files = Disk::new(&[Root::Path(root.to_owned())]);
    for target in TARGETS {
        // `abort` closes the connection without a word.
        let (status, body) = get(port, target, "site")
            .map_or((0, Vec::new()), |response| (response.status, response.body));
        let request = Request {
            target,
            host: Some("site"),
            is_local: true,
        };
        let answer = server.answer(0, &request, &files);
        let is_sent = (200..300).contains(&status) && !body.is_empty();
        let says_sent = answer.verdict == Verdict::Served;
        assert!(
            answer.verdict != Verdict::Unknown && is_sent == says_sent,
            "{target}: {status} and {answer:?}\n{config}"
        );
        if is_sent && !answer.is_listing {
            let file = answer.file.unwrap();
            assert_eq!(body, fs::read(&file).unwrap(), "{target}\n{config}");
        }
    }
}

fn tree() -> tempfile::TempDir {
    // A name without a dot: `hide .*` of Caddy would hide the root.
    let tree = tempfile::Builder::new().prefix("site").tempdir().unwrap();
    for name in FILES {
        let path = tree.path().join("w").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("this is {name}")).unwrap();
    }
    tree
}

#[test]
fn caddy_answers_as_its_evaluator_says() {
    if !is_installed("caddy") {
        println!("caddy is not installed and was not asked");
        return;
    }
    let sites = [
        "file_server",
        "file_server {\nhide .*\n}",
        "file_server {\nhide .git *.bak\n}",
        "@dot path */.*\nrespond @dot 404\nfile_server",
        "@dot {\npath /.env* /.git/*\n}\nerror @dot 403\nfile_server",
        "@env path_regexp \\.env$\nabort @env\nfile_server browse",
        "respond /.env \"no\" 403\nfile_server",
        "try_files {path} /index.html\nfile_server",
        "handle_path /f/* {\nroot * ROOT/files\nfile_server\n}\nhandle {\nrespond /sub/* 410\nfile_server\n}",
        "route {\nfile_server\nrespond /.env 403\n}",
        "redir /a.txt /b.inc\nrewrite /b.inc /a.txt\nfile_server",
    ];
    let tree = tree();
    let root = tree.path().canonicalize().unwrap().join("w");
    for (port, site) in (18_700..).zip(sites) {
        let site = site.replace("ROOT", &root.to_string_lossy());
        let config = format!(
            "{{\nadmin off\nauto_https off\n}}\nhttp://:{port} {{\nroot * {}\n{site}\n}}\n",
            root.display()
        );
        let path = tree.path().join("Caddyfile");
        fs::write(&path, &config).unwrap();
        let mut command = Command::new("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&path);
        command
            .env("HOME", tree.path())
            .env("XDG_DATA_HOME", tree.path());
        let _running = started(command, port);
        compare(&Caddy::load("Caddyfile", &config), &root, port, &config);
    }
}

#[test]
fn lighttpd_answers_as_its_evaluator_says() {
    if !is_installed("lighttpd") {
        println!("lighttpd is not installed and was not asked");
        return;
    }
    let parts = [
        "",
        "url.access-deny = ( \"~\", \".inc\" )",
        "$HTTP[\"url\"] =~ \"/\\.\" {\n url.access-deny = ( \"\" )\n}",
        "$HTTP[\"url\"] =~ \"^/\\.env\" {\n url.access-deny = ( \"\" )\n}",
        "$HTTP[\"host\"] == \"site\" {\n url.access-deny = ( \".env\" )\n} else {\n url.access-deny = ( \".txt\" )\n}",
        "alias.url = ( \"/f/\" => \"ROOT/files/\" )\ndir-listing.activate = \"enable\"",
        "static-file.exclude-extensions = ( \".inc\", \".env\" )",
        "index-file.names = ( \"c.txt\" )\nurl.access-deny += ( \".bak\" )",
        "$HTTP[\"url\"] =^ \"/sub\" {\n url.access-deny = ( \".env\" )\n}\n$HTTP[\"url\"] =$ \".bak\" {\n url.access-deny = ( \"\" )\n}",
    ];
    let tree = tree();
    let root = tree.path().canonicalize().unwrap().join("w");
    for (port, part) in (18_800..).zip(parts) {
        let part = part.replace("ROOT", &root.to_string_lossy());
        let config = format!(
            "server.modules = ( \"mod_access\", \"mod_alias\", \"mod_dirlisting\" )\nserver.document-root = \"{}\"\n\
             server.port = {port}\nserver.bind = \"127.0.0.1\"\nmimetype.assign = ( \"\" => \"text/plain\" )\n{part}\n",
            root.display()
        );
        let path = tree.path().join("lighttpd.conf");
        fs::write(&path, &config).unwrap();
        let mut command = Command::new("lighttpd");
        command.arg("-D").arg("-f").arg(&path);
        let _running = started(command, port);
        compare(
            &Lighttpd::load("lighttpd.conf", &config, &Memory::new()),
            &root,
            port,
            &config,
        );
    }
}
