//! Any text as a program of each language: no panic, tokens in order and in bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::lex::code::{Code, Language};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for language in Language::ALL {
        let code = Code::new(&text, language);
        let mut end = 0;
        for (index, token) in code.tokens().iter().enumerate() {
            assert!(end <= token.start && token.start < token.end);
            assert!(token.end as usize <= text.len());
            assert!(code.after(index) > index);
            code.text_at(index);
            end = token.end;
        }
        for call in code.calls() {
            for arg in code.args(&call) {
                code.entries(&arg.value);
                code.items(&arg.value);
                code.place(&arg.value);
                code.place_before(&arg.value, "name");
            }
        }
    }
});
