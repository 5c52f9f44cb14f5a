//! From tokens to a condition.

use super::lex::{Token, tokens};
use super::{Compare, Cond, Order, Part, Value};
use crate::site::apache::pattern::Pattern;

/// Brackets in brackets.
const MAX_DEPTH: usize = 50;

/// Reads an expression; `None` if it is not understood.
pub(super) fn parse(source: &str) -> Option<Cond> {
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
    };
    let cond = parser.or()?;
    (parser.at == parser.tokens.len()).then_some(cond)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn eats(&mut self, wanted: &Token) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn eats_word(&mut self, wanted: &str) -> bool {
        self.eats(&Token::Word(wanted.to_owned()))
    }

    fn or(&mut self) -> Option<Cond> {
        let mut cond = self.and()?;
        while self.eats_word("||") {
            cond = Cond::Or(Box::new(cond), Box::new(self.and()?));
        }
        Some(cond)
    }

    fn and(&mut self) -> Option<Cond> {
        let mut cond = self.not()?;
        while self.eats_word("&&") {
            cond = Cond::And(Box::new(cond), Box::new(self.not()?));
        }
        Some(cond)
    }

    fn not(&mut self) -> Option<Cond> {
        self.depth += 1;
        let cond = if self.depth > MAX_DEPTH {
            None
        } else if self.eats_word("!") {
            self.not().map(|cond| Cond::Not(Box::new(cond)))
        } else if self.eats(&Token::Open) {
            let cond = self.or();
            cond.filter(|_| self.eats(&Token::Close))
        } else {
            self.single()
        };
        self.depth -= 1;
        cond
    }

    fn single(&mut self) -> Option<Cond> {
        if let Some(Token::Word(word)) = self.peek().cloned() {
            match &*word {
                "true" => {
                    self.at += 1;
                    return Some(Cond::True);
                }
                "false" => {
                    self.at += 1;
                    return Some(Cond::False);
                }
                _ if word.len() == 2 && word.starts_with('-') => {
                    self.at += 1;
                    let letter = word.chars().nth(1)?;
                    return Some(Cond::Unary(letter, self.value()?));
                }
                _ => {}
            }
        }
        let left = self.value()?;
        let Some(Token::Word(operator)) = self.next() else {
            return None;
        };
        let order = match &*operator {
            "=~" | "!~" => return self.regex(left, operator == "=~"),
            "in" | "-in" => return self.list(left),
            "-strmatch" | "-fnmatch" => return Some(Cond::Glob(left, self.value()?)),
            "-ipmatch" => return Some(Cond::InNet(self.value()?)),
            "==" | "=" => Compare::Text(Order::Eq),
            "!=" => Compare::Text(Order::Ne),
            "<" => Compare::Text(Order::Lt),
            "<=" => Compare::Text(Order::Le),
            ">" => Compare::Text(Order::Gt),
            ">=" => Compare::Text(Order::Ge),
            "-eq" | "eq" => Compare::Number(Order::Eq),
            "-ne" | "ne" => Compare::Number(Order::Ne),
            "-lt" | "lt" => Compare::Number(Order::Lt),
            "-le" | "le" => Compare::Number(Order::Le),
            "-gt" | "gt" => Compare::Number(Order::Gt),
            "-ge" | "ge" => Compare::Number(Order::Ge),
            _ => return None,
        };
        Some(Cond::Compare(order, left, self.value()?))
    }

    fn regex(&mut self, left: Value, is_wanted: bool) -> Option<Cond> {
        let Some(Token::Regex(source, ignores_case)) = self.next() else {
            return None;
        };
        let pattern = Pattern::new(&source, ignores_case);
        Some(Cond::Matches(left, pattern, is_wanted))
    }

    fn list(&mut self, left: Value) -> Option<Cond> {
        if !self.eats(&Token::OpenList) {
            return None;
        }
        let mut values = vec![self.value()?];
        while self.eats(&Token::Comma) {
            values.push(self.value()?);
        }
        self.eats(&Token::CloseList)
            .then_some(Cond::In(left, values))
    }

    fn value(&mut self) -> Option<Value> {
        let part = match self.next()? {
            Token::Text(parts) => {
                let parts = parts.into_iter().map(super::lex::PartText::part);
                return Some(Value::Parts(parts.collect()));
            }
            Token::Variable(name) => Part::Variable(name),
            Token::Group(number) => Part::Group(number),
            Token::Word(name) if self.eats(&Token::Open) => {
                let argument = self.value()?;
                let value = Value::Call(name.to_ascii_lowercase(), Box::new(argument));
                return self.eats(&Token::Close).then_some(value);
            }
            Token::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => {
                Part::Literal(word)
            }
            _ => return None,
        };
        Some(Value::Parts(vec![part]))
    }
}
