//! Any text as a `web.config`, and any target: no panic, an end, and the same answer twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::input::Memory;
use spillcheck::site::iis::Iis;
use spillcheck::site::{Request, Server as _};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // The first line is the target.
    let (target, config) = text.split_once('\n').unwrap_or(("/.env", &text));
    let mut files: Memory = ["/.env", "/index.php", "/a/b.txt", "/wwwroot/c.js"]
        .into_iter()
        .map(|name| (name, "x"))
        .collect();
    files.add("/web.config", config);
    files.add("/a/web.config", config);
    files.add("/rules.config", config);
    let names = ["/web.config".to_owned(), "/a/web.config".to_owned()];
    let iis = Iis::load("/", &names, &files);
    let answer = iis.answer(0, &Request::of(target), &files);
    assert_eq!(answer, iis.answer(0, &Request::of(target), &files));
    for target in iis.targets(0, "/a/b.txt") {
        iis.answer(0, &Request::of(&target), &files);
    }
});
