//! Regular expressions and globs as Apache reads them.

use fancy_regex::{Regex, RegexBuilder};

use super::tree::{Known, unknown};

/// So many steps back; a pattern that needs more says nothing.
const BACKTRACKS: usize = 200_000;

/// Longer texts are not matched.
const MAX_TEXT: usize = 16_384;

/// Apache keeps ten groups.
const GROUPS: usize = 10;

/// A regular expression (PCRE).
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Option<Regex>,
    source: String,
}

/// What the groups of a match hold; the first is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Groups(Vec<String>);

impl Groups {
    pub(super) fn get(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }
}

impl Pattern {
    pub(super) fn new(source: &str, ignores_case: bool) -> Self {
        // Apache 2.4 compiles with DOTALL and DOLLAR_ENDONLY (RegexDefaultOptions).
        let flags = if ignores_case { "(?si)" } else { "(?s)" };
        let regex = RegexBuilder::new(&format!("{flags}{}", translated(source)))
            .backtrack_limit(BACKTRACKS)
            .delegate_size_limit(1 << 20)
            .build();
        Self {
            regex: regex.ok(),
            source: source.to_owned(),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> Known<bool> {
        Ok(self.groups(text)?.is_some())
    }

    pub(super) fn groups(&self, text: &str) -> Known<Option<Groups>> {
        let Some(regex) = &self.regex else {
            return unknown(format!("the pattern {} is not understood", self.source));
        };
        if text.len() > MAX_TEXT {
            return unknown("the URL is very long");
        }
        match regex.captures(text) {
            Ok(None) => Ok(None),
            Ok(Some(captures)) => {
                let group = |number| captures.get(number).map_or("", |group| group.as_str());
                let groups = (0..captures.len().min(GROUPS)).map(|number| group(number).to_owned());
                Ok(Some(Groups(groups.collect())))
            }
            Err(_) => unknown(format!("the pattern {} takes too long", self.source)),
        }
    }
}

/// From PCRE's notation to the engine's, where they differ: what is literal there must be escaped here.
fn translated(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len() + 8);
    let mut class: Option<usize> = None;
    let mut at = 0;
    while let Some(&next) = chars.get(at) {
        match next {
            '\\' => {
                let escaped = chars.get(at + 1).copied();
                match escaped {
                    Some(
                        '<' | '>' | '"' | '\'' | '/' | ':' | '=' | '!' | ',' | ';' | '@' | '`',
                    ) => {
                        out.extend(escaped);
                    }
                    Some(other) => out.extend(['\\', other]),
                    None => out.push('\\'),
                }
                at += 1;
            }
            '[' if class.is_none() => {
                out.push('[');
                class = Some(at);
                if chars.get(at + 1) == Some(&'^') {
                    out.push('^');
                    at += 1;
                }
                if chars.get(at + 1) == Some(&']') {
                    out.push_str("\\]");
                    at += 1;
                }
            }
            '[' if chars.get(at + 1) == Some(&':') => out.push('['),
            ']' if class.is_some() => {
                let ends_name = at > 0 && chars[at - 1] == ':' && is_named(&chars[..at]);
                out.push(']');
                if !ends_name {
                    class = None;
                }
            }
            '[' | '&' | '~' if class.is_some() => out.extend(['\\', next]),
            '-' if class.is_some() && chars.get(at + 1) == Some(&'-') => out.push_str("\\-"),
            '{' if class.is_none() && !is_repeat(&chars[at..]) && !follows_letter(&chars[..at]) => {
                out.push_str("\\{");
            }
            '}' if class.is_none() && !closes(&chars[..at]) => out.push_str("\\}"),
            _ => out.push(next),
        }
        at += 1;
    }
    out
}

/// Whether `[:name` stands before.
fn is_named(before: &[char]) -> bool {
    let mut letters = before[..before.len() - 1].iter().rev();
    let open = letters.by_ref().find(|&&next| !next.is_ascii_alphabetic());
    open == Some(&':') && letters.next() == Some(&'[')
}

/// `{2}`, `{2,}`, `{2,3}`.
fn is_repeat(from: &[char]) -> bool {
    let inside: String = from[1..].iter().take_while(|&&next| next != '}').collect();
    let is_closed = from.len() > inside.chars().count() + 1;
    let (low, high) = inside.split_once(',').unwrap_or((&inside, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    is_closed && !low.is_empty() && is_number(low) && is_number(high)
}

/// `\x{41}`, `\p{L}`.
fn follows_letter(before: &[char]) -> bool {
    matches!(before, [.., '\\', 'x' | 'p' | 'P' | 'g' | 'k'])
}

fn closes(before: &[char]) -> bool {
    before
        .iter()
        .rposition(|&next| next == '{' || next == '}')
        .is_some_and(|open| {
            before[open] == '{'
                && (is_repeat_open(&before[open..]) || follows_letter(&before[..open]))
        })
}

fn is_repeat_open(from: &[char]) -> bool {
    let mut closed = from.to_vec();
    closed.push('}');
    is_repeat(&closed)
}

/// A glob as `apr_fnmatch` matches it; with `is_path`, a `*` or `?` stands for no slash.
pub(super) fn glob(pattern: &str, text: &str, is_path: bool) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    if pattern.len() > 1024 || text.len() > MAX_TEXT {
        return false;
    }
    // Where the last `*` stood, and how far it has been stretched.
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, seen));
            at += 1;
        } else if let Some(length) = one(&pattern[at..], text[seen], is_path) {
            at += length;
            seen += 1;
        } else if let Some((of, from)) = star.filter(|&(_, from)| !(is_path && text[from] == '/')) {
            star = Some((of, from + 1));
            at = of + 1;
            seen = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&next| next == '*')
}

