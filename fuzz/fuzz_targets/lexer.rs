//! Any bytes in any notation: no panic, ranges in bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::detect::lexer;

const PATHS: [&str; 10] = [
    ".env", "a.php", "a.yml", "a.json", "a.sql", ".htaccess", "a.js", "a.xml", "Dockerfile", "notes.txt",
];

fuzz_target!(|data: &[u8]| {
    let [kind, at, text @ ..] = data else { return };
    let syntax = lexer::syntax_of(PATHS[usize::from(*kind) % PATHS.len()], text);
    let at = usize::from(*at).min(text.len());
    if let Some(found) = lexer::assignment_at(text, at, syntax) {
        assert!(found.name.end <= text.len() && found.value.end <= text.len());
        lexer::dotted_name(text, found.name.clone(), syntax);
        lexer::name_of(text, found.value.clone(), syntax);
    }
    if let Some(url) = lexer::url_at(text, at) {
        assert!(url.host.end <= text.len() && url.user.end <= url.host.start);
    }
});
