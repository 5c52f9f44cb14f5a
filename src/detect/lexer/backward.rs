//! From a value to its name.

use std::ops::Range;

use super::Syntax;
use super::fallback::is_keyword;
use super::forward::{Found, from_word};
use super::lines;
use super::names::is_name;
use super::operators::operator_before;
use super::quotes::mark_before;
use super::source::{MAX_NAME, Source, Span, is_joined, is_word};

/// How far before a value its name is looked for, in bytes.
const MAX_DISTANCE: usize = 1024;
/// How many words before a value are tried as its name.
const MAX_CANDIDATES: usize = 24;

/// The name that the value at this place is assigned to, as byte offsets. The value may be a part of what is
/// assigned: the key in `Authorization: Bearer …`.
pub fn name_of(text: &[u8], value: Range<usize>, syntax: Syntax) -> Option<Range<usize>> {
    let source = Source { text, syntax };
    let value = Span::new(value.start, value.end.min(text.len()));
    if value.is_empty() {
        return None;
    }
    let name = by_line(source, value).or_else(|| by_words(source, value))?;
    Some(name.start..name.end)
}

/// The name right before a value that is known to be one: `trace_id=…`, `"build": "…`, in any text. Where a
/// value may be anything this would take prose for assignments; [`name_of`] does not.
pub fn label_before(text: &[u8], value: usize) -> Option<Range<usize>> {
    let source = Source {
        text,
        syntax: Syntax::Text,
    };
    let open = mark_before(source, value).map_or(value, |mark| mark.start);
    let end = source.blanks_back(operator_before(source, source.blanks_back(open))?);
    let end = mark_before(source, end).map_or(end, |mark| mark.start);
    let start = source.skip_back(end, MAX_NAME, is_joined);
    let name = start..end;
    is_name(&text[name.clone()]).then_some(name)
}

fn leads_to(found: Found, value: Span) -> Option<Span> {
    (found.value.span.covers(value) && !found.name.covers(value)).then_some(found.name)
}

/// Notations in which the value touches its name.
fn by_line(source: Source<'_>, value: Span) -> Option<Span> {
    let found = match source.syntax {
        Syntax::Words => lines::credential_line(source, value.start),
        Syntax::Shell | Syntax::Text | Syntax::Yaml | Syntax::Docker => {
            lines::mysql_password(source, value.start)
        }
        _ => None,
    }?;
    leads_to(found, value)
}

/// Tries the words before the value, the nearest first.
fn by_words(source: Source<'_>, value: Span) -> Option<Span> {
    let floor = value.start.saturating_sub(MAX_DISTANCE);
    let mut end = source.skip_back(value.start, MAX_DISTANCE, |byte| !is_word(byte));
    for _ in 0..MAX_CANDIDATES {
        if end <= floor {
            return None;
        }
        let in_name = if source.syntax.is_code() {
            is_word
        } else {
            is_joined
        };
        let start = source.skip_back(end, MAX_NAME, in_name);
        let name = from_word(source, end - 1)
            .and_then(|found| leads_to(found, value))
            .filter(|&name| !is_argument(source, name));
        if let Some(name) = name {
            return Some(typed(source, name, value).unwrap_or(name));
        }
        end = source.skip_back(start.min(end - 1), MAX_DISTANCE, |byte| !is_word(byte));
    }
    None
}

/// `f('NAME', default="…")`: the name stands before.
fn is_argument(source: Source<'_>, name: Span) -> bool {
    source.syntax.is_code()
        && matches!(source.before(source.space_back(name.start)), b',' | b'(')
        && is_keyword(source, name)
}

/// In `password: String = "…"` and `Password As String = "…"` the name nearest to the value is that of a type.
fn typed(source: Source<'_>, name: Span, value: Span) -> Option<Span> {
    if source.syntax.is_code() && source.ends(name.start, b" As ") {
        let end = source.blanks_back(name.start - 4);
        return from_word(source, end.checked_sub(1)?).and_then(|found| leads_to(found, value));
    }
    const LIFETIME: &[u8] = b"&'static ";
    let lifetime = if source.ends(name.start, LIFETIME) {
        LIFETIME.len()
    } else {
        0
    };
    let colon = source.blanks_back(name.start - lifetime).checked_sub(1)?;
    let end = source.skip_back(colon, 1, |byte| byte == b'?');
    if !source.syntax.is_code() || source.at(colon) != b':' || !is_word(source.before(end)) {
        return None;
    }
    from_word(source, end - 1).and_then(|found| leads_to(found, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, value: &str) -> Option<String> {
        let at = text.find(value)?;
        label_before(text.as_bytes(), at).map(|name| text[name].to_owned())
    }

    #[test]
    fn labels_of_known_values() {
        for (text, name) in [
            ("took 3 ms trace_id=VALUE", Some("trace_id")),
            ("build: VALUE", Some("build")),
            ("{build: 'VALUE'}", Some("build")),
            ("x \"etag\": \"VALUE\"", Some("etag")),
            ("the key is VALUE", None),
            ("= VALUE", None),
            ("VALUE", None),
        ] {
            assert_eq!(label(text, "VALUE").as_deref(), name, "{text}");
        }
    }
}
