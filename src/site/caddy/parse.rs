//! Caddyfiles in directives: <https://caddyserver.com/docs/caddyfile/concepts>.

use std::collections::BTreeMap;

/// Deeper nesting is not read.
const MAX_DEPTH: usize = 32;
/// Longer files, and more that snippets bring in, are not read.
const MAX_TOKENS: usize = 200_000;

/// A directive with its arguments and its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) words: Vec<String>,
    pub(super) block: Option<Vec<Node>>,
}

impl Node {
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    pub(super) fn args(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    pub(super) fn inside(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }

    /// As it is written, without its block.
    pub(super) fn shown(&self) -> String {
        self.words.join(" ")
    }
}

struct Token {
    line: u32,
    text: String,
    /// Quoted braces open nothing.
    is_plain: bool,
    is_first: bool,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Caddyfile {
    /// The global options: the block without a name.
    pub(super) options: Vec<Node>,
    /// The sites, snippets filled in.
    pub(super) sites: Vec<Node>,
}

/// Reads a file. What is wrong with it, if it is malformed.
pub(super) fn parse(text: &str) -> Result<Caddyfile, String> {
    let tokens = tokens(text);
    if tokens.len() > MAX_TOKENS {
        return Err("it is too long".to_owned());
    }
    let mut at = 0;
    let mut nodes = nodes(&tokens, &mut at, 0)?;
    let has_blocks = nodes
        .iter()
        .any(|node| node.block.is_some() && !node.words.is_empty());
    if let [first, rest @ ..] = nodes.as_slice()
        && first.block.is_none()
        && (!has_blocks || is_address(first.name()))
    {
        // A file without braces around its one site.
        let site = Node {
            block: Some(rest.to_vec()),
            ..first.clone()
        };
        nodes = vec![site];
    }
    let mut snippets: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for node in &nodes {
        if let Some(name) = node
            .name()
            .strip_prefix('(')
            .and_then(|name| name.strip_suffix(')'))
        {
            snippets.insert(name.to_owned(), node.inside().to_vec());
        }
    }
    nodes.retain(|node| !node.name().starts_with('('));
    let mut budget = MAX_TOKENS;
    let filled = nodes
        .into_iter()
        .map(|node| filled(node, &snippets, 0, &mut budget));
    let (sites, unnamed): (Vec<Node>, Vec<Node>) = filled.partition(|node| !node.words.is_empty());
    Ok(Caddyfile {
        options: unnamed
            .into_iter()
            .filter_map(|node| node.block)
            .flatten()
            .collect(),
        sites,
    })
}

fn is_address(word: &str) -> bool {
    word.starts_with(':')
        || word.contains('.')
        || word.contains("localhost")
        || word.starts_with("http")
}

/// Puts the snippets in that `import` names.
fn filled(
    mut node: Node,
    snippets: &BTreeMap<String, Vec<Node>>,
    depth: usize,
    budget: &mut usize,
) -> Node {
    let Some(block) = node.block.take() else {
        return node;
    };
    let mut inside = Vec::new();
    for child in block {
        *budget = budget.saturating_sub(1);
        let snippet = (child.name() == "import" && depth < MAX_DEPTH && *budget > 0)
            .then(|| snippets.get(child.args().first()?))
            .flatten();
        match snippet {
            Some(nodes) => {
                for node in nodes {
                    *budget = budget.saturating_sub(1);
                    if *budget > 0 {
                        inside.push(filled(node.clone(), snippets, depth + 1, budget));
                    }
                }
            }
            None => inside.push(filled(child, snippets, depth, budget)),
        }
    }
    node.block = Some(inside);
    node
}

fn nodes(tokens: &[Token], at: &mut usize, depth: usize) -> Result<Vec<Node>, String> {
    if depth > MAX_DEPTH {
        return Err("its blocks are nested too deeply".to_owned());
    }
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Option<Node> = None;
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        if token.is_plain && token.text == "}" {
            if depth == 0 {
                return Err(format!("a brace closes nothing in line {}", token.line));
            }
            nodes.extend(open);
            return Ok(nodes);
        }
        if token.is_plain && token.text == "{" {
            let mut node = open.take().unwrap_or(Node {
                line: token.line,
                words: Vec::new(),
                block: None,
            });
            node.block = Some(self::nodes(tokens, at, depth + 1)?);
            nodes.push(node);
            continue;
        }
        // Addresses of a site go on behind a comma.
        let goes_on = open.as_ref().is_some_and(|node| {
            depth == 0 && node.words.last().is_some_and(|word| word.ends_with(','))
        });
        if token.is_first && !goes_on {
            nodes.extend(open.take());
        }
        let node = open.get_or_insert_with(|| Node {
            line: token.line,
            words: Vec::new(),
            block: None,
        });
        node.words.push(token.text.clone());
    }
    if depth > 0 {
        return Err("a brace is not closed".to_owned());
    }
    nodes.extend(open);
    Ok(nodes)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut line = 1;
    let mut last_line = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let start = line;
        let mut word = String::new();
        let is_plain = !matches!(c, '"' | '`');
        match c {
            '\n' => {
                line += 1;
                continue;
            }
            _ if c.is_whitespace() => continue,
            '#' => {
                while chars.peek().is_some_and(|&c| c != '\n') {
                    chars.next();
                }
                continue;
            }
            '"' | '`' => {
                while let Some(inner) = chars.next() {
                    match inner {
                        _ if inner == c => break,
                        '\\' if c == '"' && chars.peek() == Some(&'"') => word.extend(chars.next()),
                        '\n' => {
                            line += 1;
                            word.push('\n');
                        }
                        _ => word.push(inner),
                    }
                }
            }
            '\\' if chars.peek() == Some(&'\n') => {
                chars.next();
                line += 1;
                last_line = line;
                continue;
            }
            _ => {
                word.push(c);
                while let Some(&next) = chars.peek() {
                    if next.is_whitespace() {
                        break;
                    }
                    word.push(next);
                    chars.next();
                }
            }
        }
        tokens.push(Token {
            line: start,
            is_first: start != last_line,
            is_plain,
            text: word,
        });
        last_line = line;
    }
    tokens
}
