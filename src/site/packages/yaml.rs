//! The lines of a YAML file that a program wrote: `key: value` by indentation. Enough for lock files and
//! advisories, which use no anchors, tags or documents.

/// A line with something on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// How many spaces stand before it.
    pub(crate) indent: usize,
    /// The key without quotes; `-` for an item of a list.
    pub(crate) key: String,
    /// What follows the key, as written; empty if the value stands on the lines below.
    pub(crate) value: String,
    /// The number of the line, from 1.
    pub(crate) number: u32,
}

/// The lines of a text; comments, empty lines and what has no key are left out.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    (1..).zip(text.lines()).filter_map(|(number, raw)| {
        let inside = raw.trim_start_matches(' ');
        let indent = raw.len() - inside.len();
        let inside = inside.trim_end();
        if inside.is_empty() || inside.starts_with('#') || inside == "---" {
            return None;
        }
        if let Some(item) = inside
            .strip_prefix('-')
            .filter(|item| item.is_empty() || item.starts_with(' '))
        {
            let value = item.trim().to_owned();
            return Some(Line {
                indent,
                key: "-".to_owned(),
                value,
                number,
            });
        }
        let (key, value) = match inside.strip_prefix("? ") {
            Some(key) => (unquoted(key.trim()), ""),
            None => split(inside)?,
        };
        Some(Line {
            indent,
            key,
            value: value.trim().to_owned(),
            number,
        })
    })
}

/// `key: value`, `'key': value`, `"key":`.
fn split(text: &str) -> Option<(String, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '\'' | '"'));
    if let Some(quote) = quote {
        let end = 1 + closing(&text[1..], quote)?;
        let value = text[end + 1..].trim_start().strip_prefix(':')?;
        return Some((unquoted(&text[..=end]), value));
    }
    let colon = text
        .find(": ")
        .or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
    Some((text[..colon].to_owned(), &text[colon + 1..]))
}

/// Where a quoted text ends that starts before `text`.
pub(crate) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == '"' {
            characters.next();
        } else if character == quote {
            let is_doubled =
                quote == '\'' && characters.peek().is_some_and(|&(_, next)| next == quote);
            if !is_doubled {
                return Some(at);
            }
            characters.next();
        }
    }
    None
}

/// A scalar without its quotes, and without a comment behind it.
pub(crate) fn unquoted(text: &str) -> String {
    let text = text.trim();
    let Some(quote) = text
        .chars()
        .next()
        .filter(|first| matches!(first, '\'' | '"'))
    else {
        let end = text.find(" #").unwrap_or(text.len());
        return text[..end].trim_end().to_owned();
    };
    let inside = &text[1..];
    let inside = &inside[..closing(inside, quote).unwrap_or(inside.len())];
    match quote {
        '\'' => inside.replace("''", "'"),
        _ => inside.replace("\\\"", "\"").replace("\\\\", "\\"),
    }
}
