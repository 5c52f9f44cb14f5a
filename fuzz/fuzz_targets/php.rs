//! Any text as PHP: no panic, spans in bounds and in order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::lex::php::Script;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let script = Script::new(&text);
    let mut end = 0;
    for token in script.tokens() {
        let span = token.span();
        assert!(end <= span.start && span.end <= text.len());
        end = span.end;
    }
    for call in script.calls() {
        script.place(call.at);
        for arg in &call.args {
            script.literal(arg.clone());
        }
    }
    for define in script.defines() {
        script.literal(define.value);
    }
    for entry in script.entries() {
        script.between(entry.value);
    }
});
