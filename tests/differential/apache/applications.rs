//! The `.htaccess` files of real applications: whatever directories `SPILLCHECK_APPLICATIONS` holds, each an
//! application that is unpacked there, served as shared hosts do.

use std::env;
use std::fs;
use std::path::Path;

use super::super::support::{Random, Tally};
use super::case::{Case, Pair, ask};
use super::server::{Php, is_installed};

/// The last one is left out in a second round: directives of it are then errors.
const MODULES: [&str; 6] = [
    "rewrite",
    "access_compat",
    "headers",
    "expires",
    "deflate",
    "filter",
];

/// So many files of an application are asked for.
const MAX_URLS: usize = 150;

#[test]
fn applications_are_evaluated_as_apache_does() {
    let Some(directory) = env::var_os("SPILLCHECK_APPLICATIONS") else {
        println!("not run: SPILLCHECK_APPLICATIONS names no directory");
        return;
    };
    if !is_installed() {
        println!("not run: apache2 and php-cgi are not installed");
        return;
    }
    let php = Php::start();
    let mut all = Tally::default();
    let mut entries: Vec<_> = fs::read_dir(directory).unwrap().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let case = case(&entry.path());
        if case.access.is_empty() {
            continue;
        }
        let count = case.access.len();
        let mut tally = Tally::default();
        for modules in [&MODULES[..], &MODULES[..5]] {
            for pair in ask(std::slice::from_ref(&case), modules, php.port).unwrap() {
                count_pair(&pair, &mut tally);
            }
        }
        println!("{}, {count} files: {tally}", entry.file_name().display());
        all.same += tally.same;
        all.different += tally.different;
        all.unknown += tally.unknown;
    }
    println!("applications: {all}");
    assert!(all.agreement() >= 99.5, "{all}");
}

fn count_pair(pair: &Pair, tally: &mut Tally) {
    if pair.is_unknown() {
        tally.unknown += 1;
        println!("  {}: {:?}", pair.url, pair.evaluated);
    } else if pair.agrees() {
        tally.same += 1;
    } else {
        tally.different += 1;
        println!(
            "  {}: Apache {:?}, evaluated {:?} {}",
            pair.url, pair.real, pair.evaluated, pair.because
        );
    }
}

/// The tree with the real `.htaccess` files, and files of the same names with texts of the test's own.
fn case(root: &Path) -> Case {
    let mut case = Case::default();
    case.host.push(
        "DocumentRoot @\n<FilesMatch \"\\.php$\">\nSetHandler \"proxy:fcgi://127.0.0.1:PHPPORT\"\n</FilesMatch>\n\
         <Directory @>\nOptions FollowSymLinks\nAllowOverride All\nRequire all granted\n</Directory>\n\
         DirectoryIndex index.php index.html"
            .to_owned(),
    );
    let mut directories = vec![String::new()];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = fs::read_dir(root.join(&directory)) else {
            continue;
        };
        let slash = if directory.is_empty() { "" } else { "/" };
        for entry in entries.flatten() {
            let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
                continue;
            };
            let path = format!("{directory}{slash}{name}");
            let is_plain = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
            if kind.is_dir() {
                directories.push(path);
            } else if name == ".htaccess" {
                let text = fs::read_to_string(entry.path()).unwrap_or_default();
                case.access.insert(directory.clone(), vec![text]);
            } else if kind.is_file() && is_plain {
                case.files.push(path);
            }
        }
    }
    case.files.sort();
    for secret in [".env", ".git/config", "config.php.bak", "debug.log"] {
        if !case.files.iter().any(|file| file == secret) {
            case.files.push(secret.to_owned());
        }
        case.urls.push(format!("/{secret}"));
    }
    let mut random = Random::new(5);
    for _ in 0..MAX_URLS {
        let file = &case.files[random.below(case.files.len())];
        case.urls.push(format!("/{file}"));
        let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
        if random.percent(30) {
            case.urls.push(format!("/{directory}/"));
            case.urls.push(format!("/{directory}/nothing"));
        }
    }
    case
}
