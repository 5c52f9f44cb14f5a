//! Any bytes in any notation: no panic, ranges in bounds.

#![no_main]

#[path = "../paths.rs"]
mod paths;

use libfuzzer_sys::fuzz_target;
use spillcheck::detect::lexer;

fuzz_target!(|data: &[u8]| {
    let [choice, at, text @ ..] = data else {
        return;
    };
    let syntax = lexer::syntax_of(paths::path_of(*choice), text);
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