/// How much of a pattern stands for this character.
fn one(pattern: &[char], next: char, is_path: bool) -> Option<usize> {
    match *pattern.first()? {
        '?' => (!(is_path && next == '/')).then_some(1),
        '\\' => (*pattern.get(1)? == next).then_some(2),
        '[' => {
            let is_negated = matches!(pattern.get(1), Some('!' | '^'));
            let start = if is_negated { 2 } else { 1 };
            let length = pattern[start..]
                .iter()
                .skip(1)
                .position(|&next| next == ']');
            let end = start + length? + 1;
            let set = &pattern[start..end];
            (in_set(set, next) != is_negated && !(is_path && next == '/')).then_some(end + 1)
        }
        other => (other == next).then_some(1),
    }
}

fn in_set(set: &[char], next: char) -> bool {
    let mut at = 0;
    while let Some(&low) = set.get(at) {
        let high = match set.get(at + 1..at + 3) {
            Some(&['-', high]) => {
                at += 2;
                high
            }
            _ => low,
        };
        if (low..=high).contains(&next) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a name has to be read as a glob.
pub(super) fn is_glob(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern, false).is_match(text).unwrap()
    }

    #[test]
    fn patterns_are_pcre() {
        assert!(holds(r"/\.(?!well-known)", "/.env"));
        assert!(!holds(r"/\.(?!well-known)", "/.well-known/x"));
        assert!(holds(r"^[[a&&b-~]{1}\<x\>{$", "[<x>{"));
        assert!(holds(r"^[[:alpha:]_]+$", "ab_"));
        assert!(holds(r"[^]a]b", "xb"));
        assert!(holds(r"a{b}", "a{b}"));
        assert!(holds(r"^\/x\=y$", "/x=y"));
        assert!(Pattern::new("(", false).is_match("x").is_err());
    }

    #[test]
    fn globs_stop_at_slashes_in_paths() {
        assert!(glob(".env*", ".env.bak", false));
        assert!(glob("/a/*/c", "/a/b/c", true));
        assert!(!glob("/a/*", "/a/b/c", true));
        assert!(glob("*.[oa]?", "x.ob", false));
        assert!(glob("[!a-c]*", "d", false) && !glob("[!a-c]*", "b", false));
        assert!(!glob("a", "ab", false) && glob("a\\*", "a*", false));
    }
}
