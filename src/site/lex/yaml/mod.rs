//! The values of a YAML file, each with the keys that lead to it, and the file as a tree.

mod tree;

pub use tree::{Node, documents, parse};

use std::ops::RangeInclusive;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Deeper nesting ends the reading.
const MAX_DEPTH: usize = 64;

/// So many values are read.
const MAX_LEAVES: usize = 50_000;

/// A value that is neither a mapping nor a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Which document of the file it is in, from 0.
    pub document: usize,
    /// The keys that lead to it; an item of a list counts as a key that is its index.
    pub path: Vec<String>,
    /// The value.
    pub value: String,
    /// Whether it stands in quotes, or in a block, and so is a text for certain.
    pub is_quoted: bool,
    /// Where its key stands, or the value itself in a list, from 1.
    pub line: u32,
    /// The last line of the value.
    pub end_line: u32,
}

impl Leaf {
    /// Whether these keys lead to it; `*` is any key.
    pub fn is(&self, path: &[&str]) -> bool {
        self.path.len() == path.len() && self.is_below(path)
    }

    /// Whether it lies below these keys, or at them; `*` is any key.
    pub fn is_below(&self, path: &[&str]) -> bool {
        let mut pairs = path.iter().zip(&self.path);
        self.path.len() >= path.len() && pairs.all(|(want, have)| *want == "*" || want == have)
    }

    /// The last key.
    pub fn key(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The lines of key and value.
    pub fn lines(&self) -> RangeInclusive<u32> {
        self.line..=self.end_line
    }
}

/// A mapping or a list that is open.
struct Level {
    is_list: bool,
    items: usize,
    /// The key that waits for its value.
    key: Option<(String, u32)>,
}

/// The values of a file in order, up to where it is no YAML any more. Aliases have no value.
pub fn leaves(text: &str) -> Vec<Leaf> {
    let mut reader = Reader {
        levels: Vec::new(),
        documents: 0,
        leaves: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let end = u32::try_from(span.end.line()).unwrap_or(u32::MAX);
        if !reader.take(event, line, end) {
            break;
        }
    }
    reader.leaves
}

struct Reader {
    levels: Vec<Level>,
    documents: usize,
    leaves: Vec<Leaf>,
}

impl Reader {
    /// Whether to go on.
    fn take(&mut self, event: Event<'_>, line: u32, end: u32) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                self.levels.clear();
            }
            Event::MappingStart(..) => self.open(false, line),
            Event::SequenceStart(..) => self.open(true, line),
            Event::MappingEnd | Event::SequenceEnd => {
                self.levels.pop();
                self.complete();
            }
            Event::Scalar(value, style, ..) => self.scalar(&value, style, line..=end),
            Event::Alias(_) => self.scalar("", ScalarStyle::Plain, line..=end),
            _ => {}
        }
        self.levels.len() <= MAX_DEPTH && self.leaves.len() < MAX_LEAVES
    }

    fn open(&mut self, is_list: bool, line: u32) {
        if let Some(level) = self.levels.last_mut()
            && !level.is_list
            && level.key.is_none()
        {
            // A key that is a mapping itself.
            level.key = Some((String::new(), line));
        }
        self.levels.push(Level {
            is_list,
            items: 0,
            key: None,
        });
    }

    /// A value is complete.
    fn complete(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.items += 1;
            level.key = None;
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, lines: RangeInclusive<u32>) {
        let Some(level) = self.levels.last_mut() else {
            return;
        };
        if !level.is_list && level.key.is_none() {
            level.key = Some((value.to_owned(), *lines.start()));
            return;
        }
        let line = level.key.as_ref().map_or(*lines.start(), |(_, line)| *line);
        let path = self.levels.iter().map(|level| match &level.key {
            Some((key, _)) => key.clone(),
            None => level.items.to_string(),
        });
        self.leaves.push(Leaf {
            document: self.documents.saturating_sub(1),
            path: path.collect(),
            value: value.to_owned(),
            is_quoted: style != ScalarStyle::Plain,
            line,
            end_line: *lines.end(),
        });
        self.complete();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_keys_and_lines() {
        let text = "a:\n  b: 1\n  c:\n    - x\n    - d: 'y'\n      e: |\n        z\n        w\n  f: {g: [h]}\n---\ni: *j\n";
        let found = leaves(text);
        let short: Vec<(usize, String, &str, u32)> = found
            .iter()
            .map(|leaf| {
                (
                    leaf.document,
                    leaf.path.join("."),
                    leaf.value.as_str(),
                    leaf.line,
                )
            })
            .collect();
        let expected = [
            (0, "a.b", "1", 2),
            (0, "a.c.0", "x", 4),
            (0, "a.c.1.d", "y", 5),
            (0, "a.c.1.e", "z\nw\n", 6),
            (0, "a.f.g.0", "h", 9),
        ];
        let expected: Vec<(usize, String, &str, u32)> = expected
            .into_iter()
            .map(|(document, path, value, line)| (document, path.to_owned(), value, line))
            .collect();
        assert_eq!(short, expected);
        assert!(found[3].lines().contains(&8));
        assert!(found[2].is(&["a", "*", "1", "d"]) && found[2].is_below(&["a", "c"]));
        assert!(found[2].is_quoted && !found[0].is_quoted);
    }

    #[test]
    fn what_is_no_yaml_ends_the_reading() {
        assert_eq!(
            leaves("a: 1\nb: {{ .Values.x }}: [\nc: 2")
                .first()
                .map(|leaf| leaf.line),
            Some(1)
        );
        assert!(leaves(&"[".repeat(100_000)).is_empty());
        assert!(leaves(&"- ".repeat(10_000)).len() <= 1);
        assert!(leaves("\u{0}").is_empty() && leaves("").is_empty());
    }
}
