//! YAML with lines, as people write it: anchors, aliases, merge keys, flow style.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser};

use super::MAX_DEPTH;

/// A longer text is not read.
const MAX_LENGTH: usize = 1024 * 1024;
/// More nodes are not read.
const MAX_NODES: usize = 100_000;

/// A value and where it stands. What an alias stands for is shared, and not copied.
#[derive(Debug)]
pub struct Node {
    /// The line on which it starts, from 1.
    pub(crate) line: u32,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Text(String),
    List(Vec<Rc<Node>>),
    Map(Vec<(String, Rc<Node>)>),
}

impl Node {
    /// The value of a key, also where a merge key (`<<`) brings it in.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.look_up(key, 8)
    }

    fn look_up(&self, key: &str, depth: usize) -> Option<&Self> {
        let own = self.entries().find(|(have, _)| *have == key);
        if own.is_some() || depth == 0 {
            return own.map(|(_, node)| node);
        }
        let merged = self.entries().find(|(have, _)| *have == "<<")?.1;
        match &merged.value {
            Value::List(items) => items.iter().find_map(|item| item.look_up(key, depth - 1)),
            Value::Map(_) => merged.look_up(key, depth - 1),
            Value::Text(_) => None,
        }
    }

    /// Keys and values, in the order of the file; none if it is no mapping.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Self)> {
        let entries = match &self.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Text(_) | Value::List(_) => &[],
        };
        entries.iter().map(|(key, node)| (key.as_str(), &**node))
    }

    /// The items of a list; none if it is no list.
    pub fn items(&self) -> impl Iterator<Item = &Self> {
        let items = match &self.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) | Value::Map(_) => &[],
        };
        items.iter().map(|item| &**item)
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text of the scalar under a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }
}

/// What is open while events come in.
struct Open {
    node: Node,
    anchor: usize,
    key: Option<String>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    done: Vec<Rc<Node>>,
}

impl Builder {
    fn start(&mut self, line: u32, value: Value, anchor: usize) {
        self.open.push(Open {
            node: Node { line, value },
            anchor,
            key: None,
        });
    }

    fn end(&mut self) {
        if let Some(open) = self.open.pop() {
            self.put(Rc::new(open.node), open.anchor);
        }
    }

    /// Reads so many documents. `None` if one is malformed.
    fn read(&mut self, text: &str, most: usize) -> Option<()> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        for (count, event) in Parser::new_from_str(text).enumerate() {
            let (event, span) = event.ok()?;
            if count > MAX_NODES || self.open.len() > MAX_DEPTH {
                return None;
            }
            let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
            match event {
                Event::Scalar(text, _, anchor, _) => {
                    let value = Value::Text(text.into_owned());
                    self.put(Rc::new(Node { line, value }), anchor);
                }
                Event::SequenceStart(anchor, _) => {
                    self.start(line, Value::List(Vec::new()), anchor);
                }
                Event::MappingStart(anchor, _) => self.start(line, Value::Map(Vec::new()), anchor),
                Event::SequenceEnd | Event::MappingEnd => self.end(),
                Event::Alias(anchor) => {
                    let node = self.anchors.get(&anchor).map(Rc::clone)?;
                    self.put(node, 0);
                }
                Event::DocumentEnd if self.done.len() >= most => break,
                Event::DocumentEnd
                | Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_) => {}
            }
        }
        Some(())
    }

    fn put(&mut self, node: Rc<Node>, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        let Some(open) = self.open.last_mut() else {
            self.done.push(node);
            return;
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Map(entries), Some(key)) => entries.push((key, node)),
            (Value::Map(_), None) => open.key = Some(node.text().unwrap_or_default().to_owned()),
            (Value::Text(_), _) => {}
        }
    }
}

/// The first document of a text. `None` if it is malformed, too long or too deep.
pub fn parse(text: &str) -> Option<Rc<Node>> {
    let mut builder = Builder::default();
    builder.read(text, 1)?;
    builder.done.into_iter().next()
}

/// All documents of a text, up to one that is malformed. None, if it is too long or too deep.
pub fn documents(text: &str) -> Vec<Rc<Node>> {
    let mut builder = Builder::default();
    let _ = builder.read(text, usize::MAX);
    builder.done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_it_in_many_ways() {
        let text = "x: &a {image: php, volumes: [\"a:b\", c]}\nservices:\n  web:\n    <<: *a\n    command: >-\n      one\n      two\n";
        let root = parse(text).unwrap();
        let web = root.get("services").unwrap().get("web").unwrap();
        assert_eq!(web.text_of("image"), Some("php"));
        assert_eq!(web.text_of("command"), Some("one two"));
        assert_eq!(web.line, 4);
        let volumes: Vec<_> = web
            .get("volumes")
            .unwrap()
            .items()
            .map(Node::text)
            .collect();
        assert_eq!(volumes, [Some("a:b"), Some("c")]);
    }

    #[test]
    fn hostile_texts_are_refused() {
        assert!(parse(&"[".repeat(10_000)).is_none());
        assert!(parse("a: *b").is_none());
        assert!(parse("a: [").is_none());
        let mut bomb = "a0: &a0 x\n".to_owned();
        for level in 1..60 {
            bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
        }
        assert!(parse(&bomb).is_some());
    }
}
