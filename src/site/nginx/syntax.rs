//! Directives and blocks, as nginx cuts them out of a file.
//!
//! Quotes, escapes and comments follow `ngx_conf_read_token`:
//! <https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c>.

use std::sync::Arc;

use crate::finding::Reason;

/// Blocks in blocks; nginx has no limit, and no configuration comes near.
const MAX_DEPTH: usize = 40;

/// A directive, with its block if it has one.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    pub(super) block: Option<Vec<Node>>,
    pub(super) file: Arc<str>,
    pub(super) line: u32,
}

impl Node {
    /// As it is written, more or less.
    pub(super) fn text(&self) -> String {
        let mut text = self.name.clone();
        for arg in &self.args {
            text.push(' ');
            let bare = !arg.is_empty() && !arg.contains([' ', ';', '"', '\'', '\t', '\n']);
            if bare {
                text.push_str(arg);
            } else {
                text.push('"');
                text.push_str(arg);
                text.push('"');
            }
        }
        text
    }

    pub(super) fn reason(&self) -> Reason {
        Reason::at(&*self.file, self.line, self.text())
    }

    pub(super) fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }
}

/// What is wrong with a file: nginx would not start with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn of(node: &Node, what: impl Into<String>) -> Self {
        Self {
            file: node.file.to_string(),
            line: node.line,
            what: what.into(),
        }
    }
}

/// Reads a file into directives.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<Node>, Fault> {
    let mut reader = Reader {
        file: Arc::from(file),
        text: text.as_bytes(),
        at: 0,
        line: 1,
    };
    let mut open: Vec<(Node, Vec<Node>)> = Vec::new();
    let mut nodes: Vec<Node> = Vec::new();
    loop {
        let line = reader.line;
        match reader.statement()? {
            Token::End if open.is_empty() => return Ok(nodes),
            Token::End => return Err(reader.fault("unexpected end of file, expecting \"}\"")),
            Token::Simple(node) => nodes.push(node),
            Token::Open(node) => {
                if open.len() >= MAX_DEPTH {
                    return Err(reader.fault("blocks stand too deep in each other"));
                }
                open.push((node, std::mem::take(&mut nodes)));
            }
            Token::Close => {
                let Some((mut node, outer)) = open.pop() else {
                    reader.line = line.max(reader.line);
                    return Err(reader.fault("unexpected \"}\""));
                };
                node.block = Some(std::mem::replace(&mut nodes, outer));
                nodes.push(node);
            }
        }
    }
}

enum Token {
    Simple(Node),
    Open(Node),
    Close,
    End,
}

/// How a word ended.
enum Stop {
    Space,
    Semicolon,
    Brace,
}

