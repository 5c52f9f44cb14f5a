//! The keys above a name in YAML.

use super::MAX_LEVELS;
use crate::detect::lexer::REACH;
use crate::detect::lexer::source::{MAX_NAME, Source, Span, is_joined};

/// The keys with less indentation above the name, the innermost first.
pub(super) fn owners(source: Source<'_>, name: Span) -> Vec<Span> {
    let floor = name.start.saturating_sub(REACH);
    let line = source.line(name.start, REACH);
    let mut levels = Vec::new();
    let mut indent = key_column(source, line.start);
    let mut end = line.start;
    if let Some(key) = key_at(source, line.start).filter(|key| key.end < name.start) {
        levels.push(key);
    }
    while end > floor && indent > 0 && levels.len() < MAX_LEVELS {
        let above = source.line(end - 1, REACH);
        let column = key_column(source, above.start);
        if column < indent
            && let Some(key) = key_at(source, above.start)
        {
            levels.push(key);
            indent = column;
        }
        end = above.start;
    }
    levels
}

/// The column of the key of a line, list dashes counted as indentation.
fn key_column(source: Source<'_>, line: usize) -> usize {
    source.skip(line, MAX_NAME, |byte| matches!(byte, b' ' | b'-')) - line
}

/// The key that the line starts with.
fn key_at(source: Source<'_>, line: usize) -> Option<Span> {
    let start = source.skip(line, MAX_NAME + 1, |byte| {
        matches!(byte, b' ' | b'-' | b'"' | b'\'')
    });
    let end = source.skip(start, MAX_NAME, is_joined);
    let colon = source.skip(end, 1, |byte| matches!(byte, b'"' | b'\''));
    let ends = matches!(source.at(colon + 1), b' ' | b'\t' | b'\r' | b'\n' | 0);
    (end > start && source.at(colon) == b':' && ends).then(|| Span::new(start, end))
}
