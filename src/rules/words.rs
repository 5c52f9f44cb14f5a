//! What a name has to hold for a pattern to be found in it.

use regex_syntax::hir::literal::{ExtractKind, Extractor};

/// A word that is shorter stands in too many names to tell anything.
const MIN_WORD: usize = 3;
/// A pattern that starts in more ways than this is run on every name.
const MAX_WORDS: usize = 64;

/// What every match of a name pattern starts with, after separators, if that is one of a few words.
pub(crate) fn first_words(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let mut parser = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build();
    let hir = parser.parse(pattern).ok()?;
    let mut extractor = Extractor::new();
    extractor
        .kind(ExtractKind::Prefix)
        .limit_class(3)
        .limit_total(MAX_WORDS);
    let starts = extractor.extract(&hir);
    let is_separator = |byte: &u8| matches!(byte, b'.' | b'_');
    let mut words: Vec<Vec<u8>> = starts
        .literals()?
        .iter()
        .map(|literal| {
            literal
                .as_bytes()
                .iter()
                .copied()
                .skip_while(is_separator)
                .collect()
        })
        .collect();
    words.sort();
    words.dedup();
    words
        .iter()
        .all(|word| word.len() >= MIN_WORD)
        .then_some(words)
}
