//! Any text as a script: no panic, tokens in order and in bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::lex::js::Script;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let script = Script::new(&text);
    let mut end = 0;
    for (index, token) in script.tokens().iter().enumerate() {
        assert!(end <= token.start && token.start < token.end && token.end as usize <= text.len());
        assert!(script.after(index) > index);
        script.text_at(index);
        end = token.end;
    }
    for call in script.calls() {
        for arg in script.args(&call) {
            script.entries(&arg);
            script.items(&arg);
            script.place(&arg);
        }
    }
});
