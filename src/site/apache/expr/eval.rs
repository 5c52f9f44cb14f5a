//! What an expression is worth for a request.

use super::{Compare, Cond, Order, Part, Value};
use crate::site::apache::client::Net;
use crate::site::apache::disk::{self, Found};
use crate::site::apache::pattern::{Groups, glob};
use crate::site::apache::request::Asked;
use crate::site::apache::tree::{Known, unknown};

pub(super) struct Eval<'a, 'f> {
    asked: &'a Asked<'f>,
    groups: Groups,
}

impl<'a, 'f> Eval<'a, 'f> {
    pub(super) fn new(asked: &'a Asked<'f>) -> Self {
        Self {
            asked,
            groups: Groups::default(),
        }
    }

    pub(super) fn cond(&mut self, cond: &Cond) -> Known<bool> {
        Ok(match cond {
            Cond::True => true,
            Cond::False => false,
            Cond::Not(inside) => !self.cond(inside)?,
            Cond::And(left, right) => self.cond(left)? && self.cond(right)?,
            Cond::Or(left, right) => self.cond(left)? || self.cond(right)?,
            Cond::Compare(compare, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                compared(*compare, &left, &right)
            }
            Cond::Matches(value, pattern, is_wanted) => {
                let groups = pattern.groups(&self.value(value)?)?;
                let is_match = groups.is_some();
                if let Some(groups) = groups {
                    self.groups = groups;
                }
                is_match == *is_wanted
            }
            Cond::In(value, values) => {
                let value = self.value(value)?;
                for other in values {
                    if self.value(other)? == value {
                        return Ok(true);
                    }
                }
                false
            }
            Cond::Glob(value, pattern) => glob(&self.value(pattern)?, &self.value(value)?, false),
            Cond::InNet(net) => match Net::parse(&self.value(net)?) {
                Some(net) => net.holds(self.asked.is_local),
                None => return unknown("a network that is no address"),
            },
            Cond::Unary(letter, value) => {
                let value = self.value(value)?;
                self.unary(*letter, &value)?
            }
        })
    }

    fn unary(&self, letter: char, value: &str) -> Known<bool> {
        let stat = |value: &str| match value.starts_with('/') {
            true => disk::stat(self.asked.files, value),
            false => Ok(Found::Nothing),
        };
        Ok(match letter {
            'n' => !value.is_empty(),
            'z' => value.is_empty(),
            'T' => !matches!(
                &*value.to_ascii_lowercase(),
                "" | "0" | "off" | "false" | "no"
            ),
            'f' => stat(value)? == Found::File,
            'd' => stat(value)? == Found::Directory,
            'e' => stat(value)? != Found::Nothing,
            'h' | 'L' => disk::is_link(self.asked.files, value),
            'R' => match Net::parse(value) {
                Some(net) => net.holds(self.asked.is_local),
                None => return unknown("a network that is no address"),
            },
            _ => return unknown(format!("-{letter} in an expression")),
        })
    }

    fn value(&self, value: &Value) -> Known<String> {
        match value {
            Value::Parts(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Literal(literal) => text.push_str(literal),
                        Part::Group(number) => text.push_str(self.groups.get(*number)),
                        Part::Variable(name) => text.push_str(&self.variable(name)?),
                    }
                }
                Ok(text)
            }
            Value::Call(name, argument) => self.call(name, &self.value(argument)?),
        }
    }

    fn variable(&self, name: &str) -> Known<String> {
        match name.split_once(':') {
            Some((function, argument)) => self.call(&function.to_ascii_lowercase(), argument),
            None => self.asked.variable(name),
        }
    }

    fn call(&self, name: &str, argument: &str) -> Known<String> {
        Ok(match name {
            "req" | "http" | "req_novary" => self.asked.header(argument),
            "env" | "reqenv" | "note" => self.asked.env.get(argument).cloned().unwrap_or_default(),
            "tolower" => argument.to_ascii_lowercase(),
            "toupper" => argument.to_ascii_uppercase(),
            _ => return unknown(format!("{name}() in an expression")),
        })
    }
}

fn compared(compare: Compare, left: &str, right: &str) -> bool {
    let number = |text: &str| text.trim().parse::<i64>().unwrap_or(0);
    let (order, result) = match compare {
        Compare::Text(order) => (order, left.cmp(right)),
        Compare::Number(order) => (order, number(left).cmp(&number(right))),
    };
    match order {
        Order::Eq => result.is_eq(),
        Order::Ne => result.is_ne(),
        Order::Lt => result.is_lt(),
        Order::Le => result.is_le(),
        Order::Gt => result.is_gt(),
        Order::Ge => result.is_ge(),
    }
}
