//! JSON with lines. Comments and commas before a closing bracket are allowed, as `bun.lock` has them.

use super::ReadError;

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// The line on which it starts, from 1.
    pub(crate) line: u32,
    /// What it is.
    pub(crate) value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// As written.
    Number(String),
    /// Without escapes.
    Text(String),
    /// `[…]`.
    List(Vec<Node>),
    /// `{…}`, in the order of the file.
    Map(Vec<Member>),
}

/// `"key": value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// The key.
    pub(crate) key: String,
    /// Its line.
    pub(crate) line: u32,
    /// The value.
    pub(crate) node: Node,
}

impl Node {
    /// The value of a key; the last one counts, as everywhere.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let member = self
            .members()
            .iter()
            .rev()
            .find(|member| member.key == key)?;
        Some(&member.node)
    }

    /// All members of an object; none of anything else.
    pub(crate) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// All items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a key's value.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Its text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the value of a key is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|node| node.value == Value::Bool(true))
    }
}

/// Reads a file.
///
/// # Errors
/// It is no JSON, or nested too deeply.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, ReadError> {
    let mut reader = Reader {
        file,
        text,
        at: 0,
        line: 1,
    };
    let node = reader.node(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error("something follows the JSON value")),
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    at: usize,
    line: u32,
}

impl Reader<'_> {
    fn error(&self, reason: &str) -> ReadError {
        ReadError::new(self.file, self.line, reason)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn bump(&mut self) {
        if self.peek() == Some(b'\n') {
            self.line = self.line.saturating_add(1);
        }
        self.at += 1;
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        if is_there {
            self.bump();
        }
        is_there
    }

    /// White space and comments.
    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            let rest = &self.text.as_bytes()[self.at..];
            let length = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => 1,
                b'/' if rest.starts_with(b"//") => {
                    memchr::memchr(b'\n', rest).unwrap_or(rest.len())
                }
                b'/' if rest.starts_with(b"/*") => {
                    memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2)
                }
                _ => return,
            };
            for _ in 0..length {
                self.bump();
            }
        }
    }

    fn node(&mut self, depth: usize) -> Result<Node, ReadError> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        self.space();
        let line = self.line;
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(_) => self.word()?,
            None => return Err(self.error("the file ends too early")),
        };
        Ok(Node { line, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.bump();
        let mut members = Vec::new();
        loop {
            self.space();
            if self.eat(b'}') {
                return Ok(Value::Map(members));
            }
            let line = self.line;
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in quotes, or `}`"));
            }
            let key = self.string()?;
            self.space();
            if !self.eat(b':') {
                return Err(self.error("expected `:` after a key"));
            }
            let node = self.node(depth + 1)?;
            members.push(Member { key, line, node });
            self.space();
            if !self.eat(b',') && self.peek() != Some(b'}') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.bump();
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat(b']') {
                return Ok(Value::List(items));
            }
            items.push(self.node(depth + 1)?);
            self.space();
            if !self.eat(b',') && self.peek() != Some(b']') {
                return Err(self.error("expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, ReadError> {
        let start = self.at;
        self.bump();
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.bump();
                    self.bump();
                }
                Some(b'\n') | None => return Err(self.error("a string does not end")),
                Some(_) => self.bump(),
            }
        }
        self.bump();
        let raw = self.text.get(start..self.at).unwrap_or_default();
        if !raw.contains('\\') {
            return Ok(raw.trim_matches('"').to_owned());
        }
        serde_json::from_str(raw).map_err(|_| self.error("a string has a wrong escape"))
    }

    fn word(&mut self) -> Result<Value, ReadError> {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match word {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ if word.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Ok(Value::Number(word.to_owned()))
            }
            _ => Err(self.error("expected a JSON value")),
        }
    }
}
