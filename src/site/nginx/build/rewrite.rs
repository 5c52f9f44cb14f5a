//! Steps of the rewrite module.

use std::sync::Arc;

use super::super::config::{Code, Condition, Flag, Rewrite};
use super::super::pattern::Pattern;
use super::super::syntax::{Fault, Node};
use super::super::template::Template;
use super::Builder;
use super::level::template;

impl Builder {
    /// The steps of a level, in order. Those of an `if` stand among them.
    pub(super) fn codes(
        &mut self,
        scope: usize,
        nodes: &[Node],
        is_server: bool,
    ) -> Result<(), Fault> {
        let mut codes = Vec::new();
        for node in nodes {
            if node.name != "if" {
                codes.extend(self.code(node)?);
                continue;
            }
            let condition = condition(node)?;
            if let Condition::Match { pattern, .. } = &condition {
                self.known.extend(pattern.names());
            }
            let inside = node.block.as_deref().unwrap_or_default();
            if inside
                .iter()
                .any(|node| matches!(&*node.name, "if" | "location"))
            {
                return Err(Fault::of(node, "directive is not allowed here"));
            }
            let level = if is_server {
                None
            } else {
                Some(self.nameless(scope, node)?)
            };
            let at = codes.len();
            codes.push(Code::Break);
            for node in inside {
                codes.extend(self.code(node)?);
            }
            codes[at] = Code::If {
                condition: Arc::new(condition),
                scope: level,
                next: codes.len(),
                at: node.reason(),
            };
        }
        self.config.scopes[scope].codes = codes;
        Ok(())
    }

    fn code(&mut self, node: &Node) -> Result<Option<Code>, Fault> {
        Ok(Some(match &*node.name {
            "break" => Code::Break,
            "set" => {
                let [name, value] = node.args.as_slice() else {
                    return Err(Fault::of(node, "invalid number of arguments in \"set\""));
                };
                let name = name.strip_prefix('$').filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| Fault::of(node, "invalid variable name"))?;
                self.known.insert(name.to_owned());
                Code::Set {
                    name: name.to_owned(),
                    value: template(node, value)?,
                }
            }
            "return" => returned(node)?,
            "rewrite" => {
                let rewrite = rewrite(node)?;
                self.known.extend(rewrite.pattern.names());
                Code::Rewrite(Arc::new(rewrite))
            }
            _ => return Ok(None),
        }))
    }
}

fn returned(node: &Node) -> Result<Code, Fault> {
    let is_url = ["http://", "https://", "$scheme"]
        .iter()
        .any(|start| node.arg(0).starts_with(start));
    let (status, text) = match (node.arg(0).parse::<u16>(), node.args.len()) {
        (Ok(status), 1) if status <= 999 => (status, None),
        (Ok(status), 2) if status <= 999 => (status, Some(template(node, node.arg(1))?)),
        (Err(_), 1) if is_url => (302, Some(template(node, node.arg(0))?)),
        _ => return Err(Fault::of(node, "invalid return code")),
    };
    Ok(Code::Return {
        status,
        text,
        at: node.reason(),
    })
}

fn rewrite(node: &Node) -> Result<Rewrite, Fault> {
    let (2 | 3, Some(replacement)) = (node.args.len(), node.args.get(1)) else {
        return Err(Fault::of(
            node,
            "invalid number of arguments in \"rewrite\"",
        ));
    };
    let (replacement, adds_args) = match replacement.strip_suffix('?') {
        Some(short) => (short, false),
        None => (replacement.as_str(), true),
    };
    let is_url = ["http://", "https://", "$scheme"]
        .iter()
        .any(|start| replacement.starts_with(start));
    let flag = match (node.args.get(2).map(String::as_str), is_url) {
        (Some("permanent"), _) => Flag::Redirect(301),
        (Some("redirect"), _) | (None | Some("last" | "break"), true) => Flag::Redirect(302),
        (Some("last"), false) => Flag::Last,
        (Some("break"), false) => Flag::Break,
        (None, false) => Flag::None,
        (Some(_), _) => return Err(Fault::of(node, "invalid parameter")),
    };
    let replacement = match flag {
        Flag::Redirect(_) => Template::parse(replacement),
        _ => Template::with_args(replacement),
    };
    Ok(Rewrite {
        pattern: Pattern::new(node.arg(0), false),
        replacement: replacement.ok_or_else(|| Fault::of(node, "invalid variable name"))?,
        adds_args,
        flag,
        at: node.reason(),
    })
}

fn condition(node: &Node) -> Result<Condition, Fault> {
    let invalid = || Fault::of(node, "invalid condition");
    let mut words: Vec<&str> = node.args.iter().map(String::as_str).collect();
    let first = words.first().and_then(|word| word.strip_prefix('('));
    match first.ok_or_else(invalid)? {
        "" => {
            words.remove(0);
        }
        rest => words[0] = rest,
    }
    let last = words.last().and_then(|word| word.strip_suffix(')'));
    match last.ok_or_else(invalid)? {
        "" => {
            words.pop();
        }
        rest => {
            let end = words.len() - 1;
            words[end] = rest;
        }
    }
    let variable = |word: &str| {
        word.strip_prefix('$')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
    };
    match words.as_slice() {
        [name] => variable(name).map(Condition::True).ok_or_else(invalid),
        [name, operator @ ("=" | "!="), value] => Ok(Condition::Equal {
            variable: variable(name).ok_or_else(invalid)?,
            value: template(node, value)?,
            negated: *operator == "!=",
        }),
        [name, operator @ ("~" | "~*" | "!~" | "!~*"), pattern] => Ok(Condition::Match {
            variable: variable(name).ok_or_else(invalid)?,
            pattern: Pattern::new(pattern, operator.ends_with('*')),
            negated: operator.starts_with('!'),
        }),
        [operator, path] => {
            let negated = operator.starts_with('!');
            let test = match operator.trim_start_matches('!') {
                "-f" => 'f',
                "-d" => 'd',
                "-e" => 'e',
                "-x" => 'x',
                _ => return Err(invalid()),
            };
            Ok(Condition::File {
                test,
                path: template(node, path)?,
                negated,
            })
        }
        _ => Err(invalid()),
    }
}
