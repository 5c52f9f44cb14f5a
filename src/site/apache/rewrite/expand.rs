//! Puts groups and variables into the texts of rules and conditions.

use crate::site::apache::path;
use crate::site::apache::pattern::Groups;
use crate::site::apache::request::Asked;
use crate::site::apache::tree::{Known, unknown};

/// What can be put in.
pub(super) struct Sources<'a, 'f> {
    pub(super) asked: &'a Asked<'f>,
    pub(super) rule: &'a Groups,
    pub(super) cond: &'a Groups,
    /// Groups are encoded (`[B]`).
    pub(super) escapes: bool,
}

/// A text with everything put in, and where the question marks in it come from the client.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    pub(super) text: String,
    question_marks: Vec<usize>,
}

impl Expanded {
    fn put(&mut self, text: &str) {
        let start = self.text.len();
        let marks = text.match_indices('?').map(|(at, _)| start + at);
        self.question_marks.extend(marks);
        self.text.push_str(text);
    }

    /// Whether the query would start where the client says.
    pub(super) fn is_unsafe(&self, last: bool) -> bool {
        let mark = if last {
            self.text.rfind('?')
        } else {
            self.text.find('?')
        };
        mark.is_some_and(|mark| self.question_marks.contains(&mark))
    }
}

impl Sources<'_, '_> {
    pub(super) fn expand(&self, text: &str) -> Known<Expanded> {
        let mut out = Expanded::default();
        let mut rest = text;
        while let Some(at) = rest.find(['\\', '$', '%']) {
            out.text.push_str(&rest[..at]);
            let special = &rest[at..];
            let mut chars = special.chars();
            let first = chars.next().unwrap_or_default();
            let next = chars.next();
            rest = &special[1..];
            match (first, next) {
                ('\\', Some(escaped)) => {
                    out.text.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
                ('%', Some('{')) => match closing(special) {
                    Some(end) => {
                        out.put(&self.variable(&special[2..end])?);
                        rest = &special[end + 1..];
                    }
                    None => out.text.push('%'),
                },
                ('$', Some('{')) => return unknown("what a RewriteMap says"),
                ('%' | '$', Some(digit)) if digit.is_ascii_digit() => {
                    let groups = if first == '$' { self.rule } else { self.cond };
                    let group = groups.get(digit as usize - '0' as usize);
                    if self.escapes {
                        out.put(&path::escaped(group).replace('/', "%2f"));
                    } else {
                        out.put(group);
                    }
                    rest = &special[2..];
                }
                _ => out.text.push(first),
            }
        }
        out.text.push_str(rest);
        Ok(out)
    }

    fn variable(&self, name: &str) -> Known<String> {
        match name.split_once(':') {
            Some((kind, name)) if kind.eq_ignore_ascii_case("ENV") => {
                Ok(self.asked.env.get(name).cloned().unwrap_or_default())
            }
            Some((kind, name)) if kind.eq_ignore_ascii_case("HTTP") => Ok(self.asked.header(name)),
            Some((kind, _)) if kind.eq_ignore_ascii_case("SSL") => {
                unknown(format!("%{{{name}}} of a TLS connection"))
            }
            Some(_) => unknown(format!("%{{{name}}}")),
            None => self.asked.variable(name),
        }
    }
}

/// Where the brace that opens at 1 closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
