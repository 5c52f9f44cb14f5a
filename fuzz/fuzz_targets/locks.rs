//! Any text as each kind of lock file: it is read or refused with a line that it has, and every version can be
//! compared and looked up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::advisories::Advisories;
use spillcheck::site::packages::read_lock;
use spillcheck::site::packages::version::{Range, compare};

const FILES: [&str; 7] = [
    "composer.lock",
    "vendor/composer/installed.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let file = FILES[usize::from(choice) % FILES.len()];
    let lines = 1 + text.iter().filter(|&&byte| byte == b'\n').count();
    let packages = match read_lock(file, text) {
        Ok(packages) => packages,
        Err(error) => {
            assert!(
                error
                    .line
                    .is_none_or(|line| (1..=lines).contains(&(line as usize)))
            );
            return;
        }
    };
    for package in packages.iter().take(50) {
        assert!(
            (1..=lines).contains(&(package.line as usize)),
            "{package:?}"
        );
        let _ = Advisories::builtin().of(package);
        let order = compare(package.ecosystem, &package.version, &package.version);
        assert!(order.is_none_or(std::cmp::Ordering::is_eq), "{package:?}");
        if let Ok(range) = Range::parse(&package.version) {
            let _ = range.contains(package.ecosystem, "1.0.0");
        }
    }
});
