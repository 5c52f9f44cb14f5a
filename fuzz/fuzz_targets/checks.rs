//! Any text as a file that checks look at: none of them fails, and each reports a line that the file has.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::checks::{self, Context, Credentials};
use spillcheck::finding::GitState;
use spillcheck::input::{Kind, Memory};
use spillcheck::site::{Settings, WANTS, Watch, discover};

const FILES: [&str; 16] = [
    "index.php",
    "wp-content/uploads/a.php",
    "wp-content/uploads/a.ico",
    "wp-config.php",
    "config/bundles.php",
    "web/app_dev.php",
    "sites/default/settings.php",
    "configuration.php",
    "app/config/parameters.yml",
    "config.php",
    ".htaccess",
    ".user.ini",
    "crontab",
    "Dockerfile",
    "docker-compose.yml",
    ".env",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let path = FILES[usize::from(choice) % FILES.len()];
    let files: Memory = [(path, text)].into_iter().collect();
    let watch = Watch::new(WANTS.iter().copied().chain(checks::wants(checks::ALL)));
    for (at, _) in path.match_indices('/') {
        watch.saw(&path[..at], Kind::Directory);
    }
    watch.saw(path, Kind::File);
    watch.read(path, text);
    let index = watch.finish();
    let model = discover(&files, &index, &Settings::default());
    let credentials = Credentials::new();
    let git = |_: &str| GitState::NoRepository;
    let context = Context::new(&files, &index, &model, &credentials, &git);
    let lines = 1 + text.iter().filter(|&&byte| byte == b'\n').count();
    for exposure in checks::run(checks::ALL, &context) {
        let is_there = |line: u32| (1..=lines).contains(&(line as usize));
        assert!(exposure.line.is_none_or(is_there), "{exposure:?}");
    }
});
