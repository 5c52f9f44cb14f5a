//! The XML of a configuration file, with lines.

use std::sync::Arc;

use roxmltree::{Document, Node, ParsingOptions};

/// Files with more nodes are not read.
const MAX_NODES: u32 = 50_000;
/// Deeper elements are left out: no such configuration has any.
const MAX_DEPTH: usize = 24;

/// An element.
#[derive(Debug, Clone)]
pub struct Element {
    /// Without a prefix.
    pub name: String,
    /// In their order.
    pub attributes: Vec<(String, String)>,
    /// In their order.
    pub children: Vec<Element>,
    /// The file that it stands in, as the server names it.
    pub file: Arc<str>,
    /// Where its tag starts, from 1.
    pub line: u32,
    /// What stands before its first child, without space around it.
    pub text: String,
}

impl Element {
    /// An attribute.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
    }

    /// Whether an attribute has a value, in any case.
    pub fn says(&self, attribute: &str, value: &str) -> bool {
        self.get(attribute)
            .is_some_and(|have| have.trim().eq_ignore_ascii_case(value))
    }

    /// Those right below it of a name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// All elements at a path of names below this one.
    pub fn at<'e>(&'e self, path: &[&str]) -> Vec<&'e Self> {
        let mut found = vec![self];
        for name in path {
            let below = found.into_iter().flat_map(|element| &element.children);
            found = below.filter(|child| child.name == *name).collect();
        }
        found
    }

    /// As it is written, without what is inside.
    pub fn shown(&self) -> String {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, value)| format!(" {name}=\"{value}\""));
        format!("<{}{}>", self.name, attributes.collect::<String>())
    }
}

/// The root element of a file. Document types are refused, and with them entities.
///
/// # Errors
/// The file is malformed, or has too many nodes: what is wrong with it.
pub fn parse(file: &Arc<str>, text: &str) -> Result<Element, String> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    Ok(element(document.root_element(), file, &mut lines, 0))
}

/// Counts lines on the way through a file.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, offset: usize) -> u32 {
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        let passed = passed.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.at = self.at.max(offset);
        self.line
    }
}

fn element(node: Node<'_, '_>, file: &Arc<str>, lines: &mut Lines<'_>, depth: usize) -> Element {
    let line = lines.of(node.range().start);
    let attributes = node.attributes();
    let attributes = attributes.map(|one| (one.name().to_owned(), one.value().to_owned()));
    let attributes = attributes.collect();
    let mut children = Vec::new();
    if depth < MAX_DEPTH {
        for child in node.children().filter(Node::is_element) {
            children.push(element(child, file, lines, depth + 1));
        }
    }
    Element {
        name: node.tag_name().name().to_owned(),
        attributes,
        children,
        file: Arc::clone(file),
        line,
        text: node.text().unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_their_lines() {
        let text =
            "\u{feff}<?xml version=\"1.0\"?>\n<a>\n <!-- <b/> -->\n <b c='1'\n d='2'/><b/>\n</a>";
        let root = parse(&"x".into(), text).unwrap();
        let lines: Vec<u32> = root.all("b").map(|element| element.line).collect();
        assert_eq!(lines, [4, 5]);
        assert_eq!(root.children[0].shown(), "<b c=\"1\" d=\"2\">");
    }

    #[test]
    fn what_could_blow_up_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        assert!(parse(&"x".into(), bomb).is_err());
        let deep = format!("{}{}", "<a>".repeat(40_000), "</a>".repeat(40_000));
        assert!(parse(&"x".into(), &deep).is_ok());
        assert!(parse(&"x".into(), "<a").is_err());
    }
}
