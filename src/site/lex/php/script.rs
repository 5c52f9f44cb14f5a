//! A file of PHP, its brackets matched.

use std::ops::Range;

use super::scan;
use super::token::{Kind, Token};

/// Longer texts are cut here, in bytes.
const MAX_TEXT: usize = 4 * 1024 * 1024;

const NO_PARTNER: u32 = u32::MAX;

/// Under which circumstances a place in a script runs when the script does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Always.
    Top,
    /// If a condition holds.
    Conditional,
    /// Only if a function or a method is called.
    Function,
}

/// A file of PHP.
#[derive(Debug, Clone)]
pub struct Script<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// For each bracket the token that it belongs to.
    partners: Vec<u32>,
    /// For each token the bracket that it stands in.
    parents: Vec<u32>,
}

impl<'t> Script<'t> {
    /// Reads it. Broken scripts are read as far as they make sense.
    pub fn new(text: &'t str) -> Self {
        let text = &text[..floor(text, MAX_TEXT)];
        let tokens = scan::tokens(text);
        let mut script = Self {
            text,
            partners: vec![NO_PARTNER; tokens.len()],
            parents: vec![NO_PARTNER; tokens.len()],
            tokens,
        };
        script.match_brackets();
        script
    }

    /// Its tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// As what a token is written; nothing for one that is not there.
    pub fn written(&self, at: usize) -> &'t str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.span()])
    }

    /// As what tokens are written, with what stands between them.
    pub fn between(&self, range: Range<usize>) -> &'t str {
        let tokens = self.tokens.get(range).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return "";
        };
        &self.text[first.span().start..last.span().end]
    }

    /// The line of a token, from 1.
    pub fn line(&self, at: usize) -> u32 {
        self.tokens.get(at).map_or(1, |token| token.line)
    }

    /// Whether a token is this operator.
    pub fn is_operator(&self, at: usize, operator: &str) -> bool {
        self.is(at, Kind::Operator) && self.written(at) == operator
    }

    /// Whether a token is this name, in any case, with or without the backslash of the global namespace.
    pub fn is_name(&self, at: usize, name: &str) -> bool {
        self.is(at, Kind::Name) && global(self.written(at)).eq_ignore_ascii_case(name)
    }

    /// Whether a token is of this kind.
    pub fn is(&self, at: usize, kind: Kind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    /// The bracket that belongs to this one.
    pub fn partner(&self, at: usize) -> Option<usize> {
        let partner = self.partners.get(at).copied().unwrap_or(NO_PARTNER);
        (partner != NO_PARTNER).then_some(partner as usize)
    }

    /// The opening bracket that a token stands in.
    pub fn parent(&self, at: usize) -> Option<usize> {
        let parent = self.parents.get(at).copied().unwrap_or(NO_PARTNER);
        (parent != NO_PARTNER).then_some(parent as usize)
    }

    /// The token after this one, or after the bracket that it opens.
    pub fn next(&self, at: usize) -> usize {
        match self.partner(at) {
            Some(partner) if partner > at => partner + 1,
            _ => at + 1,
        }
    }

    /// When a token runs. Looks at the brackets around it, not at every way out before it.
    pub fn place(&self, at: usize) -> Place {
        let mut place = Place::Top;
        let mut inner = at;
        let mut left = 64;
        while let (Some(open), true) = (self.parent(inner), left > 0) {
            inner = open;
            left -= 1;
            if self.is_operator(open, "{") {
                match self.block(open) {
                    Place::Function => return Place::Function,
                    block => place = place.max(block),
                }
            }
        }
        place.max(self.single_condition(at))
    }

    /// What kind of block a brace opens.
    fn block(&self, open: usize) -> Place {
        let mut at = open;
        let mut left = 64;
        // Back over the head: `function f(…): T`, `if (…)`, `class A extends B`.
        while at > 0 && left > 0 {
            at -= 1;
            left -= 1;
            match self.partner(at) {
                Some(partner) if partner < at && !self.is_operator(at, "}") => at = partner,
                _ if self.is_boundary(at) => break,
                _ if self.is(at, Kind::Name) => match self.keyword(at) {
                    Some(place) => return place,
                    None => continue,
                },
                _ => {}
            }
        }
        Place::Top
    }

    fn is_boundary(&self, at: usize) -> bool {
        let kind = self.tokens[at].kind;
        matches!(kind, Kind::Open | Kind::Close | Kind::Html)
            || (kind == Kind::Operator && matches!(self.written(at), ";" | "{" | "}" | "("))
    }

    fn keyword(&self, at: usize) -> Option<Place> {
        let name = self.written(at);
        let is_one = |names: &[&str]| names.iter().any(|have| name.eq_ignore_ascii_case(have));
        if is_one(&["function", "fn", "class", "trait", "interface", "enum"]) {
            return Some(Place::Function);
        }
        let conditions = [
            "if", "elseif", "else", "switch", "while", "for", "foreach", "catch", "match",
        ];
        is_one(&conditions).then_some(Place::Conditional)
    }

    /// `if (…) statement;`, `a() && b();`: conditions without braces.
    fn single_condition(&self, at: usize) -> Place {
        let mut at = at;
        let mut left = 64;
        while at > 0 && left > 0 {
            at -= 1;
            left -= 1;
            match self.partner(at) {
                Some(partner) if partner < at && !self.is_operator(at, "}") => at = partner,
                _ if self.is_boundary(at) => return Place::Top,
                _ if self.is(at, Kind::Name) => {
                    if let Some(place) = self.keyword(at) {
                        return place;
                    }
                    if self.is_name(at, "and") || self.is_name(at, "or") {
                        return Place::Conditional;
                    }
                }
                _ if ["&&", "||", "?", "??"]
                    .iter()
                    .any(|op| self.is_operator(at, op)) =>
                {
                    return Place::Conditional;
                }
                _ => {}
            }
        }
        Place::Top
    }

    /// A bracket that nothing closes ends where the one around it does: so nobody walks to the end of the file for
    /// each of many.
    fn match_brackets(&mut self) {
        let mut open: Vec<u32> = Vec::new();
        for at in 0..self.tokens.len() {
            let Ok(number) = u32::try_from(at) else {
                return;
            };
            if let (true, Some(closing)) = (self.is(at, Kind::Operator), closing(self.written(at)))
                && closing
            {
                // A bracket that does not fit closes those in between: so the rest of a broken file still reads.
                let opening = matching(self.written(at));
                let fits = |&open: &u32| self.written(open as usize) == opening;
                if let Some(found) = open.iter().rev().take(32).position(fits) {
                    let unclosed = open.split_off(open.len() - found);
                    for start in unclosed {
                        self.partners[start as usize] = number - 1;
                    }
                    if let Some(start) = open.pop() {
                        self.partners[start as usize] = number;
                        self.partners[at] = start;
                    }
                }
            }
            self.parents[at] = open.last().copied().unwrap_or(NO_PARTNER);
            let opens = self.is(at, Kind::Operator) && closing(self.written(at)) == Some(false);
            if opens {
                open.push(number);
            }
        }
        let end = u32::try_from(self.tokens.len()).unwrap_or(NO_PARTNER);
        for start in open {
            self.partners[start as usize] = end;
        }
    }
}

/// Whether an operator closes a bracket, if it is one.
fn closing(operator: &str) -> Option<bool> {
    match operator {
        "(" | "[" | "{" => Some(false),
        ")" | "]" | "}" => Some(true),
        _ => None,
    }
}

fn matching(closing: &str) -> &'static str {
    match closing {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

/// A name without the backslash of the global namespace.
pub(super) fn global(name: &str) -> &str {
    name.strip_prefix('\\').unwrap_or(name)
}

/// The last place at or before an offset at which a text can be cut.
fn floor(text: &str, mut at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
