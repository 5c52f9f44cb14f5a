//! Any configuration with any `.htaccess` and any request: no panic, an end, and the same answer twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::input::Memory;
use spillcheck::site::apache::{Apache, Defaults};
use spillcheck::site::{Request, Server as _};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\u{1}');
    let target = parts.next().unwrap_or_default();
    let access = parts.next().unwrap_or_default();
    let config = parts.next().unwrap_or_default();
    let mut files = Memory::new();
    for name in ["/site/.env", "/site/index.php", "/site/a/.git/config"] {
        files.add(name, "x");
    }
    files.link("/site/link", "a");
    files.add("/site/.htaccess", access);
    files.add("/etc/site.conf", config);
    let entries = ["/etc/site.conf".to_owned()];
    let defaults = Defaults::debian().with_root("/site");
    let server = Apache::load(&entries, &files, &defaults);
    for host in 0..server.hosts().len().min(3) {
        let request = Request::of(target);
        let answer = server.answer(host, &request, &files);
        assert_eq!(answer, server.answer(host, &request, &files));
        assert!(
            !server
                .targets(host, "/site/.env")
                .iter()
                .any(String::is_empty)
        );
    }
});
