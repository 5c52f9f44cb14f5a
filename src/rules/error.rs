//! What is wrong with a rule, where it stands, and how to mend it.

use std::fmt::{self, Write as _};

/// Source lines are shown up to this many characters.
const SHOWN: usize = 160;

/// One mistake in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The file, as it was named to the reader.
    pub file: String,
    /// Where in the file; `None` if the file could not be read.
    pub place: Option<Box<Place>>,
    /// The rule's id, once it is known.
    pub rule: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The whole line, without its end.
    pub source: String,
}

impl Place {
    /// The place of a byte offset; an offset past the end is the end.
    pub(super) fn of(text: &str, offset: usize) -> Box<Self> {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let source = text[start..].lines().next().unwrap_or_default();
        Box::new(Self {
            line: text[..start].matches('\n').count() + 1,
            column: text[start..offset].chars().count() + 1,
            source: source.to_owned(),
        })
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.rule.as_deref().unwrap_or("rule");
        writeln!(f, "error[{}]: {}", printable(rule), printable(&self.reason))?;
        let file = printable(&self.file);
        if let Some(place) = &self.place {
            let margin = place.line.to_string().len();
            let source = printable(&place.source);
            writeln!(
                f,
                "{:margin$}--> {file}:{}:{}",
                "", place.line, place.column
            )?;
            writeln!(f, "{:margin$} |", "")?;
            writeln!(f, "{} | {source}", place.line)?;
        } else {
            writeln!(f, " --> {file}")?;
        }
        write!(f, "  = help: {}", printable(&self.help))
    }
}

impl std::error::Error for RuleError {}

/// A rule file may be hostile: no control character of it may reach a terminal.
fn printable(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(SHOWN) {
        if c.is_control() && c != '\t' {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_in_characters() {
        let text = "a\nüb = 1\n";
        let at_b = text.find('b').unwrap();
        let place = Place::of(text, at_b);
        assert_eq!(
            (place.line, place.column, place.source.as_str()),
            (2, 2, "üb = 1")
        );
        assert_eq!(
            Place::of(text, 3).column,
            1,
            "inside of the two-byte letter"
        );
        assert_eq!(Place::of(text, 999).line, 3);
        assert_eq!(Place::of("", 0).line, 1);
    }

    #[test]
    fn reads_like_a_compiler_error() {
        let error = RuleError {
            file: "rules/x.toml".to_owned(),
            place: Some(Place::of("[[rule]]\nid = 'X'\n", 14)),
            rule: Some("X".to_owned()),
            reason: "the id is wrong".to_owned(),
            help: "write it in lower case".to_owned(),
        };
        assert_eq!(
            error.to_string(),
            "error[X]: the id is wrong\n --> rules/x.toml:2:6\n  |\n2 | id = 'X'\n  = help: write it in lower case"
        );
    }

    #[test]
    fn control_characters_are_escaped_and_long_lines_cut() {
        assert_eq!(printable("a\u{1b}[31m\r"), "a\\u{1b}[31m\\r");
        assert_eq!(printable(&"x".repeat(999)).chars().count(), SHOWN + 1);
    }
}
