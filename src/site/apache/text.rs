//! The words of a configuration: lines, quotes, variables.
//!
//! <https://httpd.apache.org/docs/2.4/configuring.html#syntax>

use std::collections::BTreeMap;

/// A line after its continuations were joined, with the number of its first one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) text: String,
}

/// The lines that say something.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut pending: Option<Line> = None;
    for (index, raw) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let (part, continues) = match raw.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (raw, false),
        };
        let mut line = pending.take().unwrap_or(Line {
            number,
            text: String::new(),
        });
        line.text.push_str(part);
        if continues {
            pending = Some(line);
        } else {
            found.push(line);
        }
    }
    found.extend(pending);
    found.retain_mut(|line| {
        line.text = line.text.trim().to_owned();
        !line.text.is_empty() && !line.text.starts_with('#')
    });
    found
}

/// The first word, without its quotes, and what follows it.
pub(super) fn word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    if first != '"' && first != '\'' {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return Some((text[..end].to_owned(), text[end..].trim_start()));
    }
    let mut taken = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, next)) = chars.next() {
        match next {
            '\\' => match chars.peek() {
                Some(&(_, escaped)) if escaped == '\\' || escaped == first => {
                    taken.push(escaped);
                    chars.next();
                }
                _ => taken.push('\\'),
            },
            _ if next == first => return Some((taken, text[at + 1..].trim_start())),
            _ => taken.push(next),
        }
    }
    Some((taken, ""))
}

/// All words.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some((next, after)) = word(rest) {
        found.push(next);
        rest = after;
    }
    found
}

/// Puts the values of `Define` in; what is not defined stays as it is.
pub(super) fn resolve(text: &str, defined: &BTreeMap<String, String>) -> String {
    let mut resolved = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        resolved.push_str(&rest[..start]);
        let whole = &rest[start..=start + length];
        let value = defined.get(&whole[2..whole.len() - 1]);
        resolved.push_str(value.map_or(whole, String::as_str));
        rest = &rest[start + length + 1..];
    }
    resolved.push_str(rest);
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_after_a_backslash_and_comments_are_none() {
        let found = lines("# a\n\n  A b \\\n c\nD\\");
        let texts: Vec<_> = found
            .iter()
            .map(|line| (line.number, &*line.text))
            .collect();
        assert_eq!(texts, [(3, "A b  c"), (5, "D")]);
    }

    #[test]
    fn words_have_quotes() {
        assert_eq!(
            words(r#"a "b \"c" 'd e' f\.g "h\.i"#),
            ["a", "b \"c", "d e", "f\\.g", "h\\.i"]
        );
    }

    #[test]
    fn variables_are_put_in() {
        let defined = BTreeMap::from([("A".to_owned(), "1".to_owned())]);
        assert_eq!(resolve("x${A}y${B}${", &defined), "x1y${B}${");
    }
}
