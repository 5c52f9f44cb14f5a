//! The paths that a fuzzer's first byte chooses from: one for each notation and place.

/// Relative to the scanned root.
const PATHS: [&str; 16] = [
    ".env",
    ".htaccess",
    "Dockerfile",
    "a.ini",
    "a.js",
    "a.json",
    "a.log",
    "a.md",
    "a.php",
    "a.py",
    "a.sql",
    "a.toml",
    "a.xml",
    "a.yml",
    "tests/a.php",
    "a.txt",
];

/// The path that a byte stands for.
pub(crate) fn path_of(choice: u8) -> &'static str {
    PATHS[usize::from(choice) % PATHS.len()]
}
