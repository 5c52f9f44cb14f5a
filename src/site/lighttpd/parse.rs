//! Configurations of lighttpd in settings: <https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_Configuration>.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::Reason;

use super::include::Sources;

const MAX_DEPTH: usize = 32;
const MAX_TOKENS: usize = 200_000;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// With keys, where they are given.
    List(Vec<(Option<String>, Value)>),
}

impl Value {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::List(_) => "",
        }
    }

    pub(super) fn items(&self) -> &[(Option<String>, Self)] {
        match self {
            Self::List(items) => items,
            Self::Text(_) => &[],
        }
    }

    fn and(self, more: Self) -> Self {
        match (self, more) {
            (Self::Text(a), Self::Text(b)) => Self::Text(a + &b),
            (Self::List(mut a), Self::List(b)) => {
                a.extend(b);
                Self::List(a)
            }
            (_, more) => more,
        }
    }
}

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    /// As reports name it.
    pub(super) file: Arc<str>,
    pub(super) line: u32,
}

impl At {
    pub(super) fn reason(&self, text: String) -> Reason {
        Reason::at(&*self.file, self.line, text)
    }
}

/// A setting, or settings under a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Set {
        at: At,
        name: String,
        value: Value,
        is_added: bool,
    },
    If {
        at: At,
        /// `HTTP["url"]`.
        subject: String,
        operator: String,
        against: String,
        /// Only if those before it did not hold.
        is_else: bool,
        inside: Vec<Item>,
    },
    /// What could not be read.
    Include { at: At, what: String },
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Word,
    Mark,
}

struct Token {
    line: u32,
    kind: Kind,
    text: String,
}

/// The items of a configuration with those that it includes, or what is wrong with it.
pub(super) fn parse(
    file: &str,
    text: &str,
    sources: &mut Sources<'_>,
) -> Result<Vec<Item>, String> {
    read(file, text, sources, &mut BTreeMap::new())
}

/// What one file sets, later files know.
fn read(
    file: &str,
    text: &str,
    sources: &mut Sources<'_>,
    variables: &mut BTreeMap<String, Value>,
) -> Result<Vec<Item>, String> {
    let tokens = tokens(text);
    if tokens.len() > MAX_TOKENS {
        return Err("it is too long".to_owned());
    }
    let mut reader = Reader {
        file: Arc::from(file),
        tokens: &tokens,
        at: 0,
        variables,
        sources,
    };
    let items = reader.items(0)?;
    match reader.peek() {
        Some(token) => Err(format!(
            "`{}` in line {} is not expected",
            token.text, token.line
        )),
        None => Ok(items),
    }
}

struct Reader<'t, 'r, 'f> {
    file: Arc<str>,
    tokens: &'t [Token],
    at: usize,
    variables: &'r mut BTreeMap<String, Value>,
    sources: &'r mut Sources<'f>,
}

