//! Names that scripts hide.

use crate::site::lex::php::{Kind, Script};

use super::code::{DECODERS, EVALUATE, What};

/// Pieces are put together so far.
const MAX_PIECES: usize = 64;

/// `@include "\057var…"`, `include 'favicon.ico'`.
pub(super) fn include(script: &Script<'_>, at: usize) -> Option<What> {
    const INCLUDES: &[&str] = &["include", "include_once", "require", "require_once"];
    if !INCLUDES.iter().any(|name| script.is_name(at, name)) {
        return None;
    }
    let text = at + 1 + usize::from(script.is_operator(at + 1, "("));
    if !script.is(text, Kind::Text) {
        return None;
    }
    let written = script.written(text);
    let name = written.trim_matches(['"', '\'']);
    is_hidden_file(name).then_some(What::HiddenInclude)
}

/// Whether the name of an included file, as written, is that of an image or full of escapes.
pub(super) fn is_hidden_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_image = [".ico", ".jpg", ".png", ".gif"]
        .iter()
        .any(|end| name.ends_with(end));
    is_image || escapes(&name) >= 3
}

/// Octal and hexadecimal escapes in a string with double quotes.
pub(super) fn escapes(written: &str) -> usize {
    let is_plain = written.starts_with('\'');
    if is_plain {
        return 0;
    }
    let pairs = written.as_bytes().windows(2);
    pairs
        .filter(|pair| pair[0] == b'\\' && (pair[1].is_ascii_digit() || pair[1] == b'x'))
        .count()
}

/// `'ba' . 'se64_' . 'decode'`, `"\x65\x76\x61\x6c("`: a name that stands in none of the pieces.
pub(super) fn name(script: &Script<'_>, at: usize) -> Option<What> {
    let is_first = script.is(at, Kind::Text) && !(at > 0 && script.is_operator(at - 1, "."));
    if !is_first {
        return None;
    }
    let mut whole = String::new();
    let mut pieces = 0;
    let mut next = at;
    while pieces < MAX_PIECES && script.is(next, Kind::Text) {
        let piece = script
            .literal(next..next + 1)?
            .as_text()?
            .to_ascii_lowercase();
        whole.push_str(&piece);
        pieces += 1;
        if !script.is_operator(next + 1, ".") {
            break;
        }
        next += 2;
    }
    let is_hidden = pieces >= 2 || escapes(script.written(at)) >= 3;
    let is_plain = |piece: usize| has_name(&script.written(at + 2 * piece).to_ascii_lowercase());
    let hides = is_hidden && has_name(&whole) && !(0..pieces).any(is_plain);
    hides.then_some(What::HidesName)
}

/// The name of a decoder, or one that runs code and a bracket.
pub(super) fn has_name(text: &str) -> bool {
    let mut decoders = DECODERS
        .iter()
        .filter(|name| name.contains('_'))
        .chain(&["create_function"]);
    let is_called = |name: &&str| {
        let mut after = text.match_indices(name).map(|(at, _)| at + name.len());
        after.any(|end| text[end..].starts_with('('))
    };
    decoders.any(|name| text.contains(name)) || EVALUATE.iter().any(is_called)
}