struct Reader<'t> {
    file: Arc<str>,
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl Reader<'_> {
    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault {
            file: self.file.to_string(),
            line: self.line,
            what: what.into(),
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        self.at += 1;
        if byte == b'\n' {
            self.line += 1;
        }
        Some(byte)
    }

    fn skip_blank(&mut self) {
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.next();
                }
                b'#' => while self.next().is_some_and(|byte| byte != b'\n') {},
                _ => break,
            }
        }
    }

    fn statement(&mut self) -> Result<Token, Fault> {
        self.skip_blank();
        let line = self.line;
        let mut words: Vec<String> = Vec::new();
        loop {
            self.skip_blank();
            let Some(&byte) = self.text.get(self.at) else {
                return if words.is_empty() {
                    Ok(Token::End)
                } else {
                    Err(self.fault("unexpected end of file, expecting \";\" or \"}\""))
                };
            };
            let stop = match byte {
                b';' | b'{' if words.is_empty() => {
                    return Err(self.fault(format!("unexpected \"{}\"", char::from(byte))));
                }
                b';' => {
                    self.at += 1;
                    Stop::Semicolon
                }
                b'{' => {
                    self.at += 1;
                    Stop::Brace
                }
                b'}' if words.is_empty() => {
                    self.at += 1;
                    return Ok(Token::Close);
                }
                b'}' => return Err(self.fault("unexpected \"}\"")),
                _ => {
                    let (word, stop) = self.word()?;
                    words.push(word);
                    stop
                }
            };
            match stop {
                Stop::Space => {}
                Stop::Semicolon => return Ok(Token::Simple(self.node(words, line))),
                Stop::Brace if words[0].ends_with("_by_lua_block") => {
                    self.skip_code()?;
                    return Ok(Token::Simple(self.node(words, line)));
                }
                Stop::Brace => return Ok(Token::Open(self.node(words, line))),
            }
        }
    }

    fn node(&self, mut words: Vec<String>, line: u32) -> Node {
        let name = words.remove(0);
        Node {
            name,
            args: words,
            block: None,
            file: Arc::clone(&self.file),
            line,
        }
    }

    /// A word that starts here.
    fn word(&mut self) -> Result<(String, Stop), Fault> {
        let quote = match self.text[self.at] {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                Some(quote)
            }
            _ => None,
        };
        let start = self.at;
        let mut after_dollar = false;
        loop {
            let Some(byte) = self.next() else {
                return Err(self.fault("unexpected end of file, expecting \";\" or \"}\""));
            };
            let was_dollar = std::mem::replace(&mut after_dollar, byte == b'$');
            if byte == b'\\' {
                self.next();
                continue;
            }
            if was_dollar && byte == b'{' {
                // It stays open to a brace as long as the name goes on: `${`.
                after_dollar = true;
                continue;
            }
            let end = self.at - 1;
            match quote {
                Some(quote) if byte == quote => {
                    let word = unescape(&self.text[start..end]);
                    return Ok((word, self.after_quote()?));
                }
                Some(_) => {}
                None => {
                    let stop = match byte {
                        b' ' | b'\t' | b'\r' | b'\n' => Stop::Space,
                        b';' => Stop::Semicolon,
                        b'{' => Stop::Brace,
                        _ => continue,
                    };
                    return Ok((unescape(&self.text[start..end]), stop));
                }
            }
        }
    }

    fn after_quote(&mut self) -> Result<Stop, Fault> {
        match self.text.get(self.at) {
            // A condition may end so: `("…")`.
            Some(b' ' | b'\t' | b'\r' | b'\n' | b')') => Ok(Stop::Space),
            Some(b';') => {
                self.at += 1;
                Ok(Stop::Semicolon)
            }
            Some(b'{') => {
                self.at += 1;
                Ok(Stop::Brace)
            }
            Some(&byte) => Err(self.fault(format!("unexpected \"{}\"", char::from(byte)))),
            None => Err(self.fault("unexpected end of file, expecting \";\" or \"}\"")),
        }
    }

    /// Lua in braces, which the Lua module reads by itself.
    fn skip_code(&mut self) -> Result<(), Fault> {
        let mut depth = 1_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'"' | b'\'' => self.skip_string(byte),
                b'-' if self.text[self.at..].starts_with(b"-") => {
                    while self.next().is_some_and(|byte| byte != b'\n') {}
                }
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(self.fault("unexpected end of file in a Lua block"))
    }

    fn skip_string(&mut self, quote: u8) {
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => {
                    self.next();
                }
                b'\n' => return,
                _ if byte == quote => return,
                _ => {}
            }
        }
    }
}

fn unescape(raw: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        let escaped = match (byte, raw.get(at)) {
            (b'\\', Some(&next @ (b'"' | b'\'' | b'\\'))) => next,
            (b'\\', Some(b't')) => b'\t',
            (b'\\', Some(b'r')) => b'\r',
            (b'\\', Some(b'n')) => b'\n',
            _ => {
                bytes.push(byte);
                continue;
            }
        };
        bytes.push(escaped);
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let nodes = parse("a.conf", text).unwrap();
        let words = |node: &Node| {
            let mut words = vec![node.name.clone()];
            words.extend(node.args.iter().cloned());
            words
        };
        nodes.iter().map(words).collect()
    }

    #[test]
    fn words_are_cut_as_nginx_cuts_them() {
        assert_eq!(
            words("a b#c d; # e\nf;"),
            [vec!["a", "b#c", "d"], vec!["f"]]
        );
        assert_eq!(
            words(r#"a "b c" 'd\'e' f\;g;"#)[0],
            ["a", "b c", "d'e", "f\\;g"]
        );
        assert_eq!(words("a ${b}c/d;")[0], ["a", "${b}c/d"]);
        assert_eq!(
            words(r"location ~ \.php$ { b; }")[0],
            ["location", "~", r"\.php$"]
        );
        assert_eq!(
            words(r#"if ($a ~ "b") { c; }"#)[0],
            ["if", "($a", "~", "b", ")"]
        );
        assert_eq!(
            words("a_by_lua_block { if x then y = '}' end } b;").len(),
            2
        );
    }

    #[test]
    fn what_nginx_refuses_is_refused_with_its_line() {
        for (text, line) in [
            ("a", 1),
            ("a {\n", 2),
            ("\n}", 2),
            ("a \"b\"c;", 1),
            (";", 1),
        ] {
            assert_eq!(parse("x", text).unwrap_err().line, line, "{text:?}");
        }
        assert!(parse("x", &"a {".repeat(100)).is_err());
    }
}
