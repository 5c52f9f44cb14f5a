//! Any bytes as a configuration of nginx, and any target: no panic, no endless loop.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::input::Memory;
use spillcheck::site::nginx::{Nginx, Sources};
use spillcheck::site::{Mapping, Request, Server as _};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // The first line is the target.
    let (target, config) = text.split_once('\n').unwrap_or(("/.env", &text));
    let mut files: Memory = ["/srv/w/.env", "/srv/w/index.html", "/srv/w/a/b.php"]
        .into_iter()
        .map(|name| (name, name))
        .collect();
    files.link("/srv/w/l", "../w/l");
    files.add("nginx.conf", config);
    let nginx = Nginx::load(Sources {
        entries: &["nginx.conf".to_owned()],
        files: &files,
        mapping: &Mapping::default(),
    });
    for host in 0..nginx.hosts().len().min(4) {
        nginx.answer(host, &Request::of(target), &files);
        for target in nginx.targets(host, "/srv/w/.env") {
            nginx.answer(host, &Request::of(&target), &files);
        }
    }
});
