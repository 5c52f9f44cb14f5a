//! Any bytes, for each decoder: no panic, and the way back stays inside of the source.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::detect::decode::{self, Decoded};
use spillcheck::finding::Decoder;

const ESCAPES: [Decoder; 5] = [
    Decoder::Percent,
    Decoder::Html,
    Decoder::JsonEscape,
    Decoder::PhpEscape,
    Decoder::PhpSerialize,
];

fn check(decoded: Option<Decoded>, length: usize) {
    let Some(decoded) = decoded else { return };
    assert!(decoded.source.end <= length);
    for start in (0..decoded.bytes.len()).step_by(7) {
        let span = decoded.source_span(start..(start + 5).min(decoded.bytes.len()));
        assert!(decoded.source.start <= span.start && span.end <= decoded.source.end);
    }
}

fuzz_target!(|data: &[u8]| {
    let [at, text @ ..] = data else { return };
    let at = usize::from(*at);
    for decoder in ESCAPES {
        check(decode::around(text, at, decoder), text.len());
    }
    check(decode::run(text, 0..text.len()), text.len());
    check(decode::value(text, 0..text.len()), text.len());
    for decoder in ESCAPES {
        check(decode::escaped(text, 0..text.len(), decoder), text.len());
    }
    check(decode::swapped(text), text.len());
});