impl<'t> Reader<'t, '_, '_> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, mark: &str) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == Kind::Mark && token.text == mark)
    }

    fn take(&mut self, mark: &str) -> bool {
        let is = self.is(mark);
        self.at += usize::from(is);
        is
    }

    fn next(&mut self) -> Result<&'t Token, String> {
        let token = self.peek().ok_or("it ends too early")?;
        self.at += 1;
        Ok(token)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Item>, String> {
        if depth > MAX_DEPTH {
            return Err("its blocks are nested too deeply".to_owned());
        }
        let mut items = Vec::new();
        let mut is_else = false;
        while let Some(token) = self.peek() {
            if token.text == "}" && token.kind == Kind::Mark {
                break;
            }
            self.at += 1;
            let place = At {
                file: Arc::clone(&self.file),
                line: token.line,
            };
            if token.kind == Kind::Word && token.text == "else" {
                is_else = true;
                if self.is("{") {
                    let inside = self.block(depth)?;
                    items.push(condition(place, ["", "", ""], true, inside));
                    is_else = false;
                }
                continue;
            }
            if token.kind == Kind::Word && token.text.starts_with('$') {
                let subject = if self.take("[") {
                    let name = self.next()?.text.clone();
                    self.take("]");
                    format!("{}[{name}]", &token.text[1..])
                } else {
                    token.text[1..].to_owned()
                };
                let operator = self.next()?.text.clone();
                let against = self.next()?.text.clone();
                let inside = self.block(depth)?;
                items.push(condition(
                    place,
                    [&subject, &operator, &against],
                    is_else,
                    inside,
                ));
                is_else = false;
                continue;
            }
            is_else = false;
            if token.text.starts_with("include") {
                let what = self.value(depth)?.text().to_owned();
                match self.included(&token.text, &what)? {
                    Some(more) => items.extend(more),
                    None => items.push(Item::Include { at: place, what }),
                }
                continue;
            }
            let is_added = self.take("+=");
            if !is_added && !self.take("=") && !self.take(":=") {
                return Err(format!(
                    "`{}` in line {} gets no value",
                    token.text, place.line
                ));
            }
            let value = self.value(depth)?;
            self.variables.insert(token.text.clone(), value.clone());
            items.push(Item::Set {
                at: place,
                name: token.text.clone(),
                value,
                is_added,
            });
        }
        Ok(items)
    }

    /// The items of the files that are included; nothing, if there are none, or if a program is to print them.
    fn included(&mut self, word: &str, what: &str) -> Result<Option<Vec<Item>>, String> {
        if word != "include" {
            return Ok(None);
        }
        let Some(files) = self.sources.open(what) else {
            return Ok(None);
        };
        let mut all = Vec::new();
        for (file, text) in files {
            let items = read(&file, &text, self.sources, self.variables);
            all.extend(items.map_err(|error| format!("{file}: {error}"))?);
        }
        self.sources.close();
        Ok(Some(all))
    }

    fn block(&mut self, depth: usize) -> Result<Vec<Item>, String> {
        if !self.take("{") {
            return Err("a condition has no block".to_owned());
        }
        let inside = self.items(depth + 1)?;
        if !self.take("}") {
            return Err("a brace is not closed".to_owned());
        }
        Ok(inside)
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        let mut value = self.part(depth)?;
        while self.take("+") {
            value = value.and(self.part(depth)?);
        }
        Ok(value)
    }

    fn part(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("its lists are nested too deeply".to_owned());
        }
        let token = self.next()?;
        match token.kind {
            Kind::Text => Ok(Value::Text(token.text.clone())),
            Kind::Word => {
                let short = token.text.strip_prefix("var.").unwrap_or(&token.text);
                let known = self
                    .variables
                    .get(&token.text)
                    .or_else(|| self.variables.get(short));
                Ok(known
                    .cloned()
                    .unwrap_or_else(|| Value::Text(token.text.clone())))
            }
            Kind::Mark if token.text == "(" => {
                let mut items = Vec::new();
                while !self.take(")") {
                    let first = self.value(depth + 1)?;
                    if self.take("=>") {
                        let value = self.value(depth + 1)?;
                        items.push((Some(first.text().to_owned()), value));
                    } else {
                        items.push((None, first));
                    }
                    self.take(",");
                }
                Ok(Value::List(items))
            }
            Kind::Mark => Err(format!(
                "`{}` in line {} is no value",
                token.text, token.line
            )),
        }
    }
}

fn condition(
    at: At,
    [subject, operator, against]: [&str; 3],
    is_else: bool,
    inside: Vec<Item>,
) -> Item {
    Item::If {
        at,
        subject: subject.to_owned(),
        operator: operator.to_owned(),
        against: against.to_owned(),
        is_else,
        inside,
    }
}

fn tokens(text: &str) -> Vec<Token> {
    const MARKS: &[&str] = &[
        "+=", ":=", "=>", "==", "=~", "=^", "=$", "!=", "!~", "=", "+", "(", ")", "[", "]", "{",
        "}", ",",
    ];
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\n' {
            line += 1;
        }
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else if c == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if c == '"' {
            let mut word = String::new();
            let mut end = rest.len();
            let mut chars = rest.char_indices().skip(1);
            while let Some((at, inner)) = chars.next() {
                match inner {
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    '\\' if rest[at + 1..].starts_with('"') => {
                        word.extend(chars.next().map(|(_, c)| c));
                    }
                    _ => word.push(inner),
                }
            }
            let start = line;
            line += u32::try_from(rest[..end].matches('\n').count()).unwrap_or(0);
            tokens.push(Token {
                line: start,
                kind: Kind::Text,
                text: word,
            });
            rest = &rest[end..];
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            tokens.push(Token {
                line,
                kind: Kind::Mark,
                text: (*mark).to_owned(),
            });
            rest = &rest[mark.len()..];
        } else {
            let is_end = |c: char| c.is_whitespace() || "#\"=+()[]{},!:".contains(c);
            let end = rest
                .find(is_end)
                .filter(|&end| end > 0)
                .unwrap_or(if is_end(c) { c.len_utf8() } else { rest.len() });
            tokens.push(Token {
                line,
                kind: Kind::Word,
                text: rest[..end].to_owned(),
            });
            rest = &rest[end..];
        }
    }
    tokens
}
